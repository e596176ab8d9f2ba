import { memoryFromTags } from '../contract/memory-tags';
import type { Finding } from '../domain/findings/catalogue';
import { deactivating } from '../domain/findings/kinds/deactivating';
import { switchingOff } from '../domain/findings/kinds/leaked';
import { shortId } from '../domain/key';
import { notDeactivated, timelineAbout, withoutTold } from '../domain/memory';
import { type DeactivationFacts, heldBackBy, MOST_PER_HOUR } from '../domain/rotation/deactivation';
import { changeKnown } from '../domain/rotation/remember';
import { fingerprintOf, refOf } from '../domain/secret';
import { HOUR } from '../domain/time';
import { orderedBy } from '../domain/wording/phrases';
import {
  type AdminPorts,
  type AdminSubject,
  organizationOf,
  type PreparedChange,
  recordOf,
  refuse,
  usageOf,
} from './admin-subject';
import { read } from './fetch-secret';
import { deactivatedWithin, liveElsewhere } from './key-holders';
import type { AdminAnswer, AdminRequest } from './ports';
import { compose, tellFirst } from './send-notices';
import { writeMemory } from './write-secret';

type DeactivateRequest = Extract<AdminRequest, { verb: 'deactivate' }>;

/** Switches a key off, reversibly, when every guard lets it through: record, alert, then act. */
export async function deactivate(
  request: DeactivateRequest,
  subject: AdminSubject,
  ports: AdminPorts,
): Promise<AdminAnswer | PreparedChange> {
  const facts = await gatherFacts(request, subject, ports);
  const held = heldBackBy(facts);
  if (held) return refuse(subject, held.name, held.why, ports);
  const record = facts.record!;
  if (record.status !== 'active') return { outcome: 'already-done', recordId: record.id };
  return { recordId: record.id, perform: () => switchOff(request, facts, record.id, subject, ports) };
}

async function switchOff(
  request: DeactivateRequest,
  facts: DeactivationFacts,
  recordId: string,
  subject: AdminSubject,
  ports: AdminPorts,
): Promise<AdminAnswer> {
  const contains = request.order?.kind === 'contain';
  // A leak is stopped even while mail is down or no tag can be written. Everything else waits until people can know.
  const stopped = await announce(request, facts, subject, ports).catch((error: unknown) => {
    if (!contains) throw error;
    ports.log.error('Containment not recorded', { secret: subject.secret.name, error: String(error) });
    return undefined;
  });
  if (stopped && !contains) {
    await undoRecord(facts.target, subject, ports);
    return refuse(subject, stopped.name, stopped.why, ports);
  }
  try {
    await ports.api.setStatus(recordId, 'inactive');
  } catch (error) {
    await undoRecord(facts.target, subject, ports);
    throw error;
  }
  ports.log.info('Key deactivated', {
    secret: subject.secret.name,
    fingerprint: facts.target,
    record: recordId,
    claimedBy: request.order?.by,
    requestId: ports.door.requestId,
  });
  return { outcome: 'deactivated', recordId };
}

/**
 * Records what is about to happen, tells people, and reads again: meanwhile the key may have become live, or the hourly limit may be
 * used up. Returns the guard that refuses, if any.
 */
async function announce(
  request: DeactivateRequest,
  { target, now, ...facts }: DeactivationFacts,
  { secret, observation }: AdminSubject,
  ports: AdminPorts,
): Promise<{ name: string; why: string } | undefined> {
  const known = memoryFromTags(secret.tags);
  const finding = findingFor(request, { target, now, ...facts }, ports.door);
  const timeline = { ...timelineAbout(known, target), deactivatedAt: now };
  const memory = { ...known, timeline };
  const recorded = await writeMemory(secret, memory, ports);
  const notice = compose(observation, finding, ports);
  // Each order is announced anew. An event that is missing holds nothing back: people know, and a check sends it.
  const before = request.order ? withoutTold(memory, finding.id) : memory;
  const told = await tellFirst(notice, finding, before, ports);
  await writeMemory(recorded, told.heard || told.emitted ? told.memory : memory, ports);
  if (!told.heard)
    return { name: 'notice', why: 'its notice could not be sent, and nothing is switched off unannounced' };
  if (request.order?.kind === 'contain') return undefined;
  const { observation: latest } = await read(secret.arn, ports);
  if (fingerprintOf(latest.live) === target)
    return { name: 'not-the-live-key', why: 'it has become the live key in the meantime' };
  if (request.order) return undefined;
  const earlier = await deactivatedWithin(HOUR, { at: now, arn: secret.arn }, ports);
  return earlier >= MOST_PER_HOUR
    ? { name: 'hourly-limit', why: 'others were switched off at the same moment' }
    : undefined;
}

/** Removes the record of a deactivation that did not happen. */
async function undoRecord(
  target: string,
  { secret: { arn } }: AdminSubject,
  ports: AdminPorts,
): Promise<void> {
  const secret = await ports.store.describe(arn);
  await writeMemory(secret, notDeactivated(memoryFromTags(secret.tags), target), ports);
}

async function gatherFacts(
  request: DeactivateRequest,
  subject: AdminSubject,
  ports: AdminPorts,
): Promise<DeactivationFacts> {
  const now = ports.clock.now();
  const { fingerprint, order } = request;
  const contains = order?.kind === 'contain';
  const { observation, secret } = subject;
  const target = observation.versions.find((v) => fingerprintOf(v) === fingerprint);
  const { record } = recordOf(target, subject);
  const organization = await ports.api.organization();
  return {
    observation,
    target: fingerprint,
    order: order?.kind,
    record,
    liveRecordId: recordOf(observation.live, subject).record?.id,
    // A leak needs fewer guards, and a lookup that no guard needs must not keep it from being stopped.
    usage: record && !order ? await usageOf(record.id, fingerprint, subject, now, ports) : undefined,
    sameOrganization: organizationOf(target, observation) === organization.id,
    liveElsewhere: contains ? [] : await liveElsewhere(fingerprint, secret.arn, ports),
    consumers: order ? [] : await ports.consumers.look(observation.key, changeKnown(observation)),
    lastHour: contains ? 0 : await deactivatedWithin(HOUR, { at: now, arn: secret.arn }, ports),
    now,
  };
}

function findingFor(
  { order }: DeactivateRequest,
  facts: DeactivationFacts,
  { requestId }: AdminPorts['door'],
): Finding {
  const { observation, target, record } = facts;
  const version = observation.versions.find((v) => fingerprintOf(v) === target);
  const key = refOf(version)!;
  const reason = order && said(order.reason, 'no reason given');
  const ordered = order && { by: said(order.by, 'somebody unnamed'), requestId };
  if (order?.kind === 'contain')
    // Several versions may hold the key: the one that was submitted, and the one that its rotation made live.
    return switchingOff({ leaked: key, reason, live: fingerprintOf(observation.live) === target, ordered });
  const why = ordered
    ? `${orderedBy(ordered)}: ${reason}`
    : 'Its grace is over and it was not used within the last 48 hours.';
  return deactivating.find({ retiring: key, recordId: record!.id, why }, { about: shortId(target) });
}

/** A word of a request that nobody typed in our command line: it may be missing, and a leak is stopped and told all the same. */
const said = (word: unknown, otherwise: string) =>
  typeof word === 'string' && word !== '' ? word : otherwise;
