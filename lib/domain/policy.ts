/** Hours within which a key may be switched off, in the named time zone. */
export interface WorkingHours {
  /** First and last day, ISO numbers: 1 is Monday, 7 is Sunday. */
  readonly days: readonly [from: number, to: number];
  /** Local hours, `to` exclusive, e.g. `[9, 17]`. */
  readonly hours: readonly [from: number, to: number];
  /** IANA name, e.g. `Europe/Berlin`. */
  readonly timeZone: string;
}

/** How one managed key is to be kept. CDK writes it to the secret's tags; every invocation reads it from there. */
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
  /** Who switches a superseded key off when its grace is over. */
  readonly deactivate: 'prompt' | 'automatic';
  /** Days by which grace may be extended while a superseded key is still in use. */
  readonly maxGraceExtensions: number;
  /** Whether a bad direct edit over an ALIVE accepted key is rolled back. */
  readonly autoRollback: boolean;
  /** When a key may be switched off, by itself or by `retire`; a leak is not bound by it. @default at any hour */
  readonly workingHours?: WorkingHours;
  /** Why `maxAgeDays` may exceed 90. */
  readonly allowLongAge?: string;
  /** Why `graceHours` may exceed 336. Judged at synthesis, and on no tag: nobody asks for it later. */
  readonly allowLongGrace?: string;
}

/** The longest grace that a person may set in one go. */
export const LONGEST_EXTENSION_HOURS = 14 * 24;

/** Hours for which a key that is switched on again is kept: whoever does that wants to use it, be the policy's grace none. */
export const hoursOnceMore = ({ graceHours }: Pick<Policy, 'graceHours'>) =>
  Math.min(Math.max(graceHours, 24), LONGEST_EXTENSION_HOURS);

/** Whether every reminder comes before the key is overdue, and after it was made. */
export const remindsInTime = ({ warnDays: [first = 0], maxAgeDays }: Policy) => first < maxAgeDays;

/** The policy of a key of which nothing else is said. */
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

/** Which key: the words people use for it, and where it is stored. */
export interface KeyIdentity {
  readonly environment: string;
  readonly service: string;
  /** E-mail address of the team that acts on notices. */
  readonly owner: string;
  readonly secretName: string;
  readonly secretArn: string;
}

/** The name people type: `prod/api-gateway`. */
export const keyName = (key: Pick<KeyIdentity, 'environment' | 'service'>) =>
  `${key.environment}/${key.service}`;

/** Where the names of an environment's secrets begin, e.g. `anthropic/prod/`. Roles are limited to it. */
export const secretPrefix = (environment: string) => `anthropic/${environment}/`;

const ISO_DAY: Readonly<Record<string, number>> = { Mon: 1, Tue: 2, Wed: 3, Thu: 4, Fri: 5, Sat: 6, Sun: 7 };

/** Whether `now` lies in the window, by the clock on the wall of its time zone. No window means always. */
export function withinWorkingHours(window: WorkingHours | undefined, now: Date): boolean {
  if (!window) return true;
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: window.timeZone,
    weekday: 'short',
    hour: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(now);
  const part = (type: string) => parts.find((p) => p.type === type)?.value ?? '';
  const day = ISO_DAY[part('weekday')] ?? 0;
  const hour = Number(part('hour'));
  return day >= window.days[0] && day <= window.days[1] && hour >= window.hours[0] && hour < window.hours[1];
}

/** Where a key stands against its policy. `unknown`: there is a key, and no check has remembered how old it is. */
export type Phase = 'awaiting-first-key' | 'fresh' | 'due' | 'overdue' | 'unknown';
