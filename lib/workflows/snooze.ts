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
  wanted: { until?: Date; reason?: string } | undefined,
  ports: Ports,
): Promise<Prepared<{ readonly snooze: { readonly until: Date; readonly reason: string } | undefined }>> {
  const now = ports.clock.now();
  const { until, reason: given = '' } = wanted ?? {};
  if (wanted && !(until instanceof Date))
    throw new IllegalTransition('refused', 'A snooze has an end. Nothing was changed.');
  if (until && !(until > now))
    throw new IllegalTransition(
      'too-late',
      Number.isNaN(until.getTime())
        ? 'The end of the snooze is not a date.'
        : `${until.toISOString()} is not in the future.`,
    );
  if (until && until > plus(now, MAX_DAYS * DAY))
    throw new IllegalTransition(
      'too-long',
      `A snooze lasts ${MAX_DAYS} days at most; then somebody has to look again.`,
    );
  // Cut to what fits into a tag beside the end of the snooze.
  const reason = toTagText(scrub(given)).slice(0, 200);
  if (until && reason === '')
    throw new IllegalTransition(
      'refused',
      `The reason ${JSON.stringify(given)} has no usable characters: expected ${TAG_TEXT_RULE}.`,
    );
  const secret = await ports.store.describe(secretId);
  const memory = memoryFromTags(secret.tags);
  const kept = until && { until, reason };
  return {
    outcome: { snooze: kept },
    perform: async () => void (await writeMemory(secret, { ...memory, snooze: kept }, ports)),
  };
}
