import { memoryFromTags } from '../../lib/contract/memory-tags';
import { TestKey } from './test-key';

let testKey: TestKey;
afterEach(() => testKey.close());

const day = 24;

test('the first key is tested, promoted and accepted', async () => {
  testKey = await TestKey.build();
  await testKey.check();
  await testKey.report();
  const key = await testKey.promoteFirstKey();
  expect(testKey.live).toBe(key);
  expect(testKey.accepted).toBe(key);
  expect(testKey.submitted).toBe(false);
  expect(testKey.pending).toBe(false);
  expect(testKey.told).toEqual(['awaiting-first-key', 'rotated']);
});

test('a rotation keeps the old key through its grace and ends with its proven death', async () => {
  testKey = await TestKey.build();
  const first = await testKey.promoteFirstKey();
  await testKey.days(80);
  const second = testKey.newKey();
  await testKey.submit(second);
  expect(testKey.live).toBe(second);
  expect(testKey.retiring.map(({ key }) => key)).toEqual([first]);
  await testKey.after(47);
  expect(testKey.told.at(-1)).toBe('rotated');
  await testKey.after(2);
  expect(testKey.told.at(-1)).toBe('grace-over');
  testKey.sandbox.anthropic.disable(first);
  await testKey.after(1);
  expect(testKey.told.at(-1)).toBe('rotation-complete');
  expect(testKey.retiring).toEqual([]);
  expect(testKey.live).toBe(second);
  const evidence = { status: 401, requestId: expect.any(String) };
  expect(testKey.logged('Key proven dead')).toEqual([
    expect.objectContaining({
      proof: expect.objectContaining({ by: 'probe', evidence: expect.objectContaining(evidence) }),
    }),
  ]);
});

test('a key whose version is not seen right after it was put does not pass its test unseen', async () => {
  testKey = await TestKey.build();
  const first = await testKey.promoteFirstKey();
  const bad = testKey.newKey();
  testKey.sandbox.anthropic.disable(bad);
  const message = "Secrets Manager can't find the specified secret value";
  testKey.sandbox.aws.faults.on(
    { service: 'secretsmanager', operation: 'PutSecretValue', caller: 'anthropic-keys-prod-rotate' },
    {
      kind: 'meanwhile',
      when: 'after-effect',
      run: async () =>
        void testKey.refuse(
          'GetSecretValue',
          { code: 'ResourceNotFoundException', message },
          testKey.at('AWSPENDING'),
          3,
        ),
    },
  );
  await testKey.submit(bad);
  expect(testKey.live).toBe(first);
  expect(testKey.told).toEqual(['rotated', 'rejected']);
});

test.each([1, 2, 3, 4, 6, 9])(
  'a rotation whose reads go on seeing what was before a write, %i times each, ends as any other',
  async (reads) => {
    testKey = await TestKey.build();
    const first = await testKey.promoteFirstKey();
    await testKey.after(day);
    testKey.sandbox.aws.secretsManager.settings.lag = { reads, milliseconds: 3_000 };
    const second = testKey.newKey();
    await testKey.submit(second);
    await testKey.days(1, 1);
    expect([testKey.live, testKey.accepted]).toEqual([second, second]);
    expect(testKey.retiring.map(({ key }) => key)).toEqual([first]);
    expect(testKey.told.filter((kind) => kind !== 'submission-stuck')).toEqual(['rotated', 'rotated']);
  },
);

test('a plain put is enough: the next check starts the rotation', async () => {
  testKey = await TestKey.build();
  await testKey.promoteFirstKey();
  const second = testKey.newKey();
  await testKey.put(second);
  await testKey.after(1);
  expect(testKey.live).toBe(second);
  expect(testKey.submitted).toBe(false);
});

test('other fields of the document live through every rotation, and a plain value stays plain', async () => {
  testKey = await TestKey.build();
  const first = await testKey.promoteFirstKey();
  await testKey.edit(JSON.stringify({ ANTHROPIC_API_KEY: first, REGION: 'eu' }));
  await testKey.check();
  await testKey.submit(testKey.newKey());
  expect(Object.keys(JSON.parse(testKey.text('AWSCURRENT')))).toEqual(['ANTHROPIC_API_KEY', 'REGION']);
  const plain = testKey.newKey();
  await testKey.edit(plain);
  await testKey.check();
  const next = testKey.newKey();
  await testKey.submit(next);
  expect(testKey.text('AWSCURRENT')).toBe(next);
});

