import type { AuditReport, KeyHistory } from '../../domain/audit/audit';
import type { EvidenceSource, HistoryEvent, HistoryStep } from '../../domain/audit/event';
import { html, type Markup, type Piece } from './markup';
import { count, day, minute, scrolling, section } from './words';

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

/** What happened to each key, who says so, and under which id it can be looked up. */
export function history({ histories, trailRead, trail, generatedAt }: AuditReport): Markup {
  const told = histories.filter(({ events }) => events.some(({ step }) => step !== 'created'));
  const silent = histories.length - told.length;
  return section(
    'history',
    'Rotation history and evidence',
    html`Times are UTC. ${whatWasRead(trailRead, trail)}The secret itself remembers its latest rotation; earlier ones are in CloudTrail and in the functions’ logs.${silent > 0 && ` No rotation is remembered of ${count(silent, 'further key')}.`}`,
    told.length === 0
      ? html`<p class="empty">No rotation is on record yet.</p>`
      : scrolling(
          'Rotation history',
          html`<table class="history">
<thead><tr><th scope="col">When</th><th scope="col">What</th><th scope="col">Key fingerprint</th><th scope="col">Who</th><th scope="col">Source</th><th scope="col">Request id</th></tr></thead>
${told.map((each) => group(each, generatedAt))}
</table>`,
        ),
  );
}

function whatWasRead(trailRead: boolean, trail: AuditReport['trail']): Piece {
  if (trail?.readable) return html`AWS CloudTrail was read back to ${day(trail.since)}. `;
  if (trail)
    return html`AWS CloudTrail was not readable for whoever made this page (${trail.why}): who submitted a key is recorded there. `;
  return trailRead
    ? ''
    : 'AWS CloudTrail was not read for this page: who submitted a key is recorded there. ';
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
