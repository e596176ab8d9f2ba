import { isQuieted, NEEDS } from '../findings/catalogue';
import type { FleetRow } from './row';

export type ReportedRow = Pick<
  FleetRow,
  | 'key'
  | 'findings'
  | 'hint'
  | 'ageDays'
  | 'maxAgeDays'
  | 'dueAt'
  | 'verdict'
  | 'retiring'
  | 'expiresAt'
  | 'personal'
  | 'snooze'
>;

/** A row with its worst finding. */
export interface Needy {
  readonly row: ReportedRow;
  readonly rank: number;
  readonly need: (typeof NEEDS)[number];
}

/** The fleet in three parts, each with the worst and oldest first. */
export interface Triage {
  readonly needy: readonly Needy[];
  /** Would need someone, but for an exemption. */
  readonly snoozed: readonly Needy[];
  readonly fine: readonly ReportedRow[];
}

export function triage(rows: readonly ReportedRow[]): Triage {
  const needy: Needy[] = [];
  const snoozed: Needy[] = [];
  const fine: ReportedRow[] = [];
  for (const row of rows) {
    const { findings, snooze } = row;
    const open = NEEDS.findIndex(
      ({ kind }) => findings.includes(kind) && !isQuieted(kind, snooze !== undefined),
    );
    const rank = open >= 0 ? open : NEEDS.findIndex(({ kind }) => findings.includes(kind));
    if (rank < 0) fine.push(row);
    else (open >= 0 ? needy : snoozed).push({ row, rank, need: NEEDS[rank]! });
  }
  fine.sort((a, b) => age(b) - age(a));
  return { needy: needy.sort(byUrgency), snoozed: snoozed.sort(byUrgency), fine };
}

const byUrgency = (a: Needy, b: Needy) => a.rank - b.rank || age(b.row) - age(a.row);

/** Share of the allowed age: the nearest deadline has the highest. */
const age = ({ ageDays = 0, maxAgeDays }: ReportedRow) => ageDays / maxAgeDays;
