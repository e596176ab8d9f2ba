import { renderChat } from '../../lib/domain/notices/chat';
import { renderNotice } from '../../lib/domain/notices/render';
import { aFinding, aNoticeContext } from '../builders';
import { EVERY_FINDING } from './every-kind';

const chat = (finding = aFinding('due')) => renderChat(renderNotice(aNoticeContext(), finding));

test.each(EVERY_FINDING)('the chat form of %s has the shape that channels accept', (_, finding) => {
  const message = chat(finding);
  expect(message).toMatchObject({
    version: '1.0',
    source: 'custom',
    content: { textType: 'client-markdown' },
  });
  expect(message.content.title.length).toBeLessThanOrEqual(120);
  expect(message.content.description.length).toBeLessThanOrEqual(900);
  expect(message.content.nextSteps.every((step) => step.length <= 350)).toBe(true);
  expect(JSON.parse(JSON.stringify(message))).toEqual(message);
});

test('the chat says the fact and the steps, and leaves commands to the mail', () => {
  const { content } = chat();
  expect(content.title).toBe('[prod/api-gateway] Rotate by 2026-12-05 (14 days left)');
  expect(content.description).toContain('must be replaced by 2026-12-05 14:00 UTC');
  expect(content.description).toMatch(/notice AKR-\w{4}-\w{4}/);
  expect(content.nextSteps).toHaveLength(3);
  expect(JSON.stringify(content)).not.toMatch(/aws secretsmanager|npm run|read -rs|[Pp]aste the whole/);
  expect(content.nextSteps[1]).toMatch(/^Submit it from your terminal\.$/);
});

test('messages about one key stand in one thread', () => {
  expect(chat(aFinding('due')).metadata.threadId).toBe(chat(aFinding('overdue')).metadata.threadId);
});
