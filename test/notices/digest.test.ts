import { renderChatDigest } from '../../lib/domain/notices/chat';
import { type DigestItem, renderDigest } from '../../lib/domain/notices/digest';
import { renderNotice } from '../../lib/domain/notices/render';
import { submitWithAws } from '../../lib/domain/wording/commands';
import { aFinding, aKey, aNoticeContext, daysAhead } from '../builders';

const OWNER = 'gateway-team@example.com';

const item = (service: string, finding = aFinding('due'), owner = OWNER): DigestItem => ({
  finding,
  context: aNoticeContext({ key: aKey({ service, owner }) }),
});

const ITEMS = [
  item('search', aFinding('awaiting-first-key')),
  item('api-gateway', aFinding('due', { daysLeft: 14, dueAt: daysAhead(14) })),
  item('invoices', aFinding('expires-soon', { daysLeft: 7, expiresAt: daysAhead(7) })),
];
const digest = renderDigest(ITEMS);
const lines = digest.text.split('\n');

test('the subject says how many, whose and by when, in at most 100 characters of ASCII', () => {
  expect(digest.subject).toBe(`[prod] 3 services of ${OWNER} need a new key (first by 2026-11-28)`);
  const hostile = `${'x'.repeat(90)}@example.com\n<b>`;
  for (const owner of [OWNER, hostile]) {
    const { subject } = renderDigest(ITEMS.map(({ finding }, n) => item(`s-${n}`, finding, owner)));
    expect(subject).toMatch(/^[ -~]{1,100}$/);
    expect(subject).toContain('(first by 2026-11-28)');
  }
});

test('it has the parts of every mail, and each key with what, by when and the one command', () => {
  expect(lines.filter((line) => /^\S/.test(line))).toEqual([
    'What is true',
    'What to do',
    'The services',
    'What happens if nothing is done',
    'About the new keys',
    'How this was established',
    'In the repository where the command line is installed',
    'Is this mail real?',
  ]);
  const tooLong = lines.filter((line) => line.length > 80);
  expect(tooLong.filter((line) => !/^ {4,}(?:.*\baws\b|https:)/.test(line))).toEqual([]);
  expect(lines.findIndex((line) => line.includes('(unset KEY'))).toBeLessThan(25);
  expect(digest.text).not.toMatch(/\n{3}|undefined|null|NaN|\[object|Invalid Date|\(unnamed key\)/);
  for (const { context, finding } of ITEMS) {
    const { service } = context.key;
    expect(digest.text).toContain(`npx --no -- anthropic-keys submit prod/${service}\n`);
    expect(digest.text).toContain(submitWithAws(context.key).replace(/^/gm, '       '));
    const [, said] = /^\[\S+\] (.*)$/.exec(renderNotice(context, finding).subject)!;
    expect(digest.text).toContain(said);
  }
  const order = ['invoices', 'api-gateway', 'search'].map((name) =>
    lines.findIndex((line) => line.startsWith(`  prod/${name}`)),
  );
  expect(order).toEqual([...order].sort((a, b) => a - b));
  expect(digest.text.match(new RegExp(digest.id.slice(4), 'g'))).toHaveLength(2);
});

test('the same reminders have the same id, whatever their order, and others have another', () => {
  expect(renderDigest([...ITEMS].reverse()).id).toBe(digest.id);
  expect(renderDigest(ITEMS.slice(1)).id).not.toBe(digest.id);
  const next = [...ITEMS.slice(1), item('search', aFinding('awaiting-first-key', {}, '7'))];
  expect(renderDigest(next).id).not.toBe(digest.id);
});

test('machines get the notice of each reminder as it would have come alone', () => {
  const { data } = digest;
  expect(data).toMatchObject({ schema: 'anthropic-key-rotation/digest/1', kind: 'digest', owner: OWNER });
  const alone = ITEMS.map(({ context, finding }) => renderNotice(context, finding).data);
  expect(data.notices).toHaveLength(3);
  expect(data.notices).toEqual(expect.arrayContaining(alone));
  expect(JSON.parse(JSON.stringify(data))).toEqual(data);
});

test('a chat is shown the keys, and no command', () => {
  const { content, metadata } = renderChatDigest(digest);
  expect(content.nextSteps).toHaveLength(3);
  expect(JSON.stringify(content)).not.toContain('npm run');
  expect(metadata.additionalContext).toEqual({ notice: digest.id, severity: 'warning', owner: OWNER });
});

test('thirty keys with the longest names fit into one message, with their JSON for four kinds of machines', () => {
  const long = (n: number) => `${'s'.repeat(60)}-${n}`;
  const { text, data } = renderDigest(Array.from({ length: 30 }, (_, n) => item(long(n))));
  const forMachines = JSON.stringify(data);
  const message = JSON.stringify({
    a: text,
    b: text,
    c: forMachines,
    d: forMachines,
    e: forMachines,
    f: forMachines,
  });
  expect(Buffer.byteLength(message)).toBeLessThan(250_000);
});
