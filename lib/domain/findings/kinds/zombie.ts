import type { StaleConsumer } from '../../freshness';
import type { KeyRef } from '../../key';
import { METRIC } from '../../metrics';
import type { Evidence } from '../../probe/verdict';
import { utcDay } from '../../time';
import { mayStillHold, restartAllFirst, staleInWords, suspects } from '../../wording/consumers';
import { probed, usedBy } from '../../wording/phrases';
import { lookAtUsage, moreTime, ownKeyFirst, switchOff } from '../../wording/steps';
import { hintText, moment, plain } from '../../wording/text';
import { defineKind, type NoticeContext, WHEN_REPORTED_RETIRING } from '../finding';
import { URGENT } from '../repeat';

/** Leaked old keys count too: they get no grace period, so they work after it. */
export const ZOMBIE_ALARM = {
  name: 'key-zombie',
  section: 'old-key-still-works',
  metric: METRIC.keyZombie,
  says: 'A superseded key still works after its grace.',
} as const;

/** A superseded key still works after its grace period. */
export interface Zombie {
  readonly retiring: KeyRef;
  readonly since: Date;
  readonly evidence: Evidence;
  /** Why the function with Admin access, which is to switch it off, does not. Absent where that is not known, or not its task. */
  readonly why?: string;
  /** Name of another managed secret that seems to use it as its live key: switching it off would stop that service. */
  readonly liveIn?: string;
  /** Registered consumers that hold the old key, or of which nobody knows. */
  readonly consumers?: readonly StaleConsumer[];
}

export const zombie = defineKind({
  kind: 'zombie',
  severity: 'critical',
  repeat: URGENT,
  snooze: false,
  event: 'Key Zombie',
  establishedBy: 'old-answer',
  alarms: [ZOMBIE_ALARM],
  need: { word: 'old key alive', next: 'switch the old key off', verb: 'show' },
  page: 'old key still works',
  listed: WHEN_REPORTED_RETIRING,
  mail: (
    { retiring, since, evidence, why, liveIn, consumers = [] }: Zombie,
    context: NoticeContext,
    repeats: string,
  ) => ({
    headline: `OLD KEY STILL ALIVE: should have been off since ${utcDay(since)}`,
    facts: [
      `The old key ${hintText(retiring.hint)} was superseded and should have been off since ${moment(since, context.now)}. It still works: whoever has it can spend your money.${why ? ` ${plain(why, 400)}` : ''}`,
      ...usedBy(liveIn),
      ...mayStillHold(consumers),
    ],
    keys: [['Old key', retiring]],
    steps: [
      ...ownKeyFirst(liveIn),
      ...restartAllFirst(context, consumers),
      lookAtUsage(context, retiring),
      ...suspects(context, consumers),
      switchOff(context, retiring),
      moreTime(context, retiring, since),
    ],
    more: 'zombie',
    consequence: [
      `The key stays alive, and the alarm stays on. This mail repeats ${repeats}. Once the key is off, the next check proves it dead and sends a mail.`,
    ],
    evidence: [probed(evidence, context.now), ...staleInWords(consumers, context.now)],
  }),
});
