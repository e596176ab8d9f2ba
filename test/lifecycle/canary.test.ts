import { inspect } from 'node:util';
import { TestKey } from './test-key';

test('no key value appears in any log, metric, mail, event, tag or error of any flow', async () => {
  const testKey = await TestKey.build({ adminAccess: true, policy: { deactivate: 'automatic' } });
  const { anthropic, aws } = testKey.sandbox;
  const keys: string[] = [];
  const key = (workspace?: string) => {
    const value = testKey.newKey(workspace);
    keys.push(value);
    return value;
  };
  const admin = anthropic.createAdminKey();
  keys.push(admin);
  await testKey.check();
  await testKey.submit(key());
  await testKey.submit(key(testKey.otherWorkspace));
  await testKey.submit(admin);
  await testKey.submit(`export ANTHROPIC_API_KEY=${key()}`);
  await testKey.submit(`${key().slice(0, 60)}\n${key().slice(60)}`);
  await testKey.edit(admin);
  await testKey.check();
  const second = key();
  await testKey.submit(second);
  for (const misbehaviour of [
    'captive page',
    'connection reset',
    'body cut off',
    'truncated error',
  ] as const) {
    const end = anthropic.script(misbehaviour, { times: 4 });
    await testKey.after(1);
    end();
  }
  await testKey.days(4);
  anthropic.disable(second);
  await testKey.days(2);
  const errors = [
    ...aws.lambda.invocations.map(({ error }) => error),
    ...aws.secretsManager.rotations.flatMap((r) => r.errors),
  ];
  const everything = inspect(
    {
      lines: testKey.sandbox.environment('prod').telemetry.lines,
      counts: testKey.sandbox.environment('prod').telemetry.counts,
      mails: aws.sns.delivered,
      events: aws.events.received,
      tags: testKey.secret.tags,
      calls: aws.calls.all(),
      errors,
    },
    { depth: Number.POSITIVE_INFINITY, maxArrayLength: null, maxStringLength: null, showHidden: true },
  );
  expect(everything).toContain('sk-ant-api03-');
  for (const value of keys) expect(everything.includes(value.slice(0, 30))).toBe(false);
  await testKey.close();
});

test('reads that lag behind writes change nothing but the time it takes', async () => {
  const testKey = await TestKey.build();
  testKey.sandbox.aws.secretsManager.settings.lag = { reads: 2, milliseconds: 3_000 };
  const first = await testKey.promoteFirstKey();
  await testKey.after(1);
  const second = testKey.newKey();
  await testKey.submit(second);
  await testKey.days(1, 1);
  expect(testKey.live).toBe(second);
  expect(testKey.accepted).toBe(second);
  expect(testKey.retiring.map(({ key }) => key)).toEqual([first]);
  await testKey.close();
});
