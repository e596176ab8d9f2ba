import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { createTrailReader } from '../../lib/adapters/cloudtrail';
import { createEvidenceLog } from '../../lib/adapters/evidence-log';
import { ApiKey } from '../../lib/domain/key';
import { METRIC } from '../../lib/domain/metrics';
import { HOUR, MINUTE } from '../../lib/domain/time';
import { readEvidence } from '../../lib/workflows/read-evidence';
import type { FakeAnthropic } from '../../local/anthropic/fake-anthropic';
import { clientConfig } from '../../local/aws';
import { TestEnvironment, type TestEnvironmentOptions, type TestKey } from './test-key';

const BY_ADMIN_KEY = { adminAccess: { keySecret: 'anthropic-admin' } };
const FEED = '/v1/compliance/activities';
const SAM = 'user_01Owner';

let environment: TestEnvironment;
let testKey: TestKey;
let key: string;
let anthropic: FakeAnthropic;

/** A live key and another one, which shows that a refusal is about the first. */
async function build(options: TestEnvironmentOptions = BY_ADMIN_KEY): Promise<void> {
  environment = await TestEnvironment.open(options);
  ({ anthropic } = environment.sandbox);
  testKey = await environment.key();
  key = await testKey.promoteFirstKey();
  await (await environment.key()).promoteFirstKey();
}
afterEach(() => environment.close());

const said = (of = testKey) => of.mails.at(-1)!.body.replace(/\s+/g, ' ');
const asked = () => anthropic.requests.filter(({ path }) => path === FEED).length;
const events = (type: string) =>
  environment.sandbox.aws.events.received.filter(({ detailType }) => detailType === type);
const details = (type: string) =>
  (events(type).at(-1)!.detail as { details: { who?: object; created?: object } }).details;

test('a key that a person disabled in the Console: the mail and the event name that person, the minute and the address', async () => {
  await build();
  anthropic.disable(key, SAM);
  await testKey.after(1);
  expect(testKey.told.at(-1)).toBe('dead');
  expect(said()).toContain(
    "It was disabled at Anthropic by sam@example.com on 2026-11-21 09:00 UTC, from 203.0.113.20 (Anthropic's Activity Feed).",
  );
  expect(said()).not.toMatch(/Nobody switched it off|LEAK|leaked-key|Leaked key/);
  expect(details('Key Dead').who).toMatchObject({
    kind: 'known',
    change: 'disabled',
    actor: { kind: 'person', email: 'sam@example.com' },
  });
});

test('a key that Anthropic disabled is told as a leak, counts for the alarm, and gets no mark', async () => {
  await build();
  anthropic.disabledByAnthropic(key);
  await testKey.after(1);
  const mail = testKey.mails.at(-1)!;
  expect(testKey.told.at(-1)).toBe('dead');
  expect(mail.subject).toContain('LEAK: disabled by Anthropic');
  expect(said()).toMatch(/Anthropic itself disabled it on .* Treat it as leaked/);
  expect(said()).toContain('Find the leak and close it');
  expect(said()).toContain('section "Leaked key"');
  expect(said()).not.toContain('enabling it there is enough');
  expect(details('Key Dead').who).toMatchObject({ kind: 'known', actor: { kind: 'anthropic' } });
  expect(environment.sandbox.environment('prod').telemetry.total(METRIC.keyDead)).toBe(1);
  expect(testKey.isLeaked(key)).toBe(false);
  await testKey.command({ verb: 'report-leak', fingerprint: new ApiKey(key).fingerprint });
  await testKey.days(2);
  expect(testKey.isLeaked(key)).toBe(true);
  expect(testKey.mails.at(-1)!.subject).toContain('LEAK: disabled by Anthropic');
  expect(said()).not.toContain('on purpose');
});

test('a month later it is still told as one', async () => {
  await build();
  anthropic.disabledByAnthropic(key);
  await testKey.days(35, 24);
  expect(testKey.told.at(-1)).toBe('dead');
  expect(testKey.mails.at(-1)!.subject).toContain('LEAK: disabled by Anthropic');
});

