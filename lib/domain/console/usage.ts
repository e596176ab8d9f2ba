import { DAY, HOUR } from '../time';

/** Whether a key was used over a window, with the evidence. `unknown` is never read as idle. */
export type Usage =
  | ({ readonly kind: 'idle'; readonly refreshedAt: Date } & Window)
  | ({
      readonly kind: 'in-use';
      readonly refreshedAt: Date;
      readonly requests: number;
      readonly lastUsed: Date;
      readonly models: readonly string[];
    } & Window)
  | { readonly kind: 'unknown'; readonly reason: string };

interface Window {
  readonly from: Date;
  readonly to: Date;
}

/** An hour with at least ten times a key's own median of requests. */
export interface Spike {
  readonly hour: Date;
  readonly requests: number;
  readonly medianPerHour: number;
}

/** Requests of one key in one hour, from Anthropic's usage report. Hours without use are absent. */
export interface UsageHour {
  readonly start: Date;
  readonly requests: number;
  readonly model?: string;
}

export interface UsageReport {
  readonly hours: readonly UsageHour[];
  /** Until when the report is complete; absent where Anthropic does not say. */
  readonly refreshedAt?: Date;
}

/** How far before the end of its window a report may end and still say "idle". */
const FRESH_ENOUGH = 2 * HOUR;

/** Any use in the window counts, however old the report; idle needs a report that reaches its end. `lastUsed` is the start of the last hour with use. */
export function judgeUsage(report: UsageReport, window: Window): Usage {
  const { hours, refreshedAt } = report;
  if (refreshedAt === undefined)
    return { kind: 'unknown', reason: 'The usage report does not say how fresh it is.' };
  const used = hours.filter(({ requests, start }) => requests > 0 && start < window.to);
  const last = used.map(({ start }) => start).reduce<Date | undefined>(later, undefined);
  if (last) {
    return {
      kind: 'in-use',
      ...window,
      refreshedAt,
      requests: used.reduce((sum, { requests }) => sum + requests, 0),
      lastUsed: last,
      models: [...new Set(used.flatMap(({ model }) => model ?? []))].sort(),
    };
  }
  if (refreshedAt.getTime() < window.to.getTime() - FRESH_ENOUGH)
    return { kind: 'unknown', reason: `The usage report ends at ${refreshedAt.toISOString()}.` };
  return { kind: 'idle', ...window, refreshedAt };
}

/** Days before the inspected one that show what is usual for a key. */
export const SPIKE_BASELINE_DAYS = 7;

const TIMES_THE_MEDIAN = 10;

/** Requests per hour below which nothing is a spike. */
const FLOOR = 200;

/** Hours with use that a key needs before anything is usual for it. */
const LEAST_HOURS = 12;

/**
 * The busiest hour of the last day, if it has ten times the requests of the key's usual hour: the median of the hours in which the key was used.
 * With idle hours counted, every office-hours or nightly key would have a median of zero.
 */
export function findSpike(report: UsageReport, now: Date): Spike | undefined {
  const perHour = new Map<number, number>();
  for (const { start, requests } of report.hours) {
    perHour.set(start.getTime(), (perHour.get(start.getTime()) ?? 0) + requests);
  }
  const dayStart = now.getTime() - DAY;
  const baselineStart = dayStart - SPIKE_BASELINE_DAYS * DAY;
  const hours = [...perHour].filter(([, requests]) => requests > 0);
  const usual = hours
    .filter(([start]) => start >= baselineStart && start < dayStart)
    .map(([, requests]) => requests);
  const [busiest] = hours.filter(([start]) => start >= dayStart).sort(([, a], [, b]) => b - a);
  if (!busiest || usual.length < LEAST_HOURS) return undefined;
  const medianPerHour = median(usual);
  const [start, requests] = busiest;
  if (requests < Math.max(FLOOR, TIMES_THE_MEDIAN * medianPerHour)) return undefined;
  return { hour: new Date(start), requests, medianPerHour };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const at = (index: number) => sorted[index] ?? 0;
  return Number.isInteger(middle) ? (at(middle - 1) + at(middle)) / 2 : at(Math.floor(middle));
}

const later = (one: Date | undefined, other: Date) => (one && one > other ? one : other);
