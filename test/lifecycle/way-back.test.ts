import { ApiKey } from '../../lib/domain/key';
import { keepFromAccepting } from './surroundings';
import { TestEnvironment, TestKey } from './test-key';

let testKey: TestKey;
afterEach(() => testKey?.close());

const document = (key: string) => JSON.stringify({ ANTHROPIC_API_KEY: key, REGION: 'eu' });
const rollBack = () => testKey.command({ verb: 'roll-back' });

/** A live key whose document has a field that the team added by hand. */
async function withField(policy = {}): Promise<string> {
  testKey = await TestKey.build({ policy });
  const key = await testKey.promoteFirstKey();
  await testKey.edit(document(key));
  await testKey.after(1);
  return key;
}

test('an automatic rollback keeps what a team added to the document', async () => {
  const first = await withField();
  const bad = testKey.newKey();
  testKey.sandbox.anthropic.disable(bad);
  await testKey.edit(document(bad));
  await testKey.after(1);
  expect(testKey.live).toBe(first);
  expect(testKey.text('AWSCURRENT')).toContain('REGION');
});

test('going back withdraws a submission that waits, and follows its key', async () => {
  testKey = await TestKey.build();
  const first = await testKey.promoteFirstKey();
  await testKey.submit(testKey.newKey());
  const waiting = testKey.newKey();
  const recover = testKey.sandbox.anthropic.trouble('rate-limit', { key: waiting });
  await testKey.submit(waiting);
  await rollBack();
  recover();
  await testKey.days(1);
  expect([testKey.live, testKey.waiting]).toEqual([first, '']);
  expect(testKey.followed).toEqual([waiting]);
});

test('where nobody names a key, a leaked one is no candidate beside one that works', async () => {
  testKey = await TestKey.build();
  const good = await testKey.promoteFirstKey();
  const leaked = testKey.newKey();
  await testKey.submit(leaked);
  const { fingerprint } = new ApiKey(leaked);
  await testKey.command({ verb: 'report-leak', fingerprint });
  await testKey.edit('DISABLED');
  await testKey.after(1);
  await rollBack();
  expect(testKey.live).toBe(good);
  await expect(testKey.command({ verb: 'roll-back', fingerprint })).rejects.toThrow('reported as leaked');
});

test('so does a rollback by command', async () => {
  const first = await withField();
  await testKey.submit(testKey.newKey());
  await rollBack();
  expect(testKey.live).toBe(first);
  expect(testKey.text('AWSCURRENT')).toContain('REGION');
});

test.each([
  ['a stop', 'DISABLED', {}],
  ['a spoiled document', '{"ANTHROPIC_API_KEY":"sk-ant-api03-x","REGION":"eu",}', { autoRollback: false }],
])('a new key after %s goes into the last document that held one', async (_, spoiled, policy) => {
  await withField(policy);
  await testKey.edit(spoiled);
  await testKey.after(1);
  const next = testKey.newKey();
  await testKey.submit(next);
  expect(JSON.parse(testKey.text('AWSCURRENT'))).toEqual({ ANTHROPIC_API_KEY: next, REGION: 'eu' });
});

describe('a key that dies before any check accepted it', () => {
  async function dieUnaccepted(autoRollback: boolean): Promise<{ first: string; next: string }> {
    testKey = await TestKey.build({ policy: { autoRollback } });
    const first = await testKey.promoteFirstKey();
    await testKey.after(1);
    const stop = keepFromAccepting(testKey);
    const next = testKey.newKey();
    await testKey.submit(next);
    stop();
    expect([testKey.live, testKey.accepted]).toEqual([next, first]);
    testKey.sandbox.anthropic.disable(next);
    await testKey.after(1);
    return { first, next };
  }

  test('is taken back for the accepted one', async () => {
    const { first } = await dieUnaccepted(true);
    expect(testKey.told.at(-1)).toBe('rolled-back');
    expect(testKey.live).toBe(first);
  });

  test('leaves a way back where the policy takes nothing back, and the mail names it', async () => {
    const { first, next } = await dieUnaccepted(false);
    expect(testKey.live).toBe(next);
    expect(testKey.told.at(-1)).toBe('direct-edit-refused');
    expect(testKey.mails.at(-1)!.body).toContain('Go back to the last key now; it works:');
    await rollBack();
    expect(testKey.live).toBe(first);
  });
});

test('after a stop the accepted key can be made live again', async () => {
  testKey = await TestKey.build();
  const first = await testKey.promoteFirstKey();
  await testKey.edit('DISABLED');
  await testKey.after(1);
  await rollBack();
  expect(testKey.live).toBe(first);
});

test('a displaced submission, stored as it was pasted, is never made live in place of a document', async () => {
  testKey = await TestKey.build();
  const first = await testKey.promoteFirstKey();
  await testKey.put(testKey.newKey());
  await testKey.put(testKey.newKey());
  await testKey.days(1);
  testKey.sandbox.anthropic.disable(first);
  await testKey.after(1);
  await expect(rollBack()).rejects.toThrow('as plain text, but services read a JSON document');
});

test('a bad edit that stood for longer than any news lasts is told of when it is undone', async () => {
  testKey = await TestKey.build();
  await testKey.promoteFirstKey();
  await testKey.after(1);
  const recover = testKey.sandbox.anthropic.trouble('overloaded');
  await testKey.edit(testKey.newKey(testKey.otherWorkspace));
  await testKey.days(40, 24);
  recover();
  await testKey.after(1);
  expect(testKey.told).toContain('rolled-back');
});

