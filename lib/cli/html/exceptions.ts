import type { AuditReport } from '../../domain/audit/audit';
import { count } from '../../domain/wording/text';
import { html, type Markup } from './markup';
import { cards, columnRow, namedRow, scrolling } from './table';
import { day, missingParts, placesOf, section } from './words';

const KIND = { snooze: 'Reminders are snoozed', 'long-age': 'Age above 90 days' } as const;

const COLUMNS = ['Key', 'Exemption', 'Reason', 'Until'];

/** Exemptions that people decided, and what needs a decision. */
export const exceptions = (report: AuditReport): Markup =>
  section(
    {
      id: 'exceptions',
      title: 'Exemptions and loose ends',
      shows:
        'An exemption is a person’s decision, with a reason. A snooze ends by itself and never hides a dead, leaked or forgotten key. A loose end is something that a person should look at.',
      restsOn:
        'The tags of the secrets. A reason stands here as a person wrote it, and a review as a person attested it: nobody has verified either.',
      unknown: `${missingParts(report)}Exemptions that have ended. The version history of keys.yaml and AWS CloudTrail have those.`,
    },
    html`${exemptionTable(report)}<h3>Loose ends</h3>${looseEnds(report)}`,
  );

const exemptionTable = ({ exemptions, ...report }: AuditReport) =>
  exemptions.length === 0
    ? html`<p class="empty">No exemption is in force${missingParts(report) && ' where it was read'}.</p>`
    : scrolling(
        'Exemptions',
        cards(
          '',
          columnRow(COLUMNS),
          exemptions.map(({ key, owner, kind, reason, until }) =>
            namedRow(COLUMNS, [
              html`${key}<span class="aside">${owner}</span>${placesOf(report)(key.split('/')[0]!)}`,
              KIND[kind],
              reason,
              until ? day(until) : 'as long as the policy says so',
            ]),
          ),
        ),
      );

function looseEnds({ shared, inventory, ...report }: AuditReport): Markup {
  const { unmanaged = 0, 'perhaps-unmanaged': perhaps = 0 } = inventory?.counts ?? {};
  const read = missingParts(report) && ' that could be read';
  return html`<ul class="plain">
${shared.map(({ secrets, fingerprint }) => html`<li>One key (<code>${fingerprint}</code>) is live in ${secrets.join(' and ')}.</li>`)}
${unmanaged + perhaps > 0 && html`<li>Anthropic lists ${count(unmanaged + perhaps, 'active key')} that matched no managed secret${read}: see <a href="#inventory">Inventory</a>.</li>`}
${statements(report, inventory && read).map((statement) => html`<li>${statement}</li>`)}
</ul>`;
}

/** What was compared and reviewed, and what was not: by environment if that is known, else for the whole page. */
function statements(
  { environments, spendLimitReviewed }: Pick<AuditReport, 'environments' | 'spendLimitReviewed'>,
  /** Absent if nothing was compared. */
  compared: string | undefined,
): readonly string[] {
  const isCompared = compared !== undefined;
  const comparison = isCompared
    ? `The keys of the organization were compared with the secrets${compared}.`
    : 'The keys were not compared with the Claude Console: that needs Admin access.';
  if (!environments) return [comparison, capital(review(spendLimitReviewed))];
  return [
    ...(isCompared ? [comparison] : []),
    ...environments.flatMap(({ name, adminAccess, spendLimitReviewed }) => [
      ...(isCompared ? [] : [`${name}: ${adminAccess ? ASKED_ELSEWHERE : NOT_ASKED}`]),
      `${name}: ${review(spendLimitReviewed)}`,
    ]),
  ];
}

const NOT_ASKED = 'the keys were not compared with the Claude Console, which needs Admin access.';
const ASKED_ELSEWHERE =
  'Admin access is on: the weekly report compares the keys with the Claude Console. This page did not.';

const review = (day: string | undefined) =>
  day
    ? `the spend limit of the workspace was reviewed on ${day}: attested by a person, not verified.`
    : 'nobody has attested a review of the workspace’s spend limit.';

const capital = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);
