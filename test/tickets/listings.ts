import { documentOf } from '../../lib/cli/document';
import { decodeListing } from '../../lib/contract/listing-document';
import { type FleetListing, fleetOf } from '../../lib/domain/fleet/fleet';
import type { ListedKey } from '../../lib/domain/listed-key';
import type { TicketListing } from '../../lib/domain/tickets/listing';
import { aKey, aRememberedVerdict, daysAgo, NOW } from '../builders';
import { aListedKey, aMemory } from '../fleet-listing';

export const ACCOUNT = '111122223333';
export const REGION = 'eu-central-1';

/** What a key's listing shows. */
export const STATES = {
  fine: {},
  dead: { verdict: { kind: 'DEAD', since: daysAgo(1) } },
  overdue: { verdict: { keyCreatedAt: daysAgo(93) } },
  due: { verdict: { keyCreatedAt: daysAgo(80) } },
  blocked: { verdict: { kind: 'BLOCKED', reason: 'permission', since: daysAgo(2) } },
  unwatched: { checkedOn: '2026-11-11' },
} as const;

export type State = keyof typeof STATES;

/** A key of an account and region in a state. */
export function aKeyThatIs(
  state: State,
  { service = 'api-gateway', environment = 'prod', account = ACCOUNT, region = REGION } = {},
  overrides: Partial<ListedKey> = {},
): ListedKey {
  const { verdict, ...memory } = { verdict: {}, ...STATES[state] };
  const secretName = `anthropic/${environment}/${service}`;
  return aListedKey({
    key: aKey({
      environment,
      service,
      secretArn: `arn:aws:secretsmanager:${region}:${account}:secret:${secretName}-aB3dE6`,
    }),
    memory: aMemory({ ...memory, verdict: aRememberedVerdict(verdict as object) }),
    ...overrides,
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
