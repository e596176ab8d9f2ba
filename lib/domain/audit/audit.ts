import type { Unread } from '../console/activity';
import type { FleetListing } from '../fleet/fleet';
import type { FleetRow } from '../fleet/row';
import type { HistoryEvent } from '../history-event';
import type { Inventory } from '../inventory/inventory';
import { keyName } from '../policy';
import { type Control, controlsOf } from './controls';
import { historyOf } from './history';

/** Version of the audit's JSON. A change of meaning or shape makes a new one. */
const AUDIT_SCHEMA = 'anthropic-key-rotation/audit/1';

/** One account and region of a page about several, and how far it was read. */
export type AuditPart = {
  readonly environments: readonly string[];
  /** Absent if nobody knows, like the region. */
  readonly account?: string;
  readonly region?: string;
} & (
  | {
      /** ARN of the credentials that read it, as AWS named it. */
      readonly identity: string;
      readonly trail: TrailState;
      /** Environments that keys.yaml declares there, and of which there is no key. */
      readonly absent: readonly string[];
    }
  | { readonly unread: { readonly why: string /** For auditors. */; readonly words: string } }
);

/** What the audit covers. */
export interface AuditScope {
  readonly account?: string;
  readonly region?: string;
  readonly environment?: string;
  readonly owner?: string;
  /** Only keys that need someone: the page then does not cover the whole fleet. */
  readonly needsAttention?: boolean;
}

/** How far AWS CloudTrail was read, or why it was not. */
export type TrailState =
  | { readonly readable: true /** From here on nothing is missing. */; readonly since: Date }
  | { readonly readable: false /** In words for auditors. */; readonly why: string };

/** Why a source was not read which whoever made the audit did not ask for. */
export const LEFT_OUT = 'it was left out on request (--no-history)';

/** What the latest report that tells of Anthropic's Activity Feed says: it was read then, or why not. */
export interface FeedState {
  readonly at: Date;
  readonly why?: Unread['why'];
}

/** How far the evidence log of an environment was read, or why it was not. */
export type LogState = {
  readonly environment: string;
  /** Absent where no report tells of the feed. */
  readonly feed?: FeedState;
} & (
  | TrailState
  /** It was too long to be read to its end. */
  | { readonly readable: true; readonly since: Date; readonly until: Date }
);

/** Who made an audit, and with what. */
export interface AuditMaker {
  /** ARN of the credentials that read the fleet, as AWS named it. */
  readonly identity: string;
  /** Account of those credentials. */
  readonly account: string;
  /** Release of this project, such as `0.1.0`. */
  readonly version: string;
}

/** What an audit is made from besides the fleet. All of it is optional, and the page says what is missing. */
export interface AuditSources {
  readonly scope?: AuditScope;
  /** Absent in audits of earlier releases. */
  readonly maker?: AuditMaker;
  /** Events from CloudTrail and the evidence logs, per secret ARN; absent where none could be read. */
  readonly evidence?: ReadonlyMap<string, readonly HistoryEvent[]>;
  /** Absent where nobody asked CloudTrail. */
  readonly trail?: TrailState;
  /** Absent where nobody asked for the evidence logs. */
  readonly logs?: readonly LogState[];
  /** Every key of the organizations; absent where nobody asked, or nobody could. */
  readonly inventory?: Inventory;
  /** Which organizations are not in it and why, a sentence each. */
  readonly inventoryNotRead?: readonly string[];
  /** Day on which a person last reviewed the workspace's spend limit: attested, not verified. */
  readonly spendLimitReviewed?: string;
  /** The places of a page about several, those that could not be read among them. @default one place */
  readonly parts?: readonly AuditPart[];
  /** Each environment's own statements, where they are known one by one. @default one statement for the whole page */
  readonly environments?: readonly EnvironmentFacts[];
}

/** One environment's own statements, for a page about several. */
export interface EnvironmentFacts extends Pick<AuditSources, 'spendLimitReviewed'> {
  readonly name: string;
  /** Whether a function of it may ask Anthropic for the records of keys. */
  readonly adminAccess: boolean;
}

/** A person's decision to deviate from the rule, with its reason and end. */
export interface Exemption {
  readonly key: string;
  readonly owner: string;
  readonly kind: 'snooze' | 'long-age';
  readonly reason: string;
  readonly until?: Date;
}