describe('a submission that is refused', () => {
  const cases: [string, (h: TestKey) => string, string][] = [
    ['no key at all', () => 'hunter2-is-not-a-key', 'unknown'],
    ['an Admin API key', (h) => h.sandbox.anthropic.createAdminKey(), 'admin-key'],
    ['a dead key', (h) => disabled(h), 'dead'],
    ['a key of another workspace', (h) => h.newKey(h.otherWorkspace), 'elsewhere'],
    ['the live key again', (h) => h.live, 'duplicate-of-current'],
  ];
  test.each(cases)(
    '%s is told once, leaves no label behind and changes nothing live',
    async (_, paste, _reason) => {
      testKey = await TestKey.build();
      const first = await testKey.promoteFirstKey();
      await testKey.submit(paste(testKey));
      expect(testKey.live).toBe(first);
      expect(testKey.submitted).toBe(false);
      await testKey.days(1);
      expect(testKey.pending).toBe(false);
      expect(testKey.told).toEqual(['rotated', 'rejected']);
    },
  );

  test('can be followed by the right one at once', async () => {
    testKey = await TestKey.build();
    await testKey.promoteFirstKey();
    await testKey.submit('hunter2-is-not-a-key');
    const right = testKey.newKey();
    await testKey.submit(right);
    expect(testKey.live).toBe(right);
  });
});

test('a refused key of another workspace is nobody’s old key once the right one is in', async () => {
  testKey = await TestKey.build();
  await testKey.promoteFirstKey();
  await testKey.submit(testKey.newKey(testKey.otherWorkspace));
  const first = testKey.live;
  await testKey.submit(testKey.newKey());
  await testKey.after(1);
  expect(testKey.retiring.map(({ key }) => key)).toEqual([first]);
});

test('a key refused for its permissions can be handed in again once they are right', async () => {
  testKey = await TestKey.build();
  await testKey.promoteFirstKey();
  const second = testKey.newKey();
  const recover = testKey.sandbox.anthropic.trouble('permission', { key: second });
  await testKey.submit(second);
  expect(testKey.told.at(-1)).toBe('rejected');
  await testKey.after(1);
  recover();
  await testKey.submit(second);
  expect(testKey.live).toBe(second);
});

function disabled(h: TestKey): string {
  const key = h.newKey();
  h.sandbox.anthropic.disable(key);
  return key;
}

test('a key that is rate-limited now is not refused: it is promoted later', async () => {
  testKey = await TestKey.build();
  await testKey.promoteFirstKey();
  const second = testKey.newKey();
  const recover = testKey.sandbox.anthropic.trouble('rate-limit', { key: second });
  await testKey.submit(second);
  expect(testKey.submitted).toBe(true);
  recover();
  await testKey.after(1);
  await testKey.after(1);
  expect(testKey.live).toBe(second);
  expect(testKey.told).not.toContain('rejected');
});

test('a scheduled window without a submission fails honestly and leaves no AWSPENDING', async () => {
  testKey = await TestKey.build();
  await testKey.promoteFirstKey();
  await testKey.days(91, 24);
  testKey.sandbox.aws.secretsManager.openRotationWindows();
  await testKey.sandbox.settle();
  expect(testKey.sandbox.aws.secretsManager.rotations.at(-1)?.errors[0]).toMatch(/No key was submitted/);
  expect(testKey.pending).toBe(false);
});

test('two rotations within one grace keep both old keys labelled', async () => {
  testKey = await TestKey.build();
  const first = await testKey.promoteFirstKey();
  const second = testKey.newKey();
  await testKey.submit(second);
  await testKey.after(5);
  const third = testKey.newKey();
  await testKey.submit(third);
  expect(testKey.live).toBe(third);
  expect(testKey.retiring.map(({ key }) => key).sort()).toEqual([first, second].sort());
});

