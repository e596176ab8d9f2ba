import type { AuditReport } from '../../domain/audit/audit';
import { doubtInWords } from '../../domain/console/usage';
import type { FleetRow } from '../../domain/fleet/row';
import type { UnreadableSecret } from '../../domain/listed-key';
import { keyName } from '../../domain/policy';
import { consumerInWords } from '../../domain/wording/consumers';
import { because } from '../words';
import { html, type Markup, type Piece } from './markup';
import { cards, columnRow, NOTHING, namedRow, scrolling } from './table';
import { badge, day, missingParts, placesOf, section, state } from './words';

const COLUMNS = ['Key', 'State', 'Age', 'Last verdict', 'Deadlines', 'Live key', 'Next step'];

/** Every key, the most urgent first. */
export function keysTable(report: AuditReport): Markup {
  const { rows, unreadable } = report;
  const place = placesOf(report);
  return section(
    {
      id: 'keys',
      title: 'Keys',
      shows:
        'One row per managed secret, the most urgent first. A key is named by its short form and its fingerprint, the first 12 hexadecimal digits of its SHA-256. Its value is nowhere on this page.',
      restsOn:
        'The labels and tags of the secrets, as AWS Secrets Manager listed them for this page. A verdict is the Anthropic API’s answer to the key itself, as this project’s check wrote it into the tags.',
      unknown: `${missingParts(report)}Whether a verdict still holds: only the day of a check is kept, not its hour. Keys that are in none of these secrets: see “Inventory”.`,
    },
    scrolling(
      'Keys',
      cards('keys', columnRow(COLUMNS), [
        unreadable.map((secret) => brokenRow(secret, place(secret.environment))),
        rows.map((row) => keyRow(row, place(row.key.environment))),
      ]),
    ),
  );
}

const keyRow = (row: FleetRow, place: Piece) =>
  namedRow(
    COLUMNS,
    [
      [named(keyName(row.key), row.key.owner), place, consumersOf(row)],
      [state(row), others(row)],
      age(row),
      verdict(row),
      deadlines(row),
      row.hint
        ? html`<code>${row.hint}</code><span class="aside"><code>${row.fingerprint}</code></span>`
        : NOTHING,
      row.next ?? 'Nothing.',
    ],
    row.needs,
  );

const brokenRow = ({ secretName, owner, faults }: UnreadableSecret, place: Piece) =>
  namedRow(
    COLUMNS,
    [
      [named(secretName, owner), place],
      badge('bad', 'not managed'),
      { columns: 4, content: `Its policy tags cannot be read, so it is not checked: ${faults.join('; ')}.` },
      'Deploy again, or correct its tags.',
    ],
    'now',
  );

const named = (name: string, owner: string | undefined) => html`${name}<span class="aside">${owner}</span>`;

const consumersOf = ({ key: { consumers = [] } }: FleetRow): Piece =>
  consumers.map((consumer) => html`<span class="aside">${consumerInWords(consumer)}</span>`);

function others({ snooze, submitted }: FleetRow): Piece {
  return [
    submitted && html`<span class="aside">new key submitted</span>`,
    snooze && html`<span class="aside">exempt until ${day(snooze.until)}</span>`,
  ];
}

const age = ({ ageDays, maxAgeDays }: FleetRow): Piece =>
  html`${ageDays ?? NOTHING} <span class="aside">of ${maxAgeDays} days</span>`;

function verdict({ verdict, checkedOn }: FleetRow): Piece {
  const checked = html`<span class="aside">${checkedOn ? html`checked <span class="whole">${checkedOn}</span>` : 'never checked'}</span>`;
  if (!verdict) return html`${NOTHING} ${checked}`;
  const { kind, reason, since, unknownSince } = verdict;
  const unknown = unknownSince && html`<span class="aside">no clear answer since ${day(unknownSince)}</span>`;
  return html`${kind}${because(reason)} since ${day(since)}${unknown}${checked}`;
}

function deadlines({ dueAt, retiring, retirable, doubted, expiresAt }: FleetRow): Piece {
  if (!dueAt && !expiresAt && retiring.length === 0) return NOTHING;
  return [
    dueAt ? html`due ${day(dueAt)}` : NOTHING,
    ...retiring.map(({ until }) => html`<span class="aside">grace until ${day(until)}</span>`),
    retirable &&
      doubted &&
      html`<span class="aside">old key not switched off, because its use is not known: ${doubtInWords(doubted.doubt)}</span>`,
    expiresAt && html`<span class="aside">expires ${day(expiresAt)}</span>`,
  ];
}
