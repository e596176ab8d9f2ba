/** Something that goes on in simulated time: it yields how many milliseconds it waits, and is told what time it is then. */
export type Course<Result = void> = Generator<number, Result, number>;

/** Plays courses side by side from 0 until all have ended, a millisecond a step. Those of one millisecond go on in the order in which they began to wait. */
export function play(courses: Iterable<Course>): void {
  const waiting = new Map<number, Course[]>();
  let left = 0;
  const go = (course: Course, now: number) => {
    const { value, done } = course.next(now);
    if (done) return;
    const at = now + Math.max(1, Math.round(value));
    waiting.set(at, [...(waiting.get(at) ?? []), course]);
    left += 1;
  };
  for (const course of courses) go(course, 0);
  for (let now = 1; left > 0; now++) {
    const due = waiting.get(now) ?? [];
    waiting.delete(now);
    left -= due.length;
    for (const course of due) go(course, now);
  }
}

/** A limit of so many requests a second, which a service enforces by a bucket of tokens: `depth` of them at once at most. */
export class Bucket {
  #tokens: number;
  #filled = 0;

  constructor(
    private readonly perSecond: number,
    private readonly depth = Math.max(1, perSecond),
  ) {
    this.#tokens = depth;
  }

  /** Lets a request through and returns 0, or refuses it and returns the milliseconds until one would get through. */
  take(now: number): number {
    this.#tokens = Math.min(this.depth, this.#tokens + ((now - this.#filled) * this.perSecond) / 1000);
    this.#filled = now;
    if (this.#tokens < 1) return Math.ceil(((1 - this.#tokens) * 1000) / this.perSecond);
    this.#tokens -= 1;
    return 0;
  }
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