test('going back to the old key is one command, and the key it leaves is retired', async () => {
  testKey = await TestKey.build();
  const first = await testKey.promoteFirstKey();
  const second = testKey.newKey();
  await testKey.submit(second);
  await testKey.command({ verb: 'roll-back' });
  expect(testKey.live).toBe(first);
  expect(testKey.accepted).toBe(first);
  expect(testKey.retiring.map(({ key }) => key)).toEqual([second]);
  expect(testKey.told.at(-1)).toBe('rolled-back');
});

test('an old key that stays alive after its grace is a zombie, daily three times and then weekly', async () => {
  testKey = await TestKey.build();
  await testKey.promoteFirstKey();
  await testKey.submit(testKey.newKey());
  await testKey.days(18);
  const zombies = testKey.mails.filter(({ attributes }) => attributes?.kind?.StringValue === 'zombie');
  expect(zombies).toHaveLength(4);
});

test('a live key that dies is told at the next check, with the old one offered as the way back', async () => {
  testKey = await TestKey.build();
  const first = await testKey.promoteFirstKey();
  const second = testKey.newKey();
  await testKey.submit(second);
  testKey.sandbox.anthropic.disable(second);
  await testKey.after(1);
  expect(testKey.told.at(-1)).toBe('dead');
  expect(testKey.mails.at(-1)?.body).toContain('rollback');
  await testKey.command({ verb: 'roll-back' });
  expect(testKey.live).toBe(first);
  await testKey.after(1);
  expect(testKey.told.slice(-2)).toEqual(['rolled-back', 'rotation-complete']);
});

test('a death of one answer is no death: a second 401 a minute later decides', async () => {
  testKey = await TestKey.build();
  const key = await testKey.promoteFirstKey();
  testKey.sandbox.anthropic.script('invalid-key', { times: 1, key });
  await testKey.after(1);
  expect(testKey.told).not.toContain('dead');
});

describe('a direct edit', () => {
  const bad: [string, (h: TestKey) => string, boolean][] = [
    ['an Admin API key', (h) => h.sandbox.anthropic.createAdminKey(), true],
    ['a dead key', disabled, true],
    ['a key of another workspace', (h) => h.newKey(h.otherWorkspace), true],
    ['DISABLED', () => 'DISABLED', false],
    ['nothing', () => '{"ANTHROPIC_API_KEY":""}', false],
  ];
  test.each(bad)('of %s is judged', async (_, value, rolledBack) => {
    testKey = await TestKey.build();
    const first = await testKey.promoteFirstKey();
    const text = value(testKey);
    await testKey.edit(text);
    await testKey.after(1);
    expect(testKey.live === first).toBe(rolledBack);
    expect(testKey.told.at(-1)).toBe(rolledBack ? 'rolled-back' : 'not-a-key');
    await testKey.days(2);
    expect(testKey.accepted).toBe(first);
  });

  test('of a good key is accepted, and the one before is pinned', async () => {
    testKey = await TestKey.build();
    const first = await testKey.promoteFirstKey();
    const second = testKey.newKey();
    await testKey.edit(second);
    await testKey.after(1);
    expect(testKey.accepted).toBe(second);
    expect(testKey.retiring.map(({ key }) => key)).toEqual([first]);
  });

  test('of the same key leaves its age as it is', async () => {
    testKey = await TestKey.build();
    const first = await testKey.promoteFirstKey();
    await testKey.days(60, 24);
    await testKey.edit(first);
    await testKey.days(31, 24);
    expect(testKey.told.at(-1)).toBe('overdue');
  });

  test('is left standing where roll-back is off', async () => {
    testKey = await TestKey.build({ policy: { autoRollback: false } });
    await testKey.promoteFirstKey();
    const bad = disabled(testKey);
    await testKey.edit(bad);
    await testKey.after(1);
    expect(testKey.live).toBe(bad);
    expect(testKey.told.at(-1)).toBe('direct-edit-refused');
    expect(testKey.mails.at(-1)!.body).toContain('Go back to the last key now; it works:');
  });

  test('twice before anybody looked leaves no alive key without a label', async () => {
    testKey = await TestKey.build();
    const first = await testKey.promoteFirstKey();
    const [second, third] = [testKey.newKey(), testKey.newKey()];
    await testKey.edit(second);
    await testKey.edit(third);
    await testKey.after(1);
    expect(testKey.retiring.map(({ key }) => key).sort()).toEqual([first, second].sort());
  });
});

