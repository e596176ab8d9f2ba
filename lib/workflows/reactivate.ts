import { memoryFromTags } from '../contract/memory-tags';
import type { ConsoleRecord } from '../domain/console/record';
import { notDeactivated } from '../domain/memory';
import { fingerprintOf } from '../domain/secret';
import {
  type AdminPorts,
  type AdminSubject,
  organizationOf,
  type PreparedChange,
  recordOf,
  refuse,
} from './admin-subject';
import { AdminError } from './errors';
import type { AdminAnswer, AdminRequest } from './ports';
import { writeMemory } from './write-secret';

type ReactivateRequest = Extract<AdminRequest, { verb: 'reactivate' }>;

/** Switches a key on again unless it was archived. Whether it still counts as leaked is for the check to record. */
export async function reactivate(
  request: ReactivateRequest,
  subject: AdminSubject,
  ports: AdminPorts,
): Promise<AdminAnswer | PreparedChange> {
  const target = subject.observation.versions.find((v) => fingerprintOf(v) === request.fingerprint);
  const match = recordOf(target, subject);
  if (!match.record) return refuse(subject, 'record-matched', match.why, ports);
  const { record } = match;
  const { id } = await ports.api.organization();
  if (organizationOf(target, subject.observation) !== id)
    return refuse(subject, 'same-organization', 'the Admin access belongs to another organization', ports);
  if (record.status === 'archived' || record.status === 'expired')
    return refuse(subject, 'refused', `Anthropic switches no key on that is ${record.status}`, ports);
  return { recordId: record.id, perform: () => switchOn(request, record, subject, ports) };
}

async function switchOn(
  request: ReactivateRequest,
  record: ConsoleRecord,
  subject: AdminSubject,
  ports: AdminPorts,
): Promise<AdminAnswer> {
  const wasActive = record.status === 'active';
  try {
    if (!wasActive) await ports.api.setStatus(record.id, 'active');
  } catch (error) {
    if (error instanceof AdminError && error.failure !== 'unavailable')
      return refuse(subject, error.failure, error.message, ports);
    throw error;
  }
  const { fingerprint } = request;
  const memory = notDeactivated(memoryFromTags(subject.secret.tags), fingerprint);
  await writeMemory(subject.secret, memory, ports);
  if (wasActive) return { outcome: 'already-done', recordId: record.id };
  ports.log.info('Key reactivated', {
    secret: subject.secret.name,
    fingerprint,
    record: record.id,
    claimedBy: request.by,
    requestId: ports.door.requestId,
  });
  return { outcome: 'reactivated', recordId: record.id };
}
