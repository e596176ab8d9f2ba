import type { Consumer } from './consumer';

/** When a key may be switched off. */
export interface WorkingHours {
  /** First and last day, ISO numbers: 1 is Monday, 7 is Sunday. `[7, 4]` is Sunday to Thursday. */
  readonly days: readonly [from: number, to: number];
  /** Local hours, `to` exclusive, e.g. `[9, 17]`. `[22, 6]` is a night, which belongs to the day on which it begins. */
  readonly hours: readonly [from: number, to: number];
  /** IANA name, e.g. `Europe/Berlin`. */
  readonly timeZone: string;
}

/** Whether two whole numbers may be the hours of a window: it is not empty, and begins before midnight. */
export const areHours = ([from, to]: Bounds) => from >= 0 && from <= 23 && to >= 0 && to <= 24 && from !== to;

/** How one key is managed. CDK writes it to the secret's tags; every invocation reads it from there. */
export interface Policy {
  /** Days after which the key is overdue. */
  readonly maxAgeDays: number;
  /** Days before `maxAgeDays` at which a reminder is sent, descending. */
  readonly warnDays: readonly number[];
  /** Hours for which a superseded key stays valid. */
  readonly graceHours: number;
  /** EventBridge Scheduler expression, from every 5 minutes to once a day, such as `rate(1 hour)`. */
  readonly checkEvery: string;
  /** First model of the probe; a built-in fallback chain follows it. */
  readonly probeModel?: string;
  /** How the live key's health is probed: `messages` also proves billing, `count-tokens` is free. */
  readonly healthProbe: 'messages' | 'count-tokens';
  /** Whether a superseded key is switched off automatically after its grace period. */
  readonly deactivate: 'prompt' | 'automatic';
  /** Days by which the grace period may be extended while a superseded key is still in use. */
  readonly maxGraceExtensions: number;
  /** Whether a bad value over an ALIVE accepted key is taken back. */
  readonly autoRollback: boolean;
  /** When a key may be switched off, automatically or by `retire`; a leak may be stopped at any hour. @default at any hour */
  readonly workingHours?: WorkingHours;
  /** Why `maxAgeDays` may exceed 90. */
  readonly allowLongAge?: string;
  /** Why `graceHours` may exceed 336. Only synthesis needs it, so it is in no tag. */
  readonly allowLongGrace?: string;
}

/** The least and the most that a number may be. */
export type Bounds = readonly [from: number, to: number];

/** The bounds of a policy's numbers. The fleet file is held to them at synthesis, and tags at run time. */
export const POLICY_BOUNDS = {
  maxAgeDays: [1, 1000],
  warnDays: [1, 999],
  graceHours: [0, 8760],
  maxGraceExtensions: [0, 60],
} as const satisfies Partial<Record<keyof Policy, Bounds>>;

/** The longest maximum age without a reason in `allowLongAge`. */
export const LONG_AGE_DAYS = 90;

/** The most reminders before a key is due. */
export const MOST_REMINDERS = 10;

/** The nearest number within bounds. */
export const nearest = (number: number, [from, to]: Bounds) => Math.min(Math.max(number, from), to);

/** The most hours that a person may add to a grace period at once. */
export const LONGEST_EXTENSION_HOURS = 14 * 24;

/** Hours for which a key that is switched on again is kept: its user needs it, even if the policy's grace is 0. */
export const hoursOnceMore = ({ graceHours }: Pick<Policy, 'graceHours'>) =>
  Math.min(Math.max(graceHours, 24), LONGEST_EXTENSION_HOURS);

/** Whether every reminder comes after the key was created. */
export const remindsInTime = ({ warnDays: [first = 0], maxAgeDays }: Policy) => first < maxAgeDays;

/** How a key is kept where nothing else is said. */
export const DEFAULT_POLICY: Policy = {
  maxAgeDays: 90,
  warnDays: [14, 7, 1],
  graceHours: 48,
  checkEvery: 'rate(1 hour)',
  healthProbe: 'messages',
  deactivate: 'prompt',
  maxGraceExtensions: 7,
  autoRollback: true,
};

/** Which key: the names that people use, and where it is stored. */
export interface KeyIdentity {
  readonly environment: string;
  readonly service: string;
  /** E-mail address of the team that acts on notices. */
  readonly owner: string;
  readonly secretName: string;
  readonly secretArn: string;
  /** Applications that read it. Absent where none are named. */
  readonly consumers?: readonly Consumer[];
}

/** The name people type: `prod/api-gateway`. */
export const keyName = (key: Pick<KeyIdentity, 'environment' | 'service'>) =>
  `${key.environment}/${key.service}`;

/** The prefix of an environment's secret names, e.g. `anthropic/prod/`. Roles are limited to it. */
export const secretPrefix = (environment: string) => `anthropic/${environment}/`;

const ISO_DAY: Readonly<Record<string, number>> = { Mon: 1, Tue: 2, Wed: 3, Thu: 4, Fri: 5, Sat: 6, Sun: 7 };

/** Whether a number lies from `from` to `to`; where `from` is the greater one, from there to the end and from the beginning on. */
const isWithin = (number: number, [from, to]: Bounds) =>
  from <= to ? number >= from && number <= to : number >= from || number <= to;

/** Whether `now` lies in the window, by the local time of its zone. No window means always. */
export function withinWorkingHours(window: WorkingHours | undefined, now: Date): boolean {
  if (!window) return true;
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: window.timeZone,
    weekday: 'short',
    hour: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(now);
  const part = (type: string) => parts.find((p) => p.type === type)?.value ?? '';
  const today = ISO_DAY[part('weekday')] ?? 0;
  const hour = Number(part('hour'));
  const [begin, end] = window.hours;
  const beganYesterday = end < begin && hour < end;
  const day = beganYesterday ? ((today + 5) % 7) + 1 : today;
  return isWithin(day, window.days) && isWithin(hour, [begin, end - 1]);
}

/** Where a key stands against its policy. `unknown`: there is a key whose age no check has remembered yet. */
export type Phase = 'awaiting-first-key' | 'fresh' | 'due' | 'overdue' | 'keyless' | 'unknown';
