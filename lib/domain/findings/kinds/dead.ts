import { isAnthropics, saysWhy, type WhoSwitched } from '../../console/who';
import type { KeyRef } from '../../key';
import { METRIC } from '../../metrics';
import type { Evidence } from '../../probe/verdict';
import { probed } from '../../wording/phrases';
import { afterALeak, putInAnotherKey, rollBack } from '../../wording/steps';
import { absolute, hintText, moment, token } from '../../wording/text';
import { whoInWords } from '../../wording/who';
import { defineKind, type NoticeContext, type Step } from '../finding';
import { DAILY, FIRST } from '../repeat';
import { wasAnnounced } from './leaked';

/** The live key is dead. */
export interface Dead {
  readonly current: KeyRef;
  readonly since: Date;
  readonly evidence: Evidence;
  /** It was reported as leaked, or switched off through this system. */
  readonly onPurpose: boolean;
  /** Who switched it off, by Anthropic's Activity Feed. Absent without Admin access. An actor of the kind `anthropic` means a leak. */
  readonly who?: WhoSwitched;
  /** An earlier key that still works. */
  readonly fallback?: KeyRef;
  /** Proven by its record at Anthropic, which was off in two runs, because no other key could show it. */
  readonly recordStatus?: string;
}

export const dead = defineKind({
  kind: 'dead',
  severity: 'critical',
  repeat: DAILY,
  snooze: false,
  event: 'Key Dead',
  establishedBy: 'live-answer',
  ends: { says: 'the live key works again', ofLiveKey: true },
  reportedOtherwise: ({ details, reminder }, { notices }) =>
    details.onPurpose && reminder === FIRST && wasAnnounced(notices, details.current.fingerprint),
  alarms: [
    {
      name: 'key-dead',
      section: 'dead-key',
      metric: METRIC.keyDead,
      says: 'A key in use is dead, and nobody here switched it off.',
      counts: ({ onPurpose }) => !onPurpose,
    },
  ],
  need: { word: 'DEAD', next: 'put in a new key', verb: 'submit' },
  page: 'live key is dead',
  listed: ({ verdict }) => verdict?.kind === 'DEAD',
  mail: (
    { current, since, evidence, onPurpose, who, fallback, recordStatus }: Dead,
    context: NoticeContext,
    repeats: string,
  ) => ({
    headline: isAnthropics(who)
      ? `LEAK: disabled by Anthropic; no service since ${absolute(since)}`
      : onPurpose
        ? `No key since ${absolute(since)}: it was switched off on purpose`
        : `KEY IS DEAD since ${absolute(since)}: the service fails`,
    facts: [
      [
        `Anthropic has refused the live API key ${hintText(current.hint)} since ${moment(since, context.now)}.`,
        ...whyDead(onPurpose, who),
      ].join(' '),
      ...(fallback
        ? [`The old key ${hintText(fallback.hint)} still works: going back to it is the fastest fix.`]
        : []),
    ],
    keys: [['Dead key', current], ...(fallback ? [['Old key', fallback] as const] : [])],
    steps: [
      ...(fallback
        ? [
            rollBack(
              context,
              'Go back to the old key now. Services get it the next time they read the secret:',
              fallback,
            ),
          ]
        : []),
      ...putInAnotherKey(context, fallback ? 'Then create' : 'Create'),
      ...(isAnthropics(who) ? afterALeak(context, current, onPurpose) : onPurpose ? [] : [findOut(who)]),
    ],
    more: isAnthropics(who) ? 'leak' : 'dead',
    consequence: [
      `Every call from the service fails until another key is live. This mail repeats ${repeats}.`,
    ],
    evidence: [
      recordStatus === undefined
        ? 'Anthropic refused the key twice, at least 60 seconds apart, and each time accepted another key through the same client.'
        : `Anthropic refused the key twice, at least 60 seconds apart, and its record there said ${token(recordStatus) ?? 'off'} in two runs.`,
      probed(evidence, context.now),
    ],
  }),
});

/** Why the key is dead, as far as it is known. */
function whyDead(onPurpose: boolean, who: WhoSwitched | undefined): readonly string[] {
  const said = whoInWords(who);
  // Whoever is told of a leak must not read that this system meant it.
  if (isAnthropics(who)) return [said];
  const explains = saysWhy(who);
  if (onPurpose) return [ON_PURPOSE, ...(explains ? [said] : [])];
  return explains ? [said] : [NOT_BY_US, ...(said ? [said] : [])];
}

const ON_PURPOSE =
  'It was switched off on purpose through this system, because it leaked or somebody ordered it. The service has no key until a new one is live.';

const NOT_BY_US =
  'Nobody switched it off through this system: it expired, was disabled in the Console, or Anthropic found it leaked and disabled it.';

const findOut = (who: WhoSwitched | undefined): Step => {
  if (who?.kind === 'expired')
    return [
      'Give the new key an expiry beyond its rotation, as named above: then it is replaced before it expires.',
    ];
  if (saysWhy(who))
    return [
      'Find out why. If it was a mistake, enabling the key in the Console is enough. If nobody you know did it, treat the key as leaked, and look who may change keys in the Console.',
    ];
  return [
    "Find out why. If somebody disabled it in the Console by mistake, enabling it there is enough. A mail from Anthropic to the key's creator or the audit log of the Console shows what happened. If nobody disabled it, treat the key as leaked: search code, logs and tickets for it before the new key meets the same fate.",
  ];
};
