import { runbook } from '../../wording/commands';
import { probed } from '../../wording/phrases';
import type { Step, Write } from '../../wording/sheet';
import { putInAnotherKey, rollBack } from '../../wording/steps';
import { absolute, hintText, moment } from '../../wording/text';

export const dead: Write<'dead'> = ({ current, since, evidence, onPurpose, fallback }, context) => ({
  headline: onPurpose
    ? `No key since ${absolute(since)}: it was switched off on purpose`
    : `KEY IS DEAD since ${absolute(since)}: the service fails`,
  truth: [
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
  otherwise: ['Every call of the service fails until another key is live. This is said again every day.'],
  evidence: [
    'Two probes at least 60 seconds apart got the same answer, without any sign that the key still authenticates.',
    probed(evidence, context.now),
  ],
});

const findOut: Step = [
  'Find out why. If somebody disabled it in the Console by mistake, enabling it there is enough. An Anthropic mail to the creator of the key, or the audit log of the Console, tells. If nobody did it, treat the key as leaked: look for it in code, logs and tickets before the new one meets the same fate.',
  runbook('dead'),
];
