import { utcDay } from '../../time';
import { runbook } from '../../wording/commands';
import { probed } from '../../wording/phrases';
import type { Write } from '../../wording/sheet';
import { attest, lookAtUsage, moreTime, switchOff } from '../../wording/steps';
import { hintText, moment, plain } from '../../wording/text';

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

export const unproven: Write<'unproven'> = ({ retiring, since, reason }, context) => ({
  headline: `Old key: not proven dead since ${utcDay(since)}`,
  truth: [
    `The grace of the old key ${hintText(retiring.hint)} ended at ${moment(since, context.now)}, and no check since then could tell whether it is dead or alive.`,
  ],
  keys: [['Old key', retiring]],
  steps: [
    [
      'See in the Claude Console whether it is disabled, and disable it if it is not.',
      ...switchOff(context, retiring).slice(1),
    ],
    attest(context, retiring),
  ],
  otherwise: [
    'The rotation stays open and the key stays on the list: nothing is taken for dead without a proof. Each check tries again.',
  ],
  evidence: [`The last check came to no proof: ${plain(reason, 160)}.`, runbook('network')],
});
