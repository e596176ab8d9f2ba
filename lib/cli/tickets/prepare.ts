import { decodeListing } from '../../contract/listing-document';
import { coveredScopes, isComplete, scopeOf, type TicketListing } from '../../domain/tickets/listing';
import { MOST_NEW, planTickets, type TicketPlan } from '../../domain/tickets/plan';
import { ticketsOf } from '../../domain/tickets/ticket';
import { DAY, plus } from '../../domain/time';
import { absolute, count, enumerated } from '../../domain/wording/text';
import { type DoneStep, type KeptTickets, keepTickets, nameStep } from '../../workflows/keep-tickets';
import type { CliContext } from '../context';
import { EXIT, UsageError } from '../exit-code';
import { textOf } from '../init/lay';
import { waitFor } from '../terminal';
import type { Outcome, Plan } from '../verb';
import { readGithub } from './github';

/** What the command line asks for. */
export interface TicketsIntent {
  /** A file, or `-` for standard input. */
  readonly from: string;
  readonly github?: string;
  /** Where docs/runbook.md is served. */
  readonly runbook?: string;
  readonly print: boolean;
}

/** Plans what the issues lack of a listing. @throws UsageError, TrackerError */
export async function prepareTickets(
  { from, github, runbook, print }: TicketsIntent,
  context: CliContext,
): Promise<Plan> {
  const now = context.clock.now();
  const listing = await listingFrom(from, context, now);
  if (print) return { execute: async () => printed(listing) };
  const settings = readGithub(github, context.vars);
  const tracker = context.issues(settings);
  const issues = await waitFor(context.terminal, 'Reading the issues', () => tracker.list());
  const plan = planTickets(listing, issues, now, runbook);
  const { steps } = plan;
  return {
    steps:
      steps.length > 0
        ? steps.map((step) => `${nameStep(step)}.`)
        : ['Nothing: the issues are as the listing says.'],
    rehearse: async () => remarks(listing, plan),
    readsOnly: true,
    async execute() {
      const kept = await waitFor(context.terminal, 'Keeping the issues', (show) =>
        keepTickets(plan, tracker, (done) => show(`Keeping the issues, ${done} of ${steps.length}`)),
      );
      return outcome(settings.repository, listing, plan, kept);
    },
  };
}

/** @throws UsageError for whatever is no whole listing: nothing is concluded from it */
async function listingFrom(from: string, { terminal }: CliContext, now: Date): Promise<TicketListing> {
  if (from === '-' && terminal.interactive)
    throw new UsageError('--from - reads standard input, and nothing is piped in.');
  const text = from === '-' ? await terminal.piped() : await textOf(from);
  if (text === undefined) throw new UsageError(`--from names ${from}, which does not exist.`);
  try {
    const listing = decodeListing(text);
    const early = listing.places.find((place) => place.now > plus(now, DAY));
    if (early) throw new Error(`The listing was made ${absolute(early.now)}, which is still to come.`);
    return listing;
  } catch (error) {
    throw new UsageError(`${(error as Error).message} Nothing was changed.`);
  }
}

/** What a listing and the issues leave open, a sentence each. */
const remarks = (listing: TicketListing, { outdated, waiting }: TicketPlan): readonly string[] => [
  ...unreadInWords(listing, 'no issue of it is closed'),
  ...outdated.map(
    ({ account, region, now, applied }) =>
      `The listing of account ${account}, ${region} was made ${absolute(now)}, and a newer one of ${absolute(applied)} was applied already: no issue of that place is changed.`,
  ),
  ...(waiting > 0
    ? [
        `${count(waiting, 'more finding')} will get an issue with the next runs: one run opens ${MOST_NEW} at most.`,
      ]
    : []),
];

const unreadInWords = ({ unread }: TicketListing, consequence: string): readonly string[] =>
  unread.map(
    ({ environments, words }) => `${enumerated(environments)} could not be read, so ${consequence}: ${words}`,
  );

function outcome(
  repository: string,
  listing: TicketListing,
  plan: TicketPlan,
  { done, failed, untried }: KeptTickets,
): Outcome {
  const notes = remarks(listing, plan);
  const numbers = (does: DoneStep['does']) =>
    done.filter((step) => step.does === does).map(({ number }) => number);
  const changes = {
    opened: numbers('open'),
    reopened: numbers('reopen'),
    closed: numbers('close'),
    duplicates: numbers('close-duplicate'),
    updated: numbers('update'),
  };
  const missing = failed.length + plan.outdated.length + plan.waiting;
  const { outdated, waiting } = plan;
  return {
    exit: missing > 0 ? EXIT.failed : EXIT.fine,
    json: { repository, complete: isComplete(listing), ...changes, failed, untried, outdated, waiting },
    text: ({ good, warn, bad }) =>
      [
        ...(done.length > 0
          ? Object.entries(changes).flatMap(([what, all]) =>
              all.length > 0
                ? [good(`${sentence(what)}: ${all.map((number) => `#${number}`).join(', ')}.`)]
                : [],
            )
          : failed.length === 0
            ? [good(`Nothing to do: the issues of ${repository} are as the listing says.`)]
            : []),
        ...notes.map(warn),
        ...failed.map(bad),
        ...(untried > 0
          ? [
              bad(
                `${count(untried, 'further step')} ${untried > 1 ? 'were' : 'was'} not tried. Run again: what was done is not done twice.`,
              ),
            ]
          : []),
      ].join('\n'),
  };
}

const sentence = (text: string) => `${text[0]!.toUpperCase()}${text.slice(1)}`;

/** For a tracker that somebody else keeps. */
function printed(listing: TicketListing): Outcome {
  const wanted = ticketsOf(listing);
  return {
    exit: EXIT.fine,
    document: 'ticket-list/1',
    json: {
      complete: isComplete(listing),
      unread: listing.unread,
      covered: coveredScopes(listing),
      tickets: wanted.map(({ facts, snoozable: _, listed: __, ...ticket }) => ({
        ...ticket,
        scope: scopeOf(ticket.place, ticket.environment),
        facts: facts.map(([name, text]) => ({ name, text })),
      })),
    },
    text: ({ warn }) =>
      [
        ...unreadInWords(listing, 'its tickets stay as they are').map(warn),
        ...(wanted.length > 0
          ? wanted.map(({ title }) => title)
          : [`Nothing ${isComplete(listing) ? '' : 'that could be read '}needs a ticket.`]),
      ].join('\n'),
  };
}
