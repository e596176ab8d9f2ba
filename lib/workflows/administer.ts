import type { Inspection } from '../domain/console/record';
import { fingerprintOf, type KeyVersion } from '../domain/secret';
import {
  type AdminPorts,
  type AdminSubject,
  readSubject,
  recordOf,
  usageOf,
  usedSince,
} from './admin-subject';
import { deactivate } from './deactivate';
import type { AdminAnswer, AdminRequest } from './ports';
import { reactivate } from './reactivate';

/** Answers one request. The request is a hint: target and reason are derived here, from labels, a fresh probe and the listing. */
export async function administer(request: AdminRequest, ports: AdminPorts): Promise<AdminAnswer> {
  if (request.verb === 'inspect-fleet') return { outcome: 'fleet', records: await ports.api.records() };
  // Inspecting needs no confirmed death. The check, which waits for this answer, confirms deaths itself.
  const subject = await readSubject(request.secretId, ports, request.verb !== 'inspect');
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
  const { live, retiring } = observation;
  return [...(live?.content.kind === 'key' ? [live] : []), ...retiring.map(({ version }) => version)];
};

async function inspectKey(
  version: KeyVersion,
  subject: AdminSubject,
  ports: AdminPorts,
): Promise<Inspection> {
  const fingerprint = fingerprintOf(version)!;
  const { record } = recordOf(version, subject);
  if (!record) return { fingerprint };
  const now = ports.clock.now();
  if (version.current) return { fingerprint, record, spike: await ports.api.spike(record.id, now) };
  const from = usedSince(subject.observation, fingerprint, now);
  return { fingerprint, record, usage: await usageOf(record.id, from, now, ports) };
}
