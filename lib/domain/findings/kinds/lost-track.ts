import { shortId } from '../../key';
import { type MissingKey, missingPredecessor } from '../../rotation/predecessor';
import { CONSOLE } from '../../wording/commands';
import { attest } from '../../wording/steps';
import { moment } from '../../wording/text';
import { defineKind, type NoticeContext, WHEN_REPORTED } from '../finding';
import { URGENT } from '../repeat';

/** The old key's label was taken off before its death was proven. */
export interface LostTrack {
  readonly fingerprint: string;
  /** When its grace ends or ended; absent where that is not remembered. */
  readonly until?: Date;
  /** Its value was found, so it has its deadline again. */
  readonly pinned: boolean;
}

export const lostTrack = defineKind({
  kind: 'lost-track',
  severity: 'critical',
  repeat: URGENT,
  snooze: false,
  event: 'Key Lost Track Of',
  need: { word: 'old key lost', next: 'look at the old key in the Console', verb: 'show' },
  page: 'old key lost',
  listed: WHEN_REPORTED,
  detect: ({ o, now }) => {
    const { fingerprint, until, version } = missingPredecessor(o) ?? {};
    if (fingerprint === undefined || version) return [];
    const since = until && until < now ? until : now;
    return [{ details: { fingerprint, until, pinned: false }, about: shortId(fingerprint), since, now }];
  },
  mail: ({ fingerprint, until, pinned }: LostTrack, context: NoticeContext, repeats: string) => ({
    headline: pinned
      ? 'Lost track of the old key, and found it again'
      : 'Lost track of the old key: make sure that it is off',
    facts: [
      `The label that kept the old key was taken off before its death was proven. Its fingerprint is ${fingerprint}.`,
      pinned
        ? `Its value is still stored, so it has its deadline again${until ? `: ${moment(until, context.now)}` : ''}.`
        : 'Its value is no longer stored, so no check can ask Anthropic about it. It may still work.',
    ],
    keys: [],
    steps: pinned
      ? [
          [
            'Nothing, unless somebody meant to stop these checks. If so, disable the key in the Console: the checks end once it is proven dead.',
          ],
        ]
      : [
          [
            'Find the key in the Claude Console by its name or the day on which it was created, and disable it. Disabling can be undone:',
            { link: CONSOLE.keys },
          ],
          attest(context, fingerprint, 'Then'),
        ],
    consequence: [
      pinned
        ? 'The checks go on until the key is proven dead.'
        : `The rotation stays open: no key counts as dead without proof. This mail repeats ${repeats}.`,
    ],
    evidence: [
      'The secret remembers this rotation as unfinished, and none of its versions with a label holds the key. CloudTrail shows who moved the label (UpdateSecretVersionStage).',
    ],
  }),
});

/** A later loss is told anew. */
const FOUND = 'found';

/** Its label comes back in this run. */
export const foundAgain = ({ fingerprint, until }: MissingKey) =>
  lostTrack.find({ fingerprint, until, pinned: true }, { about: shortId(fingerprint), reminder: FOUND });
