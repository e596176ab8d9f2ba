import type { Script } from './script';
import { clumsy, misplaced, negligent } from './scripts/dev';
import { GENERIC } from './scripts/generic';
import { clinging, expiring, leaky, prompt } from './scripts/prod';
import { late, meddling } from './scripts/staging';

/** Who looks after which key of the demo's own fleet. */
const CAST: Readonly<Record<string, Script>> = {
  'dev/notebooks': negligent,
  'dev/playground': clumsy,
  'dev/evals': misplaced,
  'staging/api-gateway': late,
  'staging/checkout-bot': meddling,
  'prod/api-gateway': prompt,
  'prod/batch-summaries': clinging,
  'prod/support-bot': leaky,
  'prod/invoices': expiring,
};

/** The scripts of a fleet: its own where it is the demo's, else the generic ones in the order of the keys. */
export function castFor(keys: readonly string[], own: boolean): ReadonlyMap<string, Script> {
  return new Map(
    keys.map((key, index) => [key, (own ? CAST[key] : undefined) ?? GENERIC[index % GENERIC.length]!]),
  );
}

/** Hours after deployment until the mailboxes of an environment click the link: somebody in staging takes their time. */
export const confirmsAfterHours = (environment: string, own: boolean) =>
  own && environment === 'staging' ? 3 : 0.1;
