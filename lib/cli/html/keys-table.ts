import type { AuditReport } from '../../domain/audit/audit';
import type { FleetRow } from '../../domain/fleet/row';
import type { UnreadableSecret } from '../../domain/listed-key';
import { keyName } from '../../domain/policy';
import { because } from '../words';
import { html, type Markup, type Piece } from './markup';
import { badge, day, scrolling, section, state } from './words';

/** Every key, the most urgent first. */
export const keysTable = ({ rows, unreadable }: AuditReport): Markup =>
  section(
    'keys',
    'Keys',
    'One row per managed secret, the most urgent first. A key is named by its short form and its fingerprint, the first 12 hexadecimal digits of its SHA-256. Its value is nowhere on this page.',
    scrolling(
      'Keys',
      html`<table class="keys">
<thead><tr><th scope="col">Key</th><th scope="col">State</th><th scope="col" class="number">Age</th><th scope="col">Last verdict</th><th scope="col">Deadlines</th><th scope="col">Live key</th><th scope="col">Next step</th></tr></thead>
<tbody>${unreadable.map(brokenRow)}${rows.map(keyRow)}</tbody>
</table>`,
    ),
  );

const keyRow = (row: FleetRow) => html`
<tr class="${row.needs}">
<th scope="row">${keyName(row.key)}<span class="aside">${row.key.owner}</span></th>
<td>${state(row)}${others(row)}</td>
<td class="number">${age(row)}</td>
<td>${verdict(row)}</td>
<td>${deadlines(row)}</td>
<td>${row.hint ? html`<code>${row.hint}</code><span class="aside"><code>${row.fingerprint}</code></span>` : '–'}</td>
<td>${row.next ?? 'Nothing.'}</td>
</tr>`;

const brokenRow = ({ secretName, owner, faults }: UnreadableSecret) => html`
<tr class="now">
<th scope="row">${secretName}<span class="aside">${owner}</span></th>
<td>${badge('bad', 'not managed')}</td>
<td colspan="4">Its policy tags cannot be read, so it is not checked: ${faults.join('; ')}.</td>
<td>Deploy again, or correct its tags.</td>
</tr>`;

function others({ snooze, submitted }: FleetRow): Piece {
  return [
    submitted && html`<span class="aside">new key submitted</span>`,
    snooze && html`<span class="aside">exempt until ${day(snooze.until)}</span>`,
  ];
}

function age({ ageDays, maxAgeDays }: FleetRow): Piece {
  if (ageDays === undefined) return html`– <span class="aside">of ${maxAgeDays} days</span>`;
  return html`${ageDays} <span class="aside">of ${maxAgeDays} days</span>`;
}

function verdict({ verdict, checkedOn }: FleetRow): Piece {
  const checked = html`<span class="aside">${checkedOn ? html`checked <span class="whole">${checkedOn}</span>` : 'never checked'}</span>`;
  if (!verdict) return html`– ${checked}`;
  const { kind, reason, since, unknownSince } = verdict;
  const unknown = unknownSince && html`<span class="aside">no clear answer since ${day(unknownSince)}</span>`;
  return html`${kind}${because(reason)} since ${day(since)}${unknown}${checked}`;
}

function deadlines({ dueAt, retiring, expiresAt }: FleetRow): Piece {
  return [
    dueAt ? html`due ${day(dueAt)}` : '–',
    ...retiring.map(({ until }) => html`<span class="aside">grace until ${day(until)}</span>`),
    expiresAt && html`<span class="aside">expires ${day(expiresAt)}</span>`,
  ];
}
