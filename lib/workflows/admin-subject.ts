import type { SecretDescription } from '../contract/read-secret';
import type { ConsoleRecord } from '../domain/console/record';
import { matchRecord, type RecordMatch } from '../domain/console/record';
import type { Usage } from '../domain/console/usage';
import type { ApiKey } from '../domain/key';
import { timelineOf } from '../domain/memory';
import type { KeyVersion, Observation } from '../domain/secret';
import { homeOf } from '../domain/secret';
import { HOUR } from '../domain/time';
import { type Keys, read } from './fetch-secret';
import { probeKeys } from './observe';
import type { AdminAnswer, AdminApi, Ports } from './ports';

/** What the one function with Admin access may reach besides. */
export interface AdminPorts extends Ports {
  readonly api: AdminApi;
}

/** A secret with all its keys, those that matter freshly probed, and every record that one of them could have. */
export interface AdminSubject {
  readonly secret: SecretDescription;
  readonly observation: Observation;
  readonly keys: Keys;
  readonly records: readonly ConsoleRecord[];
}

/** Looks at a secret and at Anthropic's records. Without `confirm` no death is proven, and no minute spent on it. */
export async function lookAt(secretId: string, ports: AdminPorts, confirm: boolean): Promise<AdminSubject> {
  const { secret, observation, keys } = await read(secretId, ports, true);
  const [answered, records] = await Promise.all([
    probeKeys(observation, keys, ports, confirm),
    ports.api.records(),
  ]);
  // It has Admin access itself, and its mails name the commands that need it.
  return { secret, observation: { ...answered, adminAccess: true }, keys, records };
}

/** The one record that can be this key's; an answer of the key says which workspace it lives in. */
export function recordOf(
  version: KeyVersion | undefined,
  { keys, records, observation }: AdminSubject,
): RecordMatch<ConsoleRecord> {
  const key: ApiKey | undefined = version && keys.get(version.id);
  if (!key) return { why: 'the key could not be read' };
  const workspaceId = version?.verdict?.evidence.workspaceId ?? observation.expectedHome.workspaceId;
  return matchRecord(key, workspaceId, records);
}

/** The organization that answered for the target, else for the live key, else the one where keys of this environment must live. */
export const organizationOf = (target: KeyVersion | undefined, o: Observation) =>
  target?.verdict?.evidence.organizationId ??
  o.live?.verdict?.evidence.organizationId ??
  homeOf(o).organizationId;

/** Usage is asked over this window before a key is called idle. */
const IDLE_WINDOW = 48 * HOUR;

/** From when on use of a superseded key counts: what it did while it was the live one says nothing. */
export function usedSince({ memory }: Observation, fingerprint: string, now: Date): Date {
  const since = timelineOf(memory, fingerprint).promotedAt;
  // Anthropic counts by the hour, and the hour of the promotion belongs to both.
  const after = since ? Math.ceil(since.getTime() / HOUR) * HOUR : 0;
  return new Date(Math.max(now.getTime() - IDLE_WINDOW, after));
}

export async function usageOf(recordId: string, from: Date, to: Date, { api }: AdminPorts): Promise<Usage> {
  if (to.getTime() - from.getTime() < HOUR)
    return { kind: 'unknown', reason: 'it was superseded less than an hour ago' };
  return api.usage(recordId, { from, to });
}

/** Says no, and which guard did. */
export function refuse(subject: AdminSubject, guard: string, why: string, { log }: Ports): AdminAnswer {
  log.warn('Deactivation refused', { secret: subject.secret.name, guard });
  return { outcome: 'refused', guard, why };
}
