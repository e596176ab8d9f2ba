import type { KeyRef } from '../../key';
import { METRIC } from '../../metrics';
import type { Evidence } from '../../probe/verdict';
import { utcDay } from '../../time';
import { runbook } from '../../wording/commands';
import { probed } from '../../wording/phrases';
import type { NoticeContext } from '../../wording/sheet';
import { lookAtUsage, moreTime, switchOff } from '../../wording/steps';
import { hintText, moment } from '../../wording/text';
import { defineKind, WHEN_TOLD_OF_RETIRING } from '../finding';
import { URGENT } from '../repeat';

/** Also of a leaked old key: it gets no grace, so it works after its grace. */
export const ZOMBIE_ALARM = {
  name: 'key-zombie',
  section: 'old-key-still-works',
  metric: METRIC.keyZombie,
  says: 'A superseded key still works after its grace.',
} as const;

/** Superseded, grace over, and still working. */
export interface Zombie {
  readonly retiring: KeyRef;
  readonly since: Date;
  readonly evidence: Evidence;
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
  listed: WHEN_TOLD_OF_RETIRING,
  mail: ({ retiring, since, evidence }: Zombie, context: NoticeContext) => ({
    headline: `OLD KEY STILL ALIVE: should be off since ${utcDay(since)}`,
    facts: [
      `The old key ${hintText(retiring.hint)} was replaced, and should have been off since ${moment(since, context.now)}. It still works: whoever has it can spend your money.`,
    ],
    keys: [['Old key', retiring]],
    steps: [
      lookAtUsage(retiring),
      [...switchOff(context, retiring), runbook('zombie')],
      moreTime(context, retiring),
    ],
    consequence: [
      'The key stays alive, and so does this alarm. It is said again every day for three days, then every week. When the key is off, the next check proves it dead and says so.',
    ],
    evidence: [probed(evidence, context.now)],
  }),
});
