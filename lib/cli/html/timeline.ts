import type { AuditReport } from '../../domain/audit/audit';
import type { FleetRow } from '../../domain/fleet/row';
import { keyName } from '../../domain/policy';
import { DAY, HOUR, plus, utcDay } from '../../domain/time';
import { html, type Markup, type Piece } from './markup';
import { axisLabels, axisOf, monthsOf, type TimeAxis } from './time-axis';
import { missingParts, placesOf, section } from './words';

/** A bar per key on one axis of time. */
export function timeline(report: AuditReport): Markup {
  const { rows, generatedAt } = report;
  const place = placesOf(report);
  const shown = rows.filter(({ createdAt, retiring }) => createdAt || retiring.length > 0);
  const axis = axisOf(shown, generatedAt);
  return section(
    {
      id: 'timeline',
      title: 'Timeline',
      shows:
        'Each key from the day it first appeared to the day it must be replaced. Below that, the grace of the key it replaced, until that key is proven dead.',
      restsOn: 'The same labels and tags as the table above, drawn on one axis of time.',
      unknown: `${missingParts(report)}Rotations before the latest one, and keys whose age is not known: they have no bar.`,
    },
    html`${PATTERNS}${legend}
<table class="timeline">
<thead><tr><th scope="col">Key</th><th scope="col"><span class="hidden">Time</span>${axisLabels(axis)}</th></tr></thead>
<tbody>${shown.map((row) => html`<tr><th scope="row">${keyName(row.key)}${place(row.key.environment)}</th><td>${bar(row, axis)}</td></tr>`)}</tbody>
</table>`,
  );
}

/** Hatching, so that the windows can be told apart on paper too. */
const PATTERNS = html`<svg width="0" height="0" class="patterns" aria-hidden="true"><defs>
<pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="5" height="5" class="hatch-ground"/><line x1="0" x2="0" y1="0" y2="5" class="hatch-line"/></pattern>
<pattern id="hatch-bad" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)"><rect width="4" height="4" class="bad-ground"/><line x1="0" x2="0" y1="0" y2="4" class="bad-line"/></pattern>
</defs></svg>`;

const MARK = {
  submitted: 'M0 -4.5 L4.5 4 L-4.5 4 Z',
  promoted: 'M0 -4.5 A4.5 4.5 0 1 1 -0.01 -4.5 Z',
  deactivated: 'M-4 -4 H4 V4 H-4 Z',
  proven: 'M0 -5.5 L5 0 L0 5.5 L-5 0 Z',
} as const;

const swatch = (className: string, word: string) =>
  html`<li><svg width="26" height="12" aria-hidden="true"><rect class="${className}" width="26" height="12" rx="2"/></svg>${word}</li>`;
const sign = (name: keyof typeof MARK, word: string) =>
  html`<li><svg width="14" height="14" aria-hidden="true"><g transform="translate(7 7)"><path class="mark ${name}" d="${MARK[name]}"/></g></svg>${word}</li>`;

const legend = html`<ul class="legend">
${swatch('used', 'age so far')}${swatch('left', 'time left')}${swatch('warned', 'reminders are sent')}${swatch('over', 'overdue, or dead')}${swatch('grace', 'old key in grace')}${swatch('late', 'old key past its grace')}
${sign('submitted', 'submitted')}${sign('promoted', 'promoted')}${sign('deactivated', 'switched off')}${sign('proven', 'proven dead')}
</ul>`;

function bar(row: FleetRow, axis: TimeAxis): Markup {
  const now = axis.at(axis.now);
  return html`<svg class="bar" width="100%" height="36" role="img" aria-label="${inWords(row, axis.now)}">
${monthsOf(axis).map((month) => html`<line class="month" x1="${axis.at(month)}%" x2="${axis.at(month)}%" y1="0" y2="36"/>`)}
${life(row, axis)}${grace(row, axis)}${marks(row, axis)}
<line class="now" x1="${now}%" x2="${now}%" y1="0" y2="36"/>
</svg>`;
}

