import { type Finding, rowOf } from '../findings/catalogue';
import { scrub } from '../key';
import { type KeyIdentity, keyName } from '../policy';
import { describeWithAws, keys, placeOf, secretPage } from '../wording/commands';
import type { NoticeContext, Sheet } from '../wording/sheet';
import {
  absolute,
  address,
  hintText,
  list,
  numbered,
  paragraph,
  plain,
  section,
  whole,
} from '../wording/text';
import { NOTICE_SCHEMA, type Notice, noticeId } from './notice';

/** Writes a finding's notice for people, chat and machines. Reads no clock and no environment. */
export function renderNotice(context: NoticeContext, finding: Finding): Notice {
  const { key, now } = context;
  const { kind, severity } = finding;
  const { mail, published = (details) => details } = rowOf(kind);
  const sheet = mail(finding.details as never, context);
  const id = noticeId(key.secretArn, finding.id, finding.reminder);
  const subject = subjectFor(key, sheet.headline);
  const { environment, service, owner, secretArn } = key;
  return {
    id,
    kind,
    severity,
    subject,
    text: textOf(sheet, context, id),
    brief: { fact: sheet.facts[0]!, steps: sheet.steps.map(([first]) => first) },
    data: {
      schema: NOTICE_SCHEMA,
      id,
      at: now.toISOString(),
      kind,
      severity,
      environment,
      service,
      owner,
      secretArn,
      subject,
      details: forMachines(published(finding.details as never)),
    },
  };
}

/** Dates as ISO 8601, and texts without anything that looks like a key. */
const forMachines = (details: unknown): unknown =>
  JSON.parse(JSON.stringify(details), (_, value: unknown) =>
    typeof value === 'string' ? scrub(value) : value,
  );

function textOf(sheet: Sheet, context: NoticeContext, id: string): string {
  const { now } = context;
  const written = `Written ${absolute(now)} as notice ${id}.`;
  return `${[
    section('What is true', [...sheet.facts.map(paragraph), identity(sheet, context)]),
    section('What to do', numbered(sheet.steps)),
    section('What happens if nothing is done', sheet.consequence.map(paragraph)),
    section('How this was established', [...sheet.evidence, written].map(paragraph)),
    ending(context.key, id),
  ].join('\n\n')}\n`;
}

/** Which key, and where it is stored. */
function identity({ keys }: Sheet, { key }: NoticeContext): string {
  const { account, region } = placeOf(key);
  const where = [account && `AWS account ${account}`, region].filter(Boolean).join(', ');
  const page = secretPage(key);
  const rows: (readonly [string, string])[] = [
    ['Service', plain(keyName(key), 60)],
    ...keys.map(([word, { hint }]) => [word, hintText(hint)] as const),
    ['Owner', address(key.owner)],
    ['Secret', plain(key.secretName, 120)],
    ...(where ? [['', where] as const] : []),
  ];
  return page ? `${list(rows)}\n${whole(page, '  ')}` : list(rows);
}

/** SNS refuses a longer subject, and the notice would be lost. */
const LONGEST = 100;

/** Characters kept of a long headline, so that the name never pushes out the deadline. */
const HEADLINE = 70;

/** `[prod/api-gateway] Rotate by 2026-12-05 (14 days left)`: one line of ASCII, at most 100 characters. */
function subjectFor(key: KeyIdentity, headline: string): string {
  const shown = plain(headline, HEADLINE);
  return `[${plain(keyName(key), LONGEST - 3 - shown.length)}] ${shown}`;
}

/** Every mail ends with how to verify it without trusting it, so that a forged mail does not look normal. */
export const verification = (proof: string, commands: string) =>
  section('Is this mail real?', [
    paragraph(proof),
    whole(commands, '    '),
    paragraph(
      'Keys are never entered on a web page, in a form, in a chat or in a reply, only into the hidden prompt of a command that you started yourself.',
    ),
  ]);

/** What a mail about one key ends with. */
const ending = (key: KeyIdentity, id: string) =>
  verification(
    `Your own checkout lists notice ${id} under this key. A plain AWS command shows the owner and the deadlines of the secret:`,
    `${keys('show', key)}\n${describeWithAws(key)}`,
  );
