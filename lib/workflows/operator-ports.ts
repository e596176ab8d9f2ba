import type { CheckRequest } from './obey';
import type { AdminAnswer, AdminRequest, SecretStore } from './ports';

/** Secrets Manager as an operator's own credentials reach it. There is no `read`: a laptop never sees a stored key. */
export type OperatorStore = Omit<SecretStore, 'read'>;

/** The deployed functions of an environment, invoked and waited for. Methods reject with `FunctionError` or `IllegalTransition`. */
export interface DeployedFunctions {
  check(environment: string, request: CheckRequest): Promise<unknown>;
  admin(environment: string, request: AdminRequest): Promise<AdminAnswer>;
  report(environment: string): Promise<unknown>;
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
