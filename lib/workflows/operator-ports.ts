import type { Denial } from '../contract/people';
import type { Subscription } from '../domain/notices/audience';
import type { KeyIdentity } from '../domain/policy';
import type { Issue } from '../domain/tickets/plan';
import type { AdminAnswer, AdminRequest, SecretStore, Unreadable } from './ports';
import type { Reported, ReportRequest } from './report';
import type { Answer, Command } from './run-command';

/** Secrets Manager with an operator's own credentials. There is no `read`: a laptop never sees a stored key. */
export type OperatorStore = Omit<SecretStore, 'read'>;

/** Invokes deployed functions and waits for them. Methods reject with `FunctionError` or `IllegalTransition`. */
export interface DeployedFunctions {
  check<C extends Command>(
    key: Pick<KeyIdentity, 'environment' | 'secretArn'>,
    command: C,
  ): Promise<Answer<C>>;
  admin(environment: string, request: AdminRequest): Promise<AdminAnswer>;
  report(environment: string, request: ReportRequest): Promise<Reported>;
}

/** An event in an evidence log, as a function reported it. Whoever may put events on the bus can write one, too. */
export interface ReportedEvent {
  /** EventBridge's id of the event, which may be delivered twice. */
  readonly id: string;
  readonly at: Date;
  readonly secretArn: string;
  /** Id of the notice, which may be announced again. */
  readonly notice: string;
  readonly kind: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** The events of an environment, or why there are none. */
export type EvidenceRead =
  | {
      readonly readable: true;
      /** Events are kept from here on. */
      readonly since: Date;
      /** Set if the log was too long to be read to its end. */
      readonly until?: Date;
      readonly events: readonly ReportedEvent[];
    }
  | { readonly readable: false; readonly why: 'missing' }
  | Unreadable;

/** The log groups that keep the events of an environment: that of its stack, and those that removed stacks have left. */
export interface EvidenceLog {
  read(environment: string): Promise<EvidenceRead>;
}

/** Why a function gave no answer; `missing` if nothing is deployed under its name. */
export type FunctionFailure = 'missing' | 'denied' | 'failed' | 'unavailable';

/** A function could not be invoked, or failed for another reason than a refusal. The message is scrubbed of keys. */
export class FunctionError extends Error {
  override readonly name = 'FunctionError';
  constructor(
    readonly failure: FunctionFailure,
    message: string,
    /** What was refused, if IAM refused it. */
    readonly denial?: Denial,
  ) {
    super(message);
  }
}

/** Where the operator's calls go, and under whose name. */
export interface Place {
  /** `unknown` if AWS did not tell, e.g. because nothing leads from here to STS. Commands go on without it. */
  readonly account: string;
  readonly region: string;
  /** ARN of the user or role; `unknown` like the account. */
  readonly caller: string;
  /** Why account and caller are unknown. */
  readonly unidentified?: string;
  /** Host that answers for Secrets Manager. */
  readonly endpoint: string;
  /** Host that new keys are tested at. */
  readonly anthropic: string;
}

/** The region does not exist, or does not take these credentials, which AWS takes elsewhere. */
export class WrongRegion extends Error {
  override readonly name = 'WrongRegion';
}

/** What the refusal says to send anything to an address that is neither https nor on this machine. */
export const UNENCRYPTED = 'would be sent unencrypted';

/** A result, or the reason why there is none, and what was refused if IAM refused it. */
export type Known<T> = { readonly known: T } | { readonly unknown: string; readonly denial?: Denial };

/** Examines the deployment around the secrets. It changes nothing and never rejects: a failure is `unknown`. */
export interface Examiner {
  /** Milliseconds by which this machine's clock is ahead of AWS, by the Date header of the last answer. */
  clockAhead(): Promise<Known<number>>;
  /** The actions that the caller's policies do not allow on a secret of an environment, by IAM's own simulation. */
  refused(
    caller: string,
    actions: readonly string[],
    secret: { readonly arn: string; readonly environment: string },
  ): Promise<Known<readonly string[]>>;
  /** How many subscriptions of a topic are confirmed, and all of them. */
  listeners(
    topicArn: string,
  ): Promise<Known<{ readonly confirmed: number; readonly subscriptions: readonly Subscription[] }>>;
  /** Whether a function exists and may be invoked, by a dry run. */
  function(name: string): Promise<Known<'invocable' | 'missing' | 'denied'>>;
  schedule(group: string, name: string): Promise<Known<'enabled' | 'disabled' | 'missing'>>;
  /** The release that deployed an environment; undefined if it is older than releases that say so. */
  release(environment: string): Promise<Known<string | undefined>>;
  /** Names under a prefix that deleted secrets still occupy. */
  tombstones(prefix: string): Promise<Known<readonly string[]>>;
  /** Regions whose replica is not in sync. */
  brokenReplicas(secretId: string): Promise<Known<readonly string[]>>;
  /** Whether Anthropic's API answers this machine at all. */
  anthropic(): Promise<Known<'answers' | 'answers-bare' | 'does-not-answer'>>;
}

/** A repository at GitHub, and the token that writes to its issues. */
export interface GithubRepository {
  /** `https://api.github.com`, or that of a GitHub Enterprise Server; https, or this machine. */
  readonly apiUrl: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly token: string;
}

/** The issues of a repository that have our label. Methods reject with `TrackerError`. */
export interface IssueTracker {
  /** All of them, open and closed. Pull requests, which are issues as well, are left out. */
  list(): Promise<readonly Issue[]>;
  /** Opens an issue with our label. Returns its number. */
  open(issue: { readonly title: string; readonly text: string }): Promise<number>;
  /** `state`: only where it is to change. */
  change(
    number: number,
    change: { readonly text: string; readonly state?: 'open' | 'done' | 'not-planned' },
  ): Promise<void>;
  comment(number: number, text: string): Promise<void>;
}

/**
 * Why a tracker did not do something. `one`: it refused one issue, which says nothing of the others. `all`: whatever follows would fail, too. The message is
 * without any token.
 */
export class TrackerError extends Error {
  override readonly name = 'TrackerError';
  constructor(
    readonly concerns: 'one' | 'all',
    message: string,
  ) {
    super(message);
  }
}