describe('a submitted key that goes bad between its test and its acceptance', () => {
  /** Anthropic refuses the key once its test was answered. */
  async function submitDying(policy: { autoRollback: boolean }): Promise<{ first: string; dying: string }> {
    testKey = await TestKey.build({ policy });
    const first = await testKey.promoteFirstKey();
    const dying = testKey.newKey();
    testKey.sandbox.anthropic.setManner({ delay: 4_000 });
    testKey.sandbox.anthropic.setPropagation({ change: 6_000 });
    testKey.sandbox.anthropic.disable(dying);
    await testKey.submit(dying);
    return { first, dying };
  }

  test('is taken back, and nobody is said to have edited the secret', async () => {
    const { first } = await submitDying({ autoRollback: true });
    await testKey.after(1);
    expect(testKey.live).toBe(first);
    expect(testKey.submitted).toBe(false);
    const mail = testKey.mails.find(({ attributes }) => attributes?.kind?.StringValue === 'rolled-back')!;
    expect(mail.subject).toContain('Submitted key went bad');
    expect(mail.body).not.toMatch(/Somebody (wrote|edited)/);
    await testKey.days(3);
    expect(testKey.retiring).toEqual([]);
    expect(testKey.told.filter((kind) => kind === 'rolled-back')).toHaveLength(1);
  });

  test('stands where roll-back is off, and is never said to wait', async () => {
    const { dying } = await submitDying({ autoRollback: false });
    await testKey.days(3);
    expect(testKey.live).toBe(dying);
    expect(testKey.told).toContain('direct-edit-refused');
    expect(testKey.told).not.toContain('submission-stuck');
    expect(testKey.mails.at(-1)!.body).toContain('was submitted and went live');
  });
});

describe('with Admin access', () => {
  const automatic = { adminAccess: true, policy: { deactivate: 'automatic' as const } };

  test('an idle old key is switched off after its grace, announced first, and proven dead', async () => {
    testKey = await TestKey.build(automatic);
    const first = await testKey.promoteFirstKey();
    await testKey.submit(testKey.newKey());
    await testKey.days(3);
    expect(testKey.sandbox.anthropic.statusOf(first)).toBe('inactive');
    expect(testKey.told.slice(-2)).toEqual(['deactivating', 'rotation-complete']);
    expect(testKey.retiring).toEqual([]);
  });

  test('an old key that is still used gets another day, with the evidence, as often as the policy allows', async () => {
    testKey = await TestKey.build({
      adminAccess: true,
      policy: { deactivate: 'automatic', maxGraceExtensions: 2 },
    });
    const first = await testKey.promoteFirstKey();
    await testKey.submit(testKey.newKey());
    for (let hour = 0; hour < 24 * 6; hour += 6) {
      testKey.sandbox.anthropic.recordUsage(first, { at: testKey.sandbox.clock.now(), requests: 5 });
      await testKey.after(6);
    }
    expect(testKey.sandbox.anthropic.statusOf(first)).toBe('active');
    expect(testKey.told.filter((kind) => kind === 'extended')).toHaveLength(2);
    expect(testKey.told).toContain('zombie');
  });

  test('a key that is used until yesterday is extended, then idle, then off', async () => {
    testKey = await TestKey.build(automatic);
    const first = await testKey.promoteFirstKey();
    await testKey.submit(testKey.newKey());
    await testKey.after(30);
    testKey.sandbox.anthropic.recordUsage(first, { at: testKey.sandbox.clock.now(), requests: 5 });
    await testKey.days(5);
    expect(testKey.sandbox.anthropic.statusOf(first)).toBe('inactive');
    expect(testKey.told).toEqual(expect.arrayContaining(['extended', 'deactivating', 'rotation-complete']));
  });

  test('usage that is not known switches nothing off', async () => {
    testKey = await TestKey.build(automatic);
    const first = await testKey.promoteFirstKey();
    testKey.sandbox.anthropic.setUsageReport({ tellsFreshness: false, messagesGiven: 'scope' });
    await testKey.submit(testKey.newKey());
    await testKey.days(3);
    expect(testKey.sandbox.anthropic.statusOf(first)).toBe('active');
    expect(testKey.told).toContain('grace-over');
  });
});

