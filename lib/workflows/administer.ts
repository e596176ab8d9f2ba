import { ordersName } from '../contract/names';
import type { Inspection } from '../domain/console/record';
import type { OrganizationListing } from '../domain/inventory/listing';
import { fingerprintOf, type KeyVersion } from '../domain/secret';
import { DAY, plus } from '../domain/time';
import {
  type AdminPorts,
  type AdminSubject,
  readSubject,
  recordOf,
  usageOf,
  usedSince,
} from './admin-subject';
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
  if (asked.verb === 'inspect-fleet') return { outcome: 'fleet', records: await ports.api.records() };
  if (asked.verb === 'inspect-organization')
    return { outcome: 'organization', listing: await listOrganization(asked.idleDays, ports) };
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
async function listOrganization(idleDays: number, { api, clock }: AdminPorts): Promise<OrganizationListing> {
  const now = clock.now();
  const [organization, records, members, workspaces, feed, uses] = await Promise.all([
    api.organization(),
    api.records(),
    api.members(),
    api.workspaces(),
    api.activities(plus(now, -FEED_DAYS * DAY)),
    api.lastUses(now, idleDays),
  ]);
  return { organization, records, members, workspaces, feed, uses };
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

/** What only a person may want: it overrides guards, or switches a key on. */
const isOrder = (request: AdminRequest) =>
  request.verb === 'reactivate' || (request.verb === 'deactivate' && request.order !== undefined);

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
  if (!record) return { fingerprint };
  const now = ports.clock.now();
  if (version.current) return { fingerprint, record, spike: await ports.api.spike(record.id, now) };
  const from = usedSince(subject.observation, fingerprint, now);
  return { fingerprint, record, usage: await usageOf(record.id, from, now, ports) };
}
