import { memoryFromTags } from '../contract/memory-tags';
import { TAG_TEXT_RULE, toTagText } from '../contract/policy-tags';
import { scrub } from '../domain/key';
import { DAY, plus } from '../domain/time';
import { IllegalTransition } from './errors';
import type { Ports } from './ports';
import type { Prepared } from './prepared';
import { writeMemory } from './write-secret';

/** Then somebody has to look again. */
const MAX_DAYS = 90;

/** Pauses a key's reminders until a day. Every report shows the reason. Dead, zombie, foreign and leaked keys are never hidden. */
export async function snooze(
  secretId: string,
  wanted: { until: Date; reason: string } | undefined,
  ports: Ports,
): Promise<Prepared<{ readonly snooze: { readonly until: Date; readonly reason: string } | undefined }>> {
  const now = ports.clock.now();
  if (wanted && !(wanted.until > now))
    throw new IllegalTransition(
      'too-late',
      Number.isNaN(wanted.until.getTime())
        ? 'The end of the snooze is not a date.'
        : `${wanted.until.toISOString()} is not in the future.`,
    );
  if (wanted && wanted.until > plus(now, MAX_DAYS * DAY))
    throw new IllegalTransition(
      'too-long',
      `A snooze lasts ${MAX_DAYS} days at most; then somebody has to look again.`,
    );
  // Cut to what fits into a tag beside the end of the snooze.
  const reason = toTagText(scrub(wanted?.reason ?? '')).slice(0, 200);
  if (wanted && reason === '')
    throw new IllegalTransition(
      'refused',
      `The reason ${JSON.stringify(wanted.reason)} has no usable characters: expected ${TAG_TEXT_RULE}.`,
    );
  const secret = await ports.store.describe(secretId);
  const memory = memoryFromTags(secret.tags);
  const kept = wanted && { until: wanted.until, reason };
  return {
    outcome: { snooze: kept },
    perform: async () => void (await writeMemory(secret, { ...memory, snooze: kept }, ports)),
  };
}
