import type { Answer } from '../../lib/domain/probe/answer';
import { classify } from '../../lib/domain/probe/classify';
import { pauseAfter } from '../../lib/domain/probe/patience';
import type { Verdict } from '../../lib/domain/probe/verdict';
import { flexibleMinutes, minutesBetween } from '../../lib/domain/schedule';
import { MINUTE } from '../../lib/domain/time';
import { WITHIN } from '../../lib/workflows/judge-keys';
import { Bucket, type Course, play, seeded } from './engine';
import { ASSUMED } from './limits';

export interface Scenario {
  readonly keys: number;
  /** Of every key, such as `rate(1 hour)`: all are due in the same moment, which Scheduler spreads over their flexible window. */
  readonly checkEvery: string;
  /** Anthropic's limit for the organization and the model. */
  readonly requestsPerMinute: number;
  /** Lambda environments at once. */
  readonly concurrency: number;
  /** How often each key is due. In the first period every check also writes the day's tag. */
  readonly periods: number;
  readonly seed: number;
}

export interface Outcome {
  /** Keys that were not once found ALIVE within a period, the most of any period. */
  readonly starved: number;
  /** Answers with status 429, in all periods. */
  readonly rateLimited: number;
  /** Calls that Secrets Manager throttled, in all periods. */
  readonly throttled: number;
  /** Checks that ended in an error, and are tried again by Lambda. */
  readonly failed: number;
  /** Invocations that were given up and lie in the dead-letter queue. */
  readonly undelivered: number;
  /** Most Lambda environments that were busy at once. */
  readonly concurrent: number;
  /** Milliseconds from the moment at which Scheduler invoked a check until its key was found ALIVE, ascending. */
  readonly delays: readonly number[];
}

/** Minutes over which the checks of one moment are spread, and minutes until the next one. */
export function spread(checkEvery: string): { readonly window: number; readonly period: number } {
  const between = minutesBetween(checkEvery);
  if (!between) throw new Error(`"${checkEvery}" is no schedule of checks.`);
  return { window: flexibleMinutes(checkEvery), period: between.shortest };
}

/** Plays the checks of a fleet against the limits of AWS and Anthropic. The same scenario has the same outcome. */
export function simulate(scenario: Scenario): Outcome {
  return new Fleet(scenario).outcome();
}

const ALIVE: Answer = {
  status: 200,
  bodyKind: 'message',
  headers: { 'request-id': 'req_011CSimulated' },
  messageId: 'msg_01Simulated',
};

const rateLimited = (milliseconds: number): Answer => ({
  status: 429,
  type: 'rate_limit_error',
  bodyKind: 'envelope',
  headers: { 'request-id': 'req_011CSimulated', 'retry-after': String(Math.ceil(milliseconds / 1000)) },
});

/** How often the AWS SDK tries a call, and the base of its pauses where it was throttled. */
const SDK = { attempts: 3, base: 500 } as const;

/** Milliseconds after which Lambda runs a check again that ended in an error. */
const AFTER_ERRORS = [MINUTE, 2 * MINUTE];

/** The wall that a check ran into: Secrets Manager throttled a call to the end. */
class Throttled extends Error {}

class Fleet {
  readonly #random: () => number;
  readonly #reads = bucketOf(ASSUMED.readsPerSecond.value);
  readonly #lists = bucketOf(ASSUMED.listsPerSecond.value);
  readonly #tags = bucketOf(ASSUMED.tagsPerSecond.value);
  readonly #anthropic: Bucket;
  readonly #aliveIn: Set<number>[];
  readonly #delays: number[] = [];
  #busy = 0;
  #idle = 0;
  #most = 0;
  #rateLimited = 0;
  #throttled = 0;
  #failed = 0;
  #undelivered = 0;

  constructor(private readonly scenario: Scenario) {
    const perSecond = scenario.requestsPerMinute / 60;
    this.#random = seeded(scenario.seed);
    this.#anthropic = new Bucket(perSecond, Math.max(1, perSecond * ASSUMED.requestBurst.value));
    this.#aliveIn = Array.from({ length: scenario.periods }, () => new Set());
  }

