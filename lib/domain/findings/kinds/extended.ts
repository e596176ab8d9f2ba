import type { Usage } from '../../console/usage';
import type { StaleConsumer } from '../../freshness';
import type { KeyRef } from '../../key';
import { staleInWords } from '../../wording/phrases';
import { lookAtUsage, restartFirst } from '../../wording/steps';
import { absolute, hintText, moment, token } from '../../wording/text';
import { defineKind, type NoticeContext } from '../finding';

/** The grace period was extended because the key is still in use, or because a registered consumer may still hold it. */
export interface Extended {
  readonly retiring: KeyRef;
  readonly until: Date;
  /** Absent in what releases before consumers wrote: `in-use`. */
  readonly cause?: 'in-use' | 'consumers';
  readonly usage: Usage;
  /** Registered consumers that hold the old key, or of which nobody knows. Absent where nobody asked. */
  readonly consumers?: readonly StaleConsumer[];
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
  mail: (details: Extended, context: NoticeContext) => {
    const { retiring, until, usage, consumers = [], extension, most } = details;
    const isUsed = details.cause !== 'consumers';
    const key = hintText(retiring.hint);
    const kept = `It now works until ${moment(until, context.now)}. This is extension ${extension} of at most ${most}.`;
    const stale = staleInWords(consumers, context.now);
    return {
      headline: isUsed
        ? `Old key is still in use: kept until ${absolute(until)}`
        : `Not all is restarted: old key is kept until ${absolute(until)}`,
      facts: [
        isUsed
          ? `The old key ${key} is still in use, so it was not switched off. ${kept}`
          : `The old key ${key} was not switched off, because a consumer of this key may still run with it. ${kept}`,
        ...(stale.length > 0 ? [stale.join(' ')] : []),
      ],
      keys: [['Old key', retiring]],
      steps: [
        ...restartFirst(consumers),
        ...(isUsed ? [lookAtUsage(retiring)] : []),
        [
          isUsed
            ? 'Nothing else: once the key is unused, it is handled at the new deadline.'
            : 'Nothing else: once all of it runs with the new key, the old key is handled at the new deadline.',
        ],
      ],
      consequence: [
        extension < most
          ? `${isUsed ? 'While it is in use' : 'Until then'}, the key gets one more day each day until the extensions are used up. Then a person must decide.`
          : 'This was the last extension: at the new deadline a person must decide.',
      ],
      evidence: [...(isUsed ? [used(usage, context.now)] : []), ...(consumers.length > 0 ? [LOOKED] : [])],
    };
  },
});

const LOOKED =
  'The rules of RestartOnRotation for this key name its consumers. Each was asked now when its tasks were created.';

function used(usage: Usage, now: Date): string {
  if (usage.kind !== 'in-use') return 'Anthropic reports use of the old key.';
  const models = usage.models.flatMap((model) => token(model) ?? []).slice(0, 5);
  return `Anthropic's usage report, as of ${moment(usage.refreshedAt, now)}: ${usage.requests} requests since ${absolute(usage.from)}, the last at ${moment(usage.lastUsed, now)}${models.length > 0 ? `, to ${models.join(', ')}` : ''}.`;
}
