import type { Inspection } from '../domain/console/record';
import { fingerprintOf, type Observation } from '../domain/secret';
import { utcDay } from '../domain/time';
import type { Ports } from './ports';

/**
 * Asks the admin function for Anthropic's records: for a new live key at once and then daily, and whenever a decision about a superseded key
 * depends on them. A missing answer is never a reason to act.
 */
export async function inspect(
  secretArn: string,
  o: Observation,
  ports: Ports,
): Promise<readonly Inspection[]> {
  if (!ports.admin || !isNeeded(o, ports.clock.now())) return [];
  try {
    const answer = await ports.admin.ask({ verb: 'inspect', secretId: secretArn });
    if (answer.outcome === 'inspected') return answer.inspections;
    ports.log.warn('Inspection refused', { secret: o.key.secretName, answer: answer.outcome });
  } catch (error) {
    ports.log.warn('No inspection', { secret: o.key.secretName, error: String(error) });
  }
  return [];
}

function isNeeded(o: Observation, now: Date): boolean {
  const live = fingerprintOf(o.live);
  const record = o.memory.record;
  const known = record?.fingerprint === live && record?.inspectedOn === utcDay(now);
  const urgent = o.retiring.some(({ version, until }) => until <= now || version.verdict?.kind === 'DEAD');
  const isNew = o.memory.verdict?.fingerprint !== live;
  return urgent || (live !== undefined && !known && (isNew || o.memory.checkedOn !== utcDay(now)));
}
