import type { FindingKind } from './finding';
import { byUrgency, rowOf } from './fleet-row';
import type { Memory, RetiringVersion, Timeline } from './observation';
import type { KeyIdentity, Policy } from './policy';
import type { VerdictKind } from './verdict';

/** A managed key as one entry of a listing shows it: tags and labels, no value and no date of a version. */
export interface ListedKey {
  readonly key: KeyIdentity;
  readonly policy: Policy;
  readonly memory: Memory;
  /** When the secret was made; its key may be younger or older. */
  readonly createdAt: Date;
  readonly rotationEnabled: boolean;
  /** A key was once tested and accepted. */
  readonly accepted: boolean;
  /** A human put a key in that is not yet live. */
  readonly submitted: boolean;
  readonly retiring: readonly RetiringVersion[];
}

/** A secret that is tagged as managed and whose policy tags can't be used: nothing can be said of its key, which is itself worth saying. */
export interface UnreadableSecret {
  readonly environment: string;
  readonly secretName: string;
  readonly secretArn: string;
  readonly owner?: string;
  /** What is wrong with its tags, one sentence each. */
  readonly faults: readonly string[];
}

/** Where a key stands against its policy. `unknown`: there is a key, and no check has remembered how old it is. */
export type Phase = 'awaiting-first-key' | 'fresh' | 'due' | 'overdue' | 'unknown';

/** How soon a key needs a person. */
export type Need = 'nothing' | 'soon' | 'now';

/** One key of the fleet, with everything that follows from its listing entry. */
export interface FleetRow {
  readonly key: KeyIdentity;
  readonly policy: Policy;
  readonly phase: Phase;
  /** A human put a key in that is not yet live. */
  readonly submitted: boolean;
  /** A superseded key may still be used. */
  readonly inGrace: boolean;
  /** A superseded key is past its grace and not yet proven dead. */
  readonly retirable: boolean;
  /** Since when the key goes without the check it should have had; absent where it is watched. */
  readonly unwatchedSince?: Date;
  /** UTC day of the last check. */
  readonly checkedOn?: string;
  readonly hint?: string;
  readonly fingerprint?: string;
  /** When the live key first appeared. */
  readonly createdAt?: Date;
  readonly ageDays?: number;
  readonly maxAgeDays: number;
  readonly dueAt?: Date;
  /** What was last established of the live key. `unknownSince` is set while no answer is conclusive. */
  readonly verdict?: {
    readonly kind: VerdictKind;
    readonly reason?: string;
    readonly since: Date;
    readonly unknownSince?: Date;
  };
  /** Secrets Manager's own rotation is configured and on. */
  readonly rotationEnabled: boolean;
  readonly retiring: readonly (RetiringVersion & { readonly hint?: string })[];
  readonly recordId?: string;
  /** Record of another key of the secret, such as one that a rollback has just left. */
  readonly otherRecordId?: string;
  /** When Anthropic switches the key off by itself. */
  readonly expiresAt?: Date;
  /** The key belongs to a person and dies when they leave. Undefined where no Admin record was seen. */
  readonly personal?: boolean;
  readonly snooze?: { readonly until: Date; readonly reason: string };
  /** The course of the latest rotation. */
  readonly timeline: Timeline;
  /** Keys of this secret that a person reported as leaked. */
  readonly leaked: Memory['leaked'];
  /** Last rung sent per finding. */
  readonly told: Memory['notices'];
  /** Everything that is true of the key now. */
  readonly findings: readonly FindingKind[];
  /** The worst of it that a person can do something about, and is not exempt from. */
  readonly worst?: FindingKind;
  readonly needs: Need;
  /** What a person does next, one short sentence; absent where nobody is needed. */
  readonly next?: string;
}

/** Several managed secrets with the same live key: a leak of one is a leak of all, and no rotation ends while one still uses it. */
export interface SharedKey {
  readonly fingerprint: string;
  readonly secrets: readonly string[];
}

/** All managed keys of an account and region, or a part of them, the worst first. */
export interface Fleet {
  readonly now: Date;
  readonly rows: readonly FleetRow[];
  readonly unreadable: readonly UnreadableSecret[];
  readonly shared: readonly SharedKey[];
}

/** Which part of a fleet is wanted; every condition given must hold. */
export interface FleetFilter {
  readonly environment?: string;
  readonly owner?: string;
  /** Only what needs a person, now or soon. */
  readonly needsAttention?: boolean;
}

/** Derives the fleet from its listing. Keys held twice are found over the whole listing, then the filter is applied. */
export function fleetOf(
  listed: readonly ListedKey[],
  unreadable: readonly UnreadableSecret[],
  now: Date,
  filter: FleetFilter = {},
): Fleet {
  const wanted = filtering(filter);
  const rows = listed.filter(wanted).map((each) => rowOf(each, now));
  const needed = filter.needsAttention ? rows.filter((row) => row.needs !== 'nothing') : rows;
  const names = new Set(listed.filter(wanted).map(({ key }) => key.secretName));
  return {
    now,
    rows: needed.toSorted(byUrgency),
    unreadable: unreadable.filter((secret) => wanted({ key: secret })),
    shared: sharedKeys(listed).filter(({ secrets }) => secrets.some((name) => names.has(name))),
  };
}

const filtering =
  ({ environment, owner }: FleetFilter) =>
  ({ key }: { readonly key: { readonly environment: string; readonly owner?: string } }) =>
    (environment === undefined || key.environment === environment) &&
    (owner === undefined || key.owner === owner);

/** Live keys that more than one secret holds, as last checked. */
function sharedKeys(listed: readonly ListedKey[]): readonly SharedKey[] {
  const holders = new Map<string, string[]>();
  for (const { key, memory } of listed) {
    const fingerprint = memory.verdict?.fingerprint;
    if (fingerprint) holders.set(fingerprint, [...(holders.get(fingerprint) ?? []), key.secretName]);
  }
  return [...holders]
    .filter(([, secrets]) => secrets.length > 1)
    .map(([fingerprint, secrets]) => ({ fingerprint, secrets: secrets.sort() }));
}