/** The life of the live key: age so far, time left, the days of reminders, and what is overdue. */
function life({ createdAt, dueAt, policy, verdict }: FleetRow, axis: TimeAxis): Piece {
  if (!createdAt || !dueAt) return undefined;
  const { now } = axis;
  const warned = plus(dueAt, -Math.max(0, ...policy.warnDays) * DAY);
  const dead = verdict?.kind === 'DEAD' ? verdict.since : undefined;
  const end = dead && dead < dueAt ? dead : dueAt;
  const late = now > end;
  return [
    !dead && span(axis, 'left', createdAt, dueAt, 5, 13),
    !dead && span(axis, 'warned', warned > createdAt ? warned : createdAt, dueAt, 5, 13),
    span(axis, 'used', createdAt, late ? end : now, 8, 7),
    late && span(axis, 'over', end, now, 5, 13),
  ];
}

/** The grace of old keys, from the promotion that replaced them. */
function grace({ retiring, timeline, policy }: FleetRow, axis: TimeAxis): Piece {
  const { promotedAt, graceEndsAt, provenAt } = timeline;
  const labels = retiring.map(({ until }) => until);
  const over = provenAt && graceEndsAt && labels.length === 0 ? [graceEndsAt] : [];
  return [...labels, ...over].map((until) => {
    const start = promotedAt && promotedAt < until ? promotedAt : plus(until, -policy.graceHours * HOUR);
    const end = provenAt && labels.length === 0 ? provenAt : axis.now;
    return [span(axis, 'grace', start, until, 23, 8), end > until && span(axis, 'late', until, end, 23, 8)];
  });
}

function marks({ timeline }: FleetRow, axis: TimeAxis): Piece {
  const { submittedAt, promotedAt, deactivatedAt, provenAt } = timeline;
  return [
    submittedAt && mark('submitted', submittedAt, 11.5, axis),
    promotedAt && mark('promoted', promotedAt, 11.5, axis),
    deactivatedAt && mark('deactivated', deactivatedAt, 27, axis),
    provenAt && mark('proven', provenAt, 27, axis),
  ];
}

/** A bar with a minimum width: two days of grace would be invisible on an axis of a year. */
function span(axis: TimeAxis, className: string, from: Date, to: Date, y: number, height: number): Piece {
  const [left, right] = [axis.at(from), axis.at(to)];
  if (right <= left) return undefined;
  const width = Math.round(Math.max(right - left, 0.6) * 100) / 100;
  return html`<rect class="${className}" x="${left}%" width="${width}%" y="${y}" height="${height}" rx="2"/>`;
}

/** A sign at a date. Outside the axis it is left out: at the edge it would show a wrong date. */
function mark(name: keyof typeof MARK, date: Date, y: number, axis: TimeAxis): Piece {
  if (date < axis.from || date > axis.to) return undefined;
  return html`<svg x="${axis.at(date)}%" y="${y}" overflow="visible"><path class="mark ${name}" d="${MARK[name]}"/></svg>`;
}

/** The bar in words, for screen readers. */
function inWords({ key, createdAt, dueAt, verdict, retiring, timeline }: FleetRow, now: Date): string {
  const parts = [
    createdAt && `key since ${utcDay(createdAt)}`,
    verdict?.kind === 'DEAD' && `dead since ${utcDay(verdict.since)}`,
    dueAt && `${now >= dueAt ? 'overdue since' : 'due'} ${utcDay(dueAt)}`,
    ...retiring.map(
      ({ until }) => `old key ${now < until ? 'in grace until' : 'past its grace since'} ${utcDay(until)}`,
    ),
    timeline.promotedAt && `promoted ${utcDay(timeline.promotedAt)}`,
    timeline.deactivatedAt && `old key switched off ${utcDay(timeline.deactivatedAt)}`,
    timeline.provenAt && `old key proven dead ${utcDay(timeline.provenAt)}`,
  ];
  return `${keyName(key)}: ${parts.filter(Boolean).join(', ')}`;
}
