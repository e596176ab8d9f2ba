import type { StaleConsumer } from '../../freshness';
import type { KeyRef } from '../../key';
import { utcDay } from '../../time';
import { mayStillHold, restartAllFirst, staleInWords, suspects } from '../../wording/consumers';
import { usedBy } from '../../wording/phrases';
import { lookAtUsage, moreTime, ownKeyFirst, switchOff } from '../../wording/steps';
import { hintText, moment, plain, token } from '../../wording/text';
import { defineKind, type NoticeContext } from '../finding';
import { zombie } from './zombie';

/** The grace period is over and a person must switch the key off. */
export interface GraceOver {
  readonly retiring: KeyRef;
  readonly since: Date;
  readonly recordId?: string;
  readonly why: string;
  /** Name of another managed secret that seems to use it as its live key: switching it off would stop that service. */
  readonly liveIn?: string;
  /** Registered consumers that hold the old key, or of which nobody knows. */
  readonly consumers?: readonly StaleConsumer[];
}

export const graceOver = defineKind({
  kind: 'grace-over',
  severity: 'warning',
  event: 'Key Grace Over',
  establishedBy: 'old-answer',
  need: { word: 'grace is over', next: 'switch the old key off', verb: 'show' },
  page: 'grace is over',
  listed: (listing) => listing.retirable && !listing.reported.has(zombie.kind),
  mail: ({ retiring, since, recordId, why, liveIn, consumers = [] }: GraceOver, context: NoticeContext) => ({
    headline: `Switch off the old key: its grace period ended ${utcDay(since)}`,
    facts: [
      `The old key ${hintText(retiring.hint)} was superseded, and its grace period ended ${moment(since, context.now)}. It still works. ${plain(why, 400)}`,
      ...usedBy(liveIn),
      ...mayStillHold(consumers),
    ],
    keys: [['Old key', retiring]],
    steps: [
      ...ownKeyFirst(liveIn),
      ...restartAllFirst(context, consumers),
      lookAtUsage(context, retiring),
      ...suspects(context, consumers),
      switchOff(context, retiring),
      moreTime(context, retiring, since),
    ],
    more: 'zombie',
    consequence: [
      'A key that nobody needs stays alive, and whoever finds it can use it. From tomorrow this raises an alarm. Once the key is off, the next check proves it dead and sends a mail.',
    ],
    evidence: [
      `The old key still answers after its grace period${token(recordId) ? `; its record at Anthropic is ${recordId}` : ''}.`,
      ...staleInWords(consumers, context.now),
    ],
  }),
});
