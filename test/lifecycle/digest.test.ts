import type { Around } from '../../lib/adapters/runtime';
import { memoryFromTags } from '../../lib/contract/memory-tags';
import { METRIC } from '../../lib/domain/metrics';
import { DAY, HOUR } from '../../lib/domain/time';
import { FAULT } from '../../local/aws';
import { operatorOn } from '../../local/cli/operator';
import { CrashController } from '../fakes/crash';
import { Terminal } from '../notices/terminal';
import { TestEnvironment, type TestEnvironmentOptions, type TestKey } from './test-key';

const MAILBOX = 'platform@example.com';

let environment: TestEnvironment;
let keys: TestKey[];
afterEach(() => environment.close());

/** Keys that a check has just found to be without their first key. */
async function awaiting(count: number, options: TestEnvironmentOptions = {}): Promise<void> {
  environment = await TestEnvironment.open(options);
  keys = [];
  for (let n = 0; n < count; n++) keys.push(await environment.key());
  await checkAll();
}

async function checkAll(): Promise<void> {
  for (const key of keys) await key.check();
}

const report = () => keys[0]!.report();
const inbox = () => environment.sandbox.aws.sns.inbox(MAILBOX);
const kinds = () => inbox().map(({ attributes }) => attributes.kind?.StringValue);
const noticesOf = (key: TestKey) => memoryFromTags(key.secret.tags).notices;
const idIn = (body: string) => /AKR-\w{4}-\w{4}/.exec(body)![0];
const events = (type: string) =>
  environment.sandbox.aws.events.received.filter(({ detailType }) => detailType === type);
const total = (metric: string) => environment.sandbox.environment('prod').telemetry.total(metric);

test('reminders of several keys come in one mail to their owner, and are remembered as said', async () => {
  await awaiting(3);
  expect(kinds()).toEqual([]);
  expect(events('Key Awaited')).toEqual([]);
  expect(await report()).toMatchObject({ digested: 3, mailed: false });
  const [mail] = inbox();
  expect(kinds()).toEqual(['digest']);
  expect(mail!.subject).toBe('[prod] 3 services of team@example.com need a new key');
  expect(mail!.attributes.owner?.StringValue).toBe('team@example.com');
  expect(keys.map(noticesOf)).toEqual(keys.map(() => ({ 'awaiting-first-key': '0' })));
  const ids = events('Key Awaited').map(({ detail }) => (detail as { id: string }).id);
  expect(new Set(ids).size).toBe(3);
  for (const key of keys) {
    const { shown } = await operatorOn(environment.sandbox).run([
      'show',
      key.secretName.replace('anthropic/', ''),
    ]);
    expect(shown).toContain(idIn(mail!.body));
    expect(ids.filter((id) => shown.includes(id))).toHaveLength(1);
  }
});

test('each block and each command of the digest puts a key into the secret under whose name it stands', async () => {
  for (const form of ['plain AWS', 'checkout'] as const) {
    await awaiting(3);
    await report();
    const { body } = inbox()[0]!;
    const terminal = await Terminal.open(environment.sandbox);
    for (const key of keys) {
      const name = key.secretName.replace('anthropic/', '');
      const block =
        form === 'checkout'
          ? new RegExp(`^ {7}npx --no -- anthropic-keys submit ${name}$`, 'm').exec(body)![0]
          : new RegExp(`^ {2}${name}\\n[\\s\\S]*?\\n\\n((?: {7}.*\\n)+)`, 'm').exec(body)![1]!;
      const typed = key.newKey();
      const { screen } = await terminal.paste(block, { typed });
      expect([screen, key.live]).toEqual([expect.stringContaining(name), typed]);
    }
    await terminal.close();
    if (form === 'plain AWS') await environment.close();
  }
});

test('a report that runs twice says nothing twice, and neither does a check', async () => {
  await awaiting(2);
  await report();
  expect(await report()).toMatchObject({ digested: 0 });
  environment.sandbox.clock.advance(23 * HOUR);
  await checkAll();
  expect(kinds()).toEqual(['digest']);
});

test('a single reminder comes as its own mail', async () => {
  await awaiting(1);
  await report();
  expect(kinds()).toEqual(['awaiting-first-key']);
  expect(memoryFromTags(keys[0]!.secret.tags).sent).toEqual([idIn(inbox()[0]!.body)]);
});

test('without a report each check sends its reminder, 26 hours after it was due and not before', async () => {
  await awaiting(2);
  environment.sandbox.clock.advance(26 * HOUR - 60_000);
  await checkAll();
  expect(kinds()).toEqual([]);
  environment.sandbox.clock.advance(60_000);
  await checkAll();
  expect(kinds()).toEqual(['awaiting-first-key', 'awaiting-first-key']);
  await report();
  await checkAll();
  expect(kinds()).toHaveLength(2);
});

test('a digest that SNS refuses is counted, and left to the checks', async () => {
  await awaiting(2);
  const recover = environment.sandbox.aws.faults.on(
    { operation: 'Publish', times: Number.POSITIVE_INFINITY },
    FAULT.unavailable,
  );
  expect(await report()).toMatchObject({ digested: 0 });
  recover();
  expect(total(METRIC.noticeNotDelivered)).toBe(1);
  expect(events('Key Awaited')).toEqual([]);
  environment.sandbox.clock.advance(26 * HOUR);
  await checkAll();
  expect(kinds()).toEqual(['awaiting-first-key', 'awaiting-first-key']);
});

