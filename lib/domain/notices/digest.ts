import { type Finding, rowOf } from '../findings/catalogue';
import type { Severity } from '../findings/finding';
import { keyName } from '../policy';
import { utcDay } from '../time';
import * as actions from '../wording/actions';
import { CONSOLE, cloudShell, describeWithAws } from '../wording/commands';
import { numbered, points, whereToPaste } from '../wording/layout';
import type { NoticeContext, Step } from '../wording/sheet';
import { expiry, FOR_EVERY_KEY, inWorkspace, suggestedName } from '../wording/steps';
import {
  absolute,
  address,
  BODY,
  count,
  hintText,
  INNER,
  paragraph,
  plain,
  section,
  whole,
  wrap,
} from '../wording/text';
import { type Notice, type NoticeBrief, type NoticeData, noticeId } from './notice';
import { checkout, ending, renderNotice, WITH_CLI } from './render';

/** Version of the JSON of a digest. */
export const DIGEST_SCHEMA = 'anthropic-key-rotation/digest/1';

/** What a digest is called where notices have the kind of their finding. */
export const DIGEST_KIND = 'digest';

/** One mail to an owner about several keys that have time until tomorrow. */
export interface Digest {
  /** The same for the same reminders; `show` lists it for each of their keys. */
  readonly id: string;
  readonly subject: string;
  readonly text: string;
  /** For chat. */
  readonly brief: NoticeBrief;
  readonly data: {
    readonly schema: typeof DIGEST_SCHEMA;
    readonly id: string;
    readonly at: string;
    readonly kind: typeof DIGEST_KIND;
    readonly severity: Severity;
    readonly environment: string;
    readonly owner: string;
    readonly subject: string;
    /** The notice of each reminder, as it would have come alone, with an id of its own. */
    readonly notices: readonly NoticeData[];
  };
}

/** A reminder of one key, with what its notice is written from. */
export interface DigestItem {
  readonly finding: Finding;
  readonly context: NoticeContext;
}

/** Writes one mail about reminders to the same owner in the same environment. The nearest date comes first. */
export function renderDigest(items: readonly DigestItem[]): Digest {
  const entries = items.map(entryOf).sort(byDate);
  const [first] = entries as [Entry];
  const { key, now } = first.context;
  const { environment, owner } = key;
  const id = noticeId(
    environment,
    DIGEST_KIND,
    entries
      .map(({ notice }) => notice.id)
      .sort()
      .join(' '),
  );
  const number = new Set(entries.map(({ context }) => context.key.secretArn)).size;
  const subject = subjectOf(environment, owner, number, first.by);
  return {
    id,
    subject,
    text: textOf(entries, number, id),
    brief: {
      fact: factOf(first, number),
      steps: entries.map(({ headline, context }) => `${plain(keyName(context.key), 60)}: ${headline}.`),
    },
    data: {
      schema: DIGEST_SCHEMA,
      id,
      at: now.toISOString(),
      kind: DIGEST_KIND,
      severity: 'warning',
      environment,
      owner,
      subject,
      notices: entries.map(({ notice }) => notice.data),
    },
  };
}

interface Entry extends DigestItem {
  readonly notice: Notice;
  readonly headline: string;
  /** Short form of the key that is to be replaced; absent where there is none. */
  readonly hint?: string;
  readonly by?: Date;
}

function entryOf({ finding, context }: DigestItem): Entry {
  const { mail, digest } = rowOf(finding.kind);
  const { headline, keys: about } = mail(finding.details as never, context);
  const hint = about[0]?.[1].hint;
  const by = digest?.by?.(finding.details as never);
  return { finding, context, notice: renderNotice(context, finding), headline, hint, by };
}

/** Dates first, then services without a key, each by name. */
const byDate = (a: Entry, b: Entry) =>
  (a.by?.getTime() ?? Number.POSITIVE_INFINITY) - (b.by?.getTime() ?? Number.POSITIVE_INFINITY) ||
  keyName(a.context.key).localeCompare(keyName(b.context.key), 'en');

/** SNS refuses a longer subject. */
const LONGEST = 100;

function subjectOf(environment: string, owner: string, number: number, by: Date | undefined): string {
  const shown = plain(environment, 20);
  const end = `${number === 1 ? 'needs' : 'need'} a new key${by ? ` (first by ${utcDay(by)})` : ''}`;
  const start = `[${shown}] ${count(number, 'service')} of `;
  return `${start}${plain(owner, LONGEST - start.length - end.length - 1)} ${end}`;
}

const factOf = ({ context: { key } }: Entry, number: number) =>
  `${count(number, 'service')} of ${address(key.owner)} in ${plain(key.environment, 40)} ${number === 1 ? 'needs' : 'need'} a new key from the Claude Console. No key runs out within a day.`;

function textOf(entries: readonly Entry[], number: number, id: string): string {
  const [first] = entries as [Entry];
  const { context } = first;
  const secretOf = (entry: Entry) => entry.context.key.secretArn;
  const services = [...new Set(entries.map(secretOf))].map((secret) =>
    entries.filter((entry) => secretOf(entry) === secret),
  );
  const commands = services.map(([entry]) => actions.submit(entry!.context).inCheckout!);
  return `${[
    section('What is true', [paragraph(factOf(first, number))]),
    section('What to do', numbered(stepsFor(first), context)),
    section('The services', services.map(listed)),
    section('What happens if nothing is done', [
      paragraph(
        'Reminders go on: in a mail like this one while there is time, and in a mail of its own for each key on its last day. A service without a key cannot call Anthropic.',
      ),
    ]),
    section('About the new keys', [points(FOR_EVERY_KEY)]),
    section('How this was established', [
      paragraph(
        'The last check of each service found this. They share one mail because each has more than a day.',
      ),
      paragraph(`Written ${absolute(context.now)} as notice ${id}.`),
      `${paragraph('Labels and tags of the first secret, never its value:')}\n${whole(describeWithAws(context.key), `${BODY}${BODY}`)}`,
    ]),
    section(WITH_CLI, [...checkout(context.deployed), whole(commands.join('\n'))]),
    ending(id),
  ].join('\n\n')}\n`;
}

/** Name, key and secret, what is to be done by when, and the command. */
function listed(entries: readonly Entry[]): string {
  const [{ context, hint }] = entries as [Entry];
  const { key } = context;
  return [
    `${BODY}${plain(keyName(key), 60)}${hint ? `  ${hintText(hint)}` : ''}`,
    ...entries.map(({ headline }) => wrap(headline, INNER)),
    wrap(`New key: ${suggestedName(context)}, expiry ${utcDay(expiry(context))}`, INNER),
    '',
    whole(actions.submit(context).run),
  ].join('\n');
}

function stepsFor({ context }: Entry): readonly Step[] {
  const shell = cloudShell(context.key);
  return [
    [
      `Create a key for each service below in the Claude Console${inWorkspace(context)}, for a service account, with the name and expiry given there:`,
      { link: CONSOLE.keys },
    ],
    [
      'Submit each with the block under its name. It asks for the key.',
      `${whereToPaste(context, actions.submit(context).policy)}.`,
      ...(shell ? [{ link: shell }] : []),
    ],
    [
      'Wait for the mail that each new key is live; it comes within minutes. If the test of a key fails, nothing changes and a mail says why.',
    ],
  ];
}
