import { rowOf } from '../domain/findings/catalogue';
import type { FleetFilter, FleetListing } from '../domain/fleet/fleet';
import type { FleetRow } from '../domain/fleet/row';
import { keyName, type Phase } from '../domain/policy';
import { daysBetween, daysUntil, utcDay, utcMinute } from '../domain/time';
import { CLI_COMMAND } from '../domain/wording/cli-command';
import { KEEP_ONE } from '../domain/wording/phrases';
import { count } from '../domain/wording/text';
import { missingInWords, type Part, placeInWords, readInWords } from './everywhere';
import { absentInWords, acrossPlaces, type JoinedFleets } from './fleets';
import { type Style, table } from './style';

interface Scope {
  readonly account: string;
  readonly region: string;
  readonly filter: FleetFilter;
}

/** Anybody may tag many secrets, and the keys should stay in sight. */
const MOST_CLAIMED = 10;

/** The fleet for a terminal: one line per key, the most urgent first, and what to do about each. */
export function renderFleet(fleet: FleetListing, { account, region, filter }: Scope, style: Style): string {
  const place = `account ${account}, ${region}`;
  if (isEmpty(fleet))
    return filter.needsAttention ? `No key needs attention in ${place}.` : `No key matches in ${place}.`;
  return [...listing(fleet, style), '', `${summary(fleet.rows)} · ${place}`, HINT].join('\n');
}

/**
 * The fleets of several places: what could not be read before anything else, then each place under its name, the most urgent first. Without keys a part that is missing
 * is still no all clear.
 */
export function renderFleets({ parts, fleet }: JoinedFleets, filter: FleetFilter, style: Style): string {
  const missing = missingInWords(parts).map(style.bad);
  const known = parts.flatMap((part) => ('known' in part ? [part] : []));
  const urgency = new Map(fleet.rows.map(({ key }, index) => [key.environment, index] as const).reverse());
  const urgent = ({ environments }: Part<unknown>) =>
    Math.min(...environments.map((name) => urgency.get(name) ?? Number.POSITIVE_INFINITY));
  const tables = known
    .filter((part) => !isEmpty(part.known.fleet))
    .toSorted((a, b) => urgent(a) - urgent(b) || 0)
    .map((part) => [style.bold(placeInWords(part)), ...listing(part.known.fleet, style)].join('\n'));
  const absent = absentInWords(parts).map(style.warn);
  const across = acrossPlaces(parts, fleet).map(({ secrets }) =>
    style.warn(`One key is shared by ${secrets.join(' and ')}, in several places.`),
  );
  const where = readInWords(parts);
  const found = isEmpty(fleet)
    ? filter.needsAttention
      ? `No key needs attention in ${where}.`
      : `No key matches in ${where}.`
    : `${summary(fleet.rows)} · ${where}`;
  return [
    missing.join('\n'),
    ...tables,
    [...absent, ...across].join('\n'),
    known.length === 0 ? '' : [found, ...(isEmpty(fleet) ? [] : [HINT_THERE])].join('\n'),
  ]
    .filter((block) => block !== '')
    .join('\n\n');
}

const HINT = `To see one key in full: ${CLI_COMMAND} show <key>`;
const HINT_THERE = `${HINT}, with the --profile and --region of its place`;

const isEmpty = ({ rows, unreadable, claimed }: FleetListing) =>
  rows.length + unreadable.length + claimed.length === 0;

function listing({ now, rows, unreadable, shared, twins, claimed }: FleetListing, style: Style): string[] {
  const wide = style.columns >= 100;
  const head = ['KEY', 'STATE', 'AGE', 'LIVE KEY', ...(wide ? ['OWNER'] : []), 'NEXT'];
  const cells = rows.map((row) => [
    keyName(row.key),
    state(row, style),
    age(row),
    verdict(row, style),
    ...(wide ? [row.key.owner] : []),
    next(row, now),
  ]);
  return [
    ...(rows.length > 0 ? [table(head, cells, style)] : []),
    ...unreadable.map(({ secretName, faults }) => style.bad(`${secretName}: ${faults.join('; ')}`)),
    ...twins.map(({ name, secrets }) =>
      style.bad(
        `${name} is the name of ${secrets.join(' and ')}: commands that name it are refused. ${KEEP_ONE}`,
      ),
    ),
    ...claimed
      .slice(0, MOST_CLAIMED)
      .map((secret) =>
        style.warn(
          `${secret.secretName} is tagged as ${keyName(secret)}, but no deployment manages it: add it to keys.yaml and deploy, or take its tags away.`,
        ),
      ),
    ...(claimed.length > MOST_CLAIMED
      ? [style.warn(`${claimed.length - MOST_CLAIMED} more secrets are tagged and not managed: see --json.`)]
      : []),
    ...shared.map(({ secrets }) => style.warn(`One key is shared by ${secrets.join(' and ')}.`)),
  ];
}

function state(
  { phase, worst, needs, submitted, inGrace, snooze }: FleetRow,
  { good, warn, bad }: Style,
): string {
  const word =
    (worst && rowOf(worst).label) ?? (submitted ? 'submitted' : inGrace ? 'in grace' : PHASE[phase]);
  const tone = needs === 'now' ? bad : needs === 'soon' || snooze ? warn : good;
  return tone(snooze && !worst ? `${word}, snoozed` : word);
}

const PHASE: Readonly<Record<Phase, string>> = {
  fresh: 'fresh',
  due: 'due',
  overdue: 'overdue',
  'awaiting-first-key': 'no key yet',
  keyless: 'keyless',
  unknown: 'unchecked',
};

const age = ({ ageDays, maxAgeDays }: FleetRow) =>
  ageDays === undefined ? '-' : `${ageDays}/${maxAgeDays}d`;

function verdict({ verdict: known }: FleetRow, { good, bad, warn }: Style): string {
  if (!known) return '-';
  if (known.refusedSince) return bad('REFUSED');
  if (known.unknownSince) return warn(`${known.kind}?`);
  return (known.kind === 'ALIVE' ? good : bad)(known.kind);
}

function next({ next: todo, phase, dueAt, retiring }: FleetRow, now: Date): string {
  const due = dueAt && deadline(dueAt, now);
  if (todo) return (phase === 'due' || phase === 'overdue') && due ? `${todo} ${due}` : todo;
  const kept = retiring.filter(({ until }) => until > now);
  const last = kept.at(-1);
  if (last && kept.length > 1)
    return `${kept.length} old keys work, the last until ${utcMinute(last.until)}.`;
  if (last) return `Old key works until ${utcMinute(last.until)}.`;
  return due ?? '';
}

function deadline(dueAt: Date, now: Date): string {
  if (now < dueAt) return `Due ${utcDay(dueAt)} (${count(daysUntil(dueAt, now), 'day')}).`;
  const over = daysBetween(dueAt, now);
  return `Was due ${utcDay(dueAt)} (${over === 0 ? 'less than a day ago' : `${count(over, 'day')} ago`}).`;
}

function summary(rows: readonly FleetRow[]): string {
  const number = (need: FleetRow['needs']) => rows.filter(({ needs }) => needs === need).length;
  return `${count(rows.length, 'key')}: ${number('now')} now, ${number('soon')} soon, ${number('nothing')} fine`;
}
