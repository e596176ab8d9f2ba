import { type FindingKind, NEEDS } from '../findings/catalogue';
import { keyless } from '../findings/kinds/keyless';
import { type Needy, type ReportedRow, type Triage, triage } from '../fleet/triage';
import { keyName } from '../policy';
import { utcDay } from '../time';
import { CLI_COMMAND } from '../wording/cli-command';
import { keys } from '../wording/commands';
import { absolute, address, ages, count, plain, section, wrap } from '../wording/text';
import { noticeId } from './notice';
import { verification } from './render';
import { type FleetReport, type NeedyKey, REPORT_SCHEMA, type ReportInput } from './report-input';
import { reportSections } from './report-sections';

/** The mail shows as many keys that need someone, and as many others, as fit into a message: the rest is only counted. */
const MOST = [40, 20, 10, 5, 1] as const;

/** SNS takes 256 KB, with the text once for every kind of mailbox and the data once for every kind of machine. */
const MOST_BYTES = { text: 48_000, data: 24_000 };

const bytes = (text: string) => new TextEncoder().encode(text).length;

/** Writes the fleet report of an environment: what needs someone first, counts for all. */
export function renderReport(fleet: ReportInput): FleetReport {
  const { environment, now, topicArn, rows, unreadable = [], twins = [], claimed = [] } = fleet;
  const parts = triage(rows);
  const { needy, snoozed } = parts;
  const id = noticeId(topicArn, `report.${environment}`, utcDay(now));
  const counts = countsFor(parts, { unreadable, twins, claimed });
  const subject = subjectOf(environment, counts);
  const summary = summaryOf(counts);
  const opening = wrap(`Keys of ${plain(environment, 40)} at ${absolute(now)}: ${summary}`);
  const texts = MOST.map((most) => () => textOf(fleet, parts, { opening, id, most }));
  const shown = roomFor(needy.map(dataOf));
  return {
    id,
    subject,
    text: texts.find((write) => bytes(write()) <= MOST_BYTES.text)?.() ?? texts.at(-1)!(),
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
      twins: twins.length,
      claimed: claimed.length,
      snoozed: snoozed.length,
      needSomeone: countsOf(needy),
      rows: shown,
      omitted: needy.length - shown.length,
    },
  };
}

/** The mail, with at most so many keys and half as many items a section. */
function textOf(
  fleet: ReportInput,
  parts: Triage,
  { opening, id, most }: { readonly opening: string; readonly id: string; readonly most: number },
): string {
  const { needy, fine } = parts;
  const { cliCommand = CLI_COMMAND } = fleet;
  const capped = (lines: readonly string[]) => cappedAt(most, lines, cliCommand);
  const blocks = [
    opening,
    ...(needy.length > 0
      ? [section('Need someone, worst first', capped(needy.map((each) => needyBlock(each, cliCommand))))]
      : []),
    ...reportSections(fleet, parts, Math.ceil(most / 2)),
    ...(fine.length > 0
      ? [section('Fine, nearest deadline first', [capped(fine.map(fineBlock)).join('\n')])]
      : []),
    ending(id, cliCommand),
  ];
  return `${blocks.join('\n\n')}\n`;
}

const dataOf = ({ row, need }: Needy): NeedyKey => ({
  key: keyName(row.key),
  owner: row.key.owner,
  worst: need.kind,
  ageDays: row.ageDays,
  maxAgeDays: row.maxAgeDays,
  dueAt: row.dueAt?.toISOString(),
});

/** The first of the rows, as many as a message has room for. */
function roomFor<T>(rows: readonly T[]): readonly T[] {
  let room = MOST_BYTES.data;
  return rows.filter((row) => {
    room -= bytes(JSON.stringify(row));
    return room >= 0;
  });
}

/** A secret with unreadable policy tags counts as a key that needs someone. */
interface Counts {
  readonly all: number;
  readonly fine: number;
  readonly snoozed: number;
  readonly needy: number;
  /** Keys that need someone by their worst finding, `2 overdue`, the worst first. */
  readonly tally: readonly string[];
  /** What needs someone and is no key: names that several secrets have, and secrets that are not deployed. */
  readonly besides: readonly string[];
}

