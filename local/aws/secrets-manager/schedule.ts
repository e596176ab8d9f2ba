import { DAY, plus } from '../../../lib/domain/time';
import { detachLabel } from './labels';
import type { Secret } from './state';

export const later = (now: Date, days: number) => plus(now, days * DAY);

/** The secret after a change that counts as a rotation for the schedule: its next window is a full period away. */
export function rescheduled(secret: Secret, now: Date): Secret {
  const { rotation } = secret;
  if (rotation?.days === undefined) return secret;
  return { ...secret, rotation: { ...rotation, nextAt: later(now, rotation.days) } };
}

/** The secret after a rotation that succeeded. AWSPENDING may stay on the version that is current now. */
export function completed(secret: Secret, pending: 'removed' | 'kept', now: Date): Secret {
  const labelled = pending === 'kept' ? secret : detachLabel(secret, 'AWSPENDING', now);
  return rescheduled({ ...labelled, rotatedAt: now, changedAt: now }, now);
}
