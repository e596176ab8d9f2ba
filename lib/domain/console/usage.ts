import { DAY, elapsed, HOUR } from '../time';
import { absolute } from '../wording/text';

/** Whether a key was used over a window, with the evidence. `unknown` is never read as idle. */
export type Usage =
  | ({ readonly kind: 'idle'; readonly refreshedAt: Date } & Window)
  | ({
      readonly kind: 'in-use';
      readonly refreshedAt: Date;
      /** At least as many, where the report counts tokens instead. */
      readonly requests: number;
      /** Absent where the report counts requests. */
      readonly tokens?: number;
      readonly lastUsed: Date;
      readonly models: readonly string[];
    } & Window)
  | UnknownUsage;

type UnknownUsage = { readonly kind: 'unknown' } & UsageDoubt;

/** Why it is not known whether a key is used. */
export type UsageDoubt =
  /** Both usage reports, with the HTTP statuses. */
  | { readonly reason: 'refused'; readonly statuses: readonly number[] }
  /** Until when a report is known to be complete; absent where nothing shows it. */
  | { readonly reason: 'not-fresh'; readonly refreshedAt?: Date }
  | {
      readonly reason:
        | 'no-answer'
        | 'no-record'
        | 'superseded'
        | 'unavailable'
        | 'not-remembered'
        | 'other-release';
    };

/** What a doubt says to people, and whether it passes without them. */
interface DoubtRow<D> {
  readonly says: (doubt: D) => string;
  /** Where a person can end it. */
  readonly fix?: string;
  readonly passes: boolean;
}

const DOUBTS: {
  readonly [R in UsageDoubt['reason']]: DoubtRow<Extract<UsageDoubt, { reason: R }>>;
} = {
  'no-answer': { says: () => 'the function with Admin access gave no answer', passes: true },
  'no-record': { says: () => 'not exactly one record at Anthropic fits the key', passes: false },
  superseded: { says: () => 'it was superseded less than an hour ago', passes: true },
  refused: {
    says: ({ statuses }) =>
      `Anthropic refuses both usage reports to this deployment (status ${[...new Set(statuses)].join(' and ')})`,
    fix: 'Give Admin access the right to read usage: "doctor" says how.',
    passes: false,
  },
  'not-fresh': {
    says: ({ refreshedAt }) =>
      refreshedAt
        ? `Anthropic's usage report is not known to be complete after ${absolute(refreshedAt)}`
        : "Anthropic's usage report is not known to reach the present",
    passes: true,
  },
  unavailable: { says: () => 'no usage report of Anthropic is available now', passes: true },
  // An event is sent once more, after what was seen is gone.
  'not-remembered': { says: () => 'the mail of this id says what was seen', passes: true },
  // What a function of another release says is no reason of this one.
  'other-release': { says: () => 'the function with Admin access is of another release', passes: true },
};

const rowOf = (doubt: UsageDoubt): DoubtRow<UsageDoubt> => DOUBTS[doubt.reason] as DoubtRow<UsageDoubt>;

/** Why usage is not known, as part of a sentence. */
export const doubtInWords = (doubt: UsageDoubt): string => rowOf(doubt).says(doubt);

/** What a person can do so that usage becomes known. */
export const doubtEndedBy = (doubt: UsageDoubt): string | undefined => rowOf(doubt).fix;

/** Whether it may end without anybody: then it is waited for, within bounds. */
export const doubtPasses = (doubt: UsageDoubt): boolean => rowOf(doubt).passes;

/** A doubt by its name, as a tag or another function tells it; undefined where this release knows no such one. */
export function doubtNamed(reason: string, statuses: readonly number[] = []): UsageDoubt | undefined {
  if (!Object.hasOwn(DOUBTS, reason)) return undefined;
  return { reason: reason as UsageDoubt['reason'], ...(reason === 'refused' && { statuses }) } as UsageDoubt;
}

/** Use as another function told it: one of an earlier release said in words why it is unknown. */
export const receivedUsage = (usage: Usage): Usage =>
  usage.kind === 'unknown' && doubtNamed(usage.reason) === undefined
    ? { kind: 'unknown', reason: 'other-release' }
    : usage;

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

/** Use of one key in one hour, from a usage report of Anthropic's. Hours without use are absent. */
export interface UsageHour {
  readonly start: Date;
  /** 1 where the report does not count them: a row means use. */
  readonly requests: number;
  /** Where the report counts them instead of requests. */
  readonly tokens?: number;
  readonly model?: string;
}

/** A usage report that answered. */
export interface UsageReport {
  readonly hours: readonly UsageHour[];
  /** Until when the report is complete; absent where Anthropic does not say. */
  readonly refreshedAt?: Date;
  /** Starts of the hours in which the same answer shows use of the live key of the secret. Absent where it was not asked. */
  readonly witnessed?: readonly Date[];
}

/** Why a usage report did not answer. */
export type ReportFailure =
  | { readonly failure: 'refused'; readonly status: number }
  | { readonly failure: 'unavailable' };

export type ReportAnswer = UsageReport | ReportFailure;

/** Whether each usage report answers, in the order in which they are asked. */
export interface UsageSources {
  readonly analytics: 'answers' | ReportFailure;
  readonly messages: 'answers' | ReportFailure;
}

/** How far before the end of its window a report may end and still say "idle". */
const FRESH_ENOUGH = 2 * HOUR;

/**
 * Any use in the window counts, however old the report; idle needs a report that reaches its end. One that does not say how far it reaches has come
 * as far as the last hour in which it shows use of the live key: docs/adr/0025. `lastUsed` is the start of the last hour with use.
 */
export function judgeUsage(report: UsageReport, window: Window): Usage {
  const { hours, refreshedAt, witnessed = [] } = report;
  const used = hours.filter(({ requests, start }) => requests > 0 && start < window.to);
  const last = latest(used.map(({ start }) => start));
  const reached = refreshedAt ?? latest(witnessed.filter((hour) => hour < window.to));
  if (last) {
    const tokens = used.flatMap(({ tokens }) => tokens ?? []);
    return {
      kind: 'in-use',
      ...window,
      refreshedAt: reached ?? last,
      requests: sum(used.map(({ requests }) => requests)),
      ...(tokens.length > 0 && { tokens: sum(tokens) }),
      lastUsed: last,
      models: [...new Set(used.flatMap(({ model }) => model ?? []))].sort(),
    };
  }
  if (reached === undefined || elapsed(reached, window.to) > FRESH_ENOUGH || reached <= window.from)
    return { kind: 'unknown', reason: 'not-fresh', ...(reached && { refreshedAt: reached }) };
  return { kind: 'idle', ...window, refreshedAt: reached };
}

/** What all answers say together: use wins, then idle. A report that may catch up, or answer later, hides one that is refused. */
export function judgeAnswers(answers: readonly ReportAnswer[], window: Window): Usage {
  const judged = answers.flatMap((answer) => ('failure' in answer ? [] : judgeUsage(answer, window)));
  const settled = judged.find(({ kind }) => kind === 'in-use') ?? judged.find(({ kind }) => kind === 'idle');
  if (settled) return settled;
  const statuses = answers.flatMap((answer) => ('status' in answer ? answer.status : []));
  return (
    judged.find((unknown) => 'refreshedAt' in unknown) ??
    judged[0] ?? {
      kind: 'unknown',
      ...(statuses.length < answers.length ? { reason: 'unavailable' } : { reason: 'refused', statuses }),
    }
  );
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

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);

const latest = (dates: readonly Date[]) =>
  dates.reduce<Date | undefined>((one, other) => (one && one > other ? one : other), undefined);
