import { TestKey } from './test-key';

/** Version ids are their writer's word: those of one writer may all begin alike. */
const alike = (number: number) => `terraform-2026112109000000000000${String(number).padStart(8, '0')}`;

let testKey: TestKey;

beforeEach(async () => {
  testKey = await TestKey.build();
});

afterEach(() => testKey.close());

const write = (number: number, SecretString: string, VersionStages?: readonly string[]) =>
  testKey.sandbox.aws.secretsManager.perform('PutSecretValue', {
    SecretId: testKey.secretName,
    ClientRequestToken: alike(number),
    SecretString,
    ...(VersionStages && { VersionStages }),
  });

test('a good submission after a refused one whose id begins alike is tested and goes live', async () => {
  await testKey.promoteFirstKey();
  const dead = testKey.newKey();
  testKey.sandbox.anthropic.disable(dead);
  await write(1, dead, ['SUBMITTED']);
  await testKey.after(1);
  expect(testKey.told.at(-1)).toBe('rejected');
  const good = testKey.newKey();
  await write(2, good, ['SUBMITTED']);
  await testKey.after(1);
  expect(testKey.live).toBe(good);
  expect(testKey.told.at(-1)).toBe('rotated');
});

test('each of three edits whose ids begin alike is told', async () => {
  await testKey.promoteFirstKey();
  const before = testKey.mails.length;
  for (const number of [1, 2, 3]) {
    await write(number, testKey.newKey());
    await testKey.after(1);
  }
  expect(testKey.told.slice(before)).toEqual(['rotated', 'rotated', 'rotated']);
});

test('keys that were overtaken between two checks, with ids that begin alike, each get a deadline', async () => {
  const first = await testKey.promoteFirstKey();
  const keys = [testKey.newKey(), testKey.newKey(), testKey.newKey()];
  for (const [index, key] of keys.entries()) await write(index + 1, key);
  await testKey.after(1);
  const [overtaken, overtakenToo, live] = keys;
  expect(testKey.live).toBe(live);
  expect(new Set(testKey.retiring.map(({ key }) => key))).toEqual(new Set([first, overtaken, overtakenToo]));
});

test('what an earlier release remembered by the beginning of an id is known again, and told once', async () => {
  await testKey.promoteFirstKey();
  await testKey.edit(testKey.newKey());
  await testKey.after(1);
  const accepted = testKey.at('ACCEPTED')!;
  const notices = testKey.secret.tags['anthropic-key-state:notices']!.replace(
    /rotated\.[0-9a-f]{8}/,
    `rotated.${accepted.slice(0, 8)}`,
  );
  await testKey.sandbox.aws.secretsManager.perform('TagResource', {
    SecretId: testKey.secretName,
    Tags: [{ Key: 'anthropic-key-state:notices', Value: notices }],
  });
  const before = testKey.mails.length;
  await testKey.after(1);
  expect(testKey.told.slice(before)).toEqual([]);
});
