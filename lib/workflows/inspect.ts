import type { Inspection } from '../domain/console/record';
import type { Observation } from '../domain/secret';
import { fingerprintOf } from '../domain/secret';
import { utcDay } from '../domain/time';
import type { Ports } from './ports';

/**
 * Asks the function with Admin access what Anthropic's records say: for a new live key at once and then once a day, and whenever a superseded key is at a point
 * where something depends on it. No answer is no information, never a reason to act.
 */
export async function inspect(
  secretArn: string,
  o: Observation,
  ports: Ports,
): Promise<readonly Inspection[]> {
  if (!ports.admin || !worthAsking(o, ports.clock.now())) return [];
  try {
    const answer = await ports.admin.ask({ verb: 'inspect', secretId: secretArn });
    if (answer.outcome === 'inspected') return answer.inspections;
    ports.log.warn('Inspection refused', { secret: o.key.secretName, answer: answer.outcome });
  } catch (error) {
    ports.log.warn('No inspection', { secret: o.key.secretName, error: String(error) });
  }
  return [];
}

function worthAsking(o: Observation, now: Date): boolean {
  const live = fingerprintOf(o.live);
  const record = o.memory.record;
  const known = record?.fingerprint === live && record?.inspectedOn === utcDay(now);
  const pressing = o.retiring.some(({ version, until }) => until <= now || version.verdict?.kind === 'DEAD');
  const isNew = o.memory.verdict?.fingerprint !== live;
  return pressing || (live !== undefined && !known && (isNew || o.memory.checkedOn !== utcDay(now)));
}
