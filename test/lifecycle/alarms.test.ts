import { begunOf, METRIC, type MetricName } from '../../lib/domain/metrics';
import type { Policy } from '../../lib/domain/policy';
import { HOUR, MINUTE } from '../../lib/domain/time';
import { FAULT } from '../../local/aws';
import { type AlarmProperties, readAlarm } from '../../local/demo/alarm';
import { checkedEvery, smallest } from '../constructs/fleets';
import { resourcesOf, templateOf } from '../constructs/synthesis';
import { TestEnvironment, TestKey } from './test-key';

let environment: TestEnvironment | undefined;
let testKey: TestKey;
afterEach(() => (environment ?? testKey).close());

async function build(options: Parameters<typeof TestKey.build>[0] = {}): Promise<string> {
  environment = undefined;
  testKey = await TestKey.build(options);
  await (await testKey.neighbour()).promoteFirstKey();
  return testKey.promoteFirstKey();
}

const telemetry = () => testKey.sandbox.environment('prod').telemetry;
const total = (metric: MetricName) => telemetry().total(metric);
const begun = (metric: MetricName) => telemetry().total(begunOf(metric));

/** The alarms of a deployment, evaluated on what the functions counted. */
function pager(yaml = smallest) {
  const alarms = Object.values(resourcesOf(templateOf(yaml)))
    .filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')
    .map(({ Properties }) => Properties as unknown as AlarmProperties);
  return (name: string) => {
    const alarm = alarms.find(({ AlarmName }) => AlarmName === `anthropic-keys-prod-${name}`)!;
    const { counts } = telemetry();
    const now = testKey.sandbox.clock.now();
    return readAlarm(alarm, (_, metric) => counts.filter((datum) => datum.name === metric), now).state;
  };
}

const wait = (milliseconds: number) => testKey.sandbox.clock.advance(milliseconds);

describe.each([
  ['hourly', smallest, 3, HOUR],
  ['daily', checkedEvery('rate(1 day)'), 26, 24 * HOUR],
])('where keys are checked %s', (_, yaml, hours, interval) => {
  it('an alarm persists until the next check, and ends after it', async () => {
    const key = await build();
    const state = pager(yaml);
    testKey.sandbox.anthropic.disable(key);
    await testKey.check();
    expect(state('key-dead')).toBe('ALARM');
    testKey.sandbox.anthropic.enable(key);
    const last = testKey.sandbox.clock.now().getTime();
    wait(interval + 15 * MINUTE);
    expect(state('key-dead')).toBe('ALARM');
    await testKey.check();
    wait(last + hours * HOUR - testKey.sandbox.clock.now().getTime() + MINUTE);
    expect(state('key-dead')).toBe('OK');
  });
});

test('a second dead key fires while the alarm about the first is still on', async () => {
  environment = await TestEnvironment.open();
  const keys = [await environment.key(), await environment.key(), await environment.key()];
  testKey = keys[0]!;
  const state = pager();
  for (const each of keys) await each.promoteFirstKey();
  // The third one shows that the refusals are about the others.
  for (const each of keys.slice(0, 2)) {
    testKey.sandbox.anthropic.disable(each.live);
    await each.check();
    expect([state('key-dead'), state('key-dead-new')]).toEqual(['ALARM', 'ALARM']);
    wait(HOUR);
    for (const every of keys) await every.check();
    expect([state('key-dead'), state('key-dead-new')]).toEqual(['ALARM', 'OK']);
  }
  expect(begun(METRIC.keyDead)).toBe(2);
});

test('a beginning that nobody can be told of is counted once, and once more if the state comes back', async () => {
  const key = await build();
  testKey.sandbox.aws.sns.unsubscribe('platform@example.com');
  for (const [round, switchOver] of [
    [1, () => testKey.sandbox.anthropic.disable(key)],
    [1, () => testKey.sandbox.anthropic.enable(key)],
    [2, () => testKey.sandbox.anthropic.disable(key)],
  ] as const) {
    switchOver();
    await testKey.days(1);
    expect(begun(METRIC.keyDead)).toBe(round);
  }
  expect(total(METRIC.keyDead)).toBeGreaterThan(begun(METRIC.keyDead));
});

test('the end of what nobody was told of is told to nobody', async () => {
  const key = await build();
  const refuses = testKey.sandbox.aws.faults.on(
    { service: 'sns', operation: 'Publish', times: Number.POSITIVE_INFINITY },
    FAULT.unavailable,
  );
  testKey.sandbox.anthropic.disable(key);
  await testKey.check();
  testKey.sandbox.anthropic.enable(key);
  refuses();
  await testKey.days(1);
  expect(testKey.told).toEqual(['rotated']);
  // The bus took the beginning, and so it gets the end.
  const events = testKey.sandbox.aws.events.received.map(({ detailType }) => detailType);
  expect(events.slice(-2)).toEqual(['Key Dead', 'Key Resolved']);
});

test('a bus that refuses one event is no alarm; one that still does at the next check is, until it takes events again', async () => {
  await build();
  const state = pager();
  const refuse = (times: number) =>
    testKey.sandbox.aws.faults.on({ service: 'events', operation: 'PutEvents', times }, FAULT.denied);
  refuse(1);
  await testKey.submit(testKey.newKey());
  await testKey.after(1);
  expect([total(METRIC.eventNotDelivered), state('event-not-delivered')]).toEqual([1, 'OK']);
  wait(3 * HOUR);
  const end = refuse(Number.POSITIVE_INFINITY);
  await testKey.submit(testKey.newKey());
  await testKey.after(1);
  expect(state('event-not-delivered')).toBe('ALARM');
  end();
  await testKey.after(1);
  wait(3 * HOUR);
  expect(state('event-not-delivered')).toBe('OK');
});

