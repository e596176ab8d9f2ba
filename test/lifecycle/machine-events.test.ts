import { memoryFromTags } from '../../lib/contract/memory-tags';
import { ApiKey, shortId } from '../../lib/domain/key';
import { HOUR, plus } from '../../lib/domain/time';
import { FAULT } from '../../local/aws';
import type { BusEvent } from '../../local/aws/events';
import type { FaultMatch } from '../../local/aws/faults';
import { CrashController } from '../fakes/crash';
import { TestEnvironment, type TestEnvironmentOptions, TestKey } from './test-key';

const MAILBOX = 'platform@example.com';
const FOR_EVER = Number.POSITIVE_INFINITY;

let testKey: TestKey;
afterEach(() => testKey.close());

const build = async (options: TestEnvironmentOptions & { policy?: object } = {}) => {
  testKey = await TestKey.build(options);
};
const eventsOf = (type: string): readonly BusEvent[] =>
  testKey.sandbox.aws.events.received.filter((event) => event.detailType === type);
const idsOf = (type: string) => eventsOf(type).map(({ detail }) => (detail as { id: string }).id);
const mailsOf = (kind: string) =>
  testKey.mails.filter(({ attributes }) => attributes.kind?.StringValue === kind);
const remembered = () => memoryFromTags(testKey.secret.tags).notices;
const idIn = (body: string) => /AKR-\w{4}-\w{4}/.exec(body)![0];

/** What keeps the bus from taking events, until the returned function ends it. */
const TROUBLE = {
  denied: FAULT.denied,
  unavailable: FAULT.unavailable,
  throttled: FAULT.throttled,
} as const;
const trouble = (fault: keyof typeof TROUBLE, match: FaultMatch = {}) =>
  testKey.sandbox.aws.faults.on(
    { service: 'events', operation: 'PutEvents', times: FOR_EVER, ...match },
    TROUBLE[fault],
  );

/** As often as mails and events of a kind came, each under one id. */
const once = (kind: string, type: string) => {
  expect(mailsOf(kind)).toHaveLength(1);
  expect(idsOf(type)).toEqual([idIn(mailsOf(kind)[0]!.body)]);
};

test('while nobody has confirmed for a week, each promotion has exactly one event', async () => {
  await build({ listens: false });
  await testKey.promoteFirstKey();
  await testKey.days(1, 1);
  await testKey.days(6);
  expect(eventsOf('Key Promoted')).toHaveLength(1);
  await testKey.submit(testKey.newKey());
  await testKey.days(1.5, 1);
  expect(new Set(idsOf('Key Promoted')).size).toBe(2);
  expect(eventsOf('Key Promoted')).toHaveLength(2);
  const { sns } = testKey.sandbox.aws;
  sns.subscribeEmail(sns.createTopic('anthropic-keys-prod').arn, MAILBOX);
  sns.confirm(MAILBOX);
  await testKey.days(1);
  expect(eventsOf('Key Promoted')).toHaveLength(2);
  expect(mailsOf('rotated').map(({ body }) => idIn(body))).toEqual([idsOf('Key Promoted')[1]]);
});

test.each(Object.keys(TROUBLE) as (keyof typeof TROUBLE)[])(
  'while the bus answers %s for a day mails go out, and afterwards one event each, under the id of the mail',
  async (fault) => {
    await build();
    const end = trouble(fault);
    await testKey.promoteFirstKey();
    await testKey.days(1, 3);
    expect(eventsOf('Key Promoted')).toHaveLength(0);
    expect(Object.values(remembered())).toEqual(['0+p']);
    end();
    await testKey.days(2, 3);
    once('rotated', 'Key Promoted');
    expect(Object.values(remembered())).toEqual(['0']);
  },
);

test('while mails are refused for a day events go out, and afterwards one mail each, under the id of the event', async () => {
  await build();
  const match = { service: 'sns', operation: 'Publish', times: FOR_EVER } as const;
  const end = testKey.sandbox.aws.faults.on(match, FAULT.unavailable);
  await testKey.promoteFirstKey();
  await testKey.days(1, 3);
  expect(eventsOf('Key Promoted')).toHaveLength(1);
  end();
  await testKey.days(1, 3);
  once('rotated', 'Key Promoted');
});

test('a topic and a bus that both refuse for a day leave nothing remembered, and lose nothing', async () => {
  await build();
  const ends = [
    trouble('denied'),
    testKey.sandbox.aws.faults.on(
      { service: 'sns', operation: 'Publish', times: FOR_EVER },
      FAULT.unavailable,
    ),
  ];
  await testKey.promoteFirstKey();
  await testKey.days(1, 3);
  expect(remembered()).toEqual({});
  for (const end of ends) end();
  await testKey.days(1, 3);
  once('rotated', 'Key Promoted');
});

