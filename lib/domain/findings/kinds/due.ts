import type { KeyRef } from '../../key';
import { dueDate } from '../../key-age';
import { listedRef } from '../../listed-key';
import type { LiveState } from '../../secret';
import { daysUntil, utcDay } from '../../time';
import { ageEvidence, whyNotWorking, works } from '../../wording/phrases';
import { rotate } from '../../wording/steps';
import { count, hintText, left, moment } from '../../wording/text';
import { defineKind, type NoticeContext } from '../finding';

/** The live key soon reaches its maximum age. */
export interface Due {
  readonly current: KeyRef;
  readonly createdAt: Date;
  readonly dueAt: Date;
  readonly daysLeft: number;
  readonly live: LiveState;
}

export const due = defineKind({
  kind: 'due',
  severity: 'warning',
  repeat: 'countdown',
  event: 'Key Due',
  digest: {
    waits: ({ daysLeft }) => daysLeft > 1,
    details: (listed, now) => {
      const { verdict } = listed.memory;
      const current = listedRef(listed);
      if (!verdict || !current) return undefined;
      const { kind, reason, unknownSince, keyCreatedAt: createdAt } = verdict;
      const dueAt = dueDate(createdAt, listed.policy.maxAgeDays);
      const live = { kind, reason, unknownSince };
      return { current, createdAt, dueAt, daysLeft: daysUntil(dueAt, now), live };
    },
    by: ({ dueAt }) => dueAt,
  },
  need: { word: 'due', next: 'rotate', verb: 'submit' },
  listed: ({ phase }) => phase === 'due',
  mail: ({ current, createdAt, dueAt, live }: Due, context: NoticeContext) => ({
    headline: `Rotate by ${utcDay(dueAt)} (${left(dueAt, context.now)})`,
    facts: [
      `The Anthropic API key ${hintText(current.hint)} ${works(live) ? 'works, and ' : ''}must be replaced by ${moment(dueAt, context.now)}. Its policy allows keys up to ${count(context.policy.maxAgeDays, 'day')} old.`,
      ...whyNotWorking(live, context.now),
    ],
    keys: [['Key', current]],
    steps: rotate(context),
    consequence: [
      `${works(live) ? 'The key keeps working. ' : ''}After the deadline it counts as overdue, which raises an alarm and an audit finding.`,
    ],
    evidence: [ageEvidence(createdAt, context.now)],
  }),
});