test('while nobody listens a digest waits, and machines are not told twice', async () => {
  await awaiting(2, { listens: false });
  expect(await report()).toMatchObject({ digested: 0 });
  expect(total(METRIC.nobodyListens)).toBe(1);
  environment.sandbox.aws.sns.confirm(MAILBOX);
  expect(await report()).toMatchObject({ digested: 2 });
  expect(events('Key Awaited')).toHaveLength(2);
});

test('the last day comes at once, and so does what is overdue', async () => {
  environment = await TestEnvironment.open();
  keys = [await environment.key(), await environment.key()];
  for (const key of keys) await key.promoteFirstKey();
  const after = async (days: number) => {
    environment.sandbox.clock.advance(days * DAY);
    await checkAll();
  };
  await after(77);
  await report();
  expect(kinds()).toEqual(['rotated', 'rotated', 'digest']);
  expect(inbox().at(-1)!.subject).toMatch(
    /^\[prod\] 2 services of team@example\.com need a new key \(first by 2027-02-19\)$/,
  );
  await after(12);
  await after(1);
  expect(kinds().slice(3)).toEqual(['due', 'due', 'overdue', 'overdue']);
});

test('a digest leaves out what is quieted, replaced or not checked any more', async () => {
  await awaiting(5);
  const [snoozed, replaced, first, second, unwatched] = keys as [TestKey, TestKey, TestKey, TestKey, TestKey];
  await snoozed.command({
    verb: 'snooze',
    until: new Date('2026-12-01T00:00:00Z'),
    reason: 'not needed yet',
  });
  await replaced.promoteFirstKey();
  expect(noticesOf(snoozed)).toHaveProperty('awaiting-first-key');
  environment.sandbox.clock.advance(25 * HOUR);
  for (const key of [snoozed, replaced, first, second]) await key.check();
  expect(noticesOf(snoozed)).toEqual({});
  expect(await report()).toMatchObject({ digested: 2, unwatched: 1 });
  const { body } = inbox().find(({ attributes }) => attributes.kind?.StringValue === 'digest')!;
  const named = (key: TestKey) => body.includes(key.secretName);
  expect([snoozed, replaced, first, second, unwatched].map(named)).toEqual([false, false, true, true, false]);
});

test('what a person snoozes after the check is not in the digest', async () => {
  await awaiting(2);
  const until = new Date('2026-12-01T00:00:00Z');
  await keys[0]!.command({ verb: 'snooze', until, reason: 'not needed yet' });
  await report();
  expect(inbox().map(({ body }) => body.includes(keys[0]!.secretName))).toEqual([false]);
});

type Listing = (...wanted: unknown[]) => Promise<readonly { readonly tags: object }[]>;

test('a key whose owner changed since the listing is in no mail of the former one, and waits', async () => {
  const former: Around = (name, port) =>
    name === 'store'
      ? new Proxy(port, {
          get: (target, call) =>
            call === 'list'
              ? async (...wanted: unknown[]) =>
                  (await (target as { list: Listing }).list(...wanted)).map((secret) => ({
                    ...secret,
                    tags: { ...secret.tags, 'anthropic-key:owner': 'team@example.com' },
                  }))
              : Reflect.get(target, call),
        })
      : port;
  await awaiting(3, { around: former });
  const [moved, ...others] = keys as [TestKey, TestKey, TestKey];
  await environment.sandbox.aws.secretsManager.perform('TagResource', {
    SecretId: moved.secretName,
    Tags: [{ Key: 'anthropic-key:owner', Value: 'new@example.com' }],
  });
  expect(await report()).toMatchObject({ digested: 2 });
  const { body } = inbox()[0]!;
  expect([moved, ...others].map(({ secretName }) => body.includes(secretName))).toEqual([false, true, true]);
  environment.sandbox.clock.advance(26 * HOUR);
  await moved.check();
  expect(inbox().at(-1)!.attributes.owner?.StringValue).toBe('new@example.com');
});

test('whatever call of the report it dies at, the next run loses nothing and repeats one mail at most', async () => {
  const controller = new CrashController();
  environment = await TestEnvironment.open({ around: controller.around, process: controller.process });
  const newKeys = async () => {
    keys = [await environment.key(), await environment.key()];
    await checkAll();
  };
  await newKeys();
  controller.arm();
  await report();
  const calls = controller.calls.length;
  expect(calls).toBeGreaterThan(10);
  for (const key of keys) await key.tearDown();
  for (let call = 1; call <= calls; call++)
    for (const side of ['before', 'after'] as const) {
      controller.disarm();
      await newKeys();
      const before = inbox().length;
      controller.arm({ call, side });
      // What it meets at one key holds back no other, so it may end well.
      await report().catch(() => undefined);
      expect(controller.calls).toHaveLength(call);
      controller.disarm();
      await report();
      const mails = inbox().slice(before);
      const times = keys.map((key) => mails.filter(({ body }) => body.includes(key.secretName)).length);
      expect({ call, side, mails: mails.length <= 2, told: times.every((n) => n === 1 || n === 2) }).toEqual({
        ...{ call, side, mails: true, told: true },
      });
      for (const key of keys) {
        expect(noticesOf(key)).toEqual({ 'awaiting-first-key': '0' });
        await key.tearDown();
      }
    }
});