test('a crash right after the event brings it once more, under the same id, and one mail', async () => {
  const controller = new CrashController();
  const { around, process } = controller;
  const environment = await TestEnvironment.open({ around, process });
  testKey = await environment.key();
  controller.arm();
  await testKey.promoteFirstKey();
  const call = controller.calls.indexOf('bus.emit') + 1;
  expect(call).toBeGreaterThan(0);
  testKey = await environment.key();
  const before = eventsOf('Key Promoted').length;
  controller.arm({ call, side: 'after' });
  await testKey.promoteFirstKey();
  controller.disarm();
  await testKey.days(1);
  const ids = idsOf('Key Promoted').slice(before);
  expect(ids).toHaveLength(2);
  expect(new Set(ids)).toEqual(new Set([idIn(mailsOf('rotated')[0]!.body)]));
  expect(mailsOf('rotated')).toHaveLength(1);
});

test('an event whose answer is lost comes again under the same id, and its mail does not', async () => {
  await build();
  // The client asks three times, and each time the event is taken.
  const match = { service: 'events', operation: 'PutEvents', times: 3 } as const;
  testKey.sandbox.aws.faults.on(match, FAULT.unanswered);
  await testKey.promoteFirstKey();
  await testKey.days(1);
  expect(mailsOf('rotated')).toHaveLength(1);
  expect(eventsOf('Key Promoted').length).toBeGreaterThan(1);
  expect(new Set(idsOf('Key Promoted')).size).toBe(1);
});

test('forgetting everything repeats each event once at most, under its id', async () => {
  await build();
  await testKey.promoteFirstKey();
  await testKey.days(1);
  const before = testKey.sandbox.aws.events.received.length;
  await testKey.forgetEverything();
  await testKey.days(2);
  const repeated = testKey.sandbox.aws.events.received.slice(before);
  expect(repeated.map(({ detailType }) => detailType)).toEqual(['Key Promoted']);
  expect(new Set(idsOf('Key Promoted')).size).toBe(1);
});

test('a bad state that ends while the bus is back has its end told to machines, too', async () => {
  await build();
  const key = await testKey.promoteFirstKey();
  testKey.sandbox.anthropic.disable(key);
  await testKey.after(1);
  const end = trouble('denied');
  testKey.sandbox.anthropic.enable(key);
  await testKey.after(1);
  expect(Object.values(remembered())).toContain('over+p');
  // What people were told stays true for machines, whatever became of the key meanwhile.
  await testKey.submit(testKey.newKey());
  end();
  await testKey.days(1);
  once('resolved', 'Key Resolved');
  expect(Object.values(remembered())).not.toContain('over+p');
});

