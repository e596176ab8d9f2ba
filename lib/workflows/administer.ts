import type { Inspection } from '../domain/console/record';
import type { KeyVersion } from '../domain/secret';
import { fingerprintOf } from '../domain/secret';
import { type AdminSubject, type AdminWorld, lookAt, recordOf, usageOf, usedSince } from './admin-subject';
import { deactivate } from './deactivate';
import type { AdminAnswer, AdminRequest } from './ports';
import { reactivate } from './reactivate';

/** Answers one request. What it is told is a hint: target and reason are derived here, from labels, a fresh probe and the listing. */
export async function administer(request: AdminRequest, world: AdminWorld): Promise<AdminAnswer> {
  if (request.verb === 'inspect-fleet') return { outcome: 'fleet', records: await world.api.records() };
  // Inspecting asks where a key lives, not whether it is surely dead: the check, which waits for this, asks that itself.
  const subject = await lookAt(request.secretId, world, request.verb !== 'inspect');
  switch (request.verb) {
    case 'inspect':
      return {
        outcome: 'inspected',
        inspections: await Promise.all(keysToInspect(subject).map((v) => inspectKey(v, subject, world))),
      };
    case 'deactivate':
      return deactivate(request, subject, world);
    case 'reactivate':
      return reactivate(request, subject, world);
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
  world: AdminWorld,
): Promise<Inspection> {
  const fingerprint = fingerprintOf(version)!;
  const match = recordOf(version, subject);
  if (!match.record) return { fingerprint };
  const now = world.clock.now();
  const { record } = match;
  if (version.current) return { fingerprint, record, spike: await world.api.spike(record.id, now) };
  const from = usedSince(subject.observation, fingerprint, now);
  return { fingerprint, record, usage: await usageOf(record.id, from, now, world) };
}
