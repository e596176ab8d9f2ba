import type { Usage } from '../../console/usage';
import type { StaleConsumer } from '../../freshness';
import type { KeyRef } from '../../key';
import { restartFirst, staleInWords, suspects } from '../../wording/consumers';
import { lookAtUsage } from '../../wording/steps';
import { absolute, hintText, moment, token } from '../../wording/text';
import { defineKind, type NoticeContext } from '../finding';

/** The grace period was extended because the key is still in use, or because a registered consumer may still hold it. */
export interface Extended {
  readonly retiring: KeyRef;
  readonly until: Date;
  /** `not-known` where it is told again, after what was seen is gone. Absent in what releases before consumers wrote: `in-use`. */
  readonly cause?: 'in-use' | 'consumers' | 'not-known';
  readonly usage: Usage;
  /** Registered consumers that hold the old key, or of which nobody knows. Absent where nobody asked. */
  readonly consumers?: readonly StaleConsumer[];
  readonly extension: number;
  readonly most: number;
}

const WHY = {
  'in-use': {
    headline: 'Old key is still in use: kept until',
    fact: 'is still in use, so it was not switched off.',
  },
  consumers: {
    headline: 'Not all is restarted: old key is kept until',
    fact: 'was not switched off, because a consumer of this key may still run with it.',
  },
  'not-known': {
    headline: 'Old key has more time: kept until',
    fact: 'was not switched off: it was still used, or a consumer of this key may still run with it.',
  },
} as const;

export const extended = defineKind({
  kind: 'extended',
  severity: 'warning',
  repeat: 'each',
  snooze: false,
  event: 'Key Grace Extended',
  establishedBy: 'old-answer',
  again: (o, about, reminder): Extended | undefined => {
    const old = o.retiring.find(({ ref }) => ref.fingerprint.startsWith(about));
    if (!old) return undefined;
    const { usage = { kind: 'unknown', reason: 'not-remembered' } as const } =
      o.inspections.find(({ fingerprint }) => fingerprint === old.ref.fingerprint) ?? {};
    const { maxGraceExtensions: most } = o.policy;
    const cause = usage.kind === 'in-use' ? 'in-use' : 'not-known';
    return { retiring: old.ref, until: old.until, cause, usage, extension: Number(reminder), most };
  },
  mail: (details: Extended, context: NoticeContext) => {
    const { retiring, until, usage, consumers = [], extension, most } = details;
    const { cause = 'in-use' } = details;
    const { headline, fact } = WHY[cause];
    const isUsed = cause === 'in-use';
    const key = hintText(retiring.hint);
    const kept = `It now works until ${moment(until, context.now)}. This is extension ${extension} of at most ${most}.`;
    const stale = staleInWords(consumers, context.now);
    return {
      headline: `${headline} ${absolute(until)}`,
      facts: [`The old key ${key} ${fact} ${kept}`, ...(stale.length > 0 ? [stale.join(' ')] : [])],
      keys: [['Old key', retiring]],
      steps: [
        ...(isUsed ? suspects(context, consumers) : []),
        ...restartFirst(context, consumers),
        ...(isUsed ? [lookAtUsage(context, retiring)] : []),
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
  const amount = usage.tokens === undefined ? `${usage.requests} requests` : `${usage.tokens} tokens`;
  return `Anthropic's usage report, as of ${moment(usage.refreshedAt, now)}: ${amount} since ${absolute(usage.from)}, the last at ${moment(usage.lastUsed, now)}${models.length > 0 ? `, to ${models.join(', ')}` : ''}.`;
}