describe('what no later check would find', () => {
  test('the proof of a death keeps its label until machines have it', async () => {
    await build();
    const old = await testKey.promoteFirstKey();
    await testKey.submit(testKey.newKey());
    const end = trouble('denied');
    testKey.sandbox.anthropic.disable(old);
    await testKey.days(1, 3);
    expect(mailsOf('rotation-complete')).toHaveLength(1);
    expect(testKey.retiring).toHaveLength(1);
    end();
    await testKey.after(3);
    once('rotation-complete', 'Key Proven Dead');
    expect(testKey.retiring).toEqual([]);
    expect(testKey.logged('Key proven dead')).toHaveLength(1);
  });

  test('a bus that never answers keeps no label of a dead key for longer than two days', async () => {
    await build();
    const old = await testKey.promoteFirstKey();
    await testKey.submit(testKey.newKey());
    trouble('denied');
    testKey.sandbox.anthropic.disable(old);
    await testKey.days(3);
    expect(mailsOf('rotation-complete')).toHaveLength(1);
    expect(testKey.retiring).toEqual([]);
  });

  test.each([2, 3, 6])(
    'a bus that never answers keeps no label of %d dead keys for longer than two days',
    async (count) => {
      await build();
      const old = [await testKey.promoteFirstKey()];
      for (let n = 0; n < count; n++) {
        const next = testKey.newKey();
        await testKey.submit(next);
        if (n < count - 1) old.push(next);
        await testKey.after(1);
      }
      expect(testKey.retiring).toHaveLength(count);
      trouble('denied');
      for (const key of old) testKey.sandbox.anthropic.disable(key);
      await testKey.days(3);
      expect(mailsOf('rotation-complete')).toHaveLength(count);
      expect(testKey.retiring).toEqual([]);
    },
  );

  test('a refused submission waits for its event, and a new one does not', async () => {
    await build();
    await testKey.promoteFirstKey();
    const end = trouble('denied');
    await testKey.submit(testKey.newKey(testKey.otherWorkspace));
    await testKey.days(1);
    expect(mailsOf('rejected')).toHaveLength(1);
    expect(testKey.submitted).toBe(true);
    end();
    await testKey.after(1);
    once('rejected', 'Key Rejected');
    expect(testKey.submitted).toBe(false);
  });

  test('an extension counts at once, and machines hear of it later', async () => {
    await build({ adminAccess: true, policy: { deactivate: 'automatic' } });
    const old = await testKey.promoteFirstKey();
    await testKey.submit(testKey.newKey());
    const end = trouble('denied');
    const at = plus(testKey.sandbox.clock.now(), 46 * HOUR);
    testKey.sandbox.anthropic.recordUsage(old, { at, requests: 9 });
    await testKey.after(48);
    expect(mailsOf('extended')).toHaveLength(1);
    const [until] = testKey.retiring;
    expect(until!.until.getTime()).toBeGreaterThan(testKey.sandbox.clock.now().getTime());
    end();
    await testKey.days(0.5);
    once('extended', 'Key Grace Extended');
    const [{ detail }] = eventsOf('Key Grace Extended') as [BusEvent];
    expect(detail).toMatchObject({ details: { extension: 1, until: until!.until.toISOString() } });
  });

  test('a key is switched off when people know, and machines hear of it later', async () => {
    await build({ adminAccess: true, policy: { deactivate: 'automatic' } });
    const old = await testKey.promoteFirstKey();
    await testKey.submit(testKey.newKey());
    const end = trouble('denied');
    await testKey.after(49);
    expect(mailsOf('deactivating')).toHaveLength(1);
    expect(testKey.sandbox.anthropic.statusOf(old)).toBe('inactive');
    end();
    await testKey.days(1, 3);
    once('deactivating', 'Key Deactivating');
  });

  test('a leak is stopped whatever the bus answers, and machines hear of it later', async () => {
    await build({ adminAccess: true });
    const leaked = await testKey.promoteFirstKey();
    const end = trouble('unavailable');
    await testKey.contain(leaked);
    expect(testKey.sandbox.anthropic.statusOf(leaked)).toBe('inactive');
    expect(mailsOf('contained')).toHaveLength(1);
    end();
    await testKey.days(0.5, 3);
    once('contained', 'Key Contained');
    const details = { leaked: { fingerprint: new ApiKey(leaked).fingerprint }, state: 'switching-off' };
    expect(eventsOf('Key Contained')[0]!.detail).toMatchObject({ details });
  });

  test('nothing is switched off while only machines could be told, and they are told once', async () => {
    await build({ adminAccess: true, policy: { deactivate: 'automatic' } });
    const old = await testKey.promoteFirstKey();
    await testKey.submit(testKey.newKey());
    testKey.sandbox.aws.sns.unsubscribe(MAILBOX);
    await testKey.after(49);
    await testKey.days(2);
    expect(testKey.sandbox.anthropic.statusOf(old)).toBe('active');
    expect(eventsOf('Key Deactivating')).toHaveLength(1);
    const about = `deactivating.${shortId(new ApiKey(old).fingerprint)}`;
    expect(remembered()[about]).toBe('0+');
  });

  test('whoever attests a death is asked for it again where the bus refused it, and once is enough', async () => {
    await build();
    const old = await testKey.promoteFirstKey();
    await testKey.submit(testKey.newKey());
    testKey.sandbox.anthropic.script('not-found', { key: old });
    const end = trouble('denied');
    const attest = () => testKey.command({ verb: 'attest', statement: 'Ada saw it disabled' });
    await expect(attest()).rejects.toThrow('Run the same command again');
    expect(testKey.retiring).toHaveLength(1);
    end();
    await attest();
    once('rotation-complete', 'Key Proven Dead');
    expect(testKey.retiring).toEqual([]);
  });

  test('a bus that never answers keeps nobody from attesting a death', async () => {
    await build();
    const old = await testKey.promoteFirstKey();
    await testKey.submit(testKey.newKey());
    testKey.sandbox.anthropic.script('not-found', { key: old });
    trouble('denied');
    const attest = () => testKey.command({ verb: 'attest', statement: 'Ada saw it disabled' });
    await expect(attest()).rejects.toThrow('Run the same command again');
    await attest();
    expect(mailsOf('rotation-complete')).toHaveLength(1);
    expect(testKey.retiring).toEqual([]);
  });
});

test('the events of a digest that the bus refused are sent by the next check, and no mail with them', async () => {
  await build();
  const other = await testKey.neighbour();
  for (const key of [testKey, other]) await key.check();
  const end = trouble('denied', { times: 3 });
  await testKey.report();
  end();
  const mails = testKey.sandbox.aws.sns.inbox(MAILBOX).length;
  for (const key of [testKey, other]) await key.check();
  expect(testKey.sandbox.aws.sns.inbox(MAILBOX)).toHaveLength(mails);
  expect(eventsOf('Key Awaited')).toHaveLength(2);
  expect(new Set(idsOf('Key Awaited')).size).toBe(2);
});

test('what the report tells of a key that is not checked follows the same rule', async () => {
  await build();
  await testKey.promoteFirstKey();
  const end = trouble('denied');
  testKey.sandbox.clock.advance(3 * 24 * HOUR);
  await testKey.report();
  expect(mailsOf('unwatched')).toHaveLength(1);
  end();
  await testKey.report();
  once('unwatched', 'Key Unwatched');
});
