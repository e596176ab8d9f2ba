import { memoryFromTags } from '../contract/memory-tags';
import { TAG_TEXT_RULE, toTagText } from '../contract/policy-tags';
import { scrub } from '../domain/key';
import { DAY, plus } from '../domain/time';
import { IllegalTransition } from './errors';
import type { Ports } from './ports';
import { writeMemory } from './write-secret';

/** The longest exemption, in days: then somebody looks again. */
const LONGEST_SNOOZE_DAYS = 90;

/** Quiets the reminders of a key until a day, for a reason that every report shows. It never hides a dead, zombie, foreign or leaked key. */
export async function snooze(
  secretId: string,
  wanted: { until: Date; reason: string } | undefined,
  ports: Ports,
) {
  const now = ports.clock.now();
  if (wanted && !(wanted.until > now))
    throw new IllegalTransition(
      'too-late',
      Number.isNaN(wanted.until.getTime())
        ? 'The end of the snooze is no date.'
        : `${wanted.until.toISOString()} is not in the future.`,
    );
  if (wanted && wanted.until > plus(now, LONGEST_SNOOZE_DAYS * DAY))
    throw new IllegalTransition(
      'too-long',
      `An exemption lasts ${LONGEST_SNOOZE_DAYS} days at most; then somebody looks again.`,
    );
  const reason = reasonOf(wanted?.reason ?? '');
  if (wanted && reason === '')
    throw new IllegalTransition(
      'refused',
      `No reason is left of ${JSON.stringify(wanted.reason)}: expected ${TAG_TEXT_RULE}.`,
    );
  const secret = await ports.store.describe(secretId);
  const memory = memoryFromTags(secret.tags);
  const kept = wanted && { until: wanted.until, reason };
  await writeMemory(secret, { ...memory, snooze: kept }, ports);
  return { snooze: kept };
}

/** As much of a reason as fits into a tag beside the end of the snooze. */
const reasonOf = (text: string) => toTagText(scrub(text)).slice(0, 200);
