import type { KeyRef } from '../../key';
import { advise, type UnknownReason } from '../../probe/outcomes';
import { utcDay } from '../../time';
import { attest, switchOff } from '../../wording/steps';
import { hintText, moment, plain, token } from '../../wording/text';
import { defineKind, type NoticeContext, type Step, WHEN_REPORTED_RETIRING } from '../finding';
import { URGENT } from '../repeat';

/** Why there is no proof: the key's last answer, an answer that something contradicts, or a key that could not be probed. */
export type Doubt = UnknownReason | 'contradicted' | 'not-probed';

/** The doubt in words, and what to do about it if the answer itself is at fault. */
function explain({ because, veto }: Pick<Unproven, 'because' | 'veto'>): { says: string; advice?: string } {
  const header = token(veto);
  if (because === 'contradicted')
    return { says: 'the old key answers as dead, but the new key or the Admin record does not confirm it' };
  if (because === 'not-probed') return { says: 'the old key could not be probed' };
  if (because === 'vetoed-401' && header)
    return {
      says: `the old key is refused, but the answer carries ${header}, which speaks against a dead key`,
    };
  return { says: because, advice: advise(because) };
}

/** Why, without what to do about it: the words of the table, where machines get its code. */
const grounds = (advice: string) => advice.replace(/^[^:]*: |\.$/g, '');

/** The grace period ended 24 hours ago, and no answer tells dead from alive. */
export interface Unproven {
  readonly retiring: KeyRef;
  readonly since: Date;
  readonly because: Doubt;
  /** The header of a refusal that speaks against a dead key. */
  readonly veto?: string;
}

export const unproven = defineKind({
  kind: 'unproven',
  severity: 'warning',
  repeat: URGENT,
  event: 'Key Unproven',
  establishedBy: 'old-answer',
  need: { word: 'not proven dead', next: 'look at the old key in the Console', verb: 'show' },
  page: 'old key not proven dead',
  listed: WHEN_REPORTED_RETIRING,
  published: ({ retiring, since, ...doubt }) => ({ retiring, since, reason: explain(doubt).says }),
  mail: ({ retiring, since, ...doubt }: Unproven, context: NoticeContext, repeats: string) => {
    const { says, advice } = explain(doubt);
    return {
      headline: `Old key not proven dead since ${utcDay(since)}`,
      facts: [
        `The grace period of the old key ${hintText(retiring.hint)} ended at ${moment(since, context.now)}, and no check since then could tell whether it is dead or alive.`,
      ],
      keys: [['Old key', retiring]],
      steps: [
        [
          'Check in the Claude Console whether it is disabled, and disable it if it is not.',
          ...switchOff(context, retiring).slice(1),
        ],
        attest(
          context,
          retiring.fingerprint,
          'If you have seen for yourself that it is disabled or deleted there,',
        ),
        ...(advice ? [[advice] as Step] : []),
      ],
      more: 'network',
      consequence: [
        `The rotation stays open and the key stays on the list: no key counts as dead without proof. Each check tries again. This mail repeats ${repeats}.`,
      ],
      evidence: [`The last check found no proof: ${plain(advice ? grounds(advice) : says, 200)}.`],
    };
  },
});
