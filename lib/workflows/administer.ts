import { memoryFromTags } from '../contract/memory-tags';
import type { ApiKey } from '../domain/api-key';
import { type DeactivationFacts, heldBackBy, MOST_PER_HOUR } from '../domain/deactivation';
import type { Finding } from '../domain/finding';
import { withLeak, withoutLeak } from '../domain/leaks';
import { finding } from '../domain/make-finding';
import { matchRecord, type RecordMatch } from '../domain/match-record';
import type { Inspection, KeyVersion, Observation, Usage } from '../domain/observation';
import { withSent } from '../domain/remember';
import { HOUR } from '../domain/time';
import { currentOf, fingerprintOf, refOf, retiringOf } from '../domain/versions';
import { remember } from './check';
import { AdminError } from './errors';
import { deactivatedWithin, liveIn } from './fleet-guards';
import { type Keys, probeKeys, read } from './observe';
import type { AdminAnswer, AdminApi, AdminRequest, FleetRecord, SecretDescription } from './ports';
import { compose, deliver } from './tell';
import type { World } from './world';

/** What the one function with Admin access may reach besides. */
export interface AdminWorld extends World {
  readonly api: AdminApi;
}

/** Usage is asked over this window before a key is called idle. */
const IDLE_WINDOW = 48 * HOUR;

/** Answers one request. What it is told is a hint: target and reason are derived here, from labels, a fresh probe and the listing. */
export async function administer(request: AdminRequest, world: AdminWorld): Promise<AdminAnswer> {
  if (request.verb === 'inspect-fleet') return { outcome: 'fleet', records: await world.api.records() };
  // Inspecting asks where a key lives, not whether it is surely dead: the check, which waits for this, asks that itself.
  const desk = await look(request.secretId, world, request.verb !== 'inspect');
  switch (request.verb) {
    case 'inspect':
      return {
        outcome: 'inspected',
        inspections: await Promise.all(keysToInspect(desk).map((v) => inspectKey(v, desk, world))),
      };
    case 'deactivate':
      return deactivate(request, desk, world);
    case 'reactivate':
      return reactivate(request, desk, world);
  }
}

/** A secret with all its keys, those that matter freshly probed, and every record that one of them could have. */
interface Desk {
  readonly secret: SecretDescription;
  readonly observation: Observation;
  readonly keys: Keys;
  readonly records: readonly FleetRecord[];
}

async function look(secretId: string, world: AdminWorld, confirm: boolean): Promise<Desk> {
  const { secret, observation, keys } = await read(secretId, world, true);
  const [answered, records] = await Promise.all([
    probeKeys(observation, keys, world, confirm),
    world.api.records(),
  ]);
  // It has Admin access itself, and its mails name the commands that need it.
  return { secret, observation: { ...answered, adminAccess: true }, keys, records };
}

const keysToInspect = ({ observation }: Desk): readonly KeyVersion[] => {
  const current = currentOf(observation);
  const live = current?.content.kind === 'key' ? [current] : [];
  return [...live, ...retiringOf(observation).map(({ version }) => version)];
};

/** The one record that can be this key's; an answer of the key says which workspace it lives in. */
function recordOf(
  version: KeyVersion | undefined,
  { keys, records, observation }: Desk,
): RecordMatch<FleetRecord> {
  const key: ApiKey | undefined = version && keys.get(version.id);
  if (!key) return { why: 'the key could not be read' };
  const workspaceId = version?.verdict?.evidence.workspaceId ?? observation.expectedHome.workspaceId;
  return matchRecord(key, workspaceId, records);
}

async function inspectKey(version: KeyVersion, desk: Desk, world: AdminWorld): Promise<Inspection> {
  const fingerprint = fingerprintOf(version)!;
  const match = recordOf(version, desk);
  if (!match.record) return { fingerprint, noRecord: match.why };
  const now = world.clock.now();
  const { record } = match;
  if (version.current) return { fingerprint, record, spike: await world.api.spike(record.id, now) };
  const from = usedSince(desk.observation, fingerprint, now);
  return { fingerprint, record, usage: await usageOf(record.id, from, now, world) };
}

