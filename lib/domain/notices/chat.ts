import { plain } from '../wording/text';
import type { Notice } from './notice';
import type { FleetReport } from './report-input';

/**
 * A custom notification of Amazon Q Developer in chat applications. Anything of another shape that reaches a channel is dropped there
 * without a word. Source: "Custom notifications" in its administrator guide.
 */
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
    /** Messages about one key stand in one thread. */
    readonly threadId: string;
    readonly summary: string;
    readonly eventType: string;
    readonly relatedResources: readonly string[];
    readonly additionalContext: Readonly<Record<string, string>>;
  };
}

/** What a channel shows: the fact and the steps in a sentence each. Commands stay in the mail, since a chat is no place for keys. */
export function renderChat({ id, kind, severity, subject, brief, data }: Notice): ChatNotification {
  const name = plain(`${data.environment}/${data.service}`, 60);
  return notification(
    { id, subject, brief },
    {
      more: `The commands are in the mail with notice ${id}.`,
      keywords: [severity, kind, escaped(name)],
      threadId: name,
      eventType: kind,
      relatedResources: [plain(data.secretArn, 200)],
      additionalContext: { notice: id, severity, owner: plain(data.owner, 120) },
    },
  );
}

/** The fleet report for a channel: the counts, and the worst keys with what to do. */
export function renderChatReport({ id, subject, brief, data }: FleetReport): ChatNotification {
  const environment = plain(data.environment, 60);
  return notification(
    { id, subject, brief },
    {
      more: `The full report is in the mail with id ${id}.`,
      keywords: ['report', escaped(environment)],
      threadId: `${environment} report`,
      eventType: 'report',
      relatedResources: [],
      additionalContext: { report: id },
    },
  );
}

/** Puts a message into the shape that channels take. */
function notification(
  { id, subject, brief }: Pick<Notice, 'id' | 'subject' | 'brief'>,
  {
    more,
    keywords,
    ...metadata
  }: Omit<ChatNotification['metadata'], 'summary'> & {
    /** Where the rest can be read. */
    readonly more: string;
    readonly keywords: readonly string[];
  },
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

/** As many steps as a channel shows; a colon that leads to a command has nothing to lead to here. */
const stepsOf = (steps: readonly string[]) =>
  steps.slice(0, 6).map((step) => escaped(step).replace(/:$/, '.'));

/** The characters that the chats' markdown takes for links and mentions. */
const escaped = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
