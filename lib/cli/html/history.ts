import type { AuditReport, KeyHistory, LogState } from '../../domain/audit/audit';
import type { EvidenceSource, HistoryEvent, HistoryStep } from '../../domain/history-event';
import { utcDay } from '../../domain/time';
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
  event: 'reported: evidence log',
};

/** What happened to each key, the source that says so, and the request id to look it up. */
export function history({ histories, trailRead, trail, logs, generatedAt }: AuditReport): Markup {
  const shown = histories.filter(({ events }) => events.some(({ step }) => step !== 'created'));
  const others = histories.length - shown.length;
  return section(
    'history',
    'Rotation history and evidence',
    html`Times are UTC. The secret itself remembers its latest rotation. ${whatWasRead(trailRead, trail)}${whatWasReported(logs)}${others > 0 && `No rotation is on record for ${count(others, 'further key')}.`}`,
    shown.length === 0
      ? html`<p class="empty">No rotation is on record yet.</p>`
      : scrolling(
          'Rotation history',
          html`<table class="history">
<thead><tr><th scope="col">When</th><th scope="col">What</th><th scope="col">Key fingerprint</th><th scope="col">Who</th><th scope="col">Source</th><th scope="col">Id to look it up</th></tr></thead>
${shown.map((each) => group(each, generatedAt))}
</table>`,
        ),
  );
}

function whatWasRead(trailRead: boolean, trail: AuditReport['trail']): Piece {
  if (trail?.readable) return html`AWS CloudTrail was read back to ${day(trail.since)}. `;
  if (trail)
    return html`AWS CloudTrail, which records who submitted a key, was not read for this page: ${trail.why}. `;
  return trailRead ? '' : 'AWS CloudTrail was not read for this page. It records who submitted a key. ';
}

/** What the evidence logs hold, and what that is worth. */
function whatWasReported(logs: AuditReport['logs'] = []): Piece {
  const namesOf = (how: string) => logs.filter((log) => howFar(log) === how).map((log) => log.environment);
  return [
    logs.some(({ readable }) => readable) &&
      html`What stands in an evidence log is <em>reported</em> by this project’s functions. Whoever may put events on the bus could write there, so each report of a change of the live key is compared with CloudTrail, as far as that was read. `,
    ...[...new Set(logs.map(howFar))].map(
      (how) => `The evidence log of ${namesOf(how).join(', ')} was ${how}. `,
    ),
  ];
}

function howFar(log: LogState): string {
  if (!log.readable) return `not read for this page: ${log.why}`;
  const end = 'until' in log ? `, and only up to ${utcDay(log.until)}, because it is very long` : '';
  return `read back to ${utcDay(log.since)}${end}`;
}

const group = ({ key, events }: KeyHistory, now: Date) => html`<tbody>
<tr><th scope="rowgroup" colspan="6" class="group">${key}</th></tr>
${events.map((event) => row(event, now))}
</tbody>`;

const row = (event: HistoryEvent, now: Date) => {
  const { at, step, note, fingerprint, by, sources, requestId, dayOnly, unconfirmed } = event;
  return html`
<tr${at > now && html` class="planned"`}>
<td class="when">${dayOnly ? day(at) : minute(at)}</td>
<td>${STEP[step]}${at > now && ' (to come)'}${note && html`<span class="aside">${note}</span>`}</td>
<td>${fingerprint ? html`<code>${fingerprint}</code>` : '–'}</td>
<td>${by === undefined ? '–' : caller(by)}</td>
<td>${sources.map((source) => SOURCE[source]).join(', ')}${unconfirmed && html`<span class="aside">AWS CloudTrail shows no change of the live key in the two days before</span>`}</td>
<td>${requestId ? html`<code>${requestId}</code>` : '–'}</td>
</tr>`;
};

/** Role and session, which may be on lines of their own. */
const caller = (by: string) => by.split('/').map((part, index) => [index > 0 && html`/<wbr>`, part]);
