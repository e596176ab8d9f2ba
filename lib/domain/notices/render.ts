import { type Finding, rowOf } from '../findings/catalogue';
import { scrub } from '../key';
import { type KeyIdentity, keyName } from '../policy';
import {
  describeWithAws,
  placeOf,
  RUNBOOK,
  type RunbookSection,
  secretPage,
  sectionUrl,
} from '../wording/commands';
import { adviceOf, checkoutOf, numbered, points } from '../wording/layout';
import type { DeployedNames, NoticeContext, Sheet } from '../wording/sheet';
import { absolute, address, hintText, list, paragraph, plain, section, whole } from '../wording/text';
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

/** What to do comes right after what is true: whoever is woken by the mail looks for that. Everything that only backs it up comes below. */
function textOf(sheet: Sheet, context: NoticeContext, id: string): string {
  const { now, deployed } = context;
  const written = `Written ${absolute(now)} as notice ${id}.`;
  const more = sheet.more ? [moreOf(sheet.more, deployed)] : [];
  const newKey = adviceOf(sheet.steps);
  const inCheckout = checkoutOf(sheet.steps);
  return `${[
    section('What is true', sheet.facts.map(paragraph)),
    section('What to do', [...numbered(sheet.steps, context), ...more]),
    section('What happens if nothing is done', sheet.consequence.map(paragraph)),
    ...(newKey.length > 0 ? [section('About the new key', [points(newKey)])] : []),
    section('Which key', [identity(sheet, context)]),
    section('How this was established', [...sheet.evidence, written].map(paragraph)),
    ...(inCheckout.length > 0 ? [section(WITH_CLI, [...checkout(deployed), inCheckout.join('\n')])] : []),
    ending(id),
  ].join('\n\n')}\n`;
}

/** Which key, and where it is stored. The command shows its tags, where its last notices stand. */
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
  return [
    list(rows),
    ...(page ? [whole(page, '  ')] : []),
    '  Its labels and tags, never its value:',
    whole(describeWithAws(key), '    '),
  ].join('\n');
}

/** Where the runbook says more. */
const moreOf = (to: RunbookSection, { runbookUrl }: DeployedNames) =>
  runbookUrl
    ? whole(`More: ${sectionUrl(to, runbookUrl)}`, '  ')
    : paragraph(`More: docs/runbook.md in the project, section "${RUNBOOK[to]}".`);

/** Over the commands for a checkout of the repository that has the command line. */
export const WITH_CLI = 'In the repository where the command line is installed';

/** Where that repository is. */
export const checkout = ({ projectUrl }: DeployedNames) => (projectUrl ? [whole(projectUrl, '  ')] : []);

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
export const verification = (proof: string) =>
  section('Is this mail real?', [`${paragraph(proof)}\n${paragraph(NEVER)}`]);

const NEVER = 'A key never goes into a form, a chat or a reply, only into a hidden prompt.';

/** What a mail about keys ends with. The ids of the last notices are in a memory tag of each secret. */
export const ending = (id: string) =>
  verification(`Yes, if describe-secret, above, shows ${shortForm(id)} among the secret's tags.`);

/** An id as the memory tag holds it. */
const shortForm = (id: string) => id.replace(/^AKR-/, '');
