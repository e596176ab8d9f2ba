import type { KeyRef } from '../../key';
import { METRIC } from '../../metrics';
import type { Evidence } from '../../probe/verdict';
import { runbook } from '../../wording/commands';
import { probed } from '../../wording/phrases';
import type { NoticeContext, Step } from '../../wording/sheet';
import { putInAnotherKey, rollBack } from '../../wording/steps';
import { absolute, hintText, moment } from '../../wording/text';
import { defineKind } from '../finding';
import { DAILY, FIRST } from '../repeat';
import { wasAnnounced } from './leaked';

/** The live key is dead. */
export interface Dead {
  readonly current: KeyRef;
  readonly since: Date;
  readonly evidence: Evidence;
  /** It was reported as leaked, or switched off from here. */
  readonly onPurpose: boolean;
  /** An earlier key that still works. */
  readonly fallback?: KeyRef;
}

export const dead = defineKind({
  kind: 'dead',
  severity: 'critical',
  repeat: DAILY,
  snooze: false,
  event: 'Key Dead',
  establishedBy: 'live-answer',
  ends: { says: 'the live key works again', ofLiveKey: true },
  toldOtherwise: ({ details, reminder }, { told }) =>
    details.onPurpose && reminder === FIRST && wasAnnounced(told, details.current.fingerprint),
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
  mail: ({ current, since, evidence, onPurpose, fallback }: Dead, context: NoticeContext) => ({
    headline: onPurpose
      ? `No key since ${absolute(since)}: it was switched off on purpose`
      : `KEY IS DEAD since ${absolute(since)}: the service fails`,
    facts: [
      `Anthropic has refused the live API key ${hintText(current.hint)} since ${moment(since, context.now)}. ${
        onPurpose
          ? 'It was switched off on purpose, as leaked or by an order given here: the service has no key until a new one is in.'
          : 'Nobody switched it off through this system: it expired, was disabled in the Console, or was found leaked and disabled by Anthropic.'
      }`,
      ...(fallback
        ? [`The old key ${hintText(fallback.hint)} still works: going back to it is the fastest cure.`]
        : []),
    ],
    keys: [['Dead key', current], ...(fallback ? [['Old key', fallback] as const] : [])],
    steps: [
      ...(fallback
        ? [
            rollBack(
              context,
              'Go back to the old key now; services have it as soon as they read the secret:',
              fallback,
              current,
            ),
          ]
        : []),
      ...putInAnotherKey(context, fallback ? 'Then create' : 'Create'),
      ...(onPurpose ? [] : [findOut]),
    ],
    consequence: ['Every call of the service fails until another key is live. This is said again every day.'],
    evidence: [
      'Two probes at least 60 seconds apart got the same answer, without any sign that the key still authenticates.',
      probed(evidence, context.now),
    ],
  }),
});

const findOut: Step = [
  'Find out why. If somebody disabled it in the Console by mistake, enabling it there is enough. An Anthropic mail to the creator of the key, or the audit log of the Console, tells. If nobody did it, treat the key as leaked: look for it in code, logs and tickets before the new one meets the same fate.',
  runbook('dead'),
];