test('it is one although somebody enables it again, and although no other key shows that it is dead', async () => {
  environment = await TestEnvironment.open(BY_ADMIN_KEY);
  ({ anthropic } = environment.sandbox);
  testKey = await environment.key();
  key = await testKey.promoteFirstKey();
  anthropic.setPropagation({ change: 30 * MINUTE });
  anthropic.disabledByAnthropic(key);
  environment.sandbox.clock.advance(45 * MINUTE);
  anthropic.enable(key, SAM);
  await testKey.check();
  expect(testKey.told.at(-1)).toBe('refused');
  expect(testKey.mails.at(-1)!.subject).toContain('LEAK: disabled by Anthropic');
  expect(said()).toContain('Leave it off. Mark it as leaked');
});

test('once such a key is replaced and proven dead, the leak is no news, and nobody is offered to switch it on', async () => {
  await build();
  anthropic.disabledByAnthropic(key);
  await testKey.after(1);
  await testKey.submit(testKey.newKey());
  await testKey.after(1);
  expect(testKey.told.at(-1)).toBe('rotation-complete');
  expect(testKey.mails.at(-1)!.subject).toContain('Rotation complete: the old key is proven dead');
  expect(said()).toMatch(/Anthropic itself disabled it .* Never switch the old key on again: it leaked/);
  expect(said()).not.toContain('reactivate');
});

test('a leak of an old key in its grace is told with the proof of its death', async () => {
  await build();
  await testKey.submit(testKey.newKey());
  anthropic.disabledByAnthropic(key);
  await testKey.after(1);
  expect(testKey.told.at(-1)).toBe('rotation-complete');
  expect(testKey.mails.at(-1)!.subject).toContain('LEAK: Anthropic disabled the old key');
  expect(said()).toContain('Never switch the old key on again');
  expect(details('Key Proven Dead').who).toMatchObject({ actor: { kind: 'anthropic' } });
});

test('a key that this system switched off is told as that, with the Admin API key that did it', async () => {
  await build();
  await testKey.contain(key);
  await testKey.days(1);
  expect(testKey.mails.at(-1)!.subject).toContain('switched off on purpose');
  expect(said()).toMatch(
    /switched off on purpose through this system.* It was disabled at Anthropic by the Admin API key apikey_\w+ on .*, from 198\.51\.100\.7/,
  );
});

test('a key that was enabled again and is still refused: the mail says by whom, and that it takes some minutes', async () => {
  await build();
  anthropic.setPropagation({ change: 30 * MINUTE });
  anthropic.disable(key);
  environment.sandbox.clock.advance(45 * MINUTE);
  anthropic.enable(key, SAM);
  await testKey.check();
  expect(said()).toContain('It was enabled at Anthropic by sam@example.com on');
  expect(said()).toContain('Such a change takes some minutes to take effect everywhere.');
});

test('of two keys that die at once, each is told with the one who did it', async () => {
  await build();
  const [other, third] = [await environment.key(), await environment.key()];
  const second = await other.promoteFirstKey();
  await third.promoteFirstKey();
  anthropic.disable(key, SAM);
  anthropic.disabledByAnthropic(second);
  await testKey.after(1);
  await other.check();
  expect(said()).toContain('by sam@example.com');
  expect(said()).not.toContain('LEAK');
  expect(other.mails.at(-1)!.subject).toContain('LEAK: disabled by Anthropic');
  expect(said(other)).not.toContain('sam@example.com');
});

