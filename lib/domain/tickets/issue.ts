import { absolute } from '../wording/text';
import { environmentMark } from './listing';
import type { Ticket } from './ticket';

/** What every issue of ours has, so that all of them can be listed. */
export const ISSUE_LABEL = 'anthropic-key';

/** Identity of an issue, in the first line of its text, which GitHub does not show. Titles are people's to change. */
export interface Marker {
  readonly id: string;
  readonly place: string;
  /** Hash of the environment's name: what stands in a comment must not be able to end it. */
  readonly environment: string;
  /** When the listing that it was last written from was made. */
  readonly listed: Date;
}

const MARKER =
  /^<!-- anthropic-key-ticket\/1 id=([0-9a-f]{16}) place=(\d{12}\/[a-z0-9-]+) environment=([0-9a-f]{8}) listed=(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) -->/;

/** Only the very beginning of a text counts, so that nothing quoted in one passes for a marker. Undefined for an issue that is not ours. */
export function readMarker(text: string): Marker | undefined {
  const [, id, place, environment, listed] = MARKER.exec(text) ?? [];
  const date = new Date(listed ?? '');
  if (!id || !place || !environment || Number.isNaN(date.getTime())) return undefined;
  return { id, place, environment, listed: date };
}

const writeMarker = ({ id, place, environment, listed }: Marker) =>
  `<!-- anthropic-key-ticket/1 id=${id} place=${place} environment=${environment} listed=${listed.toISOString()} -->`;

/** The same text with another time of listing. */
export const listedAt = (text: string, listed: Date): string => {
  const marker = readMarker(text);
  return marker ? text.replace(MARKER, writeMarker({ ...marker, listed })) : text;
};

/** A ticket in GitHub's Markdown. `runbook` is the address where docs/runbook.md is served. */
export function issueText(ticket: Ticket, runbook: string | undefined): string {
  const { environment, listed, says, facts, command, section, snoozable } = ticket;
  const anchor = section ? `#${section}` : '';
  return [
    writeMarker({ ...ticket, environment: environmentMark(environment) }),
    says,
    '',
    ...facts.map(([name, text]) => `- ${name}: ${code(text)}`),
    '',
    ...(command
      ? [
          'In the repository where the command line is installed, signed in to that account:',
          '',
          '```sh',
          command,
          '```',
          '',
        ]
      : []),
    runbook
      ? `[Runbook](${runbook}${anchor})`
      : `Runbook: \`docs/runbook.md${anchor}\` in the package \`anthropic-key-rotation\``,
    '',
    `Listed ${absolute(listed)}. Each run writes this text anew (write in comments), and closes the issue when a listing no longer has the finding${
      snoozable ? ', or when an exemption (`snooze`) begins' : ''
    }.`,
  ].join('\n');
}

/** Text as it is: within a code span GitHub knows no mention, link, reference or HTML. */
const code = (text: string) => `\`${text.replaceAll('`', "'").trim() || '(empty)'}\``;

/** A title of ours. GitHub shows code in titles, and a mention is to ping nobody. */
export const issueTitle = ({ title }: Ticket) => title.replaceAll('`', "'").replaceAll('@', '(at)');
