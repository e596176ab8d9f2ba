import { type FindingKind, NEEDS } from '../findings/catalogue';
import { type Needy, type ReportedRow, type Triage, triage } from '../fleet/triage';
import { keyName } from '../policy';
import { utcDay } from '../time';
import { CALL, keys } from '../wording/commands';
import { absolute, address, ages, count, plain, section, wrap } from '../wording/text';
import { noticeId } from './notice';
import { verification } from './render';
import { type FleetReport, REPORT_SCHEMA, type ReportInput } from './report-input';
import { reportSections } from './report-sections';

/** The mail shows this many keys that need someone, and this many others; the rest is only counted. */
const MOST = 40;

/** Writes the fleet report of an environment: what needs someone first, counts for all. */
export function renderReport(fleet: ReportInput): FleetReport {
  const { environment, now, topicArn, rows, unreadable = [] } = fleet;
  const parts = triage(rows);
  const { needy, snoozed, fine } = parts;
  const id = noticeId(topicArn, `report.${environment}`, utcDay(now));
  const counts = countsFor(parts, unreadable.length);
  const subject = subjectOf(environment, counts);
  const summary = summaryOf(counts);
  const blocks = [
    wrap(`Keys of ${plain(environment, 40)} at ${absolute(now)}: ${summary}`),
    ...(needy.length > 0 ? [section('Need someone, worst first', capped(needy.map(needyBlock)))] : []),
    ...reportSections(fleet, parts),
    ...(fine.length > 0
      ? [section('Fine, nearest deadline first', [capped(fine.map(fineBlock)).join('\n')])]
      : []),
    ending(id),
  ];
  return {
    id,
    subject,
    text: `${blocks.join('\n\n')}\n`,
    brief: {
      fact: `Keys of ${plain(environment, 40)}: ${summary}`,
      steps: needy.map(({ row, need }) => `${plain(keyName(row.key), 60)}, ${need.word}: ${need.next}.`),
    },
    data: {
      schema: REPORT_SCHEMA,
      id,
      at: now.toISOString(),
      environment,
      keys: rows.length,
      unreadable: unreadable.length,
      snoozed: snoozed.length,
      needSomeone: countsOf(needy),
      rows: needy.slice(0, 200).map(({ row, need }) => ({
        key: keyName(row.key),
        owner: row.key.owner,
        worst: need.kind,
        ageDays: row.ageDays,
        maxAgeDays: row.maxAgeDays,
        dueAt: row.dueAt?.toISOString(),
      })),
    },
  };
}

/** A secret with unreadable policy tags counts as a key that needs someone. */
interface Counts {
  readonly all: number;
  readonly fine: number;
  readonly snoozed: number;
  readonly needy: number;
  /** Keys that need someone by their worst finding, `2 overdue`, the worst first. */
  readonly tally: readonly string[];
}

function countsFor({ needy, snoozed, fine }: Triage, unreadable: number): Counts {
  const counts = countsOf(needy);
  return {
    all: needy.length + snoozed.length + fine.length + unreadable,
    fine: fine.length,
    snoozed: snoozed.length,
    needy: needy.length + unreadable,
    tally: [
      ...NEEDS.flatMap(({ kind, word }) => (counts[kind] ? [`${counts[kind]} ${word}`] : [])),
      ...(unreadable > 0 ? [`${unreadable} unreadable`] : []),
    ],
  };
}

function countsOf(needy: readonly Needy[]): Partial<Record<FindingKind, number>> {
  const counts: Partial<Record<FindingKind, number>> = {};
  for (const { need } of needy) counts[need.kind] = (counts[need.kind] ?? 0) + 1;
  return counts;
}

const needs = (keys: number) => (keys === 1 ? 'needs' : 'need');

const summaryOf = ({ all, fine, snoozed, needy, tally }: Counts) =>
  `${all} in all, ${fine} fine, ${snoozed > 0 ? `${snoozed} snoozed, ` : ''}${needy} ${needs(needy)} someone${needy > 0 ? `: ${tally.join(', ')}` : ''}.`;

function subjectOf(environment: string, { all, fine, snoozed, needy, tally }: Counts): string {
  const aside = snoozed > 0 ? ` (${snoozed} snoozed)` : '';
  const headline = `Key report: ${needy > 0 ? `${needy} of ${count(all, 'key')} ${needs(needy)} someone (${tally[0]}${tally.length > 1 ? ', ...' : ''})` : howFine(fine, all)}${aside}`;
  return `[${plain(environment, 97 - headline.length)}] ${headline}`;
}

function howFine(fine: number, all: number): string {
  if (all === 0) return 'no keys';
  if (fine < all) return `${fine} of ${count(all, 'key')} fine`;
  return all === 1 ? 'the 1 key is fine' : `all ${all} keys fine`;
}

/** Key, state, age, verdict, deadline; owner; next step. */
function needyBlock({ row, need }: Needy): string {
  const { key, dueAt, retiring } = row;
  const grace = retiring.map(({ until }) => until.getTime());
  const deadline =
    grace.length > 0
      ? `grace until ${utcDay(new Date(Math.max(...grace)))}`
      : dueAt && `due ${utcDay(dueAt)}`;
  return [
    `  ${plain(keyName(key), 40).padEnd(40)}  ${need.word.padEnd(16)}  ${ages(row)}`,
    `    ${[lastVerdict(row), deadline, address(key.owner)].filter(Boolean).join(' | ')}`,
    `    Next: ${need.next}: ${keys(need.verb, key)}`,
  ].join('\n');
}

const fineBlock = (row: ReportedRow) =>
  [
    `  ${plain(keyName(row.key), 40).padEnd(40)}  ${ages(row).padEnd(14)}  ${row.dueAt ? `due ${utcDay(row.dueAt)}` : ''}`.trimEnd(),
    `    ${lastVerdict(row)} | ${address(row.key.owner)}`,
  ].join('\n');

/** The last conclusive verdict. */
const lastVerdict = ({ verdict }: ReportedRow) =>
  verdict
    ? `${verdict.kind}${verdict.reason ? ` (${plain(verdict.reason, 30)})` : ''} since ${utcDay(verdict.since)}`
    : 'never probed';

const capped = (lines: readonly string[]): readonly string[] =>
  lines.length <= MOST
    ? lines
    : [...lines.slice(0, MOST), `  ... and ${lines.length - MOST} more: ${CALL} status`];

const ending = (id: string) =>
  verification(`Your own checkout prints the same report, with the id ${id}:`, `${CALL} report`);
