import { type KeyRef, shortId } from '../../key';
import { listedRef } from '../../listed-key';
import { daysUntil, utcDay } from '../../time';
import { rotate } from '../../wording/steps';
import { hintText, left, moment } from '../../wording/text';
import { defineKind, type NoticeContext } from '../finding';
import { countdown } from '../repeat';

/** Days before the expiry on which it is announced. */
const EXPIRY_WARNINGS = [14, 7, 1];

/** Anthropic switches the live key off on a date that was set when it was created. */
export interface ExpiresSoon {
  readonly current: KeyRef;
  readonly expiresAt: Date;
  readonly daysLeft: number;
}

export const expiresSoon = defineKind({
  kind: 'expires-soon',
  severity: 'warning',
  repeat: 'countdown',
  event: 'Key Expires Soon',
  digest: {
    waits: ({ daysLeft }) => daysLeft > 1,
    details: (listed, now) => {
      const { record } = listed.memory;
      const current = listedRef(listed);
      if (!record?.expiresAt || !current || record.fingerprint !== current.fingerprint) return undefined;
      return { current, expiresAt: record.expiresAt, daysLeft: daysUntil(record.expiresAt, now) };
    },
    by: ({ expiresAt }) => expiresAt,
  },
  need: { word: 'expires soon', next: 'rotate before it expires', verb: 'submit' },
  page: 'expires soon',
  detect: ({ ref: current, record, now }) => {
    const { expiresAt } = record ?? {};
    if (!current || !expiresAt || expiresAt <= now) return [];
    const daysLeft = daysUntil(expiresAt, now);
    const reminder = countdown(EXPIRY_WARNINGS, daysLeft);
    if (!reminder) return [];
    return [{ details: { current, expiresAt, daysLeft }, about: shortId(current.fingerprint), reminder }];
  },
  listed: ({ expiresAt, now }) =>
    expiresAt !== undefined && countdown(EXPIRY_WARNINGS, daysUntil(expiresAt, now)) !== undefined,
  mail: ({ current, expiresAt }: ExpiresSoon, context: NoticeContext) => ({
    headline: `Key expires ${utcDay(expiresAt)}: rotate before then (${left(expiresAt, context.now)})`,
    facts: [
      `Anthropic switches off the API key ${hintText(current.hint)} at ${moment(expiresAt, context.now)}. That expiry was set when the key was created and cannot be changed.`,
    ],
    keys: [['Key', current]],
    steps: rotate(context),
    consequence: ['At that moment the key stops working, and every call from the service fails.'],
    evidence: ["The expiry comes from the key's record at Anthropic (Admin API)."],
  }),
});
