import { documentOf } from '../../lib/cli/document';
import { decodeListing } from '../../lib/contract/listing-document';
import { type FleetListing, fleetOf } from '../../lib/domain/fleet/fleet';
import type { ListedKey } from '../../lib/domain/listed-key';
import type { TicketListing } from '../../lib/domain/tickets/listing';
import { utcDay } from '../../lib/domain/time';
import { aKey, aRememberedVerdict, daysAgo, NOW } from '../builders';
import { aListedKey, aMemory } from '../fleet-listing';

export const ACCOUNT = '111122223333';
const REGION = 'eu-central-1';

/** What a listing shows of a key that is checked, and was so for a while. */
const STATES = {
  fine: () => ({}),
  dead: (now: Date) => ({ verdict: { kind: 'DEAD', since: daysAgo(1, now) } }),
  overdue: (now: Date) => ({ verdict: { keyCreatedAt: daysAgo(93, now) } }),
  due: (now: Date) => ({ verdict: { keyCreatedAt: daysAgo(80, now) } }),
  blocked: (now: Date) => ({ verdict: { kind: 'BLOCKED', reason: 'permission', since: daysAgo(2, now) } }),
  unwatched: (now: Date) => ({ checkedOn: utcDay(daysAgo(10, now)) }),
} as const;

export type State = keyof typeof STATES;

export const ALL_STATES = Object.keys(STATES) as readonly State[];

/** A key of an account and region in a state. */
export function aKeyThatIs(
  state: State,
  { service = 'api-gateway', environment = 'prod', account = ACCOUNT, region = REGION, now = NOW } = {},
): ListedKey {
  const { verdict, checkedOn }: { verdict?: object; checkedOn?: string } = STATES[state](now);
  const secretName = `anthropic/${environment}/${service}`;
  return aListedKey({
    key: aKey({
      environment,
      service,
      secretArn: `arn:aws:secretsmanager:${region}:${account}:secret:${secretName}-aB3dE6`,
    }),
    memory: aMemory({
      checkedOn: checkedOn ?? utcDay(now),
      verdict: aRememberedVerdict({ keyCreatedAt: daysAgo(10, now), since: daysAgo(10, now), ...verdict }),
    }),
  });
}

interface Place {
  readonly account?: string;
  readonly region?: string;
  readonly environments?: readonly string[];
}

/** What `status --json` prints of one place. */
export const statusDocument = (
  fleet: FleetListing,
  { account = ACCOUNT, region = REGION }: Place = {},
  more: object = {},
) => documentOf('status/1', { account, region, ...more, ...fleet });

/** What `status --everywhere --json` prints. */
export const fleetsDocument = (
  parts: readonly (Place & { readonly fleet?: FleetListing })[],
  complete = parts.every(({ fleet }) => fleet),
) =>
  documentOf('fleets/1', {
    complete,
    parts: parts.map(({ fleet, account = ACCOUNT, region = REGION, environments = ['prod'] }) => ({
      ...{ environments, account, region },
      ...(fleet ? { fleet } : { unread: { why: 'denied', words: 'Sign in with another role.' } }),
    })),
  });

/** As the command line reads what it printed. */
export const listingOf = (
  keys: readonly ListedKey[],
  now = NOW,
  place: Place & Partial<Pick<FleetListing, 'unreadable' | 'claimed'>> = {},
): TicketListing =>
  decodeListing(statusDocument(fleetOf(keys, place.unreadable ?? [], now, {}, place.claimed ?? []), place));
