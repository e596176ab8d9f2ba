import type { VirtualClock } from '../clock';
import { firstWhere } from '../halving';

/** What comes first where several things happen at one moment: people, then checks, then reports, then alarms. */
export const RANK = { people: 0, check: 1, report: 2, alarm: 3 } as const;

interface Item {
  readonly at: number;
  readonly rank: number;
  readonly run: () => Promise<void>;
}

/** All that is still to happen, in order of time. What happens may add to it. */
export class Agenda {
  readonly #items: Item[] = [];

  constructor(private readonly clock: VirtualClock) {}

  add(at: Date, rank: number, run: () => Promise<void>): void {
    const item = { at: at.getTime(), rank, run };
    this.#items.splice(this.#placeOf(item), 0, item);
  }

  /** Lets everything happen that lies before `end`. An item that a slow one has delayed happens right after it. */
  async play(end: Date): Promise<void> {
    for (let item = this.#items.shift(); item && item.at < end.getTime(); item = this.#items.shift()) {
      if (item.at > this.clock.now().getTime()) this.clock.set(new Date(item.at));
      await item.run();
    }
  }

  /** After everything that is not later. */
  #placeOf({ at, rank }: Item): number {
    return firstWhere(this.#items, (other) => other.at > at || (other.at === at && other.rank > rank));
  }
}
