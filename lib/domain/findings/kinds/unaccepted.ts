import { type KeyRef, shortId } from '../../key';
import type { Evidence, Home } from '../../probe/verdict';
import { homeOf, refOf, sameKey } from '../../secret';
import { HOUR, plus } from '../../time';
import * as actions from '../../wording/actions';
import { nameHome, probed } from '../../wording/phrases';
import { rollBack } from '../../wording/steps';
import { hintText } from '../../wording/text';
import { defineKind, type NoticeContext, WHEN_REPORTED } from '../finding';
import { URGENT } from '../repeat';

/** The live key works, but its answers do not say where it lives, so it is not accepted. */
export interface Unaccepted {
  readonly current: KeyRef;
  /** The last key that was accepted. It has no deadline meanwhile. */
  readonly accepted?: KeyRef;
  readonly expected: Home;
  readonly evidence: Evidence;
}

/** How long a live key may stay so before people are told. */
const PATIENCE = 6 * HOUR;

export const unaccepted = defineKind({
  kind: 'unaccepted',
  severity: 'critical',
  repeat: URGENT,
  snooze: false,
  event: 'Key Unaccepted',
  establishedBy: 'live-answer',
  ends: { says: 'its workspace is known, and it is the right one', ofLiveKey: true },
  need: { word: 'not accepted', next: 'let its workspace be known', verb: 'doctor' },
  page: 'workspace unknown',
  listed: WHEN_REPORTED,
  detect: ({ o, live, ref, remembered, now }) => {
    const { verdict } = live;
    if (!ref || verdict?.kind !== 'ALIVE' || live.whereabouts !== 'unknown') return [];
    if (sameKey(live, o.accepted)) return [];
    const since = plus(remembered?.since ?? now, PATIENCE);
    const details = {
      current: ref,
      accepted: refOf(o.accepted),
      expected: homeOf(o),
      evidence: verdict.evidence,
    };
    return now < since ? [] : [{ details, about: shortId(ref.fingerprint), since, now }];
  },
  mail: ({ current, accepted, expected, evidence }: Unaccepted, context: NoticeContext, repeats: string) => ({
    headline: 'Live key works, but its workspace is unknown',
    facts: [
      `The API key ${hintText(current.hint)} was made live and works. This environment expects ${nameHome(expected)}, and the answers do not say where the key lives.`,
      ...(accepted
        ? [`The last accepted key ${hintText(accepted.hint)} has no deadline until the new one is accepted.`]
        : []),
    ],
    keys: [['Live key', current], ...(accepted ? [['Last accepted key', accepted] as const] : [])],
    steps: [
      [
        'Find out what removes the headers that begin with "anthropic-" from the answers: a proxy or gateway between the functions and Anthropic. Let them through. In your repository, `doctor` says whether your own machine gets them.',
        actions.doctor(context),
      ],
      ...(accepted
        ? [
            rollBack(
              context,
              'Or go back to the last accepted key, although its answers will not say where it lives either:',
              accepted,
              'home-unknown',
            ),
          ]
        : []),
    ],
    more: 'network',
    consequence: [
      `${accepted ? 'Two keys stay alive, and nobody' : 'Nobody'} knows who pays for the live one. This mail repeats ${repeats}.`,
    ],
    evidence: [probed(evidence, context.now)],
  }),
});
