import type { FindingKind } from '../finding';
import { NEVER_SNOOZED } from '../notice-plan';
import type { Verb } from './commands';
import type { FleetRow } from './fleet';

interface Need {
  readonly kind: FindingKind;
  /** The state in at most 16 characters. */
  readonly word: string;
  readonly next: string;
  readonly verb: Verb;
}

const need = (kind: FindingKind, word: string, next: string, verb: Verb): Need => ({
  kind,
  word,
  next,
  verb,
});

/** What needs someone, the worst first. Kinds that are not here need no one. */
export const NEEDS: readonly Need[] = [
  need('dead', 'DEAD', 'put in a new key', 'submit'),
  need('contained', 'LEAKED', 'stop the key, and replace it if it is live', 'show'),
  need('foreign', 'wrong workspace', 'put in a key of the right workspace', 'submit'),
  need('direct-edit-refused', 'bad edit', 'put in a good key', 'submit'),
  need('not-a-key', 'no key', 'ask why, or put in a key', 'submit'),
  need('zombie', 'old key alive', 'switch the old key off', 'show'),
  need('usage-spike', 'usage spike', 'see whether the key has leaked', 'show'),
  need('blocked', 'blocked', 'settle it in the Claude Console', 'show'),
  need('overdue', 'overdue', 'rotate now', 'submit'),
  need('unwatched', 'unwatched', 'find out why it is not checked', 'doctor'),
  need('inconclusive', 'no clear answer', 'look at the network path', 'doctor'),
  need('unproven', 'not proven dead', 'look at the old key in the Console', 'show'),
  need('submission-stuck', 'submission waits', 'see what holds it up', 'doctor'),
  need('awaiting-first-key', 'no key yet', 'create the first key', 'submit'),
  need('grace-over', 'grace is over', 'switch the old key off', 'show'),
  need('expires-soon', 'expires soon', 'rotate before it expires', 'submit'),
  need('due', 'due', 'rotate', 'submit'),
  need('dies-with-its-owner', 'personal key', 'replace it by a service account key', 'submit'),
];

/** A row with the worst that is true of it. */
export interface Needy {
  readonly row: FleetRow;
  readonly rank: number;
  readonly need: Need;
}

/** The fleet in three parts, the worst and oldest of each first. */
export interface Triage {
  readonly needy: readonly Needy[];
  /** Would need someone, had nobody been told to leave it until a day. */
  readonly snoozed: readonly Needy[];
  readonly fine: readonly FleetRow[];
}

/** Parts the fleet into keys that need someone, those of which an exemption says that they wait, and those that are fine. */
export function triage(rows: readonly FleetRow[]): Triage {
  const needy: Needy[] = [];
  const snoozed: Needy[] = [];
  const fine: FleetRow[] = [];
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
const age = ({ ageDays = 0, maxAgeDays }: FleetRow) => ageDays / maxAgeDays;