function countsFor(
  { needy, snoozed, fine }: Triage,
  {
    unreadable: { length: unreadable },
    twins,
    claimed,
  }: Required<Pick<ReportInput, 'unreadable' | 'twins' | 'claimed'>>,
): Counts {
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
    besides: [
      ...(twins.length > 0 ? [`${count(twins.length, 'name')} taken twice`] : []),
      ...(claimed.length > 0 ? [`${claimed.length} tagged but not deployed`] : []),
    ],
  };
}

function countsOf(needy: readonly Needy[]): Partial<Record<FindingKind, number>> {
  const counts: Partial<Record<FindingKind, number>> = {};
  for (const { need } of needy) counts[need.kind] = (counts[need.kind] ?? 0) + 1;
  return counts;
}

const needs = (keys: number) => (keys === 1 ? 'needs' : 'need');

const summaryOf = ({ all, fine, snoozed, needy, tally, besides }: Counts) =>
  `${all} in all, ${fine} fine, ${snoozed > 0 ? `${snoozed} snoozed, ` : ''}${needy} ${needs(needy)} someone${needy > 0 ? `: ${tally.join(', ')}` : ''}.${besides.length > 0 ? ` Besides: ${besides.join(', ')}.` : ''}`;

function subjectOf(environment: string, { all, fine, snoozed, needy, tally, besides }: Counts): string {
  const aside = snoozed > 0 ? ` (${snoozed} snoozed)` : '';
  const quiet = `${howFine(fine, all)}${besides.length > 0 ? `, ${besides[0]}` : ''}`;
  const headline = `Key report: ${needy > 0 ? `${needy} of ${count(all, 'key')} ${needs(needy)} someone (${tally[0]}${tally.length > 1 ? ', ...' : ''})` : quiet}${aside}`;
  return `[${plain(environment, 97 - headline.length)}] ${headline}`;
}

function howFine(fine: number, all: number): string {
  if (all === 0) return 'no keys';
  if (fine < all) return `${fine} of ${count(all, 'key')} fine`;
  return all === 1 ? 'the 1 key is fine' : `all ${all} keys fine`;
}

/** Key, state, age, verdict, deadline; owner; next step. */
function needyBlock({ row, need }: Needy, cliCommand: string): string {
  const { key, dueAt, retiring } = row;
  const grace = retiring.map(({ until }) => until.getTime());
  const deadline =
    grace.length > 0
      ? `grace until ${utcDay(new Date(Math.max(...grace)))}`
      : dueAt && `due ${utcDay(dueAt)}`;
  return [
    `  ${plain(keyName(key), 40).padEnd(40)}  ${need.word.padEnd(16)}  ${ages(row)}`,
    `    ${[lastVerdict(row), deadline, address(key.owner)].filter(Boolean).join(' | ')}`,
    `    Next: ${need.next}: ${keys(cliCommand, need.verb, key)}`,
  ].join('\n');
}

const fineBlock = (row: ReportedRow) =>
  [
    `  ${plain(keyName(row.key), 40).padEnd(40)}  ${ages(row).padEnd(14)}  ${row.dueAt ? `due ${utcDay(row.dueAt)}` : ''}`.trimEnd(),
    `    ${lastVerdict(row)} | ${address(row.key.owner)}`,
  ].join('\n');

/** The last conclusive verdict. */
const lastVerdict = ({ verdict, findings }: ReportedRow) =>
  verdict
    ? `${verdict.kind}${verdict.reason ? ` (${plain(verdict.reason, 30)})` : ''} since ${utcDay(verdict.since)}`
    : findings.includes(keyless.kind)
      ? 'needs no key any more'
      : 'never probed';

const cappedAt = (most: number, lines: readonly string[], cliCommand: string): readonly string[] =>
  lines.length <= most
    ? lines
    : [...lines.slice(0, most), `  ... and ${lines.length - most} more: ${cliCommand} status`];

const ending = (id: string, cliCommand: string) =>
  verification(`Yes, if \`${cliCommand} report\` in your own repository prints ${id}.`);
