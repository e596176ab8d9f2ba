import { ApiKey } from '../../lib/domain/key';
import { TestKey } from './test-key';

let testKey: TestKey;

afterEach(() => testKey.close());

const told = (kind: string) => testKey.told.filter((each) => each === kind);

/** A key whose services went keyless, and another key of the environment: a refusal of the first is only known beside it. */
async function goneKeyless(
  word = 'KEYLESS',
  options: Parameters<typeof TestKey.build>[0] = {},
): Promise<string> {
  testKey = await TestKey.build(options);
  await (await testKey.neighbour()).promoteFirstKey();
  const last = await testKey.promoteFirstKey();
  await testKey.edit(word);
  await testKey.after(1);
  return last;
}

test.each(['KEYLESS', 'keyless', '{"ANTHROPIC_API_KEY":"KEYLESS","region":"eu"}'])(
  'the last key of a secret that says %s gets a deadline, is told of once, and pages nobody',
  async (word) => {
    const last = await goneKeyless(word);
    expect(testKey.retiring.map(({ key }) => key)).toEqual([last]);
    await testKey.days(1);
    expect(told('keyless')).toHaveLength(1);
    expect(testKey.told).not.toContain('not-a-key');
    expect(testKey.sandbox.environment('prod').telemetry.total('KeyUnusable')).toBe(0);
  },
);

test('it is asked for when its grace is over, and followed until it is proven dead', async () => {
  const last = await goneKeyless();
  await testKey.days(3);
  expect(told('grace-over')).toHaveLength(1);
  expect(testKey.told).not.toContain('rotation-complete');
  await testKey.days(1);
  expect(testKey.told).toContain('zombie');
  testKey.sandbox.anthropic.disable(last);
  await testKey.after(1);
  expect(told('rotation-complete')).toHaveLength(1);
  expect(testKey.retiring).toEqual([]);
  const before = testKey.told.length;
  await testKey.days(30);
  expect(testKey.told.slice(before)).toEqual([]);
  expect(testKey.retiring).toEqual([]);
});

test('it is proven dead again by no check, even if memory is lost', async () => {
  const last = await goneKeyless();
  testKey.sandbox.anthropic.disable(last);
  await testKey.days(1);
  expect(told('rotation-complete')).toHaveLength(1);
  await testKey.forgetEverything();
  await testKey.days(3);
  expect(testKey.retiring).toEqual([]);
  expect(told('rotation-complete')).toHaveLength(1);
  expect(told('keyless').length).toBeLessThanOrEqual(2);
});

test('without any other key nothing proves it dead, until a person vouches for it', async () => {
  testKey = await TestKey.build();
  const last = await testKey.promoteFirstKey();
  await testKey.edit('KEYLESS');
  testKey.sandbox.anthropic.disable(last);
  await testKey.days(4);
  expect(testKey.told).not.toContain('rotation-complete');
  expect(testKey.told).toContain('unproven');
  await testKey.command({ verb: 'attest', statement: 'Ada saw it disabled' });
  expect(testKey.told.at(-1)).toBe('rotation-complete');
  expect(testKey.retiring).toEqual([]);
});

test('no mail says that a service waits for a key, nor that one that is switched on again is to be read', async () => {
  const last = await goneKeyless('KEYLESS', { adminAccess: true });
  await testKey.submit(last);
  expect(testKey.told.at(-1)).toBe('rejected');
  expect(testKey.mails.at(-1)!.body).toContain('The secret goes on saying KEYLESS.');
  testKey.sandbox.anthropic.disable(last);
  await testKey.days(3);
  const { body } = testKey.mails[testKey.told.indexOf('rotation-complete')]!;
  expect(body).toContain('Timeline: keyless ');
  expect(body).toMatch(/then\s+go\s+back\s+to\s+it\s+with\s+rollback/);
});

test('nobody may vouch for it while it works', async () => {
  await goneKeyless();
  await expect(testKey.command({ verb: 'attest', statement: 'Ada saw it disabled' })).rejects.toThrow(
    'still answers',
  );
});

test('no machine switches it off, however idle it is; a person’s order does', async () => {
  const last = await goneKeyless('KEYLESS', {
    adminAccess: true,
    policy: { deactivate: 'automatic' },
  });
  await testKey.days(3);
  expect(testKey.sandbox.anthropic.statusOf(last)).toBe('active');
  expect(testKey.told).toContain('grace-over');
  expect(await testKey.admin({ verb: 'deactivate', key: last })).toMatchObject({ guard: 'new-key-alive' });
  await testKey.command({ verb: 'retire-now' });
  const order = { kind: 'retire', reason: 'all services are keyless', by: 'Ada' } as const;
  const answer = await testKey.admin({ verb: 'deactivate', key: last, order });
  expect(answer).toMatchObject({ outcome: 'deactivated' });
  await testKey.days(1);
  expect(told('rotation-complete')).toHaveLength(1);
});

test('while it is still used, no mail has anybody restart a service that would find no key', async () => {
  const last = await goneKeyless('KEYLESS', {
    adminAccess: true,
    policy: { deactivate: 'automatic', maxGraceExtensions: 1 },
    consumers: [{ kind: 'host', name: 'gateway-1', refresh: 'restart' }],
  });
  for (let day = 0; day < 6; day++) {
    testKey.sandbox.anthropic.recordUsage(last, { at: testKey.sandbox.clock.now(), requests: 5 });
    await testKey.days(1);
  }
  for (const kind of ['extended', 'grace-over', 'zombie'] as const) {
    const { body } = testKey.mails[testKey.told.indexOf(kind)]!;
    expect(body).toMatch(/have that service\s+work without a key/);
    expect(body).not.toMatch(/restart or deploy|Restart what has run/);
  }
});

test('a rollback goes back to it while it works', async () => {
  const last = await goneKeyless();
  await testKey.command({ verb: 'roll-back' });
  expect([testKey.live, testKey.accepted]).toEqual([last, last]);
  expect(testKey.retiring).toEqual([]);
});

test('a key that is submitted later becomes live, and the last one stays followed', async () => {
  const last = await goneKeyless();
  const next = testKey.newKey();
  await testKey.submit(next);
  expect([testKey.live, testKey.accepted]).toEqual([next, next]);
  expect(testKey.retiring.map(({ key }) => key)).toEqual([last]);
});

test('a leaked key gets no grace by it', async () => {
  testKey = await TestKey.build();
  await (await testKey.neighbour()).promoteFirstKey();
  const last = await testKey.promoteFirstKey();
  await testKey.command({ verb: 'report-leak', fingerprint: new ApiKey(last).fingerprint });
  await testKey.edit('KEYLESS');
  await testKey.after(1);
  expect(testKey.told).toContain('contained');
  testKey.sandbox.anthropic.disable(last);
  await testKey.after(1);
  expect(told('rotation-complete')).toHaveLength(1);
});

test('any other word is a stop, and the last key stays where it is', async () => {
  const last = await goneKeyless('KEYLESS soon');
  expect(testKey.told).toContain('not-a-key');
  expect(testKey.retiring).toEqual([]);
  expect(testKey.accepted).toBe(last);
});