export interface KeyHistory {
  readonly key: string;
  readonly events: readonly HistoryEvent[];
}

/** The fleet for people who must vouch for it: state, history, exemptions and controls at one moment. */
export interface AuditReport extends Omit<FleetListing, 'now'>, Omit<AuditSources, 'evidence' | 'inventory'> {
  readonly schema: typeof AUDIT_SCHEMA;
  readonly generatedAt: Date;
  readonly scope: AuditScope;
  /** The keys that fit on a page, the worst first, and how many do not. */
  readonly inventory?: Inventory & { readonly omitted: number };
  readonly histories: readonly KeyHistory[];
  /** Whether CloudTrail was read. */
  readonly trailRead: boolean;
  readonly exemptions: readonly Exemption[];
  readonly controls: readonly Control[];
}

export function auditOf(fleet: FleetListing, sources: AuditSources = {}): AuditReport {
  const { evidence, trail, logs, scope = {}, maker, spendLimitReviewed, environments } = sources;
  const { inventory, inventoryNotRead } = sources;
  const { parts } = sources;
  const { now, rows, unreadable, shared, twins, claimed } = fleet;
  const trailOf = trailsOf(parts);
  const sinceOf = ({ key }: FleetRow) => {
    const read = trailOf.get(key.environment) ?? trail;
    return read?.readable ? read.since : undefined;
  };
  return {
    schema: AUDIT_SCHEMA,
    generatedAt: now,
    scope: { ...placeOf(fleet), ...scope },
    ...(maker && { maker }),
    rows,
    unreadable,
    shared,
    twins,
    claimed,
    ...(inventory && { inventory: onPage(inventory) }),
    ...(inventoryNotRead && { inventoryNotRead }),
    histories: rows.map((row) => ({
      key: keyName(row.key),
      events: historyOf(row, {
        now,
        trailSince: sinceOf(row),
        events: evidence?.get(row.key.secretArn),
      }),
    })),
    trailRead: trail ? trail.readable : evidence !== undefined,
    ...(trail && { trail }),
    ...(logs && { logs }),
    exemptions: rows.flatMap(exemptionsOf),
    controls: controlsOf(fleet, inventory?.counts.unmanaged),
    spendLimitReviewed,
    ...(parts && { parts }),
    ...(environments && { environments }),
  };
}

/** How far CloudTrail was read for each environment of a page about several places. */
const trailsOf = (parts: readonly AuditPart[] = []): ReadonlyMap<string, TrailState> =>
  new Map(
    parts.flatMap((part) =>
      'trail' in part ? part.environments.map((environment) => [environment, part.trail] as const) : [],
    ),
  );

/** CloudTrail of several places as one: it goes back as far as where it is shortest, and was read if it was read in all of them. */
export function joinedTrail(parts: readonly AuditPart[]): TrailState {
  const trails = parts.map(
    (part): TrailState => ('trail' in part ? part.trail : { readable: false, why: PART_MISSING }),
  );
  return trails.reduce((a, b) => (!a.readable || (b.readable && a.since > b.since) ? a : b));
}

const PART_MISSING = 'one of its accounts and regions could not be read';

/** Most keys of the organization, and changes of them, that a page shows. */
const MOST_ON_PAGE = 200;

const onPage = (inventory: Inventory): AuditReport['inventory'] => ({
  ...inventory,
  rows: inventory.rows.slice(0, MOST_ON_PAGE),
  omitted: Math.max(0, inventory.rows.length - MOST_ON_PAGE),
  changes: { ...inventory.changes, all: inventory.changes.all.slice(0, MOST_ON_PAGE) },
});

function placeOf({ rows, unreadable }: FleetListing): AuditScope {
  const arn = rows[0]?.key.secretArn ?? unreadable[0]?.secretArn;
  const [, , , region, account] = arn?.split(':') ?? [];
  return { account, region };
}

function exemptionsOf({ key, snooze, policy }: FleetRow): readonly Exemption[] {
  const about = { key: keyName(key), owner: key.owner };
  return [
    ...(snooze ? [{ ...about, kind: 'snooze' as const, ...snooze }] : []),
    ...(policy.allowLongAge ? [{ ...about, kind: 'long-age' as const, reason: policy.allowLongAge }] : []),
  ];
}
