import {
  type AuditPart,
  type AuditReport,
  type KeyHistory,
  LEFT_OUT,
  type LogState,
  type TrailState,
} from '../../domain/audit/audit';
import type { EvidenceSource, HistoryEvent, HistoryStep } from '../../domain/history-event';
import { utcDay } from '../../domain/time';
import { count } from '../../domain/wording/text';
import { FEED, WHY_UNREAD } from '../../domain/wording/who';
import { html, type Markup, type Piece } from './markup';
import { cards, columnRow, NOTHING, plainRow, scrolling } from './table';
import { accountOf, day, minute, missingParts, placesOf, section } from './words';

const STEP: Readonly<Record<HistoryStep, string>> = {
  created: 'First seen',
  'created-at-anthropic': 'Created at Anthropic',
  submitted: 'Submitted',
  'rotation-failed': 'Rotation failed',
  promoted: 'Promoted to live',
  'direct-edit': 'Edited directly',
  'rolled-back': 'Rolled back',
  'grace-ends': 'Grace ends',
  contained: 'Reported as leaked',
  deactivated: 'Switched off',
  'disabled-at-anthropic': 'Disabled at Anthropic',
  'enabled-at-anthropic': 'Enabled at Anthropic',
  'record-off': 'Seen switched off at Anthropic',
  'proven-dead': 'Proven dead',
};

const SOURCE: Readonly<Record<EvidenceSource, string>> = {
  memory: 'tags of the secret',
  label: 'staging label',
  cloudtrail: 'AWS CloudTrail',
  event: 'reported: evidence log',
  feed: 'Anthropic’s Activity Feed',
};

const COLUMNS = ['When', 'What', 'Fingerprint', 'Who', 'Source', 'Look-up id'];

/** What happened to each key, the source that says so, and the request id to look it up. */
export function history(report: AuditReport): Markup {
  const { histories, trailRead, trail, logs, parts, generatedAt } = report;
  const shown = histories.filter(({ events }) => events.some(({ step }) => step !== 'created'));
  const others = histories.length - shown.length;
  const trails = trailsOf(parts);
  const leftOut = [trail, ...trails.map((part) => part.trail)].some(
    (each) => each?.readable === false && each.why === LEFT_OUT,
  );
  const place = placesOf(report);
  const reports = logs?.some(({ readable }) => readable) === true;
  return section(
    {
      id: 'history',
      title: 'Rotation history and evidence',
      shows: html`What happened to each key, and who did it, as far as it is recorded. Times are UTC. The look-up id finds the request at AWS or Anthropic, or, as AKR-…, the mail. ${others > 0 && (leftOut ? `${PARTLY} ${count(others, 'further key')} ${others === 1 ? 'remembers' : 'remember'} no rotation.` : `No rotation is on record for ${count(others, 'further key')}.`)}`,
      restsOn: html`AWS CloudTrail is <em>evidence</em>: AWS writes it, independently of this project. What the tags and labels of a secret say is <em>remembered</em>: whoever may edit the secret can change it. ${reports && REPORTED}${parts ? trailTexts(trails, true) : trail?.readable && html`AWS CloudTrail was read back to ${day(trail.since)}. `}${logTexts(logs, true)}${feedTexts(logs, true)}`,
      unknown: html`${missingParts(report)}${parts ? trailTexts(trails, false) : !trailRead && whyNoTrail(trail)}${logTexts(logs, false)}${feedTexts(logs, false)}What happened before these sources begin: a secret itself remembers only its latest rotation. Who did it, where “Who” is empty.`,
    },
    shown.length === 0
      ? html`<p class="empty">${leftOut ? `${PARTLY} No secret remembers a rotation.` : 'No rotation is on record yet.'}</p>`
      : scrolling(
          'Rotation history',
          shown.map((each) => group(each, place(each.key.split('/')[0]!), generatedAt)),
        ),
  );
}

/** Where nobody was asked, nothing is known: that is not the same as none. */
const PARTLY =
  'Only what the secrets themselves remember is here: the rest of the history was left out on request.';

