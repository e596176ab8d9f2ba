import { memoryFromTags } from '../contract/memory-tags';
import type { Finding } from '../domain/findings/catalogue';
import { deactivating } from '../domain/findings/kinds/deactivating';
import { switchingOff } from '../domain/findings/kinds/leaked';
import { shortId } from '../domain/key';
import { notDeactivated, timelineOf, withLeak, withTold } from '../domain/memory';
import { type DeactivationFacts, heldBackBy, MOST_PER_HOUR } from '../domain/rotation/deactivation';
import { fingerprintOf, refOf } from '../domain/secret';
import { HOUR } from '../domain/time';
import {
  type AdminPorts,
  type AdminSubject,
  organizationOf,
  recordOf,
  refuse,
  usageOf,
  usedSince,
} from './admin-subject';
import { read } from './fetch-secret';
import { deactivatedWithin, liveIn } from './key-holders';
import type { AdminAnswer, AdminRequest } from './ports';
import { compose, deliver } from './send-notices';
import { writeMemory } from './write-secret';

type DeactivateRequest = Extract<AdminRequest, { verb: 'deactivate' }>;

/** Switches a key off, reversibly, when every guard lets it through: record, alert, then act. */
export async function deactivate(
  request: DeactivateRequest,
  subject: AdminSubject,
  ports: AdminPorts,
): Promise<AdminAnswer> {
  const facts = await gatherFacts(request, subject, ports);
  const held = heldBackBy(facts);
  if (held) return refuse(subject, held.name, held.why, ports);
  const record = facts.record!;
  const contains = request.order?.kind === 'contain';
  if (record.status !== 'active') {
    if (contains)
      await writeMemory(
        subject.secret,
        withLeak(memoryFromTags(subject.secret.tags), facts.target, facts.now),
        ports,
      );
    return { outcome: 'already-done', recordId: record.id };
  }
  // A leak is stopped even while mail is down or no tag can be written; everything else waits until people could know.
  const stopped = await announce(request, facts, subject, ports).catch((error: unknown) => {
    if (!contains) throw error;
    ports.log.error('Containment not recorded', { secret: subject.secret.name, error: String(error) });
    return undefined;
  });
  if (stopped && !contains) {
    await takeBack(facts.target, subject, ports);
    return refuse(subject, stopped.name, stopped.why, ports);
  }
  try {
    await ports.api.setStatus(record.id, 'inactive');
  } catch (error) {
    await takeBack(facts.target, subject, ports);
    throw error;
  }
  ports.log.info('Key deactivated', {
    secret: subject.secret.name,
    fingerprint: facts.target,
    record: record.id,
    by: request.order?.by,
  });
  return { outcome: 'deactivated', recordId: record.id };
}

/**
 * Records what is about to happen, tells people, and looks once more: meanwhile the key may have become the live one, or others may have used
 * up the hour. Says what holds back.
 */
async function announce(
  request: DeactivateRequest,
  { target, now, ...facts }: DeactivationFacts,
  { secret, observation }: AdminSubject,
  ports: AdminPorts,
): Promise<{ name: string; why: string } | undefined> {
  const known = memoryFromTags(secret.tags);
  const told = announcement(request, { target, now, ...facts });
  const timeline = { ...timelineOf(known, target), fingerprint: target, deactivatedAt: now };
  const memory = { ...(request.order?.kind === 'contain' ? withLeak(known, target, now) : known), timeline };
  const recorded = await writeMemory(secret, memory, ports);
  const notice = compose(observation, told, ports);
  const isNews = request.order !== undefined || known.notices[told.id] !== told.reminder;
  if (isNews && !(await deliver(notice, ports)))
    return {
      name: 'notice',
      why: 'the notice of it could not be sent, and nothing is switched off unannounced',
    };
  await writeMemory(recorded, withTold(memory, told, notice.id), ports);
  if (request.order?.kind === 'contain') return undefined;
  const { observation: again } = await read(secret.arn, ports);
  if (fingerprintOf(again.live) === target)
    return { name: 'not-the-live-key', why: 'it has become the live key meanwhile' };
  if (request.order) return undefined;
  const earlier = await deactivatedWithin(HOUR, { at: now, arn: secret.arn }, ports);
  return earlier >= MOST_PER_HOUR
    ? { name: 'hourly-limit', why: 'others were switched off at the same moment' }
    : undefined;
}

/** It was recorded as switched off, and is not. */
async function takeBack(target: string, { secret: { arn } }: AdminSubject, ports: AdminPorts): Promise<void> {
  const secret = await ports.store.describe(arn);
  await writeMemory(secret, notDeactivated(memoryFromTags(secret.tags), target), ports);
}

async function gatherFacts(
  request: DeactivateRequest,
  subject: AdminSubject,
  ports: AdminPorts,
): Promise<DeactivationFacts> {
  const now = ports.clock.now();
  const order = request.order?.kind;
  const { observation } = subject;
  const target = observation.versions.find((v) => fingerprintOf(v) === request.fingerprint);
  const match = recordOf(target, subject);
  const { record } = match;
  const live = recordOf(observation.live, subject);
  const organization = await ports.api.organization();
  return {
    observation,
    target: request.fingerprint,
    order,
    record,
    liveRecordId: live.record?.id,
    // Nothing that a guard does not need may stand in the way of stopping a leak.
    usage:
      record && !order
        ? await usageOf(record.id, usedSince(observation, request.fingerprint, now), now, ports)
        : undefined,
    sameOrganization: organizationOf(target, observation) === organization.id,
    liveElsewhere: order === 'contain' ? [] : await liveIn(request.fingerprint, subject.secret.arn, ports),
    lastHour:
      order === 'contain' ? 0 : await deactivatedWithin(HOUR, { at: now, arn: subject.secret.arn }, ports),
    now,
  };
}

function announcement(
  request: DeactivateRequest,
  { observation, target, record }: DeactivationFacts,
): Finding {
  const version = observation.versions.find((v) => fingerprintOf(v) === target);
  const key = refOf(version)!;
  if (request.order?.kind === 'contain') {
    const { reason } = request.order;
    return switchingOff({ leaked: key, reason, live: version?.current === true });
  }
  const why = request.order
    ? `Ordered by ${request.order.by}: ${request.order.reason}`
    : 'Its grace is over and it was not used within the last 48 hours.';
  return deactivating.find({ retiring: key, recordId: record!.id, why }, { about: shortId(target) });
}
