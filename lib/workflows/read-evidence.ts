import type { Denial } from '../contract/people';
import { type AuditSources, LEFT_OUT, type LogState } from '../domain/audit/audit';
import type { FleetListing } from '../domain/fleet/fleet';
import type { HistoryEvent } from '../domain/history-event';
import type { EvidenceLog, EvidenceRead } from './operator-ports';
import type { TrailLookup, TrailReader, Unreadable } from './ports';
import { feedIn, historyFromReports } from './reported-history';
import { historyFromTrail } from './trail-history';

/** Where the history of keys is read from, besides the secrets themselves. */
export interface EvidenceSources {
  readonly trail: TrailReader;
  readonly evidenceLog: EvidenceLog;
}

export interface Evidence {
  readonly sources: Required<Pick<AuditSources, 'evidence' | 'trail' | 'logs'>>;
  /** What AWS answered where something could not be read, for whoever makes the audit. */
  readonly complaints: readonly Complaint[];
}

/** A source that could not be read, in AWS's words. */
interface Complaint {
  readonly text: string;
  readonly denial?: Denial;
  readonly environment?: string;
}

type Rows = Pick<FleetListing, 'rows'>;

const environmentsOf = ({ rows }: Rows) => [...new Set(rows.map(({ key }) => key.environment))].sort();

/** What an audit says instead of evidence where whoever makes it does not want to wait for it. Nothing is asked. */
export const evidenceLeftOut = (fleet: Rows): Evidence => ({
  sources: {
    evidence: new Map(),
    trail: { readable: false, why: LEFT_OUT },
    logs: environmentsOf(fleet).map((environment) => ({ environment, readable: false, why: LEFT_OUT })),
  },
  complaints: [],
});

/**
 * Gathers who did what to the keys of a fleet, for its audit. What cannot be read is stated in the audit and is no error. `looking` hears of each lookup
 * in CloudTrail, which takes the most time.
 */
export async function readEvidence(
  { trail, evidenceLog }: EvidenceSources,
  { rows }: Rows,
  looking?: (lookup: TrailLookup) => void,
): Promise<Evidence> {
  const environments = environmentsOf({ rows });
  const [calls, reports] = await Promise.all([
    trail.read(looking),
    Promise.all(environments.map(async (name) => [name, await evidenceLog.read(name)] as const)),
  ]);
  const reported = new Map(reports.map(([name, read]) => [name, read.readable ? read.events : []]));
  const historyFor = ({ key }: (typeof rows)[number]): readonly HistoryEvent[] => [
    ...(calls.readable ? historyFromTrail(calls.events, key) : []),
    ...historyFromReports(reported.get(key.environment)!, key.secretArn),
  ];
  return {
    sources: {
      evidence: new Map(rows.map((row) => [row.key.secretArn, historyFor(row)])),
      trail: calls.readable
        ? { readable: true, since: calls.since }
        : { readable: false, why: NO_TRAIL[calls.why] },
      logs: reports.map(([name, read]) => stateOf(name, read)),
    },
    complaints: [
      ...(calls.readable ? [] : [{ text: `AWS CloudTrail: ${calls.error}`, denial: calls.denial }]),
      ...reports.flatMap(([environment, read]) =>
        'error' in read
          ? [{ text: `Evidence log of ${environment}: ${read.error}`, denial: read.denial, environment }]
          : [],
      ),
    ],
  };
}

const NO_TRAIL: Readonly<Record<Unreadable['why'], string>> = {
  denied: 'whoever made it may not look events up (cloudtrail:LookupEvents)',
  throttled: 'others looked up too much at the same time; make it again later',
  unavailable: 'AWS did not answer; make it again later',
};

function stateOf(environment: string, read: EvidenceRead): LogState {
  if (!read.readable) return { environment, readable: false, why: NO_LOG[read.why](environment) };
  const { since, until, events } = read;
  const feed = feedIn(events);
  return { environment, readable: true, since, ...(until && { until }), ...(feed && { feed }) };
}

const NO_LOG: Readonly<Record<Unreadable['why'] | 'missing', (environment: string) => string>> = {
  missing: () => 'there is none yet; the next deployment creates it',
  denied: (environment) => `whoever made it lacks the policy anthropic-keys-${environment}-reader`,
  throttled: () => 'others read too much at the same time; make it again later',
  unavailable: () => 'AWS did not answer; make it again later',
};
