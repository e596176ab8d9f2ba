import type { KeyRef } from '../../key';
import { utcDay } from '../../time';
import { keys } from '../../wording/commands';
import { lookAtUsage, moreTime, switchOff } from '../../wording/steps';
import { freeText, hintText, hours, moment, plain, token } from '../../wording/text';
import { defineKind, type NoticeContext, type Sheet } from '../finding';
import { zombie } from './zombie';

/** The grace period is over and a person must switch the key off. */
export interface GraceOver {
  readonly retiring: KeyRef;
  readonly since: Date;
  readonly recordId?: string;
  readonly why: string;
  /** Name of another managed secret that has it as its live key: switching it off would stop that service. */
  readonly liveIn?: string;
}

export const graceOver = defineKind({
  kind: 'grace-over',
  severity: 'warning',
  event: 'Key Grace Over',
  establishedBy: 'old-answer',
  need: { word: 'grace is over', next: 'switch the old key off', verb: 'show' },
  page: 'grace is over',
  listed: (listing) => listing.retirable && !listing.reported.has(zombie.kind),
  mail: (details: GraceOver, context: NoticeContext) =>
    details.liveIn === undefined
      ? switchItOff(details, context)
      : liveElsewhere(details, details.liveIn, context),
});

const switchItOff = ({ retiring, since, recordId, why }: GraceOver, context: NoticeContext): Sheet => ({
  headline: `Switch off the old key: its grace period ended ${utcDay(since)}`,
  facts: [
    `The old key ${hintText(retiring.hint)} was replaced, and its grace period ended ${moment(since, context.now)}. It still works. ${plain(why)}`,
  ],
  keys: [['Old key', retiring]],
  steps: [lookAtUsage(retiring), switchOff(context, retiring), moreTime(context, retiring)],
  consequence: [
    'A key that nobody needs stays alive, and whoever finds it can use it. From tomorrow this raises an alarm. Once the key is off, the next check proves it dead and sends a mail.',
  ],
  evidence: [
    `The old key still answers after its grace period${token(recordId) ? `; its record at Anthropic is ${recordId}` : ''}.`,
  ],
});

const liveElsewhere = (
  { retiring, since }: GraceOver,
  liveIn: string,
  { now, key, policy }: NoticeContext,
): Sheet => ({
  headline: 'Old key is the live key of another service: do not switch it off yet',
  facts: [
    `The old key ${hintText(retiring.hint)} was replaced here, and its grace period ended ${moment(since, now)}. But it is the live key of the secret ${freeText(liveIn)}: switching it off would stop that service.`,
  ],
  keys: [['Old key', retiring]],
  steps: [
    [
      `Have a separate key created and submitted for the service of ${freeText(liveIn)}. Each service needs its own key, or a leak in one stops both.`,
    ],
    ['Then switch the old key off here:', { run: keys('retire', key, '--key', retiring.fingerprint) }],
  ],
  consequence: ['The key stays alive in both places. The weekly report lists keys that two secrets share.'],
  evidence: [
    `The old key still answers after its grace period of ${hours(policy.graceHours)}. The last check of ${freeText(liveIn)} found the same key live there (same SHA-256 fingerprint).`,
  ],
});
