import { utcDay } from '../../time';
import { runbook } from '../../wording/commands';
import { probed } from '../../wording/phrases';
import type { Write } from '../../wording/sheet';
import { lookAtUsage, moreTime, switchOff } from '../../wording/steps';
import { hintText, moment } from '../../wording/text';

export const zombie: Write<'zombie'> = ({ retiring, since, evidence }, context) => ({
  headline: `OLD KEY STILL ALIVE: should be off since ${utcDay(since)}`,
  truth: [
    `The old key ${hintText(retiring.hint)} was replaced, and should have been off since ${moment(since, context.now)}. It still works: whoever has it can spend your money.`,
  ],
  keys: [['Old key', retiring]],
  steps: [
    lookAtUsage(retiring),
    [...switchOff(context, retiring), runbook('zombie')],
    moreTime(context, retiring),
  ],
  otherwise: [
    'The key stays alive, and so does this alarm. It is said again every day for three days, then every week. When the key is off, the next check proves it dead and says so.',
  ],
  evidence: [probed(evidence, context.now)],
});
