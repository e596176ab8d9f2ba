import { ordersName } from '../contract/names';
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
import type { AdminAnswer, AdminApi, AdminRequest } from './ports';
import { reactivate } from './reactivate';

/**
 * Answers one request. The request is a hint: target and reason are derived here, from labels, a fresh probe and the listing. An order by the
 * wrong door is refused before Admin access is opened.
 */
export async function administer(
  request: AdminRequest,
  { openApi, ...others }: Omit<AdminPorts, 'api'> & { readonly openApi: () => Promise<AdminApi> },
): Promise<AdminAnswer> {
  if (isOrder(request) && !others.door.forOrders) return refuseAtDoor(request, others);
  const ports: AdminPorts = { ...others, api: await openApi() };
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
    why: `people's orders go through ${orders}, which the responder policy allows: bring this checkout to the deployed release (git pull, npm ci) and repeat the command, or send the order with aws lambda invoke --function-name ${orders}`,
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
