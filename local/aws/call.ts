export type ServiceName =
  | 'secretsmanager'
  | 'sns'
  | 'sts'
  | 'ecs'
  | 'events'
  | 'lambda'
  | 'sqs'
  | 'cloudtrail'
  | 'logs';

/** One request as it arrived. Values of secrets are left out: recordings are printed and compared. */
export interface Call {
  readonly service: ServiceName;
  /** API name of the operation, e.g. `GetSecretValue`. */
  readonly operation: string;
  /** Position among all calls that this world received, from 1. */
  readonly n: number;
  /** The access key id that signed it. Each function of the local world signs with its own name. */
  readonly caller: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** `ok`, the error code that was answered, or `dropped` where the caller saw a broken connection. */
  outcome: string;
}

/** Everything that was asked of this world, in order. Least-privilege and crash-point tests read it. */
export class CallLog {
  #calls: Call[] = [];
  #count = 0;

  record(call: { service: ServiceName; operation: string; caller: string; params: object }): Call {
    const { service, operation, caller } = call;
    const params = withoutValues(call.params);
    const recorded = { service, operation, n: ++this.#count, caller, params, outcome: 'pending' };
    this.#calls.push(recorded);
    return recorded;
  }

  all(): readonly Call[] {
    return this.#calls;
  }

  by(caller: string): readonly Call[] {
    return this.#calls.filter((call) => call.caller === caller);
  }

  /** Forgets what was recorded; the numbering goes on. */
  clear(): void {
    this.#calls = [];
  }
}

const VALUES = new Set(['SecretString', 'SecretBinary', 'Payload']);

function withoutValues(params: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, VALUES.has(name) ? '(left out)' : value]),
  );
}
