import { inspect } from 'node:util';
import { House } from './house';

jest.setTimeout(60_000);

test('no key value appears in any log, metric, mail, event, tag or error of any flow', async () => {
  const house = await House.build({ adminAccess: true, policy: { deactivate: 'automatic' } });
  const { anthropic, aws } = house.stage;
  const keys: string[] = [];
  const key = (workspace?: string) => {
    const value = house.newKey(workspace);
    keys.push(value);
    return value;
  };
  const admin = anthropic.createAdminKey();
  keys.push(admin);
  await house.check();
  await house.submit(key());
  await house.submit(key(house.otherWorkspace));
  await house.submit(admin);
  await house.submit(`export ANTHROPIC_API_KEY=${key()}`);
  await house.submit(`${key().slice(0, 60)}\n${key().slice(60)}`);
  await house.edit(admin);
  await house.check();
  const second = key();
  await house.submit(second);
  for (const misbehaviour of [
    'captive page',
    'connection reset',
    'body cut off',
    'truncated error',
  ] as const) {
    const end = anthropic.script(misbehaviour, { times: 4 });
    await house.after(1);
    end();
  }
  await house.days(4);
  anthropic.disable(second);
  await house.days(2);
  const errors = [
    ...aws.lambda.invocations.map(({ error }) => error),
    ...aws.secretsManager.rotations.flatMap((r) => r.errors),
  ];
  const everything = inspect(
    {
      lines: house.stage.environment('prod').telemetry.lines,
      counts: house.stage.environment('prod').telemetry.counts,
      mails: aws.sns.delivered,
      events: aws.events.received,
      tags: house.secret.tags,
      calls: aws.calls.all(),
      errors,
    },
    { depth: Number.POSITIVE_INFINITY, maxArrayLength: null, maxStringLength: null, showHidden: true },
  );
  expect(everything).toContain('sk-ant-api03-');
  for (const value of keys) expect(everything.includes(value.slice(0, 30))).toBe(false);
  await house.close();
});

test('reads that lag behind writes change nothing but the time it takes', async () => {
  const house = await House.build();
  house.stage.aws.secretsManager.settings.lag = { reads: 2, milliseconds: 3_000 };
  const first = await house.moveIn();
  await house.after(1);
  const second = house.newKey();
  await house.submit(second);
  await house.days(1, 1);
  expect(house.live).toBe(second);
  expect(house.accepted).toBe(second);
  expect(house.retiring.map(({ key }) => key)).toEqual([first]);
  await house.close();
});
