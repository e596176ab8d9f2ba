import { plain } from '../wording/text';
import type { Digest } from './digest';
import type { Notice } from './notice';
import type { FleetReport } from './report-input';

/** A custom notification of Amazon Q Developer, which silently drops any other shape. Source: "Custom notifications" in its administrator guide. */
export interface ChatNotification {
  readonly version: '1.0';
  readonly source: 'custom';
  readonly id: string;
  readonly content: {
    readonly textType: 'client-markdown';
    readonly title: string;
    readonly description: string;
    readonly nextSteps: readonly string[];
    readonly keywords: readonly string[];
  };
  readonly metadata: {
    /** Messages about one key share a thread. */
    readonly threadId: string;
    readonly summary: string;
    readonly eventType: string;
    readonly relatedResources: readonly string[];
    readonly additionalContext: Readonly<Record<string, string>>;
  };
}

/** The fact and the steps, a sentence each. Commands stay in the mail, since a chat is no place for keys. */
export function renderChat(notice: Notice): ChatNotification {
  const { id, kind, severity, data } = notice;
  const name = plain(`${data.environment}/${data.service}`, 60);
  return notification(notice, {
    more: `The commands are in the mail with notice ${id}.`,
    keywords: [severity, kind, escaped(name)],
    threadId: name,
    eventType: kind,
    relatedResources: [plain(data.secretArn, 200)],
    additionalContext: { notice: id, severity, owner: plain(data.owner, 120) },
  });
}

/** The fleet report for a channel: the counts, and the worst keys with what to do. */
export function renderChatReport(report: FleetReport): ChatNotification {
  const environment = plain(report.data.environment, 60);
  return notification(report, {
    more: `The full report is in the mail with id ${report.id}.`,
    keywords: ['report', escaped(environment)],
    threadId: `${environment} report`,
    eventType: 'report',
    relatedResources: [],
    additionalContext: { report: report.id },
  });
}

/** A digest for a channel: the keys with what each needs. */
export function renderChatDigest(digest: Digest): ChatNotification {
  const { environment, owner, severity } = digest.data;
  const shown = plain(environment, 60);
  return notification(digest, {
    more: `The commands are in the mail with notice ${digest.id}.`,
    keywords: [severity, digest.data.kind, escaped(shown)],
    threadId: `${shown} digest`,
    eventType: digest.data.kind,
    relatedResources: [],
    additionalContext: { notice: digest.id, severity, owner: plain(owner, 120) },
  });
}

interface ChatOptions extends Omit<ChatNotification['metadata'], 'summary'> {
  /** Where the rest can be read. */
  readonly more: string;
  readonly keywords: readonly string[];
}

function notification(
  { id, subject, brief }: Pick<Notice, 'id' | 'subject' | 'brief'>,
  { more, keywords, ...metadata }: ChatOptions,
): ChatNotification {
  return {
    version: '1.0',
    source: 'custom',
    id,
    content: {
      textType: 'client-markdown',
      title: escaped(subject),
      description: escaped(`${brief.fact} ${more} Never paste a key into this chat.`),
      nextSteps: stepsOf(brief.steps),
      keywords,
    },
    metadata: { ...metadata, summary: escaped(subject) },
  };
}

/** As many steps as a channel shows, without the colons that introduce commands. */
const stepsOf = (steps: readonly string[]) =>
  steps.slice(0, 6).map((step) => escaped(step).replace(/:$/, '.'));

/** Escapes what chats read as links and mentions. */
const escaped = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
