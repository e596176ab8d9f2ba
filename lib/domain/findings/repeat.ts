import type { FindingKind } from './finding';

/** Days after the start of a finding on which it is told again: these, then every `every` days; 0 ends the ladder. */
interface Ladder {
  readonly days: readonly number[];
  readonly every: number;
}

const ONCE: Ladder = { days: [0], every: 0 };

const PATIENT: Ladder = { days: [0, 3], every: 7 };

const URGENT: Ladder = { days: [0, 1, 2], every: 7 };

/** How often each finding is repeated while it stays true. `due` and `expires-soon` count down instead. */
const LADDERS: Readonly<Partial<Record<FindingKind, Ladder>>> = {
  'awaiting-first-key': { days: [0, 1, 3, 7], every: 7 },
  overdue: PATIENT,
  dead: { days: [0], every: 1 },
  blocked: PATIENT,
  inconclusive: PATIENT,
  foreign: URGENT,
  'not-a-key': URGENT,
  'direct-edit-refused': URGENT,
  'submission-stuck': PATIENT,
  zombie: URGENT,
  unproven: URGENT,
  unwatched: URGENT,
  contained: URGENT,
};

/** The rung reached `elapsedDays` after a finding began, named by its day. */
export function rungOf(kind: FindingKind, elapsedDays: number): string {
  const { days, every } = LADDERS[kind] ?? ONCE;
  const last = days.at(-1)!;
  if (elapsedDays < last || every === 0) return String(days.findLast((day) => day <= elapsedDays) ?? days[0]);
  return String(last + Math.floor((elapsedDays - last) / every) * every);
}

/** The rung of a countdown: the smallest announced number of days that is not yet passed; undefined before the first. */
export function countdownRung(announced: readonly number[], daysLeft: number): string | undefined {
  const reached = announced.filter((days) => daysLeft <= days);
  return reached.length === 0 ? undefined : String(Math.min(...reached));
}