  outcome(): Outcome {
    const { keys, periods } = this.scenario;
    const courses = Array.from({ length: periods }, (_, period) =>
      Array.from({ length: keys }, (_, key) => this.#due(key, period)),
    );
    play(courses.flat());
    return {
      starved: Math.max(...this.#aliveIn.map((alive) => keys - alive.size)),
      rateLimited: this.#rateLimited,
      throttled: this.#throttled,
      failed: this.#failed,
      undelivered: this.#undelivered,
      concurrent: this.#most,
      delays: this.#delays.toSorted((a, b) => a - b),
    };
  }

  /** One run of a key's schedule: an asynchronous invocation, with Lambda's own retries. */
  *#due(key: number, period: number): Course {
    const { window, period: minutes } = spread(this.scenario.checkEvery);
    const invokedAt = yield (period * minutes + this.#random() * window) * MINUTE;
    let now = invokedAt;
    for (const pause of [...AFTER_ERRORS, undefined]) {
      const started = yield* this.#start(now, invokedAt);
      if (started === undefined) return;
      const ended = yield* this.#check(started, period === 0);
      this.#busy -= 1;
      this.#idle += 1;
      if (ended.verdict) {
        this.#count(key, period, ended.verdict, ended.now - invokedAt);
        return;
      }
      this.#failed += 1;
      if (pause !== undefined) now = yield pause;
    }
    this.#undelivered += 1;
  }

  /** Waits for an environment. Undefined if the invocation was given up. */
  *#start(invokedAt: number, since: number): Course<number | undefined> {
    let now = invokedAt;
    for (let pause = ASSUMED.firstThrottlePause.value; this.#busy >= this.scenario.concurrency; pause *= 2) {
      now = yield Math.min(pause, ASSUMED.longestThrottlePause.value) * (0.5 + this.#random() / 2);
      if (now - since <= ASSUMED.invocationAge.value) continue;
      this.#undelivered += 1;
      return undefined;
    }
    this.#busy += 1;
    this.#most = Math.max(this.#most, this.#busy);
    if (this.#idle === 0) return yield ASSUMED.coldStart.value;
    this.#idle -= 1;
    return now;
  }

  /** A steady check: three reads at once, the probe, and once a day a tag. Without a verdict it ended in an error. */
  *#check(began: number, isFirstOfDay: boolean): Course<{ now: number; verdict?: Verdict }> {
    let now = began;
    try {
      // The slowest of the three holds the others up; the list has the lowest limit by far.
      now = yield* this.#awsCall(this.#reads, now);
      now = yield* this.#awsCall(this.#lists, now);
      const probed = yield* this.#probe(now);
      now = yield ASSUMED.ownWork.value;
      if (isFirstOfDay) now = yield* this.#awsCall(this.#tags, now);
      return { now, verdict: probed };
    } catch (error) {
      if (error instanceof Throttled) return { now };
      throw error;
    }
  }

  *#awsCall(limit: Bucket, began: number): Course<number> {
    let now = began;
    for (let attempt = 0; attempt < SDK.attempts; attempt++) {
      if (limit.take(now) === 0) return yield this.#about(ASSUMED.awsCall.value);
      this.#throttled += 1;
      now = yield this.#random() * SDK.base * 2 ** attempt;
    }
    throw new Throttled();
  }

  /** The real verdict of each answer, and the real decision whether and when to ask again. */
  *#probe(began: number): Course<Verdict> {
    let now = began;
    for (let attempt = 1; ; attempt++) {
      const wait = this.#anthropic.take(now);
      const answer = wait === 0 ? ALIVE : rateLimited(wait);
      if (wait > 0) this.#rateLimited += 1;
      now = yield wait === 0 ? this.#about(ASSUMED.probe.value) : ASSUMED.refusal.value;
      const verdict = classify(answer, { at: new Date(now), probe: 'messages' });
      const retryAfter = answer.headers['retry-after'];
      const left = began + WITHIN - now;
      const pause = pauseAfter({ attempt, verdict, retryAfter, left, random: this.#random() });
      if (pause === undefined) return verdict;
      now = yield pause;
    }
  }

  #count(key: number, period: number, { kind }: Verdict, delay: number): void {
    if (kind !== 'ALIVE') return;
    this.#aliveIn[period]!.add(key);
    this.#delays.push(delay);
  }

  #about = (milliseconds: number) => milliseconds * (0.5 + this.#random());
}

const bucketOf = (perSecond: number) => new Bucket(perSecond);

/** The value below which this share of ascending values lies. NaN if there are none. */
export const quantile = (ascending: readonly number[], share: number): number =>
  ascending[Math.min(ascending.length - 1, Math.floor(share * ascending.length))] ?? Number.NaN;
