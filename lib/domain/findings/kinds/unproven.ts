import type { KeyRef } from '../../key';
import { utcDay } from '../../time';
import { runbook } from '../../wording/commands';
import type { NoticeContext } from '../../wording/sheet';
import { attest, switchOff } from '../../wording/steps';
import { hintText, moment, plain } from '../../wording/text';
import { defineKind, WHEN_TOLD_OF_RETIRING } from '../finding';
import { URGENT } from '../repeat';

/** Grace over for 24 h and no answer tells dead from alive. */
export interface Unproven {
  readonly retiring: KeyRef;
  readonly since: Date;
  readonly reason: string;
}

export const unproven = defineKind({
  kind: 'unproven',
  severity: 'warning',
  repeat: URGENT,
  snooze: true,
  event: 'Key Unproven',
  establishedBy: 'old-answer',
  need: { word: 'not proven dead', next: 'look at the old key in the Console', verb: 'show' },
  page: 'old key not proven dead',
  listed: WHEN_TOLD_OF_RETIRING,
  mail: ({ retiring, since, reason }: Unproven, context: NoticeContext) => ({
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
  }),
});
