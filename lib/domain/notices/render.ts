import type { Finding, FindingKind, FindingOf } from '../finding';
import { NOTICE_SCHEMA, type Notice } from '../notice';
import { keyName } from '../policy';
import { scrub } from '../scrub';
import { type NoticeContext, placeOf } from './context';
import { ending } from './ending';
import { list, numbered, paragraph, section, whole } from './layout';
import { secretPage } from './links';
import { noticeId } from './notice-id';
import { address, hintText, plain } from './plain-text';
import { WRITE } from './registry';
import type { Sheet, Write } from './sheet';
import { subjectFor } from './subject';
import { absolute } from './times';

/** Writes the message about a finding: for people, for chat and for machines. Reads no clock and no environment. */
export function renderNotice(context: NoticeContext, finding: Finding): Notice {
  const { key, now } = context;
  const { kind, severity } = finding;
  const sheet = write(context, finding as FindingOf<FindingKind>);
  const id = noticeId(key.secretArn, finding.id, finding.rung);
  const subject = subjectFor(key, sheet.headline);
  const { environment, service, owner, secretArn } = key;
  return {
    id,
    kind,
    severity,
    subject,
    text: textOf(sheet, context, id),
    brief: { truth: sheet.truth[0]!, steps: sheet.steps.map(([first]) => first) },
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
      details: forMachines(finding.details),
    },
  };
}

/** Dates as ISO 8601; text that people or tags brought in without anything that looks like a key. */
const forMachines = (details: unknown): unknown =>
  JSON.parse(JSON.stringify(details), (_, value: unknown) =>
    typeof value === 'string' ? scrub(value) : value,
  );

const write = <K extends FindingKind>(context: NoticeContext, { kind, details }: FindingOf<K>) =>
  (WRITE[kind] as Write<K>)(details as never, context);

function textOf(sheet: Sheet, context: NoticeContext, id: string): string {
  const { now } = context;
  const written = `Written ${absolute(now)} as notice ${id}.`;
  return `${[
    section('What is true', [...sheet.truth.map(paragraph), identity(sheet, context)]),
    section('What to do', numbered(sheet.steps)),
    section('What happens if nothing is done', sheet.otherwise.map(paragraph)),
    section('How this was established', [...sheet.evidence, written].map(paragraph)),
    ending(context.key, id),
  ].join('\n\n')}\n`;
}

/** Which key: in people's words, and where it is stored. */
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
