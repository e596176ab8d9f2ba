import { randomUUID } from 'node:crypto';
import { LABEL } from '../../lib/contract/labels';
import { HOUR } from '../../lib/domain/time';
import { TestEnvironment, type TestKey } from './test-key';

let testEnvironment: TestEnvironment;

beforeAll(async () => {
  testEnvironment = await TestEnvironment.open();
});

afterAll(() => testEnvironment.close());

/** The body of the last mail, without its line breaks. */
const lastMail = ({ mails }: TestKey) => mails.at(-1)!.body.replace(/\s+/g, ' ');

const putBinary = ({ sandbox, secretName }: TestKey, text: string) =>
  sandbox.aws.secretsManager.perform('PutSecretValue', {
    SecretId: secretName,
    ClientRequestToken: randomUUID(),
    SecretBinary: Buffer.from(text).toString('base64'),
  });

/** A secret as its team kept it before, with its first check behind it. */
async function adopted(form: (key: string) => string, policy = {}) {
  const testKey = await testEnvironment.key(policy);
  const key = testKey.newKey();
  await testKey.edit(form(key));
  await testKey.check();
  return { testKey, key };
}

const FORMS: readonly (readonly [string, (key: string) => string, string | undefined])[] = [
  ['a document', (k) => `{ "ANTHROPIC_API_KEY": "${k}", "n": 12345678901234567890 }`, undefined],
  ['another field', (k) => `{"api_key":"${k}","n":1.10}`, 'in the field api_key'],
  ['nested', (k) => `{"anthropic":{"ANTHROPIC_API_KEY":"${k}"}}`, 'in the field anthropic.ANTHROPIC_API_KEY'],
  ['.env', (k) => `DB=postgres://x\nANTHROPIC_API_KEY=${k}\n`, 'on line 2 of a text, as ANTHROPIC_API_KEY'],
  ['YAML', (k) => `db: x\nkey: ${k}\n`, 'on line 2 of a text, as key'],
  ['a comma too many', (k) => `{"ANTHROPIC_API_KEY":"${k}",}`, 'on line 1 of a text, as ANTHROPIC_API_KEY'],
  ['JSON in a JSON string', (k) => JSON.stringify(JSON.stringify({ KEY: k })), 'inside a JSON text'],
  ['a line break after the key', (k) => `${k}\n`, 'with blanks or line breaks around it'],
  ['an empty field beside it', (k) => `{"ANTHROPIC_API_KEY":"","api_key":"${k}"}`, 'in the field api_key'],
];

test.each(FORMS)(
  'an adopted key is rotated in place and its predecessor followed: %s',
  async (_, form, place) => {
    const { testKey, key } = await adopted(form);
    expect(testKey.accepted).toBe(key);
    expect([...testKey.told].sort()).toEqual(place ? ['misplaced', 'rotated'] : ['rotated']);
    if (place) {
      const told = testKey.mails.find(({ attributes }) => attributes?.kind?.StringValue === 'misplaced');
      expect(told?.body.replace(/\s+/g, ' ')).toContain(place);
    }
    const next = testKey.newKey();
    await testKey.submit(next);
    expect(testKey.text(LABEL.current)).toBe(form(next));
    expect(testKey.accepted).toBe(next);
    expect(testKey.retiring.map((old) => old.key)).toEqual([key]);
    await testKey.days(1);
    expect(testKey.told.filter((kind) => kind === 'misplaced')).toHaveLength(place ? 1 : 0);
  },
);

const REFUSED: readonly (readonly [string, (key: string, other: string) => string, string])[] = [
  ['the field twice', (k) => `{"ANTHROPIC_API_KEY":"x","ANTHROPIC_API_KEY":"${k}"}`, 'more than once'],
  ['a key in escapes', (k) => `{"ANTHROPIC_API_KEY":"\\u0073k-${k.slice(3)}"}`, 'with escapes'],
  ['two keys', (k, other) => `A=${k}\nB=${other}\n`, 'several keys'],
  ['settings without a key', () => 'DB=postgres://x\nANTHROPIC_API_KEY=\n', 'text with settings of its own'],
  [
    'no room',
    (k) => `{"ANTHROPIC_API_KEY":"${k.slice(0, 40)}","pad":"${'x'.repeat(65_440)}"}`,
    '65,536 bytes',
  ],
];

