import { DEFAULT_POLICY, type Policy } from '../domain/policy';
import { dayNumbers, hourNumbers } from './working-hours';

/** A policy as written: every field is optional. `policySchema` says what is valid, and has exactly these fields. */
export interface PolicyInput {
  /** Days after which a key is overdue. @default 90 */
  readonly maxAgeDays?: number;
  /** Days before `maxAgeDays` at which a reminder is sent. @default [14, 7, 1] */
  readonly warnDays?: readonly number[];
  /** Hours for which a superseded key stays valid. @default 48 */
  readonly graceHours?: number;
  /** When the key is checked: `rate(1 hour)` or `cron(0 * * * ? *)`. @default rate(1 hour) */
  readonly checkEvery?: string;
  /** First model to probe with. @default a built-in chain of models */
  readonly probeModel?: string;
  /** `messages` proves billing too, for a fraction of a cent; `count-tokens` is free. @default messages */
  readonly healthProbe?: 'messages' | 'count-tokens';
  /** Who switches a superseded key off. `automatic` needs Admin access. @default prompt */
  readonly deactivate?: 'prompt' | 'automatic';
  /** Days by which grace may be extended while a superseded key is still used. @default 7 */
  readonly maxGraceExtensions?: number;
  /** Whether a bad value over a working key is taken back. @default true */
  readonly autoRollback?: boolean;
  /** Hours within which a key may be switched off. @default at any hour */
  readonly workingHours?: {
    /** First and last day, such as `Mon-Fri`. */
    readonly days: string;
    /** First hour, and the hour at which work ends, such as `9-17`. */
    readonly hours: string;
    /** IANA time zone, such as `Europe/Berlin`. */
    readonly timeZone: string;
  };
  /** Why `maxAgeDays` may exceed 90. */
  readonly allowLongAge?: string;
  /** Why `graceHours` may exceed 14 days. */
  readonly allowLongGrace?: string;
}

/** A key's policy, field by field: its own, else its environment's, else the fleet's, else the built-in one. */
export function mergePolicy(...nearestLast: readonly (PolicyInput | undefined)[]): Policy {
  const { workingHours, warnDays, ...rest } = Object.assign({}, ...nearestLast) as PolicyInput;
  const days = workingHours && dayNumbers(workingHours.days);
  const hours = workingHours && hourNumbers(workingHours.hours);
  return {
    ...DEFAULT_POLICY,
    ...rest,
    warnDays: [...new Set(warnDays ?? DEFAULT_POLICY.warnDays)].sort((a, b) => b - a),
    ...(days && hours ? { workingHours: { days, hours, timeZone: workingHours.timeZone } } : {}),
  };
}
