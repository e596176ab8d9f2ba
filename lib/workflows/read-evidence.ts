import type { Fleet } from '../domain/fleet';
import type { AuditSources } from '../domain/fleet-audit';
import type { TrailReader } from './ports';
import { historyFromTrail } from './trail-history';

/** Gathers who did what to the keys of a fleet, for its audit. A trail that may not be read is said on it, and is no error. */
export async function readEvidence(
  trail: TrailReader,
  { rows }: Pick<Fleet, 'rows'>,
): Promise<Pick<AuditSources, 'evidence' | 'trail'>> {
  const read = await trail.read();
  if (!read.readable) return { trail: read };
  const { readable, since, events } = read;
  return {
    trail: { readable, since },
    evidence: new Map(rows.map(({ key }) => [key.secretArn, historyFromTrail(events, key)])),
  };
}
