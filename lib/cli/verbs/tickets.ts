import { isLink } from '../../contract/env';
import { UsageError } from '../exit-code';
import { needText } from '../read-options';
import type { TicketsIntent } from '../tickets/prepare';
import type { Verb } from '../verb';

/** Keeps one issue for each finding of a listing. It has nothing to do with AWS: another command made the listing. */
export const tickets: Verb<TicketsIntent> = {
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
  // Loaded then: no other command needs it.
  prepare: async (intent, context) => (await import('../tickets/prepare.ts')).prepareTickets(intent, context),
};

function readLink(url: string): string {
  if (isLink(url) && !/[#()]/.test(url)) return url;
  throw new UsageError(`--runbook takes an https URL without # and brackets, not ${JSON.stringify(url)}.`);
}
