import { memoryFromTags } from '../contract/memory-tags';
import type { Finding } from '../domain/findings/catalogue';
import { deactivating } from '../domain/findings/kinds/deactivating';
import { switchingOff } from '../domain/findings/kinds/leaked';
import { beginningOf } from '../domain/key';
import { notDeactivated, timelineOf, withLeak, withTold } from '../domain/memory';
import { type DeactivationFacts, heldBackBy, MOST_PER_HOUR } from '../domain/rotation/deactivation';
import { fingerprintOf, refOf } from '../domain/secret';
import { HOUR } from '../domain/time';
import {
  type AdminSubject,
  type AdminWorld,
  organizationOf,
  recordOf,
  refuse,
  usageOf,
  usedSince,
} from './admin-subject';
import { read } from './fetch-secret';
import { deactivatedWithin, liveIn } from './key-holders';
import type { AdminAnswer, AdminRequest } from './ports';
import { compose, deliver } from './tell';
import { writeMemory } from './write-secret';

type DeactivateRequest = Extract<AdminRequest, { verb: 'deactivate' }>;

/** Switches a key off, reversibly, when every guard lets it through: record, alert, then act. */
export async function deactivate(
  request: DeactivateRequest,
  subject: AdminSubject,
  world: AdminWorld,
): Promise<AdminAnswer> {
  const facts = await gatherFacts(request, subject, world);
  const held = heldBackBy(facts);
  if (held) return refuse(subject, held.name, held.why, world);
  const record = facts.record!;
  const contains = request.order?.kind === 'contain';
  if (record.status !== 'active') {
    if (contains)
      await writeMemory(
        subject.secret,
        withLeak(memoryFromTags(subject.secret.tags), facts.target, facts.now),
        world,
      );
    return { outcome: 'already-done', recordId: record.id };
  }
  // A leak is stopped even while mail is down or no tag can be written; everything else waits until people could know.
  const stopped = await announce(request, facts, subject, world).catch((error: unknown) => {
    if (!contains) throw error;
    world.log.error('Containment not recorded', { secret: subject.secret.name, error: String(error) });
    return undefined;
  });
  if (stopped && !contains) {
    await takeBack(facts.target, subject, world);
    return refuse(subject, stopped.name, stopped.why, world);
  }
  try {
    await world.api.setStatus(record.id, 'inactive');
  } catch (error) {
    await takeBack(facts.target, subject, world);
    throw error;
  }
  world.log.info('Key deactivated', {
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
  world: AdminWorld,
): Promise<{ name: string; why: string } | undefined> {
  const known = memoryFromTags(secret.tags);
  const told = announcement(request, { target, now, ...facts });
  const timeline = { ...timelineOf(known, target), fingerprint: target, deactivatedAt: now };
  const memory = { ...(request.order?.kind === 'contain' ? withLeak(known, target, now) : known), timeline };
  const recorded = await writeMemory(secret, memory, world);
  const notice = compose(observation, told, world);
  const isNews = request.order !== undefined || known.notices[told.id] !== told.reminder;
  if (isNews && !(await deliver(notice, world)))
    return {
      name: 'notice',
      why: 'the notice of it could not be sent, and nothing is switched off unannounced',
    };
  await writeMemory(recorded, withTold(memory, told, notice.id), world);
  if (request.order?.kind === 'contain') return undefined;
  const { observation: again } = await read(secret.arn, world);
  if (fingerprintOf(again.live) === target)
    return { name: 'not-the-live-key', why: 'it has become the live key meanwhile' };
  if (request.order) return undefined;
  const earlier = await deactivatedWithin(HOUR, { at: now, arn: secret.arn }, world);
  return earlier >= MOST_PER_HOUR
    ? { name: 'hourly-limit', why: 'others were switched off at the same moment' }
    : undefined;
}

/** It was recorded as switched off, and is not. */
async function takeBack(target: string, { secret: { arn } }: AdminSubject, world: AdminWorld): Promise<void> {
  const secret = await world.store.describe(arn);
  await writeMemory(secret, notDeactivated(memoryFromTags(secret.tags), target), world);
}

async function gatherFacts(
  request: DeactivateRequest,
  subject: AdminSubject,
  world: AdminWorld,
): Promise<DeactivationFacts> {
  const now = world.clock.now();
  const order = request.order?.kind;
  const { observation } = subject;
  const target = observation.versions.find((v) => fingerprintOf(v) === request.fingerprint);
  const match = recordOf(target, subject);
  const { record } = match;
  const live = recordOf(observation.live, subject);
  const organization = await world.api.organization();
  return {
    observation,
    target: request.fingerprint,
    order,
    record,
    liveRecordId: live.record?.id,
    // Nothing that a guard does not need may stand in the way of stopping a leak.
    usage:
      record && !order
        ? await usageOf(record.id, usedSince(observation, request.fingerprint, now), now, world)
        : undefined,
    sameOrganization: organizationOf(target, observation) === organization.id,
    liveElsewhere: order === 'contain' ? [] : await liveIn(request.fingerprint, subject.secret.arn, world),
    lastHour:
      order === 'contain' ? 0 : await deactivatedWithin(HOUR, { at: now, arn: subject.secret.arn }, world),
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
  return deactivating.find({ retiring: key, recordId: record!.id, why }, { about: beginningOf(target) });
}
