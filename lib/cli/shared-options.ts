import { UsageError } from './exit-code';
import type { Options } from './verb';

/** An option of every command that reads several places. */
export const EVERYWHERE = [
  '--everywhere',
  'every environment of keys.yaml, in whatever account and region, each with the credentials of its readAs',
] as const;

/** An option of every command that makes the page. */
export const NO_HISTORY = [
  '--no-history',
  'leave out who did what: AWS CloudTrail allows two lookups a second, so that reading it takes four seconds or more',
] as const;

/** Another option of those commands. */
export const WITH_INVENTORY = [
  '--inventory',
  'also list every key of the organization on the page, which takes Admin access and the responder policy',
] as const;

/** Whether the page is to have an inventory. @throws UsageError if there is no page */
export function readInventory({ inventory }: Options, isPage: boolean): { readonly inventory?: true } {
  if (inventory !== true) return {};
  if (isPage) return { inventory: true };
  throw new UsageError(
    '--inventory is for the page for auditors: give --html <file>, too. `inventory` lists the keys.',
  );
}

/** Whether the history is to be left out. @throws UsageError if there is no page to leave it out of */
export function readNoHistory({ history }: Options, isPage: boolean): { readonly noHistory?: true } {
  if (history !== false) return {};
  if (isPage) return { noHistory: true };
  throw new UsageError('--no-history is for the page for auditors: give --html <file>, too.');
}
