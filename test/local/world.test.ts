import { HOUR } from '../../lib/domain/time';
import { TestKey } from '../lifecycle/test-key';

/** What going back must bring back. */
const seen = (testKey: TestKey, keys: readonly string[]) => ({
  now: testKey.sandbox.clock.now(),
  secret: testKey.secret,
  told: testKey.told,
  keys: testKey.sandbox.anthropic.everyKey(),
  statuses: keys.map((key) => testKey.sandbox.anthropic.statusOf(key)),
});

test('a world goes back as a whole, as often as it is asked to: nothing of one course is left in the next', async () => {
  const testKey = await TestKey.build({ adminAccess: true, policy: { deactivate: 'automatic' } });
  const { anthropic, clock } = testKey.sandbox;
  const old = await testKey.promoteFirstKey();
  const live = testKey.newKey();
  await testKey.submit(live);
  const before = seen(testKey, [old, live]);
  const goBack = testKey.sandbox.snapshot();
  const outcomes = [];
  for (let time = 0; time < 2; time++) {
    const third = anthropic.createKey({ workspace: testKey.workspace }).value;
    expect(anthropic.statusOf(third)).toBe('active');
    // Use within the grace keeps the old key alive: what is left of it would change the next course.
    clock.advance(47 * HOUR);
    if (time === 0) anthropic.recordUsage(old, { at: clock.now(), requests: 9 });
    await testKey.after(2);
    outcomes.push({ told: testKey.told, old: anthropic.statusOf(old) });
    expect(seen(testKey, [old, live])).not.toEqual(before);
    goBack();
    expect(seen(testKey, [old, live])).toEqual(before);
    expect(() => anthropic.statusOf(third)).toThrow('no such key');
  }
  expect(outcomes.map(({ old: status }) => status)).toEqual(['active', 'inactive']);
  await testKey.close();
});