/** What a report in an evidence log is worth. */
const REPORTED = html`What stands in an evidence log is <em>reported</em> by this project’s functions. Whoever may put events on the bus could write there, so each report of a change of the live key is compared with CloudTrail, as far as that was read. `;

function whyNoTrail(trail: AuditReport['trail']): string {
  const why = trail && !trail.readable ? `: ${trail.why}` : '';
  return `Who submitted a key: AWS CloudTrail was not read for this page${why}. `;
}

type PartTrail = Extract<AuditPart, { readonly trail: TrailState }>;

const trailsOf = (parts: readonly AuditPart[] = []): readonly PartTrail[] =>
  parts.flatMap((part) => ('trail' in part ? [part] : []));

/** How far CloudTrail of each place was read, or why it was not. */
const trailTexts = (parts: readonly PartTrail[], readable: boolean): Piece =>
  parts
    .filter(({ trail }) => trail.readable === readable)
    .map(({ trail, ...part }) =>
      trail.readable
        ? html`AWS CloudTrail of ${accountOf({ ...part, trail })} was read back to ${day(trail.since)}. `
        : `Who submitted a key of ${part.environments.join(', ')}: AWS CloudTrail of ${accountOf({ ...part, trail })} was not read for this page: ${trail.why}. `,
    );

/** How far the logs were read that could be read, or why the others were not. */
function logTexts(logs: AuditReport['logs'] = [], readable: boolean): Piece {
  const these = logs.filter((log) => log.readable === readable);
  const namesOf = (how: string) => these.filter((log) => howFar(log) === how).map((log) => log.environment);
  return [...new Set(these.map(howFar))].map(
    (how) => `The evidence log of ${namesOf(how).join(', ')} was ${how}. `,
  );
}

function howFar(log: LogState): string {
  if (!log.readable) return `not read for this page: ${log.why}`;
  const end = 'until' in log ? `, and only up to ${utcDay(log.until)}, because it is very long` : '';
  return `read back to ${utcDay(log.since)}${end}`;
}

/** Whether a report passes on who changed keys at Anthropic, or why none does. */
const feedTexts = (logs: AuditReport['logs'] = [], read: boolean): Piece =>
  logs
    .filter(({ readable, feed }) => readable && read === (feed !== undefined && feed.why === undefined))
    .map(({ environment, feed }) => {
      if (!feed) return `Who changed keys of ${environment} at Anthropic: no report tells of ${FEED}. `;
      const on = utcDay(feed.at);
      return feed.why
        ? `Who changed keys of ${environment} at Anthropic: on ${on} ${WHY_UNREAD[feed.why]}. `
        : `${FEED} was last read for ${environment} on ${on}. `;
    });

/** A table for each key, so that its name is repeated at the head of every sheet of paper. */
const group = ({ key, events }: KeyHistory, place: Piece, now: Date) =>
  cards(
    'history',
    html`<tr role="row"><th scope="colgroup" colspan="${COLUMNS.length}" role="columnheader" class="group">${key}${place}</th></tr>${columnRow(COLUMNS)}`,
    events.map((event) => eventRow(event, now)),
  );

function eventRow(event: HistoryEvent, now: Date): Markup {
  const { at, step, note, fingerprint, by, sources, requestId, dayOnly, unconfirmed } = event;
  return plainRow(
    COLUMNS,
    [
      html`<span class="whole">${dayOnly ? day(at) : minute(at)}</span>`,
      html`${STEP[step]}${at > now && ' (to come)'}${note && html`<span class="aside">${note}</span>`}`,
      fingerprint ? html`<code>${fingerprint}</code>` : NOTHING,
      by === undefined ? NOTHING : caller(by),
      html`${sources.map((source) => SOURCE[source]).join(', ')}${unconfirmed && html`<span class="aside">AWS CloudTrail shows no change of the live key in the two days before</span>`}`,
      requestId ? html`<code>${requestId}</code>` : NOTHING,
    ],
    at > now ? 'planned' : '',
  );
}

/** Role and session, which may be on lines of their own. */
const caller = (by: string) => by.split('/').map((part, index) => [index > 0 && html`/<wbr>`, part]);
