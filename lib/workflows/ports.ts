import type { FunctionEnv } from '../contract/env';
import type { LabelUpdate } from '../contract/labels';
import type { SecretDescription, SecretVersionRow, StoredValue } from '../contract/read-secret';
import type { ConsoleRecord, Inspection } from '../domain/console/record';
import type { Spike, Usage } from '../domain/console/usage';
import type { ApiKey } from '../domain/key';
import type { Subscription } from '../domain/notices/audience';
import type { Notice } from '../domain/notices/notice';
import type { FleetReport } from '../domain/notices/report-input';
import type { ProbeKind, Verdict } from '../domain/probe/verdict';

/** Everything a workflow may reach. */
export interface Ports {
  readonly env: FunctionEnv;
  readonly store: SecretStore;
  readonly probe: KeyProbe;
  readonly board: NoticeBoard;
  readonly bus: TransitionBus;
  /** Absent where Admin access is off. */
  readonly admin?: AdminClient;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly log: Log;
  /** A token for a new version or rotation: 32 to 64 characters, never used before. */
  readonly newToken: () => string;
  /** Milliseconds until this invocation is ended from outside. */
  readonly remaining: () => number;
}

/** Time, so that a hundred days pass in seconds where nobody waits. */
export interface Clock {
  now(): Date;
  sleep(milliseconds: number): Promise<void>;
}

/** Secrets Manager, as far as we use it. Methods reject with the errors of `errors.ts`; anything else is a fault of ours. */
export interface SecretStore {
  describe(secretId: string): Promise<SecretDescription>;
  /** All pages. `deprecated` adds the versions that carry no label and are not yet collected. */
  listVersions(secretId: string, options?: { deprecated?: boolean }): Promise<readonly SecretVersionRow[]>;
  /** By version or label; AWSCURRENT by default. Undefined where that version has no value. */
  read(secretId: string, at?: { versionId: string } | { label: string }): Promise<StoredValue | undefined>;
  /** Same token and same value again is a no-op. Always names its labels: a put without any would move AWSCURRENT. */
  put(secretId: string, version: { token: string; value: string; labels: readonly string[] }): Promise<void>;
  moveLabel(secretId: string, move: LabelUpdate): Promise<void>;
  rotate(secretId: string, token: string): Promise<void>;
  tag(secretId: string, tags: Readonly<Record<string, string>>): Promise<void>;
  untag(secretId: string, keys: readonly string[]): Promise<void>;
  /** Every secret that carries the tag key, of one environment where told, with tags and labels: no call per secret. */
  list(filter: { tagKey: string; environment?: string }): Promise<readonly SecretDescription[]>;
}

export interface ProbeRequest {
  readonly probe: ProbeKind;
  /** First model to try; the built-in chain follows. */
  readonly model?: string;
  /** Milliseconds for all tries together. */
  readonly within: number;
}

/** Asks Anthropic about one key. Never rejects: whatever happens is a verdict. A DEAD of this port is one 401, not yet confirmed. */
export interface KeyProbe {
  probe(key: ApiKey, request: ProbeRequest): Promise<Verdict>;
}

/** The notices' topic. */
export interface NoticeBoard {
  publish(notice: Notice): Promise<void>;
  /** Every subscription, also those that nobody has confirmed. */
  subscriptions(): Promise<readonly Subscription[]>;
  /** To the subscribers of everything: it is about no single owner's key. */
  publishReport(report: FleetReport): Promise<void>;
}

/** A transition, for machines. */
export interface Transition {
  /** EventBridge detail-type, e.g. `Key Promoted`. */
  readonly type: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface TransitionBus {
  emit(transition: Transition): Promise<void>;
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

/** What the function with Admin access is asked. It derives target and reason itself; this is a hint. */
export type AdminRequest =
  | { readonly verb: 'inspect'; readonly secretId: string }
  | { readonly verb: 'inspect-fleet' }
  | {
      readonly verb: 'deactivate';
      readonly secretId: string;
      readonly fingerprint: string;
      readonly order?: { kind: 'retire' | 'contain'; reason: string; by: string };
    }
  | { readonly verb: 'reactivate'; readonly secretId: string; readonly fingerprint: string };

/** What it answers. `refused` names the guard that said no, in words for a human. */
export type AdminAnswer =
  | { readonly outcome: 'inspected'; readonly inspections: readonly Inspection[] }
  | { readonly outcome: 'fleet'; readonly records: readonly ConsoleRecord[] }
  | { readonly outcome: 'deactivated' | 'reactivated' | 'already-done'; readonly recordId: string }
  | { readonly outcome: 'refused'; readonly guard: string; readonly why: string };

/** The function with Admin access, as its callers see it. */
export interface AdminClient {
  ask(request: AdminRequest): Promise<AdminAnswer>;
}

/** Why a write at Anthropic's Admin API did not happen, told apart. */
export type AdminFailure = 'no-permission' | 'not-found' | 'limit-reached' | 'refused' | 'unavailable';

/** Anthropic's Admin API, for the one function that may use it. Rejects with `AdminError`. */
export interface AdminApi {
  organization(): Promise<{ id: string; name: string }>;
  /** All pages. */
  records(): Promise<readonly ConsoleRecord[]>;
  setStatus(id: string, status: 'active' | 'inactive'): Promise<ConsoleRecord>;
  usage(recordId: string, window: { from: Date; to: Date }): Promise<Usage>;
  spike(recordId: string, now: Date): Promise<Spike | undefined>;
}

/** A change of a secret as AWS CloudTrail recorded it: of its parameters only what names a version and its labels, never a value. */
export interface TrailEvent {
  /** Id under which CloudTrail finds the event. */
  readonly id: string;
  readonly at: Date;
  /** The API call, or what Secrets Manager reports of itself, e.g. `PutSecretValue`, `RotationSucceeded`. */
  readonly name: string;
  /** ARN or name, as the caller gave it. */
  readonly secretId: string;
  /** Who called, in short: `KeyOperator/kim@example.com`. Absent where Secrets Manager acted by itself. */
  readonly by?: string;
  /** Staging labels that the call named. */
  readonly labels: readonly string[];
  /** The version that the call made or gave a label to. */
  readonly versionId?: string;
}

/** What CloudTrail tells, or why it tells nothing: an audit says so and goes on. */
export type Trail =
  | {
      readonly readable: true;
      /** From here on nothing is missing. */
      readonly since: Date;
      /** Those of one name oldest first. */
      readonly events: readonly TrailEvent[];
    }
  | { readonly readable: false; readonly why: string };

/** CloudTrail's event history of this account and region. It needs no trail of one's own. */
export interface TrailReader {
  read(): Promise<Trail>;
}
