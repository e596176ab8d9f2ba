import { type KeyRef, shortId } from '../../key';
import type { Evidence } from '../../probe/verdict';
import { answers } from '../../secret';
import * as actions from '../../wording/actions';
import { CONSOLE } from '../../wording/commands';
import { probed, usedBy } from '../../wording/phrases';
import { disableInConsole, ownKeyFirst } from '../../wording/steps';
import { hintText } from '../../wording/text';
import { defineKind, type NoticeContext, WHEN_REPORTED } from '../finding';
import { PATIENT } from '../repeat';

/** A submission was refused, and Anthropic accepts its key now. */
export interface RefusedKeyWorks {
  readonly refused: KeyRef;
  readonly evidence: Evidence;
  /** Name of another managed secret that seems to use it. */
  readonly liveIn?: string;
}

export const refusedKeyWorks = defineKind({
  kind: 'refused-key-works',
  severity: 'warning',
  repeat: PATIENT,
  snooze: false,
  event: 'Refused Key Works',
  need: { word: 'refused key works', next: 'submit it again, or disable it', verb: 'submit' },
  page: 'refused key works',
  listed: WHEN_REPORTED,
  // A key that is only blocked was told of when it was refused, and is told of again when its time is over. One that another managed secret
  // holds is watched there, and is not to be disabled.
  detect: ({ o, now }) =>
    o.followed.flatMap(({ version, ref, until }) => {
      const { verdict } = version;
      if (!verdict || !answers(version) || version.whereabouts === 'elsewhere' || version.heldIn) return [];
      if (verdict.kind === 'BLOCKED' && now < until) return [];
      const { liveIn } = version;
      const details = { refused: ref, evidence: verdict.evidence, ...(liveIn && { liveIn }) };
      return [{ details, about: shortId(ref.fingerprint), since: version.createdAt, now }];
    }),
  mail: ({ refused, evidence, liveIn }: RefusedKeyWorks, context: NoticeContext, repeats: string) => ({
    headline: 'A refused key works now: submit it again, or disable it',
    facts: [
      `The key ${hintText(refused.hint)} was submitted, and refused or withdrawn by a rollback. ${evidence.status === 200 ? 'Anthropic accepts it now.' : 'Anthropic knows it, and blocks it for another reason.'}${liveIn ? '' : ' No service of this secret uses it.'}`,
      ...usedBy(liveIn),
    ],
    keys: [['Refused key', refused]],
    steps: [
      [
        'If it is to go live and you still have it, submit it again. Then nothing else is to be done:',
        actions.submit(context),
      ],
      ...ownKeyFirst(liveIn),
      [disableInConsole(refused.hint, 'refused'), { link: CONSOLE.keys }],
    ],
    consequence: [
      `A key that nobody needs stays alive. This mail repeats ${repeats}, until the key is live or dead.`,
    ],
    evidence: [
      'Its version of the secret is labelled REFUSED, so it is asked about at every check.',
      probed(evidence, context.now),
    ],
  }),
});
