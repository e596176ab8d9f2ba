import { DAY, later, plus, utcDay } from '../time';
import { absolute } from '../wording/text';
import { issueText, issueTitle, listedAt, type Marker, readMarker } from './issue';
import { coverageOf, type ListedPlace, placeName, type TicketListing } from './listing';
import { snoozedTickets, type Ticket, ticketsOf } from './ticket';

/** An issue of the tracker that has our label. */
export interface Issue {
  readonly number: number;
  readonly open: boolean;
  /** Nobody is to comment on it. */
  readonly locked: boolean;
  readonly text: string;
}

/** One change of the tracker. `comment` is absent where the issue is locked. */
export type TicketStep =
  | { readonly does: 'open'; readonly title: string; readonly text: string }
  | {
      readonly does: 'reopen' | 'close' | 'close-duplicate' | 'update';
      readonly number: number;
      readonly text: string;
      readonly comment?: string;
    };

/** What a listing asks of a tracker. */
export interface TicketPlan {
  readonly steps: readonly TicketStep[];
  /** Findings that get their issue with a later run. */
  readonly waiting: number;
  /** Places of which a newer listing was applied already: nothing of them changes. */
  readonly outdated: readonly (Pick<ListedPlace, 'account' | 'region' | 'now'> & {
    readonly applied: Date;
  })[];
}

/** A fault that all keys share must not flood a tracker. */
export const MOST_NEW = 100;

interface Known extends Marker {
  readonly issue: Issue;
}

/**
 * What to change so that exactly the findings of the listing have an open issue, each one. Of places and environments that the listing does not
 * have, nothing changes. `runbook` is the address where docs/runbook.md is served.
 */
export function planTickets(
  listing: TicketListing,
  issues: readonly Issue[],
  now: Date,
  runbook?: string,
): TicketPlan {
  const known = issues
    .flatMap((issue): readonly Known[] => {
      const marker = readMarker(issue.text);
      return marker ? [{ ...marker, issue }] : [];
    })
    .sort((a, b) => a.issue.number - b.issue.number);
  const applied = lastApplied(known, now);
  const outdated = listing.places.flatMap(({ account, region, now }) => {
    const last = applied.get(placeName({ account, region }));
    return last && last > now ? [{ account, region, now, applied: last }] : [];
  });
  const places = listing.places.filter(
    (place) => !outdated.some((other) => placeName(other) === placeName(place)),
  );
  const wanted = ticketsOf({ ...listing, places });
  const isOver = overBy({ ...listing, places }, wanted);
  const byId = new Map<string, Known[]>();
  for (const each of known) byId.set(each.id, [...(byId.get(each.id) ?? []), each]);
  const pairs = wanted.map((ticket) => ({ ticket, found: byId.get(ticket.id) ?? [] }));
  const opened = pairs.filter(({ found }) => found.length === 0).map(({ ticket }) => ticket);
  return {
    steps: [
      ...opened.slice(0, MOST_NEW).map(
        (ticket): TicketStep => ({
          does: 'open',
          title: issueTitle(ticket),
          text: issueText(ticket, runbook),
        }),
      ),
      ...pairs.flatMap(({ ticket, found }) => kept(ticket, found, runbook)),
      ...known.filter(({ issue, ...marker }) => issue.open && isOver(marker)).map(closed(listing)),
    ].sort((a, b) => ORDER.indexOf(a.does) - ORDER.indexOf(b.does)),
    waiting: Math.max(0, opened.length - MOST_NEW),
    outdated,
  };
}

/** What matters most comes first, in case that a limit ends the run. */
const ORDER: readonly TicketStep['does'][] = ['open', 'reopen', 'close', 'close-duplicate', 'update'];

/** When the newest applied listing of each place was made. No listing was made on a day that is still to come. */
function lastApplied(known: readonly Known[], now: Date): ReadonlyMap<string, Date> {
  const last = new Map<string, Date>();
  for (const { place, listed } of known)
    if (listed <= plus(now, DAY)) last.set(place, later(listed, last.get(place)));
  return last;
}

/** The oldest issue of a ticket is the one; others came of a race. */
function kept(
  ticket: Ticket,
  [oldest, ...others]: readonly Known[],
  runbook: string | undefined,
): readonly TicketStep[] {
  if (!oldest) return [];
  const { issue } = oldest;
  const text = issueText(ticket, runbook);
  const reopened: TicketStep = {
    does: 'reopen',
    number: issue.number,
    text,
    ...comment(
      issue,
      `The listing of ${absolute(ticket.listed)} has this finding.${
        ticket.snoozable ? ' To have it closed until a day, for a reason, note an exemption: `snooze`.' : ''
      }`,
    ),
  };
  const same = issue.text.replaceAll('\r\n', '\n').trimEnd() === text;
  return [
    ...(issue.open ? [] : [reopened]),
    ...(issue.open && !same ? [{ does: 'update', number: issue.number, text } as const] : []),
    ...others
      .filter((other) => other.issue.open)
      .map(
        (other): TicketStep => ({
          does: 'close-duplicate',
          number: other.issue.number,
          text: listedAt(other.issue.text, ticket.listed),
          ...comment(other.issue, `Duplicate of #${issue.number}.`),
        }),
      ),
  ];
}

const comment = ({ locked }: Issue, text: string) => (locked ? {} : { comment: text });

/** Whether an open issue's finding is over: its environment was listed, and the listing does not have it. */
function overBy(listing: TicketListing, wanted: readonly Ticket[]): (marker: Marker) => boolean {
  const ids = new Set(wanted.map(({ id }) => id));
  const speaksOf = coverageOf(listing);
  return ({ id, place, environment }) => !ids.has(id) && speaksOf(place, environment);
}

function closed(listing: TicketListing): (known: Known) => TicketStep {
  const snoozed = snoozedTickets(listing);
  const made = new Map(listing.places.map((place) => [placeName(place), place.now]));
  return ({ id, place, issue }) => {
    const until = snoozed.get(id);
    const listed = made.get(place)!;
    return {
      does: 'close',
      number: issue.number,
      text: listedAt(issue.text, listed),
      ...comment(
        issue,
        until
          ? `An exemption quiets this finding until ${utcDay(until)}.`
          : `The listing of ${absolute(listed)} no longer has this finding.`,
      ),
    };
  };
}
