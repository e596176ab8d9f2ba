import { memoryFromTags } from '../../lib/contract/memory-tags';
import { House } from './house';

// A run of many days takes seconds where other suites run beside it.
jest.setTimeout(60_000);

let house: House;
afterEach(() => house.close());

const day = 24;

test('the first key is tested, promoted and accepted', async () => {
  house = await House.build();
  await house.check();
  const key = await house.moveIn();
  expect(house.live).toBe(key);
  expect(house.accepted).toBe(key);
  expect(house.submitted).toBe(false);
  expect(house.pending).toBe(false);
  expect(house.told).toEqual(['awaiting-first-key', 'rotated']);
});

test('a rotation keeps the old key through its grace and ends with its proven death', async () => {
  house = await House.build();
  const first = await house.moveIn();
  await house.days(80);
  const second = house.newKey();
  await house.submit(second);
  expect(house.live).toBe(second);
  expect(house.retiring.map(({ key }) => key)).toEqual([first]);
  await house.after(47);
  expect(house.told.at(-1)).toBe('rotated');
  await house.after(2);
  expect(house.told.at(-1)).toBe('grace-over');
  house.stage.anthropic.disable(first);
  await house.after(1);
  expect(house.told.at(-1)).toBe('rotation-complete');
  expect(house.retiring).toEqual([]);
  expect(house.live).toBe(second);
  const evidence = { status: 401, requestId: expect.any(String) };
  expect(house.logged('Key proven dead')).toEqual([
    expect.objectContaining({
      proof: expect.objectContaining({ by: 'probe', evidence: expect.objectContaining(evidence) }),
    }),
  ]);
});

test('a plain put is enough: the next check starts the rotation', async () => {
  house = await House.build();
  await house.moveIn();
  const second = house.newKey();
  await house.put(second);
  await house.after(1);
  expect(house.live).toBe(second);
  expect(house.submitted).toBe(false);
});

test('other fields of the document live through every rotation, and a plain value stays plain', async () => {
  house = await House.build();
  const first = await house.moveIn();
  await house.edit(JSON.stringify({ ANTHROPIC_API_KEY: first, REGION: 'eu' }));
  await house.check();
  await house.submit(house.newKey());
  expect(Object.keys(JSON.parse(house.text('AWSCURRENT')))).toEqual(['ANTHROPIC_API_KEY', 'REGION']);
  const plain = house.newKey();
  await house.edit(plain);
  await house.check();
  const next = house.newKey();
  await house.submit(next);
  expect(house.text('AWSCURRENT')).toBe(next);
});

describe('a submission that is refused', () => {
  const cases: [string, (h: House) => string, string][] = [
    ['no key at all', () => 'hunter2-is-not-a-key', 'unknown'],
    ['an Admin API key', (h) => h.stage.anthropic.createAdminKey(), 'admin-key'],
    ['a dead key', (h) => disabled(h), 'dead'],
    ['a key of another workspace', (h) => h.newKey(h.otherWorkspace), 'elsewhere'],
    ['the live key again', (h) => h.live, 'duplicate-of-current'],
  ];
  test.each(cases)(
    '%s is told once, leaves no label behind and changes nothing live',
    async (_, paste, _reason) => {
      house = await House.build();
      const first = await house.moveIn();
      await house.submit(paste(house));
      expect(house.live).toBe(first);
      expect(house.submitted).toBe(false);
      await house.days(1);
      expect(house.pending).toBe(false);
      expect(house.told).toEqual(['rotated', 'rejected']);
    },
  );

  test('can be followed by the right one at once', async () => {
    house = await House.build();
    await house.moveIn();
    await house.submit('hunter2-is-not-a-key');
    const right = house.newKey();
    await house.submit(right);
    expect(house.live).toBe(right);
  });
});

test('a refused key of another workspace is nobody’s old key once the right one is in', async () => {
  house = await House.build();
  await house.moveIn();
  await house.submit(house.newKey(house.otherWorkspace));
  const first = house.live;
  await house.submit(house.newKey());
  await house.after(1);
  expect(house.retiring.map(({ key }) => key)).toEqual([first]);
});

test('a key refused for its permissions can be handed in again once they are right', async () => {
  house = await House.build();
  await house.moveIn();
  const second = house.newKey();
  const recover = house.stage.anthropic.trouble('permission', { key: second });
  await house.submit(second);
  expect(house.told.at(-1)).toBe('rejected');
  await house.after(1);
  recover();
  await house.submit(second);
  expect(house.live).toBe(second);
});

function disabled(h: House): string {
  const key = h.newKey();
  h.stage.anthropic.disable(key);
  return key;
}

test('a key that is rate-limited now is not refused: it is promoted later', async () => {
  house = await House.build();
  await house.moveIn();
  const second = house.newKey();
  const recover = house.stage.anthropic.trouble('rate-limit', { key: second });
  await house.submit(second);
  expect(house.submitted).toBe(true);
  recover();
  await house.after(1);
  await house.after(1);
  expect(house.live).toBe(second);
  expect(house.told).not.toContain('rejected');
});

