import type { Triage } from '../fleet/triage';
import { couldGo } from '../keyless/workload';
import { keyName } from '../policy';
import { daysBetween, utcDay } from '../time';
import { CLI_COMMAND } from '../wording/cli-command';
import { CONSOLE, keys } from '../wording/commands';
import { KEEP_ONE } from '../wording/phrases';
import { ages, count, freeText, hintText, moment, paragraph, plain, section, wrap } from '../wording/text';
import type { ReportInput as Fleet } from './report-input';
import { inventorySections } from './report-inventory';

/** Days for which a review of the spend limit counts. */
const REVIEW_DAYS = 180;

/** Days before an expiry from which it is listed. */
const EXPIRY_DAYS = 30;

/**
 * What the report says besides the keys' own states, at most so many items a section. Empty sections are left out, except who receives the
 * notices.
 */
export function reportSections(fleet: Fleet, parts: Triage, most: number): readonly string[] {
  const listed = (heading: string, items: readonly string[]) => listOf(heading, items, most);
  return [
    recipients(fleet, most),
    listed(
      'Kept by defaults, because their policy tags are damaged: deploy, or run adopt again',
      broken(fleet),
    ),
    twins(fleet, most),
    listed(
      'Tagged as keys, but not deployed: add them to keys.yaml and deploy, or take their tags away',
      claimed(fleet),
    ),
    listed(
      'One key in several secrets: give each service its own',
      fleet.shared.map(({ secrets }) => together(secrets)),
    ),
    ...inventorySections(fleet, (items) => itemsOf(items, most)),
    listed(
      'Personal keys: replace them with service account keys',
      fleet.rows.flatMap(({ personal, key }) => (personal ? [plain(keyName(key), 60)] : [])),
    ),
    listed('Keys that expire soon at Anthropic', expiring(fleet)),
    listed('Old keys not yet proven dead, with the end of their grace period', inGrace(fleet)),
    listed('Snoozed: no reminders until then', snoozed(fleet, parts)),
    spendLimit(fleet),
    couldBeKeyless(fleet),
  ].filter((text) => text !== undefined);
}

function listOf(heading: string, items: readonly string[], most: number): string | undefined {
  return items.length === 0 ? undefined : section(heading, [itemsOf(items, most).join('\n')]);
}

function itemsOf(items: readonly string[], most: number): readonly string[] {
  const shown = items.slice(0, most).map((item) => wrap(item, '  - ', '    '));
  return items.length > most ? [...shown, `  ... and ${items.length - most} more`] : shown;
}

function recipients({ subscriptions }: Fleet, most: number): string {
  const confirmed = subscriptions.filter((subscription) => subscription.confirmed);
  const unconfirmed = subscriptions.filter((subscription) => !subscription.confirmed);
  const summary =
    confirmed.length === 0
      ? 'NOBODY receives the notices of this environment: no subscription is confirmed.'
      : `${count(confirmed.length, 'confirmed subscription')}.`;
  return section('Who receives the notices', [
    [
      paragraph(summary),
      ...itemsOf(
        unconfirmed.map(
          ({ protocol, endpoint, lost }) =>
            `${lost ? 'Lost' : 'Not confirmed'}: ${plain(protocol, 12)} ${plain(endpoint, 80)}. ${lost ? 'The deployment subscribed it, and it is gone: subscribe it again.' : 'Open the confirmation mail; aws sns subscribe sends another.'}`,
        ),
        most,
      ),
    ].join('\n'),
  ]);
}

const broken = ({ unreadable = [] }: Fleet) =>
  unreadable.map(({ secretName, faults }) => `${plain(secretName, 80)}: ${plain(faults.join('; '), 200)}`);

function twins({ twins: all = [] }: Fleet, most: number): string | undefined {
  const text = listOf(
    'One name, several secrets: commands that name it are refused',
    all.map(({ name, secrets }) => `${plain(name, 70)}: ${together(secrets)}`),
    most,
  );
  return text && `${text}\n${paragraph(KEEP_ONE)}`;
}

/** Names of secrets, the first few of many. */
function together(secrets: readonly string[]): string {
  const shown = secrets.slice(0, 5).map((name) => plain(name, 60));
  return [...shown, ...(secrets.length > 5 ? [`${secrets.length - 5} more`] : [])].join(' and ');
}

const claimed = ({ claimed: all = [] }: Fleet) =>
  all.map((secret) => `${plain(secret.secretName, 80)}, tagged as ${plain(keyName(secret), 70)}`);

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

/** Keys that are named as such, at most. */
const MOST_KEYLESS = 3;

/** Only in the first report of a month: it is an offer, and nothing is wrong. */
function couldBeKeyless({ rows, now, cliCommand = CLI_COMMAND }: Fleet): string | undefined {
  const able = rows.filter(({ verdict, key }) => verdict !== undefined && couldGo(key.consumers));
  const [first] = able;
  if (!first || now.getUTCDate() > 7) return undefined;
  const text = listOf(
    'Could do without a key: all that reads them runs on AWS with a role of its own',
    able.map(({ key }) => plain(keyName(key), 60)),
    MOST_KEYLESS,
  );
  return `${text}\n${paragraph('By Workload Identity Federation. What each of them needs:')}\n    ${keys(cliCommand, 'keyless', first.key)}`;
}
