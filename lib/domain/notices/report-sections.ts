import type { Triage } from '../fleet/triage';
import { keyName } from '../policy';
import { daysBetween, utcDay } from '../time';
import { CONSOLE } from '../wording/commands';
import { ages, count, freeText, hintText, moment, paragraph, plain, section, wrap } from '../wording/text';
import type { ReportInput as Fleet } from './report-input';

/** Days for which a review of the spend limit counts. */
const REVIEW_DAYS = 180;

/** Days before an expiry from which it is listed. */
const EXPIRY_DAYS = 30;

const MOST = 20;

/** What the report says besides the keys' own states. Empty sections are left out, except who receives the notices. */
export const reportSections = (fleet: Fleet, parts: Triage): readonly string[] =>
  [
    recipients(fleet),
    listed('Unmanaged, because their policy tags cannot be read: deploy again', broken(fleet)),
    listed(
      'One key in several secrets: give each service its own',
      fleet.shared.map(({ secrets }) => secrets.map((name) => plain(name, 60)).join(' and ')),
    ),
    unmatched(fleet),
    listed(
      'Personal keys: replace them with service account keys',
      fleet.rows.flatMap(({ personal, key }) => (personal ? [plain(keyName(key), 60)] : [])),
    ),
    listed('Keys that expire soon at Anthropic', expiring(fleet)),
    listed('Old keys not yet proven dead, with the end of their grace period', inGrace(fleet)),
    listed('Snoozed: no reminders until then', snoozed(fleet, parts)),
    spendLimit(fleet),
  ].filter((text) => text !== undefined);

function listed(heading: string, items: readonly string[]): string | undefined {
  if (items.length === 0) return undefined;
  const shown = items.slice(0, MOST).map((item) => wrap(item, '  - ', '    '));
  const rest = items.length > MOST ? [`  ... and ${items.length - MOST} more`] : [];
  return section(heading, [[...shown, ...rest].join('\n')]);
}

function recipients({ subscriptions }: Fleet): string {
  const confirmed = subscriptions.filter((subscription) => subscription.confirmed);
  const unconfirmed = subscriptions.filter((subscription) => !subscription.confirmed);
  const summary =
    confirmed.length === 0
      ? 'NOBODY receives the notices of this environment: no subscription is confirmed.'
      : `${count(confirmed.length, 'confirmed subscription')}.`;
  return section('Who receives the notices', [
    [
      paragraph(summary),
      ...unconfirmed
        .slice(0, MOST)
        .map(({ protocol, endpoint, lost }) =>
          wrap(
            `${lost ? 'Lost' : 'Not confirmed'}: ${plain(protocol, 12)} ${plain(endpoint, 80)}. ${lost ? 'The deployment subscribed it, and it is gone: subscribe it again.' : 'Open the confirmation mail; aws sns subscribe sends another.'}`,
            '  - ',
            '    ',
          ),
        ),
    ].join('\n'),
  ]);
}

const broken = ({ unreadable = [] }: Fleet) =>
  unreadable.map(({ secretName, faults }) => `${plain(secretName, 80)}: ${plain(faults.join('; '), 200)}`);

function unmatched({ unmatched, perhapsHeld = 0, now }: Fleet): string | undefined {
  if (!unmatched) return undefined;
  const text = listed(
    `Keys in the Claude Console that match no secret: ${perhapsHeld > 0 ? 'find out whose they are' : 'adopt, explain or disable them'}`,
    unmatched.map(
      ({ name, hint, createdAt }) =>
        `"${freeText(name, 50)}"${hint ? ` ${hintText(hint.replace('...', '…'))}` : ''}, created ${moment(createdAt, now)}`,
    ),
  );
  const doubt =
    perhapsHeld > 0
      ? `Up to ${perhapsHeld} of them may be in a secret after all: as an old key in its grace period, a key just submitted, or one not checked yet. Disable none of those: a service may still use it.`
      : 'No secret remembers them, and no live key has their short form.';
  return text && `${text}\n${paragraph(doubt)}\n  ${CONSOLE.keys}`;
}

const expiring = ({ rows, now }: Fleet) =>
  rows.flatMap(({ expiresAt, key }) =>
    expiresAt && daysBetween(now, expiresAt) <= EXPIRY_DAYS
      ? [`${plain(keyName(key), 60)}: ${moment(expiresAt, now)}`]
      : [],
  );

const inGrace = ({ rows, now }: Fleet) =>
  rows.flatMap(({ retiring, key }) =>
    retiring.map(
      ({ hint, until }) =>
        `${plain(keyName(key), 60)}${hint ? ` ${hintText(hint)}` : ''}: ${moment(until, now)}`,
    ),
  );

/** Exemptions with what each quiets: the worst first, then those that quiet nothing yet. */
function snoozed({ rows }: Fleet, { snoozed: quiet }: Triage): readonly string[] {
  const words = new Map(quiet.map(({ row, need }) => [row, ` (${need.word}, ${ages(row)})`]));
  const others = rows.filter((row) => !words.has(row));
  return [...words.keys(), ...others].flatMap((row) =>
    row.snooze
      ? [
          `${plain(keyName(row.key), 60)}${words.get(row) ?? ''} until ${utcDay(row.snooze.until)}: "${freeText(row.snooze.reason)}"`,
        ]
      : [],
  );
}

function spendLimit({ spendLimitReview, now }: Fleet): string | undefined {
  if (spendLimitReview && daysBetween(spendLimitReview.on, now) <= REVIEW_DAYS) return undefined;
  const last = spendLimitReview
    ? `Last reviewed ${utcDay(spendLimitReview.on)}${spendLimitReview.by ? ` by ${plain(spendLimitReview.by, 80)}` : ''}.`
    : 'Nobody has recorded a review.';
  return section('Spend limit of the workspace: review it again', [
    paragraph(
      `${last} No API shows it, so it is attested, not verified. It should be slightly above the budget, with alerts at 50, 75, 90 and 100%.`,
    ),
    `  ${CONSOLE.workspaces}`,
    paragraph(`Then set spendLimitReviewed: ${utcDay(now)} in keys.yaml and deploy.`),
  ]);
}
