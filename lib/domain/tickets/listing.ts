import type { FindingKind } from '../findings/catalogue';
import type { Twins } from '../fleet/fleet';
import { shortHash } from '../key';
import type { ClaimedSecret, UnreadableSecret } from '../listed-key';
import type { KeyIdentity } from '../policy';

/** What a ticket says of a key: the part of a listed row that it is written from. */
export interface TicketRow {
  readonly key: Omit<KeyIdentity, 'consumers'>;
  readonly findings: readonly FindingKind[];
  readonly hint?: string;
  readonly verdict?: {
    readonly kind: string;
    readonly since: Date;
    readonly unknownSince?: Date;
    readonly refusedSince?: Date;
  };
  readonly ageDays?: number;
  readonly maxAgeDays: number;
  readonly dueAt?: Date;
  readonly expiresAt?: Date;
  readonly unwatchedSince?: Date;
  readonly retiring: readonly { readonly until: Date; readonly hint?: string }[];
  readonly snooze?: { readonly until: Date };
}

/** An account and region whose keys were listed. */
export interface ListedPlace {
  readonly account: string;
  readonly region: string;
  /** Environments whose keys were listed. @default all that are there */
  readonly environments?: readonly string[];
  /** When it was listed. */
  readonly now: Date;
  readonly rows: readonly TicketRow[];
  readonly unreadable: readonly Omit<UnreadableSecret, 'owner'>[];
  readonly twins: readonly Twins[];
  readonly claimed: readonly Pick<ClaimedSecret, 'environment' | 'secretName'>[];
}

/** Environments whose place could not be listed: nothing is known of their keys. */
export interface UnreadPart {
  readonly environments: readonly string[];
  readonly words: string;
}

/** A listing of one place or of several. It is complete if none of them is unread. */
export interface TicketListing {
  readonly places: readonly ListedPlace[];
  readonly unread: readonly UnreadPart[];
}

export const isComplete = ({ unread }: TicketListing) => unread.length === 0;

export const placeName = ({ account, region }: Pick<ListedPlace, 'account' | 'region'>) =>
  `${account}/${region}`;

/** Stands for an environment where its name could break its surroundings, such as an HTML comment. Without an environment: for a place as a whole. */
export const environmentMark = (environment: string | undefined) => shortHash(environment ?? '');

/**
 * Whether a listing says of an environment in a place what is over there. One that shows no secret of it, while another place could not be read, may have
 * looked in the wrong place. Of a place as a whole only a complete listing speaks.
 */
export function coverageOf(listing: TicketListing): (place: string, mark: string) => boolean {
  const complete = isComplete(listing);
  const places = new Map(
    listing.places.map((place) => [
      placeName(place),
      { wanted: place.environments && marks(place.environments), seen: marks(environmentsIn(place)) },
    ]),
  );
  return (name, mark) => {
    const place = places.get(name);
    if (!place) return false;
    if (mark === environmentMark(undefined)) return complete;
    if (place.wanted && !place.wanted.has(mark)) return false;
    return complete || place.seen.has(mark);
  };
}

const marks = (environments: readonly string[]): ReadonlySet<string> =>
  new Set([...new Set(environments)].map(environmentMark));

/** Where a ticket belongs, as a label of any tracker can have it. */
export const scopeOf = (place: string, environment: string | undefined) =>
  `${place.replace('/', '-')}-${environmentMark(environment)}`;

/** Scopes of which the listing says what is over. */
export function coveredScopes(listing: TicketListing): readonly string[] {
  const speaksOf = coverageOf(listing);
  return listing.places.flatMap((place) => {
    const name = placeName(place);
    const names = new Set([undefined, ...(place.environments ?? environmentsIn(place))]);
    return [...names]
      .filter((environment) => speaksOf(name, environmentMark(environment)))
      .map((environment) => scopeOf(name, environment));
  });
}

const environmentsIn = ({ rows, unreadable, claimed }: ListedPlace) =>
  [...rows.map(({ key }) => key), ...unreadable, ...claimed].map((secret) => secret.environment);