describe('where the feed says nothing', () => {
  it.each<[string, TestEnvironmentOptions, () => void, string, RegExp]>([
    [
      'because the organization has none',
      BY_ADMIN_KEY,
      () => anthropic.setActivityFeed({ offered: false }),
      'not-offered',
      /Anthropic's Activity Feed is not offered to this organization/,
    ],
    [
      'because the key may not read it',
      BY_ADMIN_KEY,
      () => anthropic.setActivityFeed({ permitted: false }),
      'not-permitted',
      /the credential of the Admin access may not read Anthropic's Activity Feed/,
    ],
    [
      'because federation may not read it',
      { adminAccess: true },
      () => {},
      'not-permitted',
      /the credential of the Admin access may not read Anthropic's Activity Feed/,
    ],
    [
      'because it is in trouble',
      BY_ADMIN_KEY,
      () => void anthropic.script('api-error', { path: FEED }),
      'unavailable',
      /Anthropic's Activity Feed gave no readable answer/,
    ],
  ])('%s, everything else goes on, and the mail says why', async (_, options, spoil, why, words) => {
    await build(options);
    spoil();
    anthropic.disabledByAnthropic(key);
    await testKey.after(1);
    expect(testKey.told.at(-1)).toBe('dead');
    expect(said()).toMatch(words);
    expect(said()).toContain('Nobody switched it off through this system');
    expect(said()).toContain('If nobody disabled it, treat the key as leaked');
    expect(details('Key Dead').who).toEqual({ kind: 'unread', why });
    await testKey.submit(testKey.newKey());
    expect(testKey.told.at(-1)).toBe('rotated');
    await environment.sandbox.invoke('prod', 'report', { force: true });
    const inbox = environment.sandbox.aws.sns.inbox('platform@example.com');
    const report = inbox.findLast(({ subject }) => subject?.includes('Key report'))!;
    expect(
      report.body.match(/Not known is which keys were disabled, enabled or archived, and by whom/g),
    ).toHaveLength(1);
  });

  it('because it has no entry yet, the next mail has it', async () => {
    await build();
    anthropic.setActivityFeed({ lag: 2 * HOUR });
    anthropic.disable(key, SAM);
    await testKey.after(1);
    expect(said()).toContain(
      "Who did it is not known: Anthropic's Activity Feed has no entry about it since",
    );
    await testKey.days(1);
    expect(said()).toContain('It was disabled at Anthropic by sam@example.com');
  });

  it('because it was in trouble, the next mail has it', async () => {
    await build();
    const solve = anthropic.script('api-error', { path: FEED });
    anthropic.disabledByAnthropic(key);
    await testKey.after(1);
    solve();
    await testKey.days(1);
    expect(testKey.mails.at(-1)!.subject).toContain('LEAK: disabled by Anthropic');
  });

  it('because the key expired, nobody is suspected', async () => {
    await build();
    const expiresAt = new Date(environment.sandbox.clock.now().getTime() + 40 * HOUR);
    await testKey.submit(anthropic.createKey({ workspace: testKey.workspace, expiresAt }).value);
    await testKey.after(41);
    expect(
      testKey.mails.find(({ subject }) => /KEY IS DEAD/.test(subject!))!.body.replace(/\s+/g, ' '),
    ).toContain('It expired on 2026-11-23 01:00 UTC, as its record at Anthropic says.');
  });
});

test('without Admin access nobody is asked, and the mail is as it was', async () => {
  await build({});
  anthropic.disabledByAnthropic(key);
  await testKey.after(1);
  expect(asked()).toBe(0);
  expect(testKey.mails.at(-1)!.subject).toContain('KEY IS DEAD');
  expect(said()).not.toContain('Who did it');
});

test('a key that works is asked about once, when it is new', async () => {
  await build();
  expect(details('Key Promoted').created).toMatchObject({
    change: 'created',
    actor: { kind: 'person', email: 'alex@example.com' },
  });
  const before = asked();
  await testKey.days(3);
  expect(asked()).toBe(before);
});

test('the history of a key has who created and disabled it, each once, and the page how far the feed is known', async () => {
  await build();
  anthropic.disable(key, SAM);
  await testKey.after(1);
  await testKey.days(2);
  const { aws, clock } = environment.sandbox;
  const [trail, logs] = [
    new CloudTrailClient(clientConfig(aws, 'auditor')),
    new CloudWatchLogsClient(clientConfig(aws, 'auditor')),
  ];
  const secretArn = testKey.secret.arn;
  const { sources } = await readEvidence(
    { trail: createTrailReader(trail, clock), evidenceLog: createEvidenceLog(logs, clock) },
    { rows: [{ key: { environment: 'prod', secretArn } }] as never },
  );
  trail.destroy();
  logs.destroy();
  const fromFeed = sources.evidence.get(secretArn)!.filter((event) => event.sources.includes('feed'));
  expect(fromFeed.map(({ step, by }) => [step, by])).toEqual([
    ['created-at-anthropic', 'alex@example.com, from 203.0.113.20'],
    ['disabled-at-anthropic', 'sam@example.com, from 203.0.113.20'],
  ]);
  expect(sources.logs[0]).toMatchObject({ environment: 'prod', feed: { at: expect.any(Date) } });
});