test('a scheduled window without a submission fails honestly and leaves no AWSPENDING', async () => {
  house = await House.build();
  await house.moveIn();
  await house.days(91, 24);
  house.stage.aws.secretsManager.openRotationWindows();
  await house.stage.settle();
  expect(house.stage.aws.secretsManager.rotations.at(-1)?.errors[0]).toMatch(/No key was submitted/);
  expect(house.pending).toBe(false);
});

test('two rotations within one grace keep both old keys labelled', async () => {
  house = await House.build();
  const first = await house.moveIn();
  const second = house.newKey();
  await house.submit(second);
  await house.after(5);
  const third = house.newKey();
  await house.submit(third);
  expect(house.live).toBe(third);
  expect(house.retiring.map(({ key }) => key).sort()).toEqual([first, second].sort());
});

test('going back to the old key is one command, and the key it leaves is retired', async () => {
  house = await House.build();
  const first = await house.moveIn();
  const second = house.newKey();
  await house.submit(second);
  await house.command({ verb: 'roll-back' });
  expect(house.live).toBe(first);
  expect(house.accepted).toBe(first);
  expect(house.retiring.map(({ key }) => key)).toEqual([second]);
  expect(house.told.at(-1)).toBe('rolled-back');
});

test('an old key that stays alive after its grace is a zombie, daily three times and then weekly', async () => {
  house = await House.build();
  await house.moveIn();
  await house.submit(house.newKey());
  await house.days(18);
  const zombies = house.mails.filter(({ attributes }) => attributes?.kind?.StringValue === 'zombie');
  expect(zombies).toHaveLength(4);
});

test('a live key that dies is told at the next check, with the old one offered as the way back', async () => {
  house = await House.build();
  const first = await house.moveIn();
  const second = house.newKey();
  await house.submit(second);
  house.stage.anthropic.disable(second);
  await house.after(1);
  expect(house.told.at(-1)).toBe('dead');
  expect(house.mails.at(-1)?.body).toContain('rollback');
  await house.command({ verb: 'roll-back' });
  expect(house.live).toBe(first);
  await house.after(1);
  expect(house.told.slice(-2)).toEqual(['rolled-back', 'rotation-complete']);
});

test('a death of one answer is no death: a second 401 a minute later decides', async () => {
  house = await House.build();
  const key = await house.moveIn();
  house.stage.anthropic.script('invalid-key', { times: 1, key });
  await house.after(1);
  expect(house.told).not.toContain('dead');
});

describe('a direct edit', () => {
  const bad: [string, (h: House) => string, boolean][] = [
    ['an Admin API key', (h) => h.stage.anthropic.createAdminKey(), true],
    ['a dead key', disabled, true],
    ['a key of another workspace', (h) => h.newKey(h.otherWorkspace), true],
    ['DISABLED', () => 'DISABLED', false],
    ['nothing', () => '{"ANTHROPIC_API_KEY":""}', false],
  ];
  test.each(bad)('of %s is judged', async (_, value, rolledBack) => {
    house = await House.build();
    const first = await house.moveIn();
    const text = value(house);
    await house.edit(text);
    await house.after(1);
    expect(house.live === first).toBe(rolledBack);
    expect(house.told.at(-1)).toBe(rolledBack ? 'rolled-back' : 'not-a-key');
    await house.days(2);
    expect(house.accepted).toBe(first);
  });

  test('of a good key is accepted, and the one before is pinned', async () => {
    house = await House.build();
    const first = await house.moveIn();
    const second = house.newKey();
    await house.edit(second);
    await house.after(1);
    expect(house.accepted).toBe(second);
    expect(house.retiring.map(({ key }) => key)).toEqual([first]);
  });

  test('of the same key leaves its age as it is', async () => {
    house = await House.build();
    const first = await house.moveIn();
    await house.days(60, 24);
    await house.edit(first);
    await house.days(31, 24);
    expect(house.told.at(-1)).toBe('overdue');
  });

  test('is left standing where roll-back is off', async () => {
    house = await House.build({ policy: { autoRollback: false } });
    await house.moveIn();
    const bad = disabled(house);
    await house.edit(bad);
    await house.after(1);
    expect(house.live).toBe(bad);
    expect(house.told.at(-1)).toBe('direct-edit-refused');
    expect(house.mails.at(-1)!.body).toContain('Go back to the last key now; it works:');
  });

  test('twice before anybody looked leaves no alive key without a label', async () => {
    house = await House.build();
    const first = await house.moveIn();
    const [second, third] = [house.newKey(), house.newKey()];
    await house.edit(second);
    await house.edit(third);
    await house.after(1);
    expect(house.retiring.map(({ key }) => key).sort()).toEqual([first, second].sort());
  });
});

