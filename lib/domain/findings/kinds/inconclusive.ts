import type { KeyRef } from '../../key';
import type { UnknownReason } from '../../probe/outcomes';
import { DAY, elapsed, utcDay } from '../../time';
import * as actions from '../../wording/actions';
import { hintText, moment, plain } from '../../wording/text';
import { defineKind, type NoticeContext } from '../finding';
import { PATIENT } from '../repeat';

/** How long a key may go without a conclusive answer before people are told. */
export const INCONCLUSIVE_AFTER = DAY;

/** No conclusive answer about the live key for more than 24 hours. */
export interface Inconclusive {
  readonly current: KeyRef;
  readonly since: Date;
  readonly reason: UnknownReason;
  readonly advice: string;
}

export const inconclusive = defineKind({
  kind: 'inconclusive',
  severity: 'warning',
  repeat: PATIENT,
  event: 'Key Inconclusive',
  ends: { says: 'checks get clear answers again' },
  reportedOtherwise: (_, { outage }) => outage,
  need: { word: 'no clear answer', next: 'look at the network path', verb: 'doctor' },
  page: 'no clear answer',
  listed: ({ verdict, now }) =>
    verdict?.unknownSince !== undefined &&
    verdict.refusedSince === undefined &&
    elapsed(verdict.unknownSince, now) > INCONCLUSIVE_AFTER,
  mail: ({ current, since, advice }: Inconclusive, context: NoticeContext) => ({
    headline: `No clear answer since ${utcDay(since)}: check the network path`,
    facts: [
      `Since ${moment(since, context.now)}, no check could tell whether the API key ${hintText(current.hint)} works. The service may be fine, or may fail the same way.`,
    ],
    keys: [['Key', current]],
    steps: [
      [plain(advice, 300)],
      ['Check whether the service itself gets answers from Anthropic.'],
      ['Then check again:', actions.check(context)],
    ],
    more: 'network',
    consequence: [
      'A dead key would go unnoticed, and no new key can be promoted. Nothing is switched off or moved while in doubt.',
    ],
    evidence: ['Every check since then ended without a verdict, the last one for the reason in step 1.'],
  }),
});