test.each(REFUSED)(
  'a submission is refused before anything moves, and again possible once that is settled: %s',
  async (_, form, says) => {
    const testKey = await testEnvironment.key();
    const live = form(testKey.newKey(), testKey.newKey());
    await testKey.edit(live);
    await testKey.check();
    const next = testKey.newKey();
    await testKey.submit(next);
    expect(testKey.text(LABEL.current)).toBe(live);
    expect(testKey.told.at(-1)).toBe('rejected');
    expect(lastMail(testKey)).toContain(says);
    expect(lastMail(testKey)).toContain('submit the same key again');
    expect(testKey.submitted || testKey.pending).toBe(false);
    await testKey.edit(JSON.stringify({ ANTHROPIC_API_KEY: testKey.newKey() }));
    await testKey.check();
    await testKey.submit(next);
    expect(testKey.live).toBe(next);
  },
);

test.each([
  'switched off by Kim: see the ticket',
  'https://example.com/why',
  '"off"',
  `sk-ant-api03-cut\nin-two`,
])(
  'after a stop or a spoiled paste the last value with a key is the one to exchange it in: %j',
  async (text) => {
    const { testKey } = await adopted((k) => `DB=x\nKEY=${k}\n`, { autoRollback: false });
    await testKey.edit(text);
    await testKey.after(1);
    const next = testKey.newKey();
    await testKey.submit(next);
    expect(testKey.text(LABEL.current)).toBe(`DB=x\nKEY=${next}\n`);
  },
);

test('a binary value stays binary: submissions are refused, and people told', async () => {
  const testKey = await testEnvironment.key();
  const key = testKey.newKey();
  await putBinary(testKey, JSON.stringify({ ANTHROPIC_API_KEY: key }));
  await testKey.check();
  expect(testKey.told).toContain('misplaced');
  await testKey.submit(testKey.newKey());
  expect(lastMail(testKey)).toContain('binary (SecretBinary)');
  const current = testKey.secret.versions.find(({ labels }) => labels.includes('AWSCURRENT'));
  expect(current?.content).toHaveProperty('base64');
});

