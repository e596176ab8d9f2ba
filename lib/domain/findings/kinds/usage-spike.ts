import type { Spike } from '../../console/usage';
import type { KeyRef } from '../../key';
import { CONSOLE, keys, runbook } from '../../wording/commands';
import type { NoticeContext } from '../../wording/sheet';
import { hintText, moment } from '../../wording/text';
import { defineKind, WHEN_TOLD } from '../finding';

/** An hour in which the live key was used far more than usual. */
export interface UsageSpike {
  readonly current: KeyRef;
  readonly spike: Spike;
}

export const usageSpike = defineKind({
  kind: 'usage-spike',
  severity: 'critical',
  repeat: 'each',
  snooze: false,
  event: 'Key Usage Spike',
  establishedBy: 'inspection',
  need: { word: 'usage spike', next: 'see whether the key has leaked', verb: 'show' },
  page: 'unusual use',
  listed: WHEN_TOLD,
  mail: ({ current, spike }: UsageSpike, context: NoticeContext) => ({
    headline: `Usage spike at ${spike.hour.toISOString().slice(0, 13).replace('T', ' ')}:00 UTC: is the key leaked?`,
    facts: [
      `The API key ${hintText(current.hint)} was used ${spike.requests.toLocaleString('en-US')} times in the hour from ${moment(spike.hour, context.now)}; its usual hour has ${spike.medianPerHour.toLocaleString('en-US')}. That is a busy service, or a stranger with your key.`,
    ],
    keys: [['Key', current]],
    steps: [
      ['Look at the usage of this key: models, times, amounts.', { link: CONSOLE.usage }],
      ['If it is yours, there is nothing to do.'],
      [
        `If it is not, stop it now: disable the row that shows ${hintText(current.hint)} in the Claude Console. That can be undone, and the service stops until a new key is in.`,
        { link: CONSOLE.keys },
        'or, in your own checkout of this project, which keeps the reason as evidence:',
        {
          run: keys('leak', context.key, '--key', current.fingerprint, '--reason', 'usage that is not ours'),
        },
        runbook('leak'),
      ],
    ],
    consequence: ['If the key has leaked, a stranger goes on spending your money.'],
    evidence: ['Requests per hour of this key, from the usage report of Anthropic (Admin API).'],
  }),
});