test('a promotion is told of although the document was edited before anybody listened', async () => {
  testKey = await TestKey.build({ listens: false });
  await testKey.promoteFirstKey();
  const next = testKey.newKey();
  await testKey.submit(next);
  await testKey.edit(document(next));
  testKey.sandbox.aws.sns.confirm('platform@example.com');
  await testKey.after(1);
  expect(testKey.told).toContain('rotated');
});

test('a deadline that a person set is not moved by use of the key', async () => {
  testKey = await TestKey.build({ adminAccess: true });
  const first = await testKey.promoteFirstKey();
  await testKey.submit(testKey.newKey());
  await testKey.after(6);
  testKey.sandbox.anthropic.recordUsage(first, { at: testKey.sandbox.clock.now(), requests: 50 });
  await testKey.after(2);
  await testKey.command({ verb: 'retire-now' });
  await testKey.after(2);
  expect(testKey.told).not.toContain('extended');
});

test('edits of other fields give a used key no more extensions than the policy allows', async () => {
  testKey = await TestKey.build({ adminAccess: true, policy: { maxGraceExtensions: 2 } });
  const first = await testKey.promoteFirstKey();
  const next = testKey.newKey();
  await testKey.submit(next);
  for (let day = 0; day < 10; day++) {
    await testKey.edit(JSON.stringify({ ANTHROPIC_API_KEY: next, DEPLOYED: day }));
    for (let quarter = 0; quarter < 4; quarter++) {
      testKey.sandbox.anthropic.recordUsage(first, { at: testKey.sandbox.clock.now(), requests: 5 });
      await testKey.after(6);
    }
  }
  expect(testKey.told.filter((kind) => kind === 'extended')).toHaveLength(2);
  expect(testKey.told).toContain('zombie');
});

test('an hour without answers makes no zombie unproven', async () => {
  testKey = await TestKey.build();
  await testKey.promoteFirstKey();
  await testKey.submit(testKey.newKey());
  await testKey.days(4, 12);
  const recover = testKey.sandbox.anthropic.trouble('overloaded');
  await testKey.after(1);
  recover();
  await testKey.after(1);
  expect(testKey.told).toContain('zombie');
  expect(testKey.told).not.toContain('unproven');
});

test('whoever is asked to switch off an old key hears which other service seems to live on it', async () => {
  const testEnvironment = await TestEnvironment.open();
  const other = await testEnvironment.key();
  testKey = await testEnvironment.key();
  const shared = await testKey.promoteFirstKey();
  await other.edit(shared);
  await other.check();
  await testKey.submit(testKey.newKey());
  await testKey.days(4);
  const asking = testKey.mails.filter(({ attributes }) =>
    ['grace-over', 'zombie'].includes(String(attributes?.kind?.StringValue)),
  );
  expect(asking.map(({ attributes }) => attributes?.kind?.StringValue)).toContain('zombie');
  for (const { body } of asking) expect(body).toContain(other.secretName);
});

test('a bad edit is named in words that a person would use', async () => {
  testKey = await TestKey.build();
  const key = await testKey.promoteFirstKey();
  await testKey.edit(`"${key.slice(0, 60)}…`);
  await testKey.after(1);
  expect(testKey.mails.at(-1)!.body).not.toMatch(/Paste it|directly into/);
  expect(testKey.mails.at(-1)!.body).toContain('What they wrote');
});

test.each([
  ['by command', rollBack],
  ['by its label', () => testKey.moveBack()],
])('whoever goes back %s before the new key was accepted is not overruled', async (_, goBack) => {
  testKey = await TestKey.build();
  const first = await testKey.promoteFirstKey();
  const next = testKey.newKey();
  const refusal = { code: 'InternalServiceError', message: 'An error occurred on the server side.' };
  const recover = testKey.refuse('UpdateSecretVersionStage', refusal, 'ACCEPTED');
  await testKey.submit(next);
  recover();
  expect([testKey.live, testKey.accepted, testKey.waiting]).toEqual([next, first, next]);
  await goBack();
  await testKey.sandbox.settle();
  await testKey.days(1);
  expect([testKey.live, testKey.accepted, testKey.waiting]).toEqual([first, first, '']);
  expect(testKey.retiring.map(({ key }) => key)).toEqual([next]);
  expect(testKey.told.filter((kind) => kind === 'rolled-back')).toHaveLength(1);
});

test('a zombie that gives no answer any more is told of as unproven', async () => {
  testKey = await TestKey.build();
  const first = await testKey.promoteFirstKey();
  await testKey.submit(testKey.newKey());
  await testKey.days(4);
  expect(testKey.told).toContain('zombie');
  testKey.sandbox.anthropic.script('not-found', { times: Number.POSITIVE_INFINITY, key: first });
  await testKey.days(9);
  expect(testKey.told.filter((kind) => kind === 'unproven')).not.toEqual([]);
});

test('a key that is switched on again in the Console gets a deadline by the mail’s command, also without grace', async () => {
  testKey = await TestKey.build({ policy: { graceHours: 0 } });
  const first = await testKey.promoteFirstKey();
  await testKey.submit(testKey.newKey());
  testKey.sandbox.anthropic.disable(first);
  await testKey.after(1);
  expect(testKey.told.at(-1)).toBe('rotation-complete');
  const commands = testKey.mails.at(-1)!.body.replace(/ \\\n\s+/g, ' ');
  expect(commands).toMatch(/ extend prod\/api-1 --key [0-9a-f]{12} --hours 24\n/);
});