describe('over a good key that stands in its place', () => {
  const EDITS: readonly (readonly [string, (key: string) => string, string])[] = [
    ['another field', (k) => JSON.stringify({ api_key: k }), 'in the field api_key'],
    ['.env', (k) => `A=1\nKEY=${k}`, 'on line 2 of a text, as KEY'],
    ['quotes', (k) => `"${k}"`, 'inside a JSON text'],
  ];

  test.each(EDITS)(
    'a key put elsewhere is a bad edit, undone and then followed: %s',
    async (_, form, place) => {
      const testKey = await testEnvironment.key();
      const first = await testKey.promoteFirstKey();
      const second = testKey.newKey();
      await testKey.edit(form(second));
      await testKey.check();
      expect(testKey.live).toBe(first);
      expect(testKey.told).toEqual(['rotated', 'rolled-back']);
      expect(lastMail(testKey)).toContain(place);
      expect(lastMail(testKey)).toContain('was made live again automatically');
      await testKey.after(1);
      expect(testKey.retiring.map(({ key }) => key)).toEqual([second]);
      await testKey.submit(second);
      expect(testKey.text(LABEL.current)).toBe(JSON.stringify({ ANTHROPIC_API_KEY: second }));
      await testKey.after(1);
      expect(testKey.accepted).toBe(second);
      expect(testKey.retiring.map(({ key }) => key)).toEqual([first]);
      expect(testKey.text(LABEL.accepted)).toBe(JSON.stringify({ ANTHROPIC_API_KEY: second }));
    },
  );

  test('the same key put elsewhere is undone, too', async () => {
    const testKey = await testEnvironment.key();
    const first = await testKey.promoteFirstKey();
    await testKey.edit(JSON.stringify({ api_key: first }));
    await testKey.check();
    expect(testKey.text(LABEL.current)).toBe(JSON.stringify({ ANTHROPIC_API_KEY: first }));
    expect(testKey.told).toEqual(['rotated', 'rolled-back']);
    expect(lastMail(testKey)).toContain(
      'It is the same key, so there is nothing to revoke. Do not disable it.',
    );
    expect(lastMail(testKey)).not.toContain('Otherwise disable it');
    await testKey.days(1);
    expect(testKey.told).toEqual(['rotated', 'rolled-back']);
    expect(testKey.retiring).toEqual([]);
  });

  test('where people undo edits themselves, it stands as a bad one with the way back', async () => {
    const testKey = await testEnvironment.key({ autoRollback: false });
    const first = await testKey.promoteFirstKey();
    const second = testKey.newKey();
    await testKey.edit(JSON.stringify({ api_key: second, n: 1 }));
    await testKey.check();
    expect(testKey.accepted).toBe(first);
    expect(testKey.told).toEqual(['rotated', 'direct-edit-refused']);
    expect(lastMail(testKey)).toContain('Go back to the last key now; it works');
    const third = testKey.newKey();
    await testKey.submit(third);
    await testKey.after(1);
    expect(testKey.text(LABEL.current)).toBe(
      JSON.stringify({ api_key: second, n: 1, ANTHROPIC_API_KEY: third }),
    );
    expect(testKey.accepted).toBe(third);
    expect(testKey.retiring.map(({ key }) => key).sort()).toEqual([first, second].sort());
  });

  test('over a dead one it is accepted, and the place told', async () => {
    const testKey = await testEnvironment.key();
    const first = await testKey.promoteFirstKey();
    testKey.sandbox.anthropic.disable(first);
    await testKey.after(1);
    const second = testKey.newKey();
    await testKey.edit(JSON.stringify({ api_key: second }));
    await testKey.check();
    expect(testKey.accepted).toBe(second);
    expect(testKey.told).toContain('misplaced');
  });

  test('a stop is a stop, also beside another key', async () => {
    const testKey = await testEnvironment.key();
    const [first, other] = [testKey.newKey(), testKey.newKey()];
    const form = (key: string) => JSON.stringify({ ANTHROPIC_API_KEY: key, other });
    await testKey.edit(form(first));
    await testKey.check();
    for (const stop of ['', 'DISABLED']) {
      await testKey.edit(form(stop));
      await testKey.days(1);
      expect(testKey.text(LABEL.current)).toBe(form(stop));
      expect(testKey.accepted).toBe(first);
    }
    expect(testKey.told.filter((kind) => kind === 'not-a-key').length).toBeGreaterThanOrEqual(2);
    expect(testKey.told).not.toContain('misplaced');
    const next = testKey.newKey();
    await testKey.submit(next);
    expect(testKey.text(LABEL.current)).toBe(form(next));
  });
});

test('a change of the place by hand is no rotation, and going back to a worse place is refused', async () => {
  const { testKey, key } = await adopted((k) => JSON.stringify({ api_key: k }));
  testKey.sandbox.clock.advance(HOUR);
  await testKey.edit(JSON.stringify({ ANTHROPIC_API_KEY: key }));
  await testKey.after(1);
  expect(testKey.retiring).toEqual([]);
  const bad = testKey.newKey();
  await testKey.edit(JSON.stringify({ api_key: bad }));
  await testKey.check();
  expect(testKey.text(LABEL.current)).toBe(JSON.stringify({ ANTHROPIC_API_KEY: key }));
  await testKey.after(1);
  await expect(testKey.command({ verb: 'roll-back' })).rejects.toThrow('where services do not look');
});

test('a submission with its key elsewhere is refused with the place, and its key not taken for an old one', async () => {
  const testKey = await testEnvironment.key();
  const first = await testKey.promoteFirstKey();
  const second = testKey.newKey();
  await testKey.submit(JSON.stringify({ ANTHROPIC_API_KEY: '', api_key: second }));
  expect(testKey.told.at(-1)).toBe('rejected');
  expect(lastMail(testKey)).toContain('It stands in the field api_key.');
  await testKey.days(1);
  expect(testKey.live).toBe(first);
  expect(testKey.retiring).toEqual([]);
  await testKey.submit(second);
  expect(testKey.live).toBe(second);
});
