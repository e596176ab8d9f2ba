import type { RotatingKeyOptions } from '../../consumer';
import type { Policy } from '../../lib/domain/policy';
import { elapsed, MINUTE } from '../../lib/domain/time';
import { TestKey } from '../lifecycle/test-key';
import { readerOf, readsOf } from './application';
import { Gate } from './gate';

/** How many requests are under way at once. */
export const AT_ONCE = 200;

/** Asks for messages, so many at once, as an application does. Returns the statuses of the answers that were none. */
export type Ask = (count: number, now: Date) => Promise<readonly unknown[]>;

export interface Played {
  readonly asked: number;
  /** What went wrong, with what was going on. */
  readonly failed: readonly string[];
  /** How often the application read its secret since it began. */
  readonly reads: number;
  /** How often a key was five minutes old when it asked, the first time included. */
  readonly due: number;
}

/** A key in rotation, and an application that asks while things happen. Over HTTP, as other processes reach it. */
export class Rotation {
  readonly #failed: string[] = [];
  #asked = 0;
  #due: Date[] = [];
  #ask: Ask = async () => [];

  private constructor(
    readonly testKey: TestKey,
    readonly gate: Gate,
  ) {}

  static async open(policy: Partial<Policy> = {}): Promise<Rotation> {
    const testKey = await TestKey.build({ overHttp: true, adminAccess: true, policy });
    await testKey.promoteFirstKey();
    return new Rotation(testKey, await Gate.open(testKey.sandbox.anthropic.url));
  }

  /** What the helper is told here: the secret, a client of the real SDK, and the clock of this world. */
  keyOptions(attempts = 3): RotatingKeyOptions {
    const { sandbox, secretName } = this.testKey;
    return {
      secretId: secretName,
      client: readerOf(sandbox.aws, attempts),
      now: () => sandbox.clock.now().getTime(),
    };
  }

  serve(ask: Ask): void {
    this.#ask = ask;
  }

  /** Has the application ask, and something happen while all its requests are under way. */
  async under(
    what: string,
    happens: () => Promise<unknown> = async () => {},
    count = AT_ONCE,
  ): Promise<void> {
    const gathered = this.gate.hold(count);
    const now = this.testKey.sandbox.clock.now();
    const last = this.#due.at(-1);
    if (!last || elapsed(last, now) >= 5 * MINUTE) this.#due.push(now);
    const asked = this.#ask(count, now);
    // Whoever fails before anything was sent is waited for no longer.
    await Promise.race([gathered, asked]);
    await happens();
    const held = this.gate.release();
    const failures = await asked;
    this.#asked += count;
    this.#failed.push(...failures.map((failure) => `${what}: ${failure}`));
    if (failures.length === 0 && held !== count) this.#failed.push(`${what}: ${held} were under way at once`);
  }

  get played(): Played {
    const reads = readsOf(this.testKey.sandbox.aws);
    return { asked: this.#asked, failed: this.#failed, reads, due: this.#due.length };
  }

  /** A whole rotation: from the submission through promotion, grace and switch-off by the machine to the proof of death. */
  async play(): Promise<Played> {
    const { testKey } = this;
    const old = testKey.live;
    await this.under('before');
    await this.under('submitted', () => testKey.put(testKey.newKey()));
    await this.under('promoted', () => testKey.rotate());
    expect(testKey.live).not.toBe(old);
    for (let hour = 8; hour <= 40; hour += 8) await this.under(`${hour} h of grace`, () => testKey.after(8));
    expect(testKey.sandbox.anthropic.statusOf(old)).toBe('active');
    for (let hour = 0; !testKey.told.includes('rotation-complete') && hour < 48; hour += 2)
      await this.under(`${40 + hour} h after the promotion`, () => testKey.after(2));
    expect(testKey.told).toContain('rotation-complete');
    expect(testKey.sandbox.anthropic.statusOf(old)).not.toBe('active');
    await this.under('proven dead');
    return this.played;
  }

  async close(): Promise<void> {
    await this.gate.close();
    await this.testKey.close();
  }
}
