import { ordersName } from '../contract/names';
import type { ConsoleRecord, Inspection } from '../domain/console/record';
import { askedSince, whoCreated, whoSwitched } from '../domain/console/who';
import { fingerprintOf, type KeyVersion } from '../domain/secret';
import { DAY, HOUR, plus } from '../domain/time';
import { type AdminPorts, type AdminSubject, readSubject, recordOf, usageOf } from './admin-subject';
import { deactivate } from './deactivate';
import type { AdminAnswer, AdminApi, AdminChange, AdminRequest } from './ports';
import { readOnly } from './prepared';
import { reactivate } from './reactivate';

/**
 * Answers one request. The request is a hint: target and reason are derived here, from labels, a fresh probe and the listing. An order by the
 * wrong door is refused before Admin access is opened.
 */
export async function administer(
  request: AdminRequest,
  { openApi, ...others }: Omit<AdminPorts, 'api'> & { readonly openApi: () => Promise<AdminApi> },
): Promise<AdminAnswer> {
  const asked = request.verb === 'dry-run' ? request.of : request;
  if (isOrder(asked) && !others.door.forOrders) return refuseAtDoor(asked, others);
  const ports: AdminPorts = { ...others, api: await openApi() };
  if (asked.verb === 'inspect-fleet') return inspectFleet(asked, ports);
  if (asked.verb === 'inspect-federation')
    return { outcome: 'federation', federation: await ports.api.federation() };
  if (asked.verb === 'inspect-organization') return inspectOrganization(asked, ports);
  // Inspecting needs no confirmed death. The check, which waits for this answer, confirms deaths itself.
  const subject = await readSubject(asked.secretId, ports, asked.verb !== 'inspect');
  if (asked.verb === 'inspect')
    return {
      outcome: 'inspected',
      inspections: await Promise.all(keysToInspect(subject).map((v) => inspectKey(v, subject, ports))),
    };
  if (request.verb !== 'dry-run') {
    const prepared = await prepare(asked, subject, ports);
    return 'outcome' in prepared ? prepared : prepared.perform();
  }
  const prepared = await prepare(asked, withGraceOver(subject, asked, ports), readOnlyAdmin(ports));
  return 'outcome' in prepared ? prepared : { outcome: 'possible', recordId: prepared.recordId };
}

/** Days of the Activity Feed: a week, and the day of the report before. */
const FEED_DAYS = 8;

/** Reads each listing of the organization once. What is refused besides the keys themselves is unknown, and hides nothing else. */
async function inspectOrganization(
  { idleDays, listed = [] }: Extract<AdminRequest, { readonly verb: 'inspect-organization' }>,
  { api, clock }: AdminPorts,
): Promise<AdminAnswer> {
  const organization = await api.organization();
  if (listed.includes(organization.id)) return { outcome: 'listed-already', organizationId: organization.id };
  const now = clock.now();
  const [records, members, workspaces, feed, uses] = await Promise.all([
    api.records(),
    api.members(),
    api.workspaces(),
    api.activities(plus(now, -FEED_DAYS * DAY)),
    api.lastUses(now, idleDays),
  ]);
  return { outcome: 'organization', listing: { organization, records, members, workspaces, feed, uses } };
}

const prepare = (change: AdminChange, subject: AdminSubject, ports: AdminPorts) =>
  change.verb === 'deactivate' ? deactivate(change, subject, ports) : reactivate(change, subject, ports);

const readOnlyAdmin = (ports: AdminPorts): AdminPorts => ({
  ...readOnly(ports),
  api: { ...ports.api, setStatus: () => Promise.reject(new Error('A dry run changes no record.')) },
});