test('a snooze quiets reminders and never a death', async () => {
  testKey = await TestKey.build();
  const key = await testKey.promoteFirstKey();
  await testKey.days(75, day);
  const until = new Date(testKey.sandbox.clock.now().getTime() + 40 * 86_400_000);
  await testKey.command({ verb: 'snooze', until, reason: 'Release freeze' });
  await testKey.days(20, day);
  expect(testKey.told.filter((kind) => kind === 'overdue')).toHaveLength(0);
  testKey.sandbox.anthropic.disable(key);
  await testKey.after(1);
  expect(testKey.told.at(-1)).toBe('refused');
});

test('an attestation ends what no probe can end, and is refused while the key answers', async () => {
  testKey = await TestKey.build();
  const first = await testKey.promoteFirstKey();
  await testKey.submit(testKey.newKey());
  const attest = () =>
    testKey.command({ verb: 'attest', statement: 'Ada saw it deleted in the Console on 2026-11-24' });
  await expect(attest()).rejects.toThrow(/still answers/);
  testKey.sandbox.anthropic.script('not-found', { times: 1000, key: first });
  await testKey.after(1);
  await attest();
  expect(testKey.retiring).toEqual([]);
  expect(testKey.told.at(-1)).toBe('rotation-complete');
  expect(testKey.logged('Key proven dead')).toMatchObject([{ proof: { by: 'attestation' } }]);
});

test('a steady check makes three calls to Secrets Manager and one probe, and one tag write a day', async () => {
  testKey = await TestKey.build({ policy: { warnDays: [89] } });
  await testKey.after(1);
  await testKey.promoteFirstKey();
  await testKey.days(2);
  await testKey.report();
  expect(Object.keys(memoryFromTags(testKey.secret.tags).notices)).toHaveLength(2);
  const { calls } = testKey.sandbox.aws;
  calls.clear();
  const asked = testKey.sandbox.anthropic.requests.length;
  await testKey.after(1);
  expect(
    calls
      .by('anthropic-keys-prod-check')
      .map(({ operation }) => operation)
      .sort(),
  ).toEqual(['DescribeSecret', 'GetSecretValue', 'ListSecretVersionIds']);
  expect(testKey.sandbox.anthropic.requests.length - asked).toBe(1);
  calls.clear();
  await testKey.days(10, 1);
  const writes = calls.by('anthropic-keys-prod-check').filter(({ operation }) => operation === 'TagResource');
  expect(writes).toHaveLength(10);
});

test('a notice that only another owner would be sent, and never gets, waits for somebody who gets it', async () => {
  testKey = await TestKey.build({ listens: false });
  const { aws } = testKey.sandbox;
  const { deployment, telemetry } = testKey.sandbox.environment('prod');
  const other = 'other@example.com';
  aws.sns.subscribeEmail(deployment.subscriptions[0]!.topicArn, other, { owner: [other] });
  aws.sns.confirm(other);
  await testKey.promoteFirstKey();
  await testKey.after(1);
  expect(aws.sns.delivered).toEqual([]);
  expect(telemetry.total('NobodyListens')).toBeGreaterThan(0);
  aws.sns.confirm('platform@example.com');
  await testKey.after(1);
  expect(testKey.told).toEqual(['rotated']);
});

test('nothing is published while nobody listens, and everything once somebody does', async () => {
  testKey = await TestKey.build({ listens: false });
  await testKey.check();
  await testKey.promoteFirstKey();
  await testKey.after(1);
  expect(testKey.mails).toHaveLength(0);
  expect(testKey.sandbox.environment('prod').telemetry.total('NobodyListens')).toBeGreaterThan(0);
  testKey.sandbox.aws.sns.confirm('platform@example.com');
  await testKey.after(1);
  expect(testKey.told).toEqual(['rotated']);
});
