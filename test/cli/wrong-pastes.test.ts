import { parseApiKey } from '../../lib/domain/key';
import { operatorOn } from '../../local/cli/operator';
import { keyText } from '../keys';
import { TestKey } from '../lifecycle/test-key';

/** Kinds of pastes that are no key, with a part of what the person is told. */
const PASTES: readonly (readonly [what: string, paste: string, told: string])[] = [
  ['nothing', '', 'Nothing was given'],
  ['spaces', '   ', 'Nothing was given'],
  ['a word', 'hello', 'This is not an Anthropic key'],
  ['the shortened form of a list', 'sk-ant-api03-R2D...igAA', 'shortened form'],
  ['half a key', keyText('half').slice(0, 20), 'too short'],
  ['two keys', `${keyText('one')} ${keyText('two')}`, 'more than one key'],
  [
    'a key with a line break inside',
    keyText('broken').replace(/(.{40})/, '$1\n'),
    'line break or a space inside',
  ],
  ['an assignment', `ANTHROPIC_API_KEY=${keyText('env')}`, 'sets a variable'],
  ['an export', `export ANTHROPIC_API_KEY="${keyText('env')}"`, 'sets a variable'],
  ['a header', `x-api-key: ${keyText('header')}`, 'sets a variable or a header'],
  ['an Authorization value', `Bearer ${keyText('bearer')}`, 'Authorization header'],
  ['a key in quotes', `"${keyText('quoted')}"`, 'quotes or punctuation'],
  ['an Admin API key', keyText('admin', 'admin01'), 'Admin API key'],
  ['a compliance key', keyText('compliance', 'api01'), 'compliance key'],
  ['an OAuth access token', keyText('oauth', 'oat01'), 'OAuth access token'],
  ['an OAuth refresh token', keyText('refresh', 'ort01'), 'OAuth refresh token'],
  ['the id of a key', 'apikey_01Rj2N8SVvo6BePZj99NhmiT', 'id of a key, not the key'],
  ['a key of another vendor', `sk-proj-${'a1'.repeat(24)}`, 'another vendor'],
  ['an AWS access key id', `AKIA${'ABCD'.repeat(4)}`, 'AWS access key id'],
  ['the ARN of a secret', 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:x', 'AWS resource name'],
  ['a GitHub token', `ghp_${'a1'.repeat(18)}`, 'GitHub token'],
  ['a web token', `eyJ${'hbGciOi'.repeat(6)}.e30.x`, 'JWT'],
  ['an address', 'https://example.com/keys/the-new-one', 'This is an address'],
  ['a placeholder', 'your-api-key-here', 'placeholder'],
  ['a key out of a document', keyText('rich').replace('-', '\u2010'), 'only look like plain letters'],
  ['JSON without the field', '{"key":"x"}', 'no text field named ANTHROPIC_API_KEY'],
];

let testKey: TestKey;

beforeAll(async () => {
  testKey = await TestKey.build();
});

afterAll(() => testKey.sandbox.close());

test.each(PASTES)('%s is refused at once, in words, and nothing is stored', async (_, paste, told) => {
  expect(parseApiKey(paste).ok).toBe(false);
  const ran = await operatorOn(testKey.sandbox).run(
    ['submit', testKey.secretName.replace('anthropic/', '')],
    {
      piped: paste,
    },
  );
  expect(ran.exit).toBe(1);
  expect(ran.shown.replace(/\s+/g, ' ')).toContain(told);
  expect(ran.shown.replace(/\s+/g, ' ')).toContain('Nothing was stored.');
  if (paste.length > 30) expect(ran.shown).not.toContain(paste.slice(12));
  expect(testKey.secret.versions).toHaveLength(1);
});

test('a person may try three times, then the command ends', async () => {
  const pastes = ['one', 'two', 'three', testKey.newKey()];
  const ran = await operatorOn(testKey.sandbox).run(
    ['submit', testKey.secretName.replace('anthropic/', '')],
    {
      pastes,
    },
  );
  expect(ran.exit).toBe(1);
  expect(ran.shown.match(/✖ This is not an Anthropic key/g)).toHaveLength(3);
  expect(ran.shown.replace(/\s+/g, ' ')).toMatch(
    /do not paste here. .* Nothing was stored. Run the command again/,
  );
});
