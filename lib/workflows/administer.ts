import type { Inspection } from '../domain/console/record';
import type { KeyVersion } from '../domain/secret';
import { fingerprintOf } from '../domain/secret';
import { type AdminPorts, type AdminSubject, lookAt, recordOf, usageOf, usedSince } from './admin-subject';
import { deactivate } from './deactivate';
import type { AdminAnswer, AdminRequest } from './ports';
import { reactivate } from './reactivate';

/** Answers one request. What it is told is a hint: target and reason are derived here, from labels, a fresh probe and the listing. */
export async function administer(request: AdminRequest, ports: AdminPorts): Promise<AdminAnswer> {
  if (request.verb === 'inspect-fleet') return { outcome: 'fleet', records: await ports.api.records() };
  // Inspecting asks where a key lives, not whether it is surely dead: the check, which waits for this, asks that itself.
  const subject = await lookAt(request.secretId, ports, request.verb !== 'inspect');
  switch (request.verb) {
    case 'inspect':
      return {
        outcome: 'inspected',
        inspections: await Promise.all(keysToInspect(subject).map((v) => inspectKey(v, subject, ports))),
      };
    case 'deactivate':
      return deactivate(request, subject, ports);
    case 'reactivate':
      return reactivate(request, subject, ports);
  }
}

const keysToInspect = ({ observation }: AdminSubject): readonly KeyVersion[] => {
  const current = observation.live;
  const live = current?.content.kind === 'key' ? [current] : [];
  return [...live, ...observation.retiring.map(({ version }) => version)];
};

async function inspectKey(
  version: KeyVersion,
  subject: AdminSubject,
  ports: AdminPorts,
): Promise<Inspection> {
  const fingerprint = fingerprintOf(version)!;
  const match = recordOf(version, subject);
  if (!match.record) return { fingerprint };
  const now = ports.clock.now();
  const { record } = match;
  if (version.current) return { fingerprint, record, spike: await ports.api.spike(record.id, now) };
  const from = usedSince(subject.observation, fingerprint, now);
  return { fingerprint, record, usage: await usageOf(record.id, from, now, ports) };
}
