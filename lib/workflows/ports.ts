import type { FunctionEnv } from '../contract/env';
import type { LabelUpdate } from '../contract/labels';
import type { Denial } from '../contract/people';
import type { SecretDescription, SecretVersionRow, StoredValue } from '../contract/read-secret';
import type { ActivityFeed, Unread } from '../domain/console/activity';
import type { LastUses } from '../domain/console/last-use';
import type { Federation, Listing, Member, Workspace } from '../domain/console/organization';
import type { ConsoleRecord, Inspection } from '../domain/console/record';
import type { Spike, Usage, UsageSources } from '../domain/console/usage';
import type { ConsumerLook } from '../domain/freshness';
import type { OrganizationListing } from '../domain/inventory/listing';
import type { ApiKey } from '../domain/key';
import type { Subscription } from '../domain/notices/audience';
import type { Digest } from '../domain/notices/digest';
import type { Notice } from '../domain/notices/notice';
import type { FleetReport } from '../domain/notices/report-input';
import type { KeyIdentity } from '../domain/policy';
import type { Home, ProbeKind, Verdict } from '../domain/probe/verdict';
import type { Order } from '../domain/rotation/deactivation';

/** Everything a workflow may reach. */
export interface Ports {
  readonly env: FunctionEnv;
  readonly store: SecretStore;
  readonly probe: KeyProbe;
  readonly board: NoticeBoard;
  readonly bus: TransitionBus;
  /** Absent where Admin access is off. */
  readonly admin?: AdminClient;
  readonly consumers: KeyConsumers;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly log: Log;
  /** A token for a new version or rotation: 32 to 64 characters, never used before. */
  readonly newToken: () => string;
  /** Milliseconds until this invocation times out. */
  readonly remaining: () => number;
}

/** A port, so that tests and the demo pass a hundred days in seconds. */
export interface Clock {
  now(): Date;
  sleep(milliseconds: number): Promise<void>;
}

/** Secrets Manager. Methods reject with `StoreError`; any other error is a fault in this project. */
export interface SecretStore {
  describe(secretId: string): Promise<SecretDescription>;
  /** All pages. `deprecated` adds versions without labels that AWS has not deleted yet. */
  listVersions(secretId: string, options?: { deprecated?: boolean }): Promise<readonly SecretVersionRow[]>;
  /**
   * By version or label; AWSCURRENT by default. Undefined if that version has no value. One that must have a value is looked for again, as it may
   * have been written a moment ago; of one that may be empty there is a single look.
   */
  read(
    secretId: string,
    at?: { versionId: string; mayBeEmpty?: boolean } | { label: string },
  ): Promise<StoredValue | undefined>;
  /** Repeating token and value changes nothing. Labels are required: a put without any would move AWSCURRENT. */
  put(secretId: string, version: { token: string; value: string; labels: readonly string[] }): Promise<void>;
  moveLabel(secretId: string, move: LabelUpdate): Promise<void>;
  rotate(secretId: string, token: string): Promise<void>;
  tag(secretId: string, tags: Readonly<Record<string, string>>): Promise<void>;
  untag(secretId: string, keys: readonly string[]): Promise<void>;
  /** Every secret with the tag key, optionally of one environment, with tags and labels. There is no call per secret. */
  list(filter: { tagKey: string; environment?: string }): Promise<readonly SecretDescription[]>;
}

export interface ProbeRequest {
  readonly probe: ProbeKind;
  /** First model to try; the built-in chain follows. */
  readonly model?: string;
  /** Where the key must live, as far as it is known. */
  readonly home?: Home;
  /** Milliseconds for all attempts together. */
  readonly within: number;
}

/** Asks Anthropic about one key. Never rejects: every outcome is a verdict. DEAD from this port is a single vote. */
export interface KeyProbe {
  probe(key: ApiKey, request: ProbeRequest): Promise<Verdict>;
}

/** The notices' topic. */
export interface NoticeBoard {
  publish(notice: Notice): Promise<void>;
  /** Reaches the owner, and those who hear everything. */
  publishDigest(digest: Digest): Promise<void>;
  /** Every subscription, confirmed or not. */
  subscriptions(): Promise<readonly Subscription[]>;
  /** Reaches only subscribers without a filter on an owner. */
  publishReport(report: FleetReport): Promise<void>;
}

