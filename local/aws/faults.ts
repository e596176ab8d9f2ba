import type { Clock } from '../../lib/workflows/ports';
import { AwsError } from './aws-error';
import type { Call, ServiceName } from './call';

/** Which calls a fault hits: those that match everything that is given. */
export interface FaultMatch {
  readonly service?: ServiceName;
  readonly operation?: string;
  readonly caller?: string;
  readonly where?: (call: Call) => boolean;
  /** First matching call that is hit, from 1. */
  readonly from?: number;
  /** How many are hit; 1 by default, `Infinity` until removed. */
  readonly times?: number;
}

/** What happens to a call. `drop` breaks the connection before or after the call took effect. */
export type Fault =
  | {
      readonly kind: 'error';
      readonly code: string;
      readonly message: string | ((call: Call) => string);
      readonly status?: number;
    }
  | { readonly kind: 'delay'; readonly milliseconds: number }
  | { readonly kind: 'drop'; readonly when: 'before-effect' | 'after-effect' }
  | { readonly kind: 'meanwhile'; readonly when: 'before-effect' | 'after-effect'; run(): Promise<void> };

/** The faults that services really show, by name. */
export const FAULT = {
  throttled: { kind: 'error', code: 'ThrottlingException', message: 'Rate exceeded' },
  denied: {
    kind: 'error',
    code: 'AccessDeniedException',
    message: 'User is not authorized to perform this action.',
  },
  kmsDenied: { kind: 'error', code: 'AccessDeniedException', message: 'Access to KMS is not allowed' },
  unavailable: {
    kind: 'error',
    code: 'InternalServiceError',
    message: 'An error occurred on the server side.',
    status: 500,
  },
  /** The call never arrives: what a crash just before it looks like. */
  lost: { kind: 'drop', when: 'before-effect' },
  /** The call takes effect and its answer is lost. */
  unanswered: { kind: 'drop', when: 'after-effect' },
} as const satisfies Record<string, Fault>;

/** Thrown to the server: hang up without an answer. */
export class Dropped extends Error {}

interface Armed {
  readonly match: FaultMatch;
  readonly fault: Fault;
  seen: number;
}

/** The place where tests arm faults. Every call of every service passes here, before and after its effect. */
export class Faults {
  readonly #armed = new Set<Armed>();

  constructor(private readonly clock: Clock) {}

  /** Arms a fault and returns what takes it away again. */
  on(match: FaultMatch, fault: Fault): () => void {
    const armed = { match, fault, seen: 0 };
    this.#armed.add(armed);
    return () => void this.#armed.delete(armed);
  }

  clear(): void {
    this.#armed.clear();
  }

  /** Runs `effect` the way the armed faults want it. */
  async around<T>(call: Call, effect: () => Promise<T>): Promise<T> {
    if (this.#armed.size === 0) return effect();
    const hits = [...this.#armed].filter((armed) => this.#hits(armed, call)).map((armed) => armed.fault);
    for (const fault of hits) await this.#before(fault, call);
    const result = await effect();
    for (const fault of hits) {
      if (fault.kind === 'meanwhile' && fault.when === 'after-effect') await fault.run();
      if (fault.kind === 'drop') throw new Dropped();
    }
    return result;
  }

  async #before(fault: Fault, call: Call): Promise<void> {
    if (fault.kind === 'error') {
      const { code, message, status = 400 } = fault;
      throw new AwsError(code, typeof message === 'string' ? message : message(call), status);
    }
    if (fault.kind === 'delay') await this.clock.sleep(fault.milliseconds);
    if (fault.kind === 'meanwhile' && fault.when === 'before-effect') await fault.run();
    if (fault.kind === 'drop' && fault.when === 'before-effect') throw new Dropped();
  }

  #hits(armed: Armed, call: Call): boolean {
    const { service, operation, caller, where, from = 1, times = 1 } = armed.match;
    if (service !== undefined && service !== call.service) return false;
    if (operation !== undefined && operation !== call.operation) return false;
    if (caller !== undefined && caller !== call.caller) return false;
    if (where && !where(call)) return false;
    armed.seen += 1;
    const last = from + times - 1;
    if (armed.seen >= last) this.#armed.delete(armed);
    return armed.seen >= from && armed.seen <= last;
  }
}
