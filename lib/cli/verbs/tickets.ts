import { isLink } from '../../contract/env';
import { decodeListing } from '../../contract/listing-document';
import { coveredScopes, isComplete, scopeOf, type TicketListing } from '../../domain/tickets/listing';
import { MOST_NEW, planTickets, type TicketPlan } from '../../domain/tickets/plan';
import { ticketsOf } from '../../domain/tickets/ticket';
import { DAY, plus } from '../../domain/time';
import { absolute, count, enumerated } from '../../domain/wording/text';
import { type DoneStep, type KeptTickets, keepTickets, nameStep } from '../../workflows/keep-tickets';
import type { CliContext } from '../context';
import { EXIT, UsageError } from '../exit-code';
import { readGithub } from '../github';
import { textOf } from '../init/lay';
import { needText } from '../read-options';
import { waitFor } from '../terminal';
import type { Outcome, Verb } from '../verb';

interface Intent {
  /** A file, or `-` for standard input. */
  readonly from: string;
  readonly github?: string;
  readonly runbook?: string;
  readonly print: boolean;
}

/** Keeps one issue for each finding of a listing. It has nothing to do with AWS: another command made the listing. */
export const tickets: Verb<Intent> = {
  name: 'tickets',
  summary: 'keep one GitHub issue for each finding of a listing',
  about:
    'Reads what `status --json` printed, and opens, writes anew, reopens and closes the issues of a repository, so that each key and finding that needs a person has one open issue. It knows its issues by a mark in their text and the label anthropic-key. What a listing does not have because a part could not be read stays open, and an older listing than the last one changes nothing. The token comes from GITHUB_TOKEN or GH_TOKEN, the repository from GITHUB_REPOSITORY, and the address of a GitHub Enterprise Server from GITHUB_API_URL. It needs no AWS credentials. Exit code 1 means that something was not done, and the next run does it.',
  options: [
    ['--from <file>', 'the listing, or - for standard input'],
    ['--github <repository>', 'owner/name of the repository (default: GITHUB_REPOSITORY)'],
    ['--runbook <url>', 'where docs/runbook.md is served: issues link to it'],
    ['--print', 'print what needs a ticket, for another tracker, and reach no GitHub'],
  ],
  examples: [
    'tickets --from listing.json --dry-run',
    'tickets --from listing.json --github acme/keys',
    'tickets --from - --print --json',
  ],
  seeAlso: ['status', 'report', 'init'],
  document: 'tickets/1',
  offline: () => true,
  read: (_, { runbook, github, print, ...options }) => ({
    from: needText(
      options,
      'from',
      'name the file that `status --json` was written to, or - for standard input.',
    ),
    ...(typeof github === 'string' && { github }),
    ...(typeof runbook === 'string' && { runbook: readLink(runbook) }),
    print: print === true,
  }),
  async prepare({ from, github, runbook, print }, context) {
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
          : ['Nothing: the issues are as the listing has it.'],
      rehearse: async () => remarks(listing, plan),
      readsOnly: true,
      async execute() {
        const kept = await waitFor(context.terminal, 'Keeping the issues', (show) =>
          keepTickets(plan, tracker, (done) => show(`Keeping the issues, ${done} of ${steps.length}`)),
        );
        return outcome(settings.repository, listing, plan, kept);
      },
    };
  },
};

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

function readLink(url: string): string {
  if (isLink(url) && !/[#()]/.test(url)) return url;
  throw new UsageError(`--runbook takes an https URL without # and brackets, not ${JSON.stringify(url)}.`);
}

/** What a listing and the issues leave open, a sentence each. */
const remarks = ({ unread }: TicketListing, { outdated, waiting }: TicketPlan): readonly string[] => [
  ...unread.map(
    ({ environments, words }) =>
      `${enumerated(environments)} could not be read, so no issue of it is closed: ${words}`,
  ),
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
            ? [good(`Nothing to do: the issues of ${repository} are as the listing has it.`)]
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
    text: () => (wanted.length > 0 ? wanted.map(({ title }) => title).join('\n') : 'Nothing needs a ticket.'),
  };
}
