import { utcDay } from '../../time';
import { runbook } from '../../wording/commands';
import type { Write } from '../../wording/sheet';
import { attest, switchOff } from '../../wording/steps';
import { hintText, moment, plain } from '../../wording/text';

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
