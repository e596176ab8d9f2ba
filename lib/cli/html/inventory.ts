import type { AuditReport } from '../../domain/audit/audit';
import { flagRow, INVENTORY_FLAGS, needsPerson } from '../../domain/inventory/flags';
import type { InventoryRow } from '../../domain/inventory/row';
import {
  changeInWords,
  creatorInWords,
  flagsInWords,
  heldInWords,
  lastUseInWords,
  notKnownOf,
  perhapsElsewhere,
} from '../../domain/inventory/words';
import { html, type Markup, type Piece } from './markup';
import { cards, columnRow, NOTHING, namedRow, scrolling } from './table';
import { badge, day, missingParts, section } from './words';

const COUNTS = ['State', 'Keys', 'Means', 'What to do'];
const COLUMNS = ['Key', 'State', 'Workspace', 'Created', 'Last use', 'Held by'];

/** Every key of the organization by its state, and those that say something about themselves. */
export const inventory = ({ inventory: all, inventoryNotRead, parts }: AuditReport): Markup =>
  section(
    {
      id: 'inventory',
      title: 'Inventory',
      shows:
        'Every key of the organization at Anthropic, whether a secret holds it or not. A key can have several states. No value of a key is on this page.',
      restsOn:
        'Anthropic’s listings of keys, members and workspaces, and its usage reports, as the function with Admin access read them for this page; and what the labels and tags of the secrets remember of keys.',
      unknown: [
        missingParts({ parts }),
        html`Whether a key is held by anything but the secrets of this page. The use of a key before the days that usage reports were read of. `,
        (inventoryNotRead ?? []).map((text) => html`${text} `),
        all && [
          html`${perhapsElsewhere(all)} `,
          all.organizations.flatMap(notKnownOf).map((text) => html`${text} `),
          all.changes.notKnown &&
            html`Which keys were disabled, enabled or archived: ${all.changes.notKnown} `,
          all.unseen > 0 &&
            html`Up to ${Math.min(all.unseen, all.counts.unmanaged)} unmanaged keys may be in a secret after all: a listing does not show submitted and unchecked keys, and some old ones. `,
        ],
      ],
    },
    all ? body(all) : html`<p class="empty">The organization was not asked for its keys.</p>`,
  );

const body = ({
  organizations,
  counts,
  rows,
  omitted,
  changes,
}: NonNullable<AuditReport['inventory']>) => html`
<p>${organizations.map(({ name, id, keys }) => html`${name} (<code>${id}</code>) has ${keys} keys. `)}</p>
${scrolling(
  'Keys by state',
  cards(
    '',
    columnRow(COUNTS),
    INVENTORY_FLAGS.map(({ flag, word, means, advice }) =>
      namedRow(COUNTS, [word, counts[flag], means, advice ?? NOTHING]),
    ),
  ),
)}
<h3>Keys</h3>
${scrolling('Keys of the organization', cards('', columnRow(COLUMNS), rows.map(keyRow)))}
${omitted > 0 && html`<p>${omitted} more keys are not on this page: the JSON and the CSV of <code>inventory</code> have all.</p>`}
<h3>In the last week, since ${day(changes.since)}</h3>
${
  changes.all.length > 0
    ? html`<ul class="plain">${changes.all.map((each) => html`<li>“${each.name}” (<code>${each.id}</code>): ${changeInWords(each)}</li>`)}</ul>`
    : html`<p class="empty">Nothing is known to have changed.</p>`
}`;

const keyRow = (row: InventoryRow) =>
  namedRow(COLUMNS, [
    html`${row.name}<span class="aside"><code>${row.id}</code></span>`,
    [state(row), row.expiresAt && html`<span class="aside">expires ${day(row.expiresAt)}</span>`],
    row.workspace ? (row.workspace.name ?? html`<code>${row.workspace.id}</code>`) : 'the whole organization',
    html`${day(row.createdAt)}<span class="aside">${creatorInWords(row)}</span>`,
    lastUseInWords(row.lastUse),
    heldInWords(row) || NOTHING,
  ]);

function state(row: InventoryRow): Piece {
  const words = flagsInWords(row) || 'active';
  if (row.status !== 'active')
    return badge('calm', [row.status, flagsInWords(row)].filter(Boolean).join(', '));
  if (needsPerson(row)) return badge('bad', words);
  return badge(row.flags.some((flag) => flagRow(flag).advice !== undefined) ? 'soon' : 'good', words);
}
