import { type KeyRef, shortId } from '../../key';
import { leakedOn, type Memory } from '../../memory';
import type { Evidence } from '../../probe/verdict';
import { fingerprintOf, refOf } from '../../secret';
import { type Ordered, orderedBy, probed } from '../../wording/phrases';
import { contain, findTheLeak, putInAnotherKey, switchOn } from '../../wording/steps';
import { freeText, hintText } from '../../wording/text';
import { defineKind, type FindingOf, type Listing, type NoticeContext } from '../finding';
import { peopleHave, URGENT } from '../repeat';
import { ZOMBIE_ALARM } from './zombie';

/** A person reported a key as leaked. Its public name is `contained` until the next notice schema. */
export interface Leaked {
  readonly leaked: KeyRef;
  /** Being switched off right now, or not switched off and still answering. */
  readonly state: 'switching-off' | 'still-works';
  /** In the person's words; not remembered. */
  readonly reason?: string;
  /** It is the key that the service uses. */
  readonly live: boolean;
  readonly evidence?: Evidence;
  /** The order to switch it off. */
  readonly ordered?: Ordered;
}

export const leaked = defineKind({
  kind: 'contained',
  severity: 'critical',
  repeat: URGENT,
  snooze: false,
  event: 'Key Contained',
  establishedBy: 'leak-mark',
  again: (o, about, reminder): Leaked | undefined => {
    const leaked = refOf(o.versions.find((version) => fingerprintOf(version)?.startsWith(about)));
    if (!leaked || reminder !== ANNOUNCED) return undefined;
    return { leaked, state: 'switching-off', live: fingerprintOf(o.live) === leaked.fingerprint };
  },
  alarms: [{ ...ZOMBIE_ALARM, counts: ({ state, live }) => state === 'still-works' && !live }],
  need: { word: 'LEAKED', next: 'stop the key, and replace it if it is live', verb: 'show' },
  label: 'leaked',
  page: 'leaked',
  listed: (listing) => leakedOn(listing, listing.fingerprint) !== undefined || oldKeyStillLeaks(listing),
  history: ({ leaked, reason }) => ({ step: 'contained', fingerprint: leaked.fingerprint, note: reason }),
  mail: (
    { leaked, state, reason, live, evidence, ordered }: Leaked,
    context: NoticeContext,
    repeats: string,
  ) => {
    const off = state === 'switching-off';
    return {
      headline: off
        ? `LEAK: key is being switched off${live ? '; the service stops' : ''}`
        : 'LEAKED KEY STILL WORKS: switch it off',
      facts: [
        `The API key ${hintText(leaked.hint)} was reported as leaked. ${
          off
            ? 'Right after this mail it is set to inactive at Anthropic.'
            : 'It still works: whoever has it can spend your money and see what it gives access to.'
        }`,
        ...(reason === undefined ? [] : [`Reason given: "${freeText(reason)}".`]),
        ...(off && live
          ? [
              'It is the live key: the service stops until a new key is live. That is the price of stopping the leak.',
            ]
          : []),
      ],
      keys: [['Leaked key', leaked]],
      steps: [
        ...(off ? [] : [contain(context, leaked, live)]),
        ...(live ? putInAnotherKey(context) : []),
        findTheLeak,
        ...(off ? [switchOn(context, leaked, { when: 'If it was not a leak', leaked: true, live })] : []),
      ],
      more: 'leak',
      consequence: [
        off
          ? 'The key stays off.'
          : `Whoever has the key can keep using it. This mail repeats ${repeats}, until the key is dead.`,
        live
          ? 'Once it is off, the service has no key until a new one is live.'
          : 'The live key of the service is another one and keeps working.',
      ],
      evidence: [
        'A person reported it with the "leak" command. From now on this key gets no grace period and is never made live again.',
        ...(ordered
          ? [`${orderedBy(ordered)}. CloudTrail's data events of the function name the caller.`]
          : []),
        ...(evidence ? [probed(evidence, context.now)] : []),
      ],
    };
  },
});

/** The reminder of a mail that announces the switching off of a leaked key: any later state is reported anew. */
const ANNOUNCED = 'off';

/** Announces that a leaked key is being switched off right now. */
export const switchingOff = (details: Omit<Leaked, 'state' | 'evidence'>): FindingOf<'contained', Leaked> =>
  leaked.find(
    { ...details, state: 'switching-off' },
    { about: shortId(details.leaked.fingerprint), reminder: ANNOUNCED },
  );

/** The last mail about this leaked key said that it is being switched off. */
export const wasAnnounced = (notices: Memory['notices'], fingerprint: string): boolean =>
  peopleHave(notices[leaked.idOf(shortId(fingerprint))], ANNOUNCED);

/** The latest old key was reported as leaked, a mail said that it still works, and nothing has proven it dead. */
function oldKeyStillLeaks({ retirable, memory, leaks }: Listing): boolean {
  const { fingerprint, provenAt } = memory.timeline;
  if (!retirable || !fingerprint || provenAt || !leakedOn({ leaks }, fingerprint)) return false;
  return leaked.idOf(shortId(fingerprint)) in memory.notices && !wasAnnounced(memory.notices, fingerprint);
}
