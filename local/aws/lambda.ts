import { MINUTE } from '../../lib/domain/time';
import type { Clock } from '../../lib/workflows/ports';
import { AwsError } from './aws-error';
import type { Caller } from './operation';

/** A function of the embedded world: the handler itself, in this process. */
export type Handler = (event: unknown, context: HandlerContext) => Promise<unknown>;

/** The part of Lambda's context that is given here. */
export interface HandlerContext {
  readonly awsRequestId: string;
  /** The ARN by which it was invoked: it ends with the alias, if one was named. */
  readonly invokedFunctionArn: string;
}

/** One invocation as it ended. */
export interface Invocation {
  readonly functionName: string;
  /** The alias that was invoked, if one was. */
  readonly alias?: string;
  readonly type: 'RequestResponse' | 'Event';
  readonly invokedBy: string;
  /** Message of the error that the handler threw. */
  readonly error?: string;
}

export interface LambdaAnswer {
  readonly status: number;
  /** Present where the handler threw. */
  readonly functionError?: 'Unhandled';
  readonly payload: string;
}

const ASYNCHRONOUS_RETRIES_AFTER = [MINUTE, 2 * MINUTE];

/** The embedded Lambda: runs registered handlers in this process. */
export class FakeLambda {
  readonly invocations: Invocation[] = [];
  readonly #handlers = new Map<string, Handler>();
  readonly #aliases = new Set<string>();
  readonly #running = new Set<Promise<void>>();
  #requests = 0;

  constructor(
    private readonly clock: Clock,
    private readonly arnPrefix: string,
  ) {}

  /** Makes a handler known by its name and returns the function's ARN. Registering again replaces it. */
  register(name: string, handler: Handler): string {
    this.#handlers.set(name, handler);
    return `${this.arnPrefix}${name}`;
  }

  /** Deletes a function. */
  unregister(name: string): void {
    this.#handlers.delete(name);
  }

  /** Gives a function a second door: another ARN to the same code. */
  addAlias(name: string, alias: string): void {
    this.#aliases.add(`${name}:${alias}`);
  }

  exists(nameOrArn: string): boolean {
    return this.#handlers.has(targetOf(nameOrArn).functionName);
  }

  /** Runs a handler once, the event having been through JSON as on AWS. @throws whatever the handler throws. */
  async run(
    nameOrArn: string,
    event: unknown,
    invokedBy: string,
    type: Invocation['type'] = 'RequestResponse',
  ) {
    const { functionName, qualifier } = targetOf(nameOrArn);
    const handler = this.#handlerOf(nameOrArn);
    const alias = qualifier === LATEST ? undefined : qualifier;
    const invocation = { functionName, ...(alias && { alias }), type, invokedBy };
    const context = {
      awsRequestId: `invocation-${++this.#requests}`,
      invokedFunctionArn: `${this.arnPrefix}${functionName}${qualifier ? `:${qualifier}` : ''}`,
    };
    try {
      const answer = await handler(JSON.parse(JSON.stringify(event ?? {})), context);
      this.invocations.push(invocation);
      return answer;
    } catch (error) {
      this.invocations.push({ ...invocation, error: messageOf(error) });
      throw error;
    }
  }

  /** The Invoke operation. */
  async invoke(nameOrArn: string, type: string, payload: string, caller: Caller): Promise<LambdaAnswer> {
    this.#handlerOf(nameOrArn);
    if (type === 'DryRun') return { status: 204, payload: '' };
    const event = parseEvent(payload);
    if (type === 'Event') {
      this.#runInBackground(nameOrArn, event, caller.accessKeyId);
      return { status: 202, payload: '' };
    }
    try {
      const answer = await this.run(nameOrArn, event, caller.accessKeyId);
      return { status: 200, payload: JSON.stringify(answer) ?? 'null' };
    } catch (error) {
      const errorType = error instanceof Error ? error.name : 'Error';
      const body = { errorType, errorMessage: messageOf(error), trace: [] };
      return { status: 200, functionError: 'Unhandled', payload: JSON.stringify(body) };
    }
  }

  /** Resolves when no asynchronous invocation runs any more. */
  async settle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  /** An asynchronous invocation that fails is tried twice more, after one and two minutes. */
  #runInBackground(nameOrArn: string, event: unknown, invokedBy: string): void {
    const work = async () => {
      for (const pause of [0, ...ASYNCHRONOUS_RETRIES_AFTER]) {
        await this.clock.sleep(pause);
        const done = await this.run(nameOrArn, event, invokedBy, 'Event').then(
          () => true,
          () => false,
        );
        if (done) return;
      }
    };
    const running = work();
    this.#running.add(running);
    void running.finally(() => this.#running.delete(running));
  }

  #handlerOf(nameOrArn: string): Handler {
    const { functionName, qualifier = LATEST } = targetOf(nameOrArn);
    const target = `${functionName}:${qualifier}`;
    const handler = this.#handlers.get(functionName);
    if (handler && (qualifier === LATEST || this.#aliases.has(target))) return handler;
    const message = `Function not found: ${this.arnPrefix}${target}`;
    throw new AwsError('ResourceNotFoundException', message, 404);
  }
}

/** The qualifier of the code itself, which is also invoked without any. */
const LATEST = '$LATEST';

/** `name`, `name:alias`, or an ARN that ends with either. */
function targetOf(nameOrArn: string): { readonly functionName: string; readonly qualifier?: string } {
  const match = /(?:^|:)function:(.+)/.exec(nameOrArn);
  const [functionName = '', qualifier] = (match ? match[1]! : nameOrArn).split(':');
  return { functionName, qualifier };
}

function parseEvent(payload: string): unknown {
  if (payload === '') return {};
  try {
    return JSON.parse(payload);
  } catch {
    throw new AwsError('InvalidRequestContentException', 'Could not parse request body into json.');
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