/** From when on use of a superseded key counts: what it did while it was the live one says nothing. */
function usedSince({ memory: { timeline } }: Observation, fingerprint: string, now: Date): Date {
  const since = timeline.fingerprint === fingerprint ? timeline.promotedAt : undefined;
  // Anthropic counts by the hour, and the hour of the promotion belongs to both.
  const after = since ? Math.ceil(since.getTime() / HOUR) * HOUR : 0;
  return new Date(Math.max(now.getTime() - IDLE_WINDOW, after));
}

async function usageOf(recordId: string, from: Date, to: Date, { api }: AdminWorld): Promise<Usage> {
  if (to.getTime() - from.getTime() < HOUR)
    return { kind: 'unknown', reason: 'it was superseded less than an hour ago' };
  return api.usage(recordId, { from, to });
}

type DeactivateRequest = Extract<AdminRequest, { verb: 'deactivate' }>;

/** Switches a key off, reversibly, when every guard lets it through: record, alert, then act. */
async function deactivate(request: DeactivateRequest, desk: Desk, world: AdminWorld): Promise<AdminAnswer> {
  const facts = await gatherFacts(request, desk, world);
  const held = heldBackBy(facts);
  if (held) return refuse(desk, held.name, held.why, world);
  const record = facts.record!;
  const contains = request.order?.kind === 'contain';
  if (record.status !== 'active') {
    if (contains)
      await remember(desk.secret, withLeak(memoryFromTags(desk.secret.tags), facts.target, facts.now), world);
    return { outcome: 'already-done', recordId: record.id };
  }
  // A leak is stopped even while mail is down or no tag can be written; everything else waits until people could know.
  const stopped = await announce(request, facts, desk, world).catch((error: unknown) => {
    if (!contains) throw error;
    world.log.error('Containment not recorded', { secret: desk.secret.name, error: String(error) });
    return undefined;
  });
  if (stopped && !contains) {
    await takeBack(facts.target, desk, world);
    return refuse(desk, stopped.name, stopped.why, world);
  }
  try {
    await world.api.setStatus(record.id, 'inactive');
  } catch (error) {
    await takeBack(facts.target, desk, world);
    throw error;
  }
  world.log.info('Key deactivated', {
    secret: desk.secret.name,
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
  { secret, observation }: Desk,
  world: AdminWorld,
): Promise<{ name: string; why: string } | undefined> {
  const known = memoryFromTags(secret.tags);
  const told = announcement(request, { target, now, ...facts });
  const same = known.timeline.fingerprint === target;
  const timeline = { ...(same ? known.timeline : { fingerprint: target }), deactivatedAt: now };
  const memory = { ...(request.order?.kind === 'contain' ? withLeak(known, target, now) : known), timeline };
  await remember(secret, memory, world);
  const notice = compose(observation, told, world);
  const isNews = request.order !== undefined || known.notices[told.id] !== told.rung;
  if (isNews && !(await deliver(notice, world)))
    return {
      name: 'notice',
      why: 'the notice of it could not be sent, and nothing is switched off unannounced',
    };
  const notices = { ...memory.notices, [told.id]: told.rung };
  await remember(secret, { ...memory, notices, sent: withSent(memory.sent, notice.id) }, world);
  if (request.order?.kind === 'contain') return undefined;
  const { observation: again } = await read(secret.arn, world);
  if (fingerprintOf(currentOf(again)) === target)
    return { name: 'not-the-live-key', why: 'it has become the live key meanwhile' };
  const earlier = await deactivatedWithin(HOUR, { at: now, arn: secret.arn }, world);
  return !request.order && earlier >= MOST_PER_HOUR
    ? { name: 'hourly-limit', why: 'others were switched off at the same moment' }
    : undefined;
}

/** It was recorded as switched off, and is not. */
async function takeBack(target: string, { secret: { arn } }: Desk, world: AdminWorld): Promise<void> {
  const secret = await world.store.describe(arn);
  const memory = memoryFromTags(secret.tags);
  const { deactivatedAt: _, ...timeline } = memory.timeline;
  if (timeline.fingerprint === target) await remember(secret, { ...memory, timeline }, world);
}

function refuse(desk: Desk, guard: string, why: string, { log }: World): AdminAnswer {
  log.warn('Deactivation refused', { secret: desk.secret.name, guard });
  return { outcome: 'refused', guard, why };
}

async function gatherFacts(
  request: DeactivateRequest,
  desk: Desk,
  world: AdminWorld,
): Promise<DeactivationFacts> {
  const now = world.clock.now();
  const order = request.order?.kind;
  const { observation } = desk;
  const target = observation.versions.find((v) => fingerprintOf(v) === request.fingerprint);
  const match = recordOf(target, desk);
  const { record } = match;
  const live = recordOf(currentOf(observation), desk);
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
    sameOrganization: organizationSeen(target, observation) === organization.id,
    liveElsewhere: order === 'contain' ? [] : await liveIn(request.fingerprint, desk.secret.arn, world),
    lastHour:
      order === 'contain' ? 0 : await deactivatedWithin(HOUR, { at: now, arn: desk.secret.arn }, world),
    now,
  };
}

/** The organization that answered for the target, else the configured one. */
const organizationSeen = (target: KeyVersion | undefined, o: Observation) =>
  target?.verdict?.evidence.organizationId ?? o.expectedHome.organizationId;

function announcement(
  request: DeactivateRequest,
  { observation, target, record }: DeactivationFacts,
): Finding {
  const version = observation.versions.find((v) => fingerprintOf(v) === target);
  const key = refOf(version)!;
  if (request.order?.kind === 'contain') {
    const { reason } = request.order;
    const details = { leaked: key, state: 'switching-off' as const, reason, live: version?.current === true };
    return finding('contained', 'off', details, target);
  }
  const why = request.order
    ? `Ordered by ${request.order.by}: ${request.order.reason}`
    : 'Its grace is over and it was not used within the last 48 hours.';
  return finding('deactivating', '0', { retiring: key, recordId: record!.id, why }, target);
}

/** The way back, as long as the key was not archived. */
async function reactivate(
  request: Extract<AdminRequest, { verb: 'reactivate' }>,
  desk: Desk,
  world: AdminWorld,
): Promise<AdminAnswer> {
  const target = desk.observation.versions.find((v) => fingerprintOf(v) === request.fingerprint);
  const match = recordOf(target, desk);
  if (!match.record) return refuse(desk, 'record-matched', match.why, world);
  const { id } = await world.api.organization();
  if (organizationSeen(target, desk.observation) !== id)
    return refuse(desk, 'same-organization', 'the Admin access belongs to another organization', world);
  if (match.record.status === 'active') return { outcome: 'already-done', recordId: match.record.id };
  try {
    await world.api.setStatus(match.record.id, 'active');
  } catch (error) {
    if (error instanceof AdminError && error.failure !== 'unavailable') {
      return refuse(desk, error.failure, error.message, world);
    }
    throw error;
  }
  const memory = memoryFromTags(desk.secret.tags);
  const { deactivatedAt, ...timeline } = memory.timeline;
  const over = memory.timeline.fingerprint === request.fingerprint && deactivatedAt !== undefined;
  await remember(
    desk.secret,
    withoutLeak(over ? { ...memory, timeline } : memory, request.fingerprint),
    world,
  );
  world.log.info('Key reactivated', {
    secret: desk.secret.name,
    fingerprint: request.fingerprint,
    record: match.record.id,
  });
  return { outcome: 'reactivated', recordId: match.record.id };
}
