import type { Clock } from '../lib/workflows/ports';

/** Time of the embedded world: it moves only when somebody sleeps or moves it, so a hundred days pass in seconds. */
export class VirtualClock implements Clock {
  #milliseconds: number;

  constructor(start: Date) {
    this.#milliseconds = start.getTime();
  }

  now(): Date {
    return new Date(this.#milliseconds);
  }

  /** Whoever sleeps jumps ahead at once, and lets everybody else run before going on. */
  async sleep(milliseconds: number): Promise<void> {
    this.advance(milliseconds);
    await new Promise(setImmediate);
  }

  advance(milliseconds: number): void {
    this.set(new Date(this.#milliseconds + milliseconds));
  }

  /** @throws RangeError when asked to go back: time here is monotonic. */
  set(date: Date): void {
    if (!(date.getTime() >= this.#milliseconds)) {
      throw new RangeError(
        `The clock shows ${this.now().toISOString()} and can't go back to ${String(date)}.`,
      );
    }
    this.#milliseconds = date.getTime();
  }

  /** Remembers the time. Returns what goes back to it: for a world that goes back as a whole. */
  snapshot(): () => void {
    const then = this.#milliseconds;
    return () => {
      this.#milliseconds = then;
    };
  }
}
