import { memoryFromTags } from '../contract/memory-tags';
import type { ApiKey } from '../domain/api-key';
import { type DeactivationFacts, heldBackBy } from '../domain/deactivation';
import type { Finding } from '../domain/finding';
import { finding } from '../domain/make-finding';
import { matchRecord, type RecordMatch } from '../domain/match-record';
import type { Inspection, KeyVersion, Observation } from '../domain/observation';
import { HOUR, plus } from '../domain/time';
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
  return { secret, observation: answered, keys, records };
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
  return { fingerprint, record, usage: await usageOf(record.id, now, world) };
}

const usageOf = (recordId: string, now: Date, { api }: AdminWorld) =>
  api.usage(recordId, { from: plus(now, -IDLE_WINDOW), to: now });

type DeactivateRequest = Extract<AdminRequest, { verb: 'deactivate' }>;

/** Switches a key off, reversibly, when every guard lets it through: record, alert, then act. */
async function deactivate(request: DeactivateRequest, desk: Desk, world: AdminWorld): Promise<AdminAnswer> {
  const facts = await gatherFacts(request, desk, world);
  const held = heldBackBy(facts);
  if (held) {
    world.log.warn('Deactivation refused', { secret: desk.secret.name, guard: held.name });
    return { outcome: 'refused', guard: held.name, why: held.why };
  }
  const record = facts.record!;
  if (record.status !== 'active') return { outcome: 'already-done', recordId: record.id };
  const memory = memoryFromTags(desk.secret.tags);
  const same = memory.timeline.fingerprint === facts.target;
  const timeline = { ...(same ? memory.timeline : { fingerprint: facts.target }), deactivatedAt: facts.now };
  await remember(desk.secret, { ...memory, timeline }, world);
  const told = await deliver(compose(desk.observation, announcement(request, facts), world), world);
  // A leak is stopped even while mail is down; everything else waits until people could know.
  if (!told && request.order?.kind !== 'contain') {
    return {
      outcome: 'refused',
      guard: 'notice',
      why: 'the notice of it could not be sent, and nothing is switched off unannounced',
    };
  }
  await world.api.setStatus(record.id, 'inactive');
  world.log.info('Key deactivated', {
    secret: desk.secret.name,
    fingerprint: facts.target,
    record: record.id,
    by: request.order?.by,
  });
  return { outcome: 'deactivated', recordId: record.id };
}

async function gatherFacts(
  request: DeactivateRequest,
  desk: Desk,
  world: AdminWorld,
): Promise<DeactivationFacts> {
  const now = world.clock.now();
  const { observation } = desk;
  const target = observation.versions.find((v) => fingerprintOf(v) === request.fingerprint);
  const match = recordOf(target, desk);
  const { record } = match;
  const live = recordOf(currentOf(observation), desk);
  const organization = await world.api.organization();
  return {
    observation,
    target: request.fingerprint,
    order: request.order?.kind,
    record,
    liveRecordId: live.record?.id,
    usage: record && (await usageOf(record.id, now, world)),
    sameOrganization: organizationSeen(target, observation) === organization.id,
    liveElsewhere: await liveIn(request.fingerprint, desk.secret.arn, world),
    lastHour: await deactivatedWithin(HOUR, now, world),
    now,
  };
}

/** The organization that answered for the target, else for the live key of the same environment, else the configured one. */
const organizationSeen = (target: KeyVersion | undefined, o: Observation) =>
  target?.verdict?.evidence.organizationId ?? o.expectedHome.organizationId;

function announcement(
  request: DeactivateRequest,
  { observation, target, record }: DeactivationFacts,
): Finding {
  const version = observation.versions.find((v) => fingerprintOf(v) === target);
  const key = refOf(version)!;
  if (request.order?.kind === 'contain') {
    const serviceStops = version?.current === true;
    const { reason } = request.order;
    return finding('contained', '0', { leaked: key, reason, by: 'deactivation', serviceStops }, target);
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
  if (!match.record) return { outcome: 'refused', guard: 'record-matched', why: match.why };
  if (match.record.status === 'active') return { outcome: 'already-done', recordId: match.record.id };
  try {
    await world.api.setStatus(match.record.id, 'active');
  } catch (error) {
    if (error instanceof AdminError && error.failure !== 'unavailable') {
      return { outcome: 'refused', guard: error.failure, why: error.message };
    }
    throw error;
  }
  world.log.info('Key reactivated', {
    secret: desk.secret.name,
    fingerprint: request.fingerprint,
    record: match.record.id,
  });
  return { outcome: 'reactivated', recordId: match.record.id };
}
