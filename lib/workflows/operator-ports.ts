import type { KeyIdentity } from '../domain/policy';
import type { AdminAnswer, AdminRequest, SecretStore } from './ports';
import type { Reported, ReportRequest } from './report';
import type { Answer, Command } from './run-command';

/** Secrets Manager as an operator's own credentials reach it. There is no `read`: a laptop never sees a stored key. */
export type OperatorStore = Omit<SecretStore, 'read'>;

/** The deployed functions of an environment, invoked and waited for. Methods reject with `FunctionError` or `IllegalTransition`. */
export interface DeployedFunctions {
  check<C extends Command>(
    key: Pick<KeyIdentity, 'environment' | 'secretArn'>,
    command: C,
  ): Promise<Answer<C['verb']>>;
  admin(environment: string, request: AdminRequest): Promise<AdminAnswer>;
  report(environment: string, request: ReportRequest): Promise<Reported>;
}

/** Why a function gave no answer. `missing`: nothing is deployed under its name. */
export type FunctionFailure = 'missing' | 'denied' | 'failed' | 'unavailable';

/** A function that could not be invoked, or that ended with an error which is no refusal. The message is scrubbed of keys. */
export class FunctionError extends Error {
  override readonly name = 'FunctionError';
  constructor(
    readonly failure: FunctionFailure,
    message: string,
  ) {
    super(message);
  }
}

/** Where the operator's calls go, and as whom. */
export interface Place {
  readonly account: string;
  readonly region: string;
  /** ARN of the user or role. */
  readonly caller: string;
  /** Host that answers for Secrets Manager. */
  readonly endpoint: string;
}

/** What a look from outside found; `unknown` says why it could not look. */
export type Seen<T> = { readonly known: T } | { readonly unknown: string };

/** Looks at what surrounds the secrets. Nothing here changes anything, and no failure rejects: it is `unknown`. */
export interface Examiner {
  /** Milliseconds by which this machine's clock is ahead of AWS, told by the Date header of the last answer. */
  clockAhead(): Seen<number>;
  /** Those of the actions that the caller's policies do not allow on a secret of an environment, by IAM's own simulation. */
  refused(
    caller: string,
    actions: readonly string[],
    secret: { readonly arn: string; readonly environment: string },
  ): Promise<Seen<readonly string[]>>;
  /** Endpoints of a topic's subscriptions. */
  listeners(
    topicArn: string,
  ): Promise<Seen<{ readonly confirmed: number; readonly pending: readonly string[] }>>;
  /** Whether a function exists and may be invoked: a dry run. */
  function(name: string): Promise<Seen<'invocable' | 'missing' | 'denied'>>;
  schedule(group: string, name: string): Promise<Seen<'enabled' | 'disabled' | 'missing'>>;
  /** Names under a prefix that a deleted secret still holds. */
  tombstones(prefix: string): Promise<Seen<readonly string[]>>;
  /** Regions whose replica is out of step. */
  brokenReplicas(secretId: string): Promise<Seen<readonly string[]>>;
  /** Whether Anthropic's API answers this machine at all. */
  anthropic(): Promise<Seen<'answers' | 'does-not-answer'>>;
}
