import { memoryFromTags } from '../contract/memory-tags';
import { notDeactivated, withoutLeak } from '../domain/memory';
import { fingerprintOf } from '../domain/secret';
import { type AdminPorts, type AdminSubject, organizationOf, recordOf, refuse } from './admin-subject';
import { AdminError } from './errors';
import type { AdminAnswer, AdminRequest } from './ports';
import { writeMemory } from './write-secret';

/** Switches a key on again, as long as it was not archived. It is no leak any more. */
export async function reactivate(
  request: Extract<AdminRequest, { verb: 'reactivate' }>,
  subject: AdminSubject,
  ports: AdminPorts,
): Promise<AdminAnswer> {
  const target = subject.observation.versions.find((v) => fingerprintOf(v) === request.fingerprint);
  const match = recordOf(target, subject);
  if (!match.record) return refuse(subject, 'record-matched', match.why, ports);
  const { id } = await ports.api.organization();
  if (organizationOf(target, subject.observation) !== id)
    return refuse(subject, 'same-organization', 'the Admin access belongs to another organization', ports);
  const wasOn = match.record.status === 'active';
  try {
    if (!wasOn) await ports.api.setStatus(match.record.id, 'active');
  } catch (error) {
    if (error instanceof AdminError && error.failure !== 'unavailable') {
      return refuse(subject, error.failure, error.message, ports);
    }
    throw error;
  }
  const memory = memoryFromTags(subject.secret.tags);
  await writeMemory(
    subject.secret,
    withoutLeak(notDeactivated(memory, request.fingerprint), request.fingerprint),
    ports,
  );
  if (wasOn) return { outcome: 'already-done', recordId: match.record.id };
  ports.log.info('Key reactivated', {
    secret: subject.secret.name,
    fingerprint: request.fingerprint,
    record: match.record.id,
  });
  return { outcome: 'reactivated', recordId: match.record.id };
}
