import { probed } from '../evidence';
import { hintText } from '../plain-text';
import { putInAnotherKey } from '../put-in-a-key';
import { runbook } from '../runbook';
import type { Write } from '../sheet';
import { rollBack } from '../switch-off';
import { absolute, moment } from '../times';

export const dead: Write<'dead'> = ({ current, since, evidence, fallback }, context) => ({
  headline: `KEY IS DEAD since ${absolute(since)}: the service fails`,
  truth: [
    `Anthropic has refused the live API key ${hintText(current.hint)} since ${moment(since, context.now)}. Nobody switched it off through this system: it expired, was disabled in the Console, or was found leaked and disabled by Anthropic.`,
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
    [
      'Find out why. An Anthropic mail to the creator of the key, or the audit log of the Console, tells. If nobody did it, treat the key as leaked: look for it in code, logs and tickets before the new one meets the same fate.',
      runbook('dead'),
    ],
  ],
  otherwise: ['Every call of the service fails until another key is live. This is said again every day.'],
  evidence: [
    'Two probes at least 60 seconds apart got the same answer, without any sign that the key still authenticates.',
    probed(evidence, context.now),
  ],
});