describe('with Admin access', () => {
  const automatic = { adminAccess: true, policy: { deactivate: 'automatic' as const } };

  test('an idle old key is switched off after its grace, announced first, and proven dead', async () => {
    house = await House.build(automatic);
    const first = await house.moveIn();
    await house.submit(house.newKey());
    await house.days(3);
    expect(house.stage.anthropic.statusOf(first)).toBe('inactive');
    expect(house.told.slice(-2)).toEqual(['deactivating', 'rotation-complete']);
    expect(house.retiring).toEqual([]);
  });

  test('an old key that is still used gets another day, with the evidence, as often as the policy allows', async () => {
    house = await House.build({
      adminAccess: true,
      policy: { deactivate: 'automatic', maxGraceExtensions: 2 },
    });
    const first = await house.moveIn();
    await house.submit(house.newKey());
    for (let hour = 0; hour < 24 * 6; hour += 6) {
      house.stage.anthropic.recordUsage(first, { at: house.stage.clock.now(), requests: 5 });
      await house.after(6);
    }
    expect(house.stage.anthropic.statusOf(first)).toBe('active');
    expect(house.told.filter((kind) => kind === 'extended')).toHaveLength(2);
    expect(house.told).toContain('zombie');
  });

  test('a key that is used until yesterday is extended, then idle, then off', async () => {
    house = await House.build(automatic);
    const first = await house.moveIn();
    await house.submit(house.newKey());
    await house.after(30);
    house.stage.anthropic.recordUsage(first, { at: house.stage.clock.now(), requests: 5 });
    await house.days(5);
    expect(house.stage.anthropic.statusOf(first)).toBe('inactive');
    expect(house.told).toEqual(expect.arrayContaining(['extended', 'deactivating', 'rotation-complete']));
  });

  test('usage that is not known switches nothing off', async () => {
    house = await House.build(automatic);
    const first = await house.moveIn();
    house.stage.anthropic.setUsageReport({ tellsFreshness: false });
    await house.submit(house.newKey());
    await house.days(3);
    expect(house.stage.anthropic.statusOf(first)).toBe('active');
    expect(house.told).toContain('grace-over');
  });
});

test('a snooze quiets reminders and never a death', async () => {
  house = await House.build();
  const key = await house.moveIn();
  await house.days(75, day);
  const until = new Date(house.stage.clock.now().getTime() + 40 * 86_400_000);
  await house.command({ verb: 'snooze', until, reason: 'Release freeze' });
  await house.days(20, day);
  expect(house.told.filter((kind) => kind === 'overdue')).toHaveLength(0);
  house.stage.anthropic.disable(key);
  await house.after(1);
  expect(house.told.at(-1)).toBe('dead');
});

test('an attestation ends what no probe can end, and is refused while the key answers', async () => {
  house = await House.build();
  const first = await house.moveIn();
  await house.submit(house.newKey());
  const attest = () =>
    house.command({ verb: 'attest', statement: 'Ada saw it deleted in the Console on 2026-11-24' });
  await expect(attest()).rejects.toThrow(/still answers/);
  house.stage.anthropic.script('not-found', { times: 1000, key: first });
  await house.after(1);
  await attest();
  expect(house.retiring).toEqual([]);
  expect(house.told.at(-1)).toBe('rotation-complete');
  expect(house.logged('Key proven dead')).toMatchObject([{ proof: { by: 'attestation' } }]);
});

test('a steady check makes three calls to Secrets Manager and one probe, and one tag write a day', async () => {
  house = await House.build({ policy: { warnDays: [89] } });
  await house.after(1);
  await house.moveIn();
  await house.days(2);
  expect(Object.keys(memoryFromTags(house.secret.tags).notices)).toHaveLength(2);
  const { calls } = house.stage.aws;
  calls.clear();
  const asked = house.stage.anthropic.requests.length;
  await house.after(1);
  expect(
    calls
      .by('anthropic-keys-prod-check')
      .map(({ operation }) => operation)
      .sort(),
  ).toEqual(['DescribeSecret', 'GetSecretValue', 'ListSecretVersionIds']);
  expect(house.stage.anthropic.requests.length - asked).toBe(1);
  calls.clear();
  await house.days(10, 1);
  const writes = calls.by('anthropic-keys-prod-check').filter(({ operation }) => operation === 'TagResource');
  expect(writes).toHaveLength(10);
});

test('a notice that only another owner would be sent, and never gets, waits for somebody who gets it', async () => {
  house = await House.build({ listens: false });
  const { aws } = house.stage;
  const { deployment, telemetry } = house.stage.environment('prod');
  const other = 'other@example.com';
  aws.sns.subscribeEmail(deployment.subscriptions[0]!.topicArn, other, { owner: [other] });
  aws.sns.confirm(other);
  await house.moveIn();
  await house.after(1);
  expect(aws.sns.delivered).toEqual([]);
  expect(telemetry.total('NobodyListens')).toBeGreaterThan(0);
  aws.sns.confirm('platform@example.com');
  await house.after(1);
  expect(house.told).toEqual(['rotated']);
});

test('nothing is published while nobody listens, and everything once somebody does', async () => {
  house = await House.build({ listens: false });
  await house.check();
  await house.moveIn();
  await house.after(1);
  expect(house.mails).toHaveLength(0);
  expect(house.stage.environment('prod').telemetry.total('NobodyListens')).toBeGreaterThan(0);
  house.stage.aws.sns.confirm('platform@example.com');
  await house.after(1);
  expect(house.told).toEqual(['rotated']);
});
