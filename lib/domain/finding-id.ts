import { beginningOf } from './beginning';
import type { FindingKind } from './finding';

/** How a finding is remembered: its kind, and where a key may have several of one kind, what it is about. */
export const findingId = (kind: FindingKind, about?: string) =>
  about === undefined ? kind : `${kind}.${about}`;

/** The id of a finding about a key, by its fingerprint, or about a version, by its id. */
export const findingAbout = (kind: FindingKind, id: string) => findingId(kind, beginningOf(id));

/** Takes apart what `findingId` joined. */
export function readFindingId(id: string): { readonly kind: FindingKind; readonly about?: string } {
  const [kind, ...about] = id.split('.');
  return { kind: kind as FindingKind, ...(about.length > 0 && { about: about.join('.') }) };
}