/** An event for machines. */
export interface Transition {
  /** EventBridge detail-type, e.g. `Key Promoted`. */
  readonly type: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface TransitionBus {
  emit(transition: Transition): Promise<void>;
}

/** What reads a key and is registered to be restarted after its changes. Never rejects: what gives no answer is not known. */
export interface KeyConsumers {
  /** `since`: when the key changed last; undefined where nobody remembers. None where nothing is registered. */
  look(
    key: Pick<KeyIdentity, 'environment' | 'service'>,
    since: Date | undefined,
  ): Promise<readonly ConsumerLook[]>;
}

/** One ECS service. Methods reject with an Error that names the call and what AWS said. */
export interface EcsService {
  /** `cluster/service`. */
  readonly name: string;
  /** Undefined if ECS knows of none: it was deleted long ago, or its ARN is wrong. */
  describe(): Promise<EcsServiceState | undefined>;
  /** Every task that has not stopped, also one that has not started yet. */
  tasks(): Promise<readonly EcsTask[]>;
  /** Replaces all tasks, as the service's own deployment settings say. */
  redeploy(): Promise<void>;
}

export interface EcsServiceState {
  /** What deploys it: `ECS`, `CODE_DEPLOY` or `EXTERNAL`. */
  readonly controller: string;
  /** It is being deleted: its tasks stop, and none starts. */
  readonly draining: boolean;
  /** It was deleted a while ago, and runs nothing. */
  readonly deleted: boolean;
  /** The deployment that new tasks belong to. */
  readonly primary?: { readonly createdAt?: Date; readonly failed: boolean };
}

export interface EcsTask {
  /** When ECS accepted it: before it read its secrets. */
  readonly createdAt?: Date;
}

/** Counts per environment; never a dimension per key. */
export interface Metrics {
  count(name: string, value?: number): void;
  flush(): void;
}

export interface Log {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/**
 * A request to the function with Admin access. It is a hint: the function derives target and reason itself. What has an `order`, and every
 * `reactivate`, is a person's and comes through the door for orders. `by` is what the caller claims: Lambda names no caller.
 */
export type AdminRequest =
  | { readonly verb: 'inspect'; readonly secretId: string }
  | {
      readonly verb: 'inspect-fleet';
      /** Also which reports of usage answer. A function of an earlier release leaves it out. */
      readonly usage?: true;
    }
  /** For people alone, like an order. */
  | { readonly verb: 'inspect-federation' }
  /**
   * Every key of the organization, with all that its listings say. `idleDays`: from then on it matters whether a key was used. `listed`: organizations that the caller
   * has; of those no listing is read again.
   */
  | {
      readonly verb: 'inspect-organization';
      readonly idleDays: number;
      readonly listed?: readonly string[];
    }
  | AdminChange
  /** Makes all checks and does nothing. A verb of its own, so that a function of an earlier release refuses it instead of doing it. */
  | { readonly verb: 'dry-run'; readonly of: AdminChange };

/** What switches a key off or on. */
export type AdminChange =
  | {
      readonly verb: 'deactivate';
      readonly secretId: string;
      readonly fingerprint: string;
      readonly order?: { kind: Order; reason: string; by: string };
    }
  | {
      readonly verb: 'reactivate';
      readonly secretId: string;
      readonly fingerprint: string;
      readonly by?: string;
    };

/** `refused` names the guard, and says why in words for a human. `possible` answers a dry run: nothing holds it back. */
export type AdminAnswer =
  | { readonly outcome: 'inspected'; readonly inspections: readonly Inspection[] }
  | {
      readonly outcome: 'fleet';
      readonly records: readonly ConsoleRecord[];
      /** Only where it was asked for. */
      readonly usage?: UsageSources;
      /** Whether the Activity Feed can be read. Functions of earlier releases do not say. */
      readonly feed?: { readonly kind: 'read' } | Unread;
    }
  | { readonly outcome: 'federation'; readonly federation: FederationRead }
  | { readonly outcome: 'organization'; readonly listing: OrganizationListing }
  | { readonly outcome: 'listed-already'; readonly organizationId: string }
  | {
      readonly outcome: 'deactivated' | 'reactivated' | 'already-done' | 'possible';
      readonly recordId: string;
    }
  | { readonly outcome: 'refused'; readonly guard: string; readonly why: string };

/** The function with Admin access, as its callers see it. */
export interface AdminClient {
  ask(request: AdminRequest): Promise<AdminAnswer>;
}

/** All service accounts, issuers and rules of the organization, or why they were not read. */
export type FederationRead = ({ readonly kind: 'read' } & Federation) | Unread;

/** Why a call of Anthropic's Admin API failed. */
export type AdminFailure = 'no-permission' | 'not-found' | 'limit-reached' | 'refused' | 'unavailable';

/**
 * Anthropic's Admin API, for the one function that may use it. Rejects with `AdminError`; what a report can do without never rejects and says
 * why it was not read.
 */
export interface AdminApi {
  organization(): Promise<{ id: string; name: string }>;
  /** All pages. */
  records(): Promise<readonly ConsoleRecord[]>;
  setStatus(id: string, status: 'active' | 'inactive'): Promise<ConsoleRecord>;
  /** Until now, and `unknown` where no report settles it. The live key of the same secret shows how far a report reaches that does not say so. */
  usage(recordId: string, window: { from: Date; to: Date }, liveRecordId?: string): Promise<Usage>;
  /** Undefined where there is none, or no report to find one in. */
  spike(recordId: string, now: Date): Promise<Spike | undefined>;
  /** Which reports of usage answer. */
  usageSources(now: Date): Promise<UsageSources>;
  members(): Promise<Listing<Member>>;
  /** Archived ones included. */
  workspaces(): Promise<Listing<Workspace>>;
  /** Changes of keys since a moment, newest first; of these records only, if given. Anthropic needs up to a minute to show one. */
  activities(since: Date, recordIds?: readonly string[]): Promise<ActivityFeed>;
  /** Archived ones included. It takes a federated credential: Anthropic lists these to no Admin API key. */
  federation(): Promise<FederationRead>;
  /** When each key was used last, as far as it was within 90 days, or `idleDays` if those are more. There is no call per key. */
  lastUses(now: Date, idleDays: number): Promise<LastUses>;
}

/** A change of a secret as recorded by CloudTrail. It holds version and labels, never a value. */
export interface TrailEvent {
  /** CloudTrail's id of the event. */
  readonly id: string;
  readonly at: Date;
  /** The API call, e.g. `PutSecretValue`, or an event of Secrets Manager itself, e.g. `RotationSucceeded`. */
  readonly name: string;
  /** ARN or name, as given by the caller. */
  readonly secretId: string;
  /** The caller in short, e.g. `KeyOperator/kim@example.com`. Absent if Secrets Manager acted by itself. */
  readonly by?: string;
  /** Staging labels that the call named. */
  readonly labels: readonly string[];
  /** The version that the call created or labelled. */
  readonly versionId?: string;
}

/** CloudTrail's events, or why they are not readable: an audit says so and goes on. */
export type Trail =
  | {
      readonly readable: true;
      /** Events are complete from here on. */
      readonly since: Date;
      /** Oldest first among those of one name. */
      readonly events: readonly TrailEvent[];
    }
  | Unreadable;

/** A source of evidence that cannot be read now. */
export interface Unreadable {
  readonly readable: false;
  readonly why: 'denied' | 'throttled' | 'unavailable';
  /** AWS's own words, for whoever makes the page and not for its readers. Scrubbed of keys. */
  readonly error: string;
  /** What was refused, if IAM refused it. */
  readonly denial?: Denial;
}

/** CloudTrail's event history of this account and region, which exists without a trail. */
export interface TrailReader {
  /** `looking` hears of each lookup before it is made: which kind of event of how many, and which page of its events, both from 1. */
  read(looking?: (lookup: TrailLookup) => void): Promise<Trail>;
}

export interface TrailLookup {
  readonly kind: number;
  readonly kinds: number;
  readonly page: number;
}