/** Whoever orders a key to be retired ends its grace first. */
function withGraceOver(subject: AdminSubject, change: AdminChange, { clock }: AdminPorts): AdminSubject {
  if (change.verb !== 'deactivate' || change.order?.kind !== 'retire') return subject;
  const { observation } = subject;
  const now = clock.now();
  const retiring = observation.retiring.map((old) =>
    old.ref.fingerprint === change.fingerprint && old.until > now ? { ...old, until: now } : old,
  );
  return { ...subject, observation: { ...observation, retiring } };
}

/** What only a person may want: it overrides guards, switches a key on, or looks at who is let into the organization. */
const isOrder = (request: AdminRequest) =>
  request.verb === 'reactivate' ||
  request.verb === 'inspect-federation' ||
  (request.verb === 'deactivate' && request.order !== undefined);

/** Every function of the environment may invoke this one. None of them may pass for a person. */
function refuseAtDoor({ verb }: AdminRequest, { env, door, log }: Omit<AdminPorts, 'api'>): AdminAnswer {
  const orders = ordersName(env.environment);
  log.warn('Order refused: it came by the door of the functions', { verb, requestId: door.requestId });
  return {
    outcome: 'refused',
    guard: 'orders-door',
    why: `people's orders go through ${orders}, which the responder policy allows: install the deployed release of the command line and repeat the command, or send the order with aws lambda invoke --function-name ${orders}`,
  };
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
  const [changes, use] = await Promise.all([
    whoChanged(version, record, subject, ports),
    record && useOf(version, record, subject, ports),
  ]);
  return { fingerprint, ...(record && { record }), ...use, ...changes };
}

async function useOf(
  version: KeyVersion,
  { id }: ConsoleRecord,
  subject: AdminSubject,
  ports: AdminPorts,
): Promise<Pick<Inspection, 'spike' | 'usage'>> {
  const now = ports.clock.now();
  if (version.current) return { spike: await ports.api.spike(id, now) };
  return { usage: await usageOf(id, fingerprintOf(version)!, subject, now, ports) };
}

/** Of a key that works and is known already nobody asks the feed. A dead key's answer names no workspace: its record may only be remembered. */
async function whoChanged(
  version: KeyVersion,
  matched: ConsoleRecord | undefined,
  { observation, records }: AdminSubject,
  { api, clock }: AdminPorts,
): Promise<Pick<Inspection, 'switched' | 'created'>> {
  const known = observation.memory.record;
  const remembered = known?.fingerprint === fingerprintOf(version) ? known : undefined;
  const record = matched ?? records.find(({ id }) => id === remembered?.id);
  if (!record) return {};
  const isOut = version.verdict?.evidence.status === 401 || record.status !== 'active';
  const since = askedSince(record.createdAt, outSince(version, observation) ?? clock.now());
  const isNew = version.current && !remembered && since < record.createdAt;
  if (!isOut && !isNew) return {};
  const feed = await api.activities(since, [record.id]);
  const created = isNew ? whoCreated(feed, record.id) : undefined;
  return { ...(isOut && { switched: whoSwitched(feed, record) }), ...(created && { created }) };
}

/** Since when the live key is known to be refused: what ended it came before. */
function outSince(
  version: KeyVersion,
  { memory: { verdict } }: AdminSubject['observation'],
): Date | undefined {
  if (verdict?.fingerprint !== fingerprintOf(version)) return undefined;
  return verdict?.kind === 'DEAD' ? verdict.since : verdict?.refusedSince;
}

/** All records, and whether the Activity Feed can be read: its last hour shows that as well as all of it. */
async function inspectFleet(
  { usage: wanted }: Extract<AdminRequest, { verb: 'inspect-fleet' }>,
  { api, clock }: AdminPorts,
): Promise<AdminAnswer> {
  const now = clock.now();
  const [records, feed, usage] = await Promise.all([
    api.records(),
    api.activities(plus(now, -HOUR)),
    wanted && api.usageSources(now),
  ]);
  const readable = feed.kind === 'read' ? ({ kind: 'read' } as const) : feed;
  return { outcome: 'fleet', records, feed: readable, ...(usage && { usage }) };
}
