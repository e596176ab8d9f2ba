import type { Spike } from '../../console/usage';
import type { KeyRef } from '../../key';
import { utcDay } from '../../time';
import { CONSOLE } from '../../wording/commands';
import { stopSuspect } from '../../wording/steps';
import { hintText, moment } from '../../wording/text';
import { defineKind, type NoticeContext, WHEN_REPORTED } from '../finding';

/** The live key was used far more than usual in one hour. */
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
  detect: ({ ref: current, inspection }) => {
    const spike = inspection?.spike;
    return current && spike ? [{ details: { current, spike }, reminder: utcDay(spike.hour) }] : [];
  },
  listed: WHEN_REPORTED,
  mail: ({ current, spike }: UsageSpike, context: NoticeContext) => ({
    headline: `Usage spike at ${spike.hour.toISOString().slice(0, 13).replace('T', ' ')}:00 UTC: has the key leaked?`,
    facts: [
      `The API key ${hintText(current.hint)} was used ${spike.requests.toLocaleString('en-US')} times in the hour from ${moment(spike.hour, context.now)}, against ${spike.medianPerHour.toLocaleString('en-US')} in a usual hour. Either the service is busy, or a stranger has your key.`,
    ],
    keys: [['Key', current]],
    steps: [
      ['Look at the usage of this key: models, times and amounts.', { link: CONSOLE.usage }],
      ['If the usage is yours, there is nothing to do.'],
      stopSuspect(context, current, 'usage that is not ours'),
    ],
    more: 'leak',
    consequence: ['If the key has leaked, a stranger keeps spending your money.'],
    evidence: ["Requests per hour of this key, from Anthropic's usage report (Admin API)."],
  }),
});
