import { HOUR } from '../../lib/domain/time';
import { TestKey } from '../lifecycle/test-key';

/** What going back must bring back. */
async function seen(testKey: TestKey, keys: readonly string[], adminKey: string) {
  const { anthropic, clock } = testKey.sandbox;
  const ask = (path: string, key: string) =>
    anthropic.fetch!(`${anthropic.url}${path}`, {
      headers: { 'x-api-key': key, 'anthropic-version': '2023-06-01' },
    });
  const feed = await ask('/v1/compliance/activities', adminKey);
  const answers = await Promise.all(keys.map((key) => ask('/v1/models', key)));
  return {
    now: clock.now(),
    secret: testKey.secret,
    told: testKey.told,
    keys: anthropic.everyKey(),
    statuses: keys.map((key) => anthropic.statusOf(key)),
    answers: answers.map(({ status, headers }) => [status, headers.has('request-id')]),
    activities: ((await feed.json()) as { data: readonly object[] }).data,
  };
}

test('a world goes back as a whole, as often as it is asked to: nothing of one course is left in the next', async () => {
  const testKey = await TestKey.build({ adminAccess: true, policy: { deactivate: 'automatic' } });
  const { anthropic, aws, clock } = testKey.sandbox;
  const old = await testKey.promoteFirstKey();
  const live = testKey.newKey();
  await testKey.submit(live);
  const adminKey = anthropic.createAdminKey();
  const troubled = anthropic.createKey({ workspace: testKey.workspace }).value;
  const solve = anthropic.trouble('overloaded', { key: troubled });
  const service = aws.ecs.create('arn:aws:ecs:eu-central-1:111122223333:service/c/s', 2);
  clock.advance(HOUR);
  const look = async () => ({
    ...(await seen(testKey, [old, live, troubled], adminKey)),
    service: service.described(),
    tasks: service.tasks(),
  });
  const before = await look();
  expect(before.activities).toHaveLength(3);
  expect(before.answers).toEqual([
    [200, true],
    [200, true],
    [529, true],
  ]);
  const goBack = testKey.sandbox.snapshot();
  const outcomes: string[] = [];
  for (let time = 0; time < 2; time++) {
    const third = anthropic.createKey({ workspace: testKey.workspace }).value;
    expect(anthropic.statusOf(third)).toBe('active');
    service.deploy();
    // Use within the grace keeps the old key alive: what is left of it would change the next course.
    clock.advance(46 * HOUR);
    if (time === 0) anthropic.recordUsage(old, { at: clock.now(), requests: 9 });
    await testKey.after(2);
    outcomes.push(anthropic.statusOf(old));
    solve();
    anthropic.disable(troubled);
    anthropic.trouble('overloaded', { key: live });
    anthropic.setManner({ stripsHeaders: true });
    const after = await look();
    for (const part of Object.keys(before) as (keyof typeof before)[])
      expect([part, after[part]]).not.toEqual([part, before[part]]);
    goBack();
    expect(await look()).toEqual(before);
    expect(() => anthropic.statusOf(third)).toThrow('no such key');
  }
  expect(outcomes).toEqual(['active', 'inactive']);
  await testKey.close();
});
