import type { FleetRow } from '../../domain/fleet/row';
import { DAY } from '../../domain/time';
import { html, type Markup } from './markup';

/** The span of time that all bars share. */
export interface TimeAxis {
  readonly from: Date;
  readonly to: Date;
  readonly now: Date;
  /** Where a date lies: percent from the left edge, 0 to 100. */
  at(date: Date): number;
}

/** How far back and ahead the bars reach at most, even if one odd key needs more. */
const MOST_BEFORE = 400 * DAY;
const MOST_AFTER = 200 * DAY;
const MARGIN = 4 * DAY;

/** Chooses the span: from the oldest key to the last deadline. */
export function axisOf(rows: readonly FleetRow[], now: Date): TimeAxis {
  const starts = rows.flatMap(({ createdAt }) => createdAt?.getTime() ?? []);
  const ends = rows.flatMap(({ dueAt, retiring }) => [
    ...(dueAt ? [dueAt.getTime()] : []),
    ...retiring.map(({ until }) => until.getTime()),
  ]);
  const middle = now.getTime();
  const from = Math.max(Math.min(middle - 30 * DAY, ...starts) - MARGIN, middle - MOST_BEFORE);
  const to = Math.min(Math.max(middle + 30 * DAY, ...ends) + MARGIN, middle + MOST_AFTER);
  return {
    from: new Date(from),
    to: new Date(to),
    now,
    at: (date) => {
      const share = (date.getTime() - from) / (to - from);
      return Math.round(Math.min(1, Math.max(0, share)) * 10_000) / 100;
    },
  };
}

/** Right of this percentage the label of a month would be clipped. */
const LAST_LABEL = 93;

/** The months under the bars' heading, and today. */
export function axisLabels(axis: TimeAxis): Markup {
  const months = monthsOf(axis);
  const step = Math.ceil(months.length / 12);
  const shown = months.filter((_, index) => index % step === 0);
  return html`<svg class="axis" width="100%" height="32" aria-hidden="true">
${shown
  .filter((month) => axis.at(month) < LAST_LABEL)
  .map(
    (month, index) =>
      html`<text${index % 2 === 1 && html` class="second"`} x="${axis.at(month)}%" y="26">${monthName(month)}</text>`,
  )}
<text class="today" x="${axis.at(axis.now)}%" y="10" text-anchor="middle">today</text>
<line class="now" x1="${axis.at(axis.now)}%" x2="${axis.at(axis.now)}%" y1="14" y2="32"/>
</svg>`;
}

/** The first of each month within the span. */
export function monthsOf({ from, to }: Pick<TimeAxis, 'from' | 'to'>): readonly Date[] {
  const months: Date[] = [];
  for (let n = 1; ; n++) {
    const month = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + n, 1));
    if (month > to) return months;
    months.push(month);
  }
}

const monthName = (month: Date) =>
  month.toLocaleDateString('en-GB', {
    month: 'short',
    timeZone: 'UTC',
    ...(month.getUTCMonth() === 0 && { year: 'numeric' }),
  });