test('an event of the weekly report that the bus refuses is counted, and the report is mailed', async () => {
  await build();
  const match = { service: 'events', operation: 'PutEvents', times: 1 } as const;
  testKey.sandbox.aws.faults.on(match, FAULT.denied);
  await testKey.sandbox.invoke('prod', 'report', { force: true });
  expect(total(METRIC.eventNotDelivered)).toBe(1);
  const subjects = testKey.sandbox.aws.sns.inbox('platform@example.com').map(({ subject }) => subject);
  expect(subjects.at(-1)).toMatch(/^\[prod\]/);
});

test('a beginning is counted although the check fails afterwards', async () => {
  const key = await build();
  testKey.sandbox.anthropic.disable(key);
  testKey.refuse('TagResource', FAULT.unavailable);
  await testKey.check().catch(() => undefined);
  expect(begun(METRIC.keyDead)).toBeGreaterThan(0);
});

test('what one alarm reports for all keys fires for no further one', async () => {
  await build();
  testKey.sandbox.anthropic.script('credit-balance', { path: '/v1/messages' });
  await testKey.days(2);
  expect(testKey.told).toEqual(['rotated']);
  expect([begun(METRIC.blockedBilling), total(METRIC.blockedBilling) > 1]).toEqual([0, true]);
  expect(testKey.secret.tags['anthropic-key-state:notices']).not.toContain('blocked');
});

test('what is not reported while it is snoozed begins once, too', async () => {
  await build();
  wait(89 * 24 * HOUR);
  const until = new Date(testKey.sandbox.clock.now().getTime() + 20 * 24 * HOUR);
  await testKey.command({ verb: 'snooze', until, reason: 'moving house' });
  await testKey.days(4);
  expect(testKey.told).not.toContain('overdue');
  expect([begun(METRIC.keyOverdue), total(METRIC.keyOverdue) > 1]).toEqual([1, true]);
});

describe('an unusable live value has an alarm, whatever is wrong with it', () => {
  const dead = () => {
    const key = testKey.newKey();
    testKey.sandbox.anthropic.disable(key);
    return key;
  };
  it.each<[string, (live: string) => string, Partial<Policy>]>([
    ['a dead key, and the policy undoes nothing', dead, { autoRollback: false }],
    [
      'a dead key, and the one before it is dead, too',
      (live) => {
        testKey.sandbox.anthropic.disable(live);
        return dead();
      },
      {},
    ],
    ['an empty value', () => '{"ANTHROPIC_API_KEY":""}', {}],
    ['other text', () => 'see the wiki', {}],
    ['a stop', () => 'DISABLED', {}],
    ['a key that was cut off', () => testKey.newKey().slice(0, 15), { autoRollback: false }],
    ['a key from elsewhere', () => testKey.newKey(testKey.otherWorkspace), { autoRollback: false }],
  ])('%s', async (_, value, policy) => {
    const live = await build({ policy });
    const state = pager();
    await testKey.edit(value(live));
    await testKey.check();
    expect([state('key-unusable'), state('key-unusable-new')]).toEqual(['ALARM', 'ALARM']);
    await testKey.days(1);
    expect([begun(METRIC.keyUnusable), total(METRIC.keyDead)]).toEqual([1, 0]);
    expect(total(METRIC.keyUnusable)).toBeGreaterThan(1);
  });

  it('the placeholder before the first key is no alarm', async () => {
    environment = undefined;
    testKey = await TestKey.build();
    await testKey.days(2);
    expect([total(METRIC.keyUnusable), begun(METRIC.keyUnusable)]).toEqual([0, 0]);
  });
});

describe('a rotation that fails is counted, and the first failure of a submission apart', () => {
  const denied = { code: 'AccessDeniedException', message: 'User is not authorized to perform this action.' };
  it.each<[string, () => void]>([
    ['createSecret', () => testKey.refuse('PutSecretValue', denied, 'AWSPENDING')],
    ['testSecret', () => testKey.sandbox.anthropic.trouble('overloaded')],
    ['finishSecret', () => testKey.refuse('UpdateSecretVersionStage', denied, '"VersionStage":"AWSCURRENT"')],
  ])('in %s', async (_, breaks) => {
    const live = await build();
    breaks();
    await testKey.submit(testKey.newKey());
    await testKey.days(0.5, 2).catch(() => undefined);
    expect(testKey.live).toBe(live);
    expect(total(METRIC.rotationFailed)).toBeGreaterThan(0);
    expect(begun(METRIC.rotationFailed)).toBe(1);
  });

  it('a second submission that fails begins again', async () => {
    await build();
    testKey.sandbox.anthropic.trouble('overloaded');
    await testKey.submit(testKey.newKey());
    await testKey.after(1);
    await testKey.replace(testKey.newKey());
    await testKey.days(0.5, 1);
    expect(begun(METRIC.rotationFailed)).toBe(2);
  });

  it.each([
    ['a refusal', () => testKey.submit('sk-ant-api03-cut-off')],
    ['a rotation without a submission', () => testKey.rotate()],
  ])('%s is none', async (_, act) => {
    await build();
    await act().catch(() => undefined);
    await testKey.days(0.5);
    expect([total(METRIC.rotationFailed), begun(METRIC.rotationFailed)]).toEqual([0, 0]);
  });
});
