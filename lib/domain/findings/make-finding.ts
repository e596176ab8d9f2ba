import {
  type FindingDetails,
  type FindingKind,
  type FindingOf,
  findingAbout,
  findingId,
  type Severity,
} from './finding';

const SEVERITY: Readonly<Record<FindingKind, Severity>> = {
  'awaiting-first-key': 'warning',
  due: 'warning',
  overdue: 'critical',
  dead: 'critical',
  blocked: 'critical',
  inconclusive: 'warning',
  'expires-soon': 'warning',
  'dies-with-its-owner': 'warning',
  'usage-spike': 'critical',
  foreign: 'critical',
  'not-a-key': 'critical',
  'same-key-again': 'info',
  rejected: 'warning',
  'submission-stuck': 'warning',
  'rolled-back': 'critical',
  'direct-edit-refused': 'critical',
  rotated: 'info',
  'grace-over': 'warning',
  extended: 'warning',
  deactivating: 'warning',
  zombie: 'critical',
  unproven: 'warning',
  'rotation-complete': 'info',
  contained: 'critical',
  unwatched: 'critical',
  resolved: 'info',
};

/** How loudly a kind of finding is told. */
export const severityOf = (kind: FindingKind): Severity => SEVERITY[kind];

/** Makes a finding; `about` tells several of one kind apart. */
export function finding<K extends FindingKind>(
  kind: K,
  rung: string,
  details: FindingDetails[K],
  about?: string,
): FindingOf<K> {
  const id = about === undefined ? findingId(kind) : findingAbout(kind, about);
  return { kind, id, rung, severity: SEVERITY[kind], details } as FindingOf<K>;
}
