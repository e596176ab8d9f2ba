import { HOUR } from '../../lib/domain/time';
import { TestKey } from '../lifecycle/test-key';

/** What going back must bring back. */
async function seen(testKey: TestKey, keys: readonly string[], adminKey: string) {
  const { anthropic, clock } = testKey.sandbox;
  const feed = await anthropic.fetch!(`${anthropic.url}/v1/compliance/activities`, {
    headers: { 'x-api-key': adminKey, 'anthropic-version': '2023-06-01' },
  });
  return {
    now: clock.now(),
    secret: testKey.secret,
    told: testKey.told,
    keys: anthropic.everyKey(),
    statuses: keys.map((key) => anthropic.statusOf(key)),
    activities: ((await feed.json()) as { data: readonly object[] }).data,
  };
}

test('a world goes back as a whole, as often as it is asked to: nothing of one course is left in the next', async () => {
  const testKey = await TestKey.build({ adminAccess: true, policy: { deactivate: 'automatic' } });
  const { anthropic, clock } = testKey.sandbox;
  const old = await testKey.promoteFirstKey();
  const live = testKey.newKey();
  await testKey.submit(live);
  const adminKey = anthropic.createAdminKey();
  const look = () => seen(testKey, [old, live], adminKey);
  const before = await look();
  expect(before.activities).toHaveLength(2);
  const goBack = testKey.sandbox.snapshot();
  const outcomes: string[] = [];
  for (let time = 0; time < 2; time++) {
    const third = anthropic.createKey({ workspace: testKey.workspace }).value;
    expect(anthropic.statusOf(third)).toBe('active');
    // Use within the grace keeps the old key alive: what is left of it would change the next course.
    clock.advance(47 * HOUR);
    if (time === 0) anthropic.recordUsage(old, { at: clock.now(), requests: 9 });
    await testKey.after(2);
    outcomes.push(anthropic.statusOf(old));
    expect(await look()).not.toEqual(before);
    goBack();
    expect(await look()).toEqual(before);
    expect(() => anthropic.statusOf(third)).toThrow('no such key');
  }
  expect(outcomes).toEqual(['active', 'inactive']);
  await testKey.close();
});
