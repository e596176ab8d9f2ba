import type { Usage } from '../../console/usage';
import type { KeyRef } from '../../key';
import { suspects } from '../../wording/readers';
import { lookAtUsage } from '../../wording/steps';
import { absolute, hintText, moment, token } from '../../wording/text';
import { defineKind, type NoticeContext } from '../finding';

/** The grace period was extended because the key is still in use. */
export interface Extended {
  readonly retiring: KeyRef;
  readonly until: Date;
  readonly usage: Usage;
  readonly extension: number;
  readonly most: number;
}

export const extended = defineKind({
  kind: 'extended',
  severity: 'warning',
  repeat: 'each',
  snooze: false,
  event: 'Key Grace Extended',
  establishedBy: 'old-answer',
  mail: ({ retiring, until, usage, extension, most }: Extended, context: NoticeContext) => ({
    headline: `Old key is still in use: kept until ${absolute(until)}`,
    facts: [
      `The old key ${hintText(retiring.hint)} is still in use, so it was not switched off. It now works until ${moment(until, context.now)}. This is extension ${extension} of at most ${most}.`,
    ],
    keys: [['Old key', retiring]],
    steps: [
      lookAtUsage(retiring),
      ...suspects(context),
      ['Nothing else: once the key is unused, it is handled at the new deadline.'],
    ],
    consequence: [
      extension < most
        ? 'While it is in use, the key gets one more day each day until the extensions are used up. Then a person must decide.'
        : 'This was the last extension: at the new deadline a person must decide.',
    ],
    evidence: [used(usage, context.now)],
  }),
});

function used(usage: Usage, now: Date): string {
  if (usage.kind !== 'in-use') return 'Anthropic reports use of the old key.';
  const models = usage.models.flatMap((model) => token(model) ?? []).slice(0, 5);
  return `Anthropic's usage report, as of ${moment(usage.refreshedAt, now)}: ${usage.requests} requests since ${absolute(usage.from)}, the last at ${moment(usage.lastUsed, now)}${models.length > 0 ? `, to ${models.join(', ')}` : ''}.`;
}
