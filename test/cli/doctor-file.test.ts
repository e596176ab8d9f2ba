import { type Files, operatorOn } from '../../local/cli/operator';
import { keyOf } from '../keys';
import { TestKey } from '../lifecycle/test-key';

let testKey: TestKey;
let files: Files;
let doctor: () => Promise<{ exit: number; shown: string }>;

beforeEach(async () => {
  testKey = await TestKey.build();
  const ada = operatorOn(testKey.sandbox);
  files = ada.files;
  doctor = async () => {
    const { exit, shown } = await ada.run(['doctor', 'prod/api-1']);
    return { exit, shown: shown.replace(/\s+/g, ' ') };
  };
});
afterEach(() => testKey.close());

const fleet = (keys: string) =>
  files.set(
    'keys.yaml',
    `environments:\n  prod:\n    alerts: [a@example.com, b@example.com]\n    keys:\n${keys}`,
  );

const tag = (name: string, Value: string) =>
  testKey.sandbox.aws.secretsManager.perform('TagResource', {
    SecretId: testKey.secretName,
    Tags: [{ Key: `anthropic-key:${name}`, Value }],
  });

test('a key whose tags are what keys.yaml says is in order', async () => {
  await testKey.promoteFirstKey();
  fleet('      api-1: { owner: team@example.com }\n');
  expect((await doctor()).shown).not.toContain('instead of');
});

test('a difference between tags and keys.yaml is named, though it is within all bounds', async () => {
  await testKey.promoteFirstKey();
  fleet('      api-1: { owner: team@example.com, policy: { maxAgeDays: 30 } }\n');
  await tag('auto-rollback', 'false');
  const { exit, shown } = await doctor();
  expect(exit).toBe(3);
  expect(shown).toContain('max-age-days 90 instead of 30, auto-rollback false instead of true');
});

test('a secret whose key was taken out of keys.yaml is named with its live key', async () => {
  const key = await testKey.promoteFirstKey();
  fleet('      renamed: { owner: team@example.com }\n');
  const { exit, shown } = await doctor();
  expect(exit).toBe(3);
  expect(shown).toContain(
    `keys.yaml does not have it any more, so nothing checks it, and its live key ${keyOf(key).hint} was ALIVE`,
  );
});

test('a file without the environment says nothing about its keys', async () => {
  await testKey.promoteFirstKey();
  fleet('      renamed: { owner: team@example.com }\n');
  files.set('keys.yaml', files.get('keys.yaml')!.replace('prod:', 'dev:'));
  expect((await doctor()).shown).not.toContain('keys.yaml');
});
