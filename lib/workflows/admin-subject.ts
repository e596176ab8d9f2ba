import type { SecretDescription } from '../contract/read-secret';
import { type ConsoleRecord, matchRecord, type RecordMatch } from '../domain/console/record';
import type { Usage } from '../domain/console/usage';
import { timelineOf } from '../domain/memory';
import { homeOf, type KeyVersion, type Observation } from '../domain/secret';
import { elapsed, HOUR } from '../domain/time';
import { type Keys, read } from './fetch-secret';
import { probeKeys } from './observe';
import type { AdminAnswer, AdminApi, Ports } from './ports';

/** How a request came in. */
export interface Door {
  /** Whether it is the one for people's orders, which no function's role may invoke. */
  readonly forOrders: boolean;
  /** Lambda's id of the request. CloudTrail's data events name its caller; to the function Lambda names nobody. */
  readonly requestId: string;
}

/** The ports of the one function with Admin access. */
export interface AdminPorts extends Ports {
  readonly api: AdminApi;
  readonly door: Door;
}

/** A secret with all its keys, the relevant ones freshly probed, and Anthropic's records of keys. */
export interface AdminSubject {
  readonly secret: SecretDescription;
  readonly observation: Observation;
  readonly keys: Keys;
  readonly records: readonly ConsoleRecord[];
}

/** Reads a secret and Anthropic's records. Without `confirm` no death is proven, which saves a minute. */
export async function readSubject(
  secretId: string,
  ports: AdminPorts,
  confirm: boolean,
): Promise<AdminSubject> {
  const { secret, observation, keys } = await read(secretId, ports, { every: true });
  const [answered, records] = await Promise.all([
    probeKeys(observation, keys, ports, confirm),
    ports.api.records(),
  ]);
  // This function has Admin access itself, and its mails name the commands that need it.
  return { secret, observation: { ...answered, adminAccess: true }, keys, records };
}

/** The only record that can be this key's. The key's own answer says which workspace it lives in. */
export function recordOf(
  version: KeyVersion | undefined,
  { keys, records, observation }: AdminSubject,
): RecordMatch<ConsoleRecord> {
  const key = version && keys.get(version.id);
  if (!key) return { why: 'the key could not be read' };
  const workspaceId = version?.verdict?.evidence.workspaceId ?? observation.expectedHome.workspaceId;
  return matchRecord(key, workspaceId, records);
}

/** The organization of the target by its answer, else of the live key, else the one where this environment's keys must live. */
export const organizationOf = (target: KeyVersion | undefined, o: Observation) =>
  target?.verdict?.evidence.organizationId ??
  o.live?.verdict?.evidence.organizationId ??
  homeOf(o).organizationId;

/** Window without use after which a key counts as idle. */
const IDLE_WINDOW = 48 * HOUR;

/** When use of a superseded key starts to count: not while it was the live one. */
function usedSince({ memory }: Observation, fingerprint: string, now: Date): Date {
  const since = timelineOf(memory, fingerprint).promotedAt;
  // Anthropic counts by the hour, and both keys were used in the hour of the promotion.
  const after = since ? Math.ceil(since.getTime() / HOUR) * HOUR : 0;
  return new Date(Math.max(now.getTime() - IDLE_WINDOW, after));
}

/** Whether a superseded key was used since it was superseded, within the window. */
export async function usageOf(
  recordId: string,
  fingerprint: string,
  subject: AdminSubject,
  to: Date,
  { api }: AdminPorts,
): Promise<Usage> {
  const { observation } = subject;
  const from = usedSince(observation, fingerprint, to);
  if (elapsed(from, to) < HOUR) return { kind: 'unknown', reason: 'superseded' };
  return api.usage(recordId, { from, to }, recordOf(observation.live, subject).record?.id);
}

/** A change that nothing holds back. It has not been made yet. */
export interface PreparedChange {
  readonly recordId: string;
  perform(): Promise<AdminAnswer>;
}

/** Logs and answers a refusal, with the guard that caused it. */
export function refuse(
  subject: AdminSubject,
  guard: string,
  why: string,
  { log, door }: AdminPorts,
): AdminAnswer {
  log.warn('Deactivation refused', { secret: subject.secret.name, guard, requestId: door.requestId });
  return { outcome: 'refused', guard, why };
}
