import type { FindingKind } from '../finding';
import { keyName } from '../policy';
import { utcDay } from '../time';
import { keys } from './commands';
import { type Fleet, type FleetReport, type FleetRow, REPORT_SCHEMA } from './fleet';
import { NEEDS, type Needy, triage } from './fleet-triage';
import { paragraph, section, whole, wrap } from './layout';
import { noticeId } from './notice-id';
import { address, plain } from './plain-text';
import { reportSections } from './report-sections';
import { absolute, count } from './times';

/** However large the fleet, the mail shows this many keys that need someone, and this many of the others; the rest is counted. */
const MOST_NEEDY = 40;
const MOST_FINE = 40;

/** Writes the fleet report of an environment: what needs someone first, counts for all. */
export function renderReport(fleet: Fleet): FleetReport {
  const { environment, now, topicArn, rows } = fleet;
  const { needy, fine } = triage(rows);
  const id = noticeId(topicArn, `report.${environment}`, utcDay(now));
  const tally = tallyOf(needy);
  const subject = subjectOf(environment, rows.length, needy.length, tally);
  const blocks = [
    wrap(
      `Keys of ${plain(environment, 40)} at ${absolute(now)}: ${rows.length} in all, ${fine.length} fine, ${needy.length} need someone${needy.length > 0 ? `: ${tally.join(', ')}` : ''}.`,
    ),
    ...(needy.length > 0
      ? [section('Need someone, worst first', capped(needy.map(needyBlock), MOST_NEEDY))]
      : []),
    ...reportSections(fleet),
    ...(fine.length > 0
      ? [section('Fine, nearest deadline first', [capped(fine.map(fineLine), MOST_FINE).join('\n')])]
      : []),
    ending(id),
  ];
  return {
    id,
    subject,
    text: `${blocks.join('\n\n')}\n`,
    data: {
      schema: REPORT_SCHEMA,
      id,
      at: now.toISOString(),
      environment,
      keys: rows.length,
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

function countsOf(needy: readonly Needy[]): Partial<Record<FindingKind, number>> {
  const counts: Partial<Record<FindingKind, number>> = {};
  for (const { need } of needy) counts[need.kind] = (counts[need.kind] ?? 0) + 1;
  return counts;
}

function tallyOf(needy: readonly Needy[]): readonly string[] {
  const counts = countsOf(needy);
  return NEEDS.flatMap(({ kind, word }) => (counts[kind] ? [`${counts[kind]} ${word}`] : []));
}

function subjectOf(environment: string, all: number, needy: number, tally: readonly string[]): string {
  const [worst, ...others] = tally;
  const said =
    worst === undefined
      ? `Key report: all ${count(all, 'key')} fine`
      : `Key report: ${needy} of ${count(all, 'key')} need someone (${worst}${others.length > 0 ? ', ...' : ''})`;
  return `[${plain(environment, 97 - said.length)}] ${said}`;
}

/** Key, state, age, verdict, deadline; owner; next step. */
function needyBlock({ row, need }: Needy): string {
  const { key, verdict, dueAt, retiring } = row;
  const seen = verdict
    ? `${verdict.kind}${verdict.reason ? ` (${plain(verdict.reason, 30)})` : ''} since ${utcDay(verdict.since)}`
    : 'never probed';
  const grace = retiring.map(({ until }) => until.getTime());
  const deadline =
    grace.length > 0
      ? `grace until ${utcDay(new Date(Math.max(...grace)))}`
      : dueAt && `due ${utcDay(dueAt)}`;
  return [
    `  ${plain(keyName(key), 40).padEnd(40)}  ${need.word.padEnd(16)}  ${ages(row)}`,
    `    ${[seen, deadline, address(key.owner)].filter(Boolean).join(' | ')}`,
    `    Next: ${need.next}: ${keys(need.verb, key)}`,
  ].join('\n');
}

const fineLine = (row: FleetRow) =>
  `  ${plain(keyName(row.key), 40).padEnd(40)}  ${ages(row).padEnd(14)}  ${row.dueAt ? `due ${utcDay(row.dueAt)}` : ''}`.trimEnd();

const ages = ({ ageDays, maxAgeDays }: FleetRow) =>
  `${ageDays === undefined ? '-' : ageDays} of ${maxAgeDays} days`;

function capped(lines: readonly string[], most: number): readonly string[] {
  if (lines.length <= most) return lines;
  return [...lines.slice(0, most), `  ... and ${lines.length - most} more: npm run keys -- status`];
}

const ending = (id: string) =>
  section('Is this mail real?', [
    paragraph(`Your own checkout prints the same report, with the id ${id}:`),
    whole('npm run keys -- report', '    '),
    paragraph(
      'Keys are never entered on a web page, in a form, in a chat or in a reply. Only into the hidden prompt of a command that you started yourself.',
    ),
  ]);
