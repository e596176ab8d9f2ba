import type { AuditReport, KeyHistory } from '../../domain/audit/audit';
import type { EvidenceSource, HistoryEvent, HistoryStep } from '../../domain/history-event';
import { count } from '../../domain/wording/text';
import { html, type Markup, type Piece } from './markup';
import { day, minute, scrolling, section } from './words';

const STEP: Readonly<Record<HistoryStep, string>> = {
  created: 'First seen',
  submitted: 'Submitted',
  'rotation-failed': 'Rotation failed',
  promoted: 'Promoted to live',
  'direct-edit': 'Edited directly',
  'rolled-back': 'Rolled back',
  'grace-ends': 'Grace ends',
  contained: 'Reported as leaked',
  deactivated: 'Switched off',
  'record-off': 'Seen switched off at Anthropic',
  'proven-dead': 'Proven dead',
};

const SOURCE: Readonly<Record<EvidenceSource, string>> = {
  memory: 'tags of the secret',
  label: 'staging label',
  cloudtrail: 'AWS CloudTrail',
  event: 'archive of events',
};

/** What happened to each key, the source that says so, and the request id to look it up. */
export function history({ histories, trailRead, trail, generatedAt }: AuditReport): Markup {
  const shown = histories.filter(({ events }) => events.some(({ step }) => step !== 'created'));
  const others = histories.length - shown.length;
  return section(
    'history',
    'Rotation history and evidence',
    html`Times are UTC. ${whatWasRead(trailRead, trail)}The secret itself remembers its latest rotation; earlier ones are in CloudTrail and in the functions’ logs.${others > 0 && ` No rotation is on record for ${count(others, 'further key')}.`}`,
    shown.length === 0
      ? html`<p class="empty">No rotation is on record yet.</p>`
      : scrolling(
          'Rotation history',
          html`<table class="history">
<thead><tr><th scope="col">When</th><th scope="col">What</th><th scope="col">Key fingerprint</th><th scope="col">Who</th><th scope="col">Source</th><th scope="col">Request id</th></tr></thead>
${shown.map((each) => group(each, generatedAt))}
</table>`,
        ),
  );
}

function whatWasRead(trailRead: boolean, trail: AuditReport['trail']): Piece {
  if (trail?.readable) return html`AWS CloudTrail was read back to ${day(trail.since)}. `;
  if (trail)
    return html`AWS CloudTrail was not readable for whoever made this page (${trail.why}). It records who submitted a key. `;
  return trailRead ? '' : 'AWS CloudTrail was not read for this page. It records who submitted a key. ';
}

const group = ({ key, events }: KeyHistory, now: Date) => html`<tbody>
<tr><th scope="rowgroup" colspan="6" class="group">${key}</th></tr>
${events.map((event) => row(event, now))}
</tbody>`;

const row = ({ at, step, note, fingerprint, by, sources, requestId }: HistoryEvent, now: Date) => html`
<tr${at > now && html` class="planned"`}>
<td class="when">${minute(at)}</td>
<td>${STEP[step]}${at > now && ' (to come)'}${note && html`<span class="aside">${note}</span>`}</td>
<td>${fingerprint ? html`<code>${fingerprint}</code>` : '–'}</td>
<td>${by ?? '–'}</td>
<td>${sources.map((source) => SOURCE[source]).join(', ')}</td>
<td>${requestId ? html`<code>${requestId}</code>` : '–'}</td>
</tr>`;
