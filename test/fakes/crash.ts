import { AsyncLocalStorage } from 'node:async_hooks';
import type { Around } from '../../lib/adapters/runtime';
import type { Process } from '../../local/world';

/** What a process sees that is no more. Every call after the crash fails, so nothing takes effect any more. */
class Crash extends Error {
  override readonly name = 'Crash';
}

/** Where to crash: at the n-th call of a port, from 1, before it is made or after it took effect. */
export interface CrashPoint {
  readonly call: number;
  readonly side: 'before' | 'after';
}

/** Records every call of every port, and kills the process at one of them. */
export class CrashController {
  /** `port.method` of every call, in order. */
  readonly calls: string[] = [];
  /** Runs after each call that took effect. */
  afterEach: (call: string) => void = () => {};
  #point: CrashPoint | undefined;
  #armed = false;
  readonly #processes = new AsyncLocalStorage<{ dead: boolean }>();

  /** Each invocation is a process of its own: the one after a crash is alive again. */
  readonly process: Process = (run) => this.#processes.run({ dead: false }, run);

  readonly around: Around = (name, port) =>
    new Proxy(port, {
      get: (target, method, receiver) => {
        const value: unknown = Reflect.get(target, method, receiver);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) =>
          this.#call(`${name}.${String(method)}`, () => value.apply(target, args));
      },
    });

  /** Starts counting, and crashing where a point is given. */
  arm(point?: CrashPoint): void {
    this.#armed = true;
    this.#point = point;
    this.calls.length = 0;
  }

  disarm(): void {
    this.#armed = false;
  }

  async #call(name: string, effect: () => unknown): Promise<unknown> {
    const process = this.#processes.getStore();
    if (!this.#armed || !process) return effect();
    if (process.dead) throw new Crash(name);
    this.calls.push(name);
    const here = this.#point?.call === this.calls.length ? this.#point.side : undefined;
    if (here === 'before') this.#die(process, name);
    const result = await effect();
    this.afterEach(name);
    if (here === 'after') this.#die(process, name);
    return result;
  }

  #die(process: { dead: boolean }, name: string): never {
    process.dead = true;
    this.#point = undefined;
    throw new Crash(name);
  }
}
