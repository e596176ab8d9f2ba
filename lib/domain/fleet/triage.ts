import type { FindingKind } from '../findings/finding';
import { NEEDS, type Need } from '../findings/needs';
import { NEVER_SNOOZED } from '../findings/plan';
import type { ReportedRow } from '../notices/report-input';

/** A row with the worst that is true of it. */
export interface Needy {
  readonly row: ReportedRow;
  readonly rank: number;
  readonly need: Need;
}

/** The fleet in three parts, the worst and oldest of each first. */
export interface Triage {
  readonly needy: readonly Needy[];
  /** Would need someone, had nobody been told to leave it until a day. */
  readonly snoozed: readonly Needy[];
  readonly fine: readonly ReportedRow[];
}

/** Parts the fleet into keys that need someone, those of which an exemption says that they wait, and those that are fine. */
export function triage(rows: readonly ReportedRow[]): Triage {
  const needy: Needy[] = [];
  const snoozed: Needy[] = [];
  const fine: ReportedRow[] = [];
  for (const row of rows) {
    const holds = new Set<FindingKind>(row.findings);
    if (row.phase !== 'fresh') holds.add(row.phase);
    if (row.personal) holds.add('dies-with-its-owner');
    const hushed = (kind: FindingKind) => row.snooze !== undefined && !NEVER_SNOOZED.has(kind);
    const open = NEEDS.findIndex(({ kind }) => holds.has(kind) && !hushed(kind));
    const rank = open >= 0 ? open : NEEDS.findIndex(({ kind }) => holds.has(kind));
    if (rank < 0) fine.push(row);
    else (open >= 0 ? needy : snoozed).push({ row, rank, need: NEEDS[rank]! });
  }
  fine.sort((a, b) => age(b) - age(a));
  return { needy: needy.sort(byUrgency), snoozed: snoozed.sort(byUrgency), fine };
}

const byUrgency = (a: Needy, b: Needy) => a.rank - b.rank || age(b.row) - age(a.row);

/** Share of the allowed age, so that the nearest deadline comes first. */
const age = ({ ageDays = 0, maxAgeDays }: ReportedRow) => ageDays / maxAgeDays;
