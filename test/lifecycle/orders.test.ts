import { functionName, ordersName } from '../../lib/contract/names';
import { ApiKey } from '../../lib/domain/key';
import { TestKey } from './test-key';

let testKey: TestKey;
afterEach(() => testKey?.close());

const MACHINES = ['check', 'rotate', 'report'] as const;
const ORDERS = [
  { verb: 'deactivate', order: { kind: 'contain', reason: 'a leak', by: 'kim@example.com' } },
  { verb: 'deactivate', order: { kind: 'retire', reason: 'done with it', by: 'kim@example.com' } },
  { verb: 'reactivate' },
  { verb: 'inspect-federation' },
];

/** What a function of the environment, or whoever stole its role, sends to the one with Admin access. */
const sentBy = (role: (typeof MACHINES)[number], request: object) =>
  testKey.sandbox.environment('prod').invoke('admin', request, functionName('prod', role));

const about = (key: string) => ({
  secretId: testKey.secretName,
  fingerprint: new ApiKey(key).fingerprint,
});

/** An old key whose grace is over, and which nothing but an order switches off. */
async function pastGrace(): Promise<string> {
  const old = await testKey.promoteFirstKey();
  await testKey.submit(testKey.newKey());
  await testKey.after(49);
  return old;
}

test.each(MACHINES)('no order is taken from the role of %s, whoever it says has given it', async (role) => {
  testKey = await TestKey.build({ adminAccess: true });
  const old = await pastGrace();
  const { live } = testKey;
  const [mails, tags] = [testKey.mails.length, testKey.secret.tags];
  for (const request of ORDERS)
    for (const key of [live, old])
      expect(await sentBy(role, { ...request, ...about(key) })).toMatchObject({
        outcome: 'refused',
        guard: 'orders-door',
      });
  expect([live, old].map((key) => testKey.sandbox.anthropic.statusOf(key))).toEqual(['active', 'active']);
  expect([testKey.mails.length, testKey.secret.tags]).toEqual([mails, tags]);
  expect(testKey.logged('Order refused: it came by the door of the functions')).toHaveLength(8);
});

test.each([null, {}, 'contain', { kind: 'Contain' }])(
  'an order in any shape is an order: %j',
  async (order) => {
    testKey = await TestKey.build({ adminAccess: true });
    const old = await pastGrace();
    expect(await sentBy('check', { verb: 'deactivate', order, ...about(old) })).toMatchObject({
      guard: 'orders-door',
    });
    expect(testKey.sandbox.anthropic.statusOf(old)).toBe('active');
  },
);

test('a refused order is refused before Admin access is opened, and names the command that is taken', async () => {
  testKey = await TestKey.build({ adminAccess: true });
  const key = await testKey.promoteFirstKey();
  testKey.sandbox.aws.calls.clear();
  const { why } = (await sentBy('report', { ...ORDERS[0], ...about(key) })) as { why: string };
  expect(testKey.sandbox.aws.calls.all()).toEqual([]);
  expect(why).toContain(`aws lambda invoke --function-name ${ordersName('prod')}`);
});

test('a person’s order keeps what it claims of who gave it, and the request by which the caller is found', async () => {
  testKey = await TestKey.build({ adminAccess: true });
  const old = await pastGrace();
  const claims = { claimedBy: 'kim@example.com', requestId: expect.stringMatching(/^invocation-\d+$/) };
  await testKey.admin({ verb: 'deactivate', key: old, order: ORDERS[1]!.order });
  expect(testKey.logged('Key deactivated')).toEqual([expect.objectContaining(claims)]);
  expect(testKey.mails.at(-1)!.body.replace(/\s+/g, ' ')).toMatch(
    /Ordered in request invocation-\d+ by kim@example\[\.\]com, as claimed: done with it/,
  );
  await testKey.admin({ verb: 'reactivate', key: old, by: 'kim@example.com' });
  expect(testKey.logged('Key reactivated')).toEqual([expect.objectContaining(claims)]);
});

test('a claim as long as it likes pushes neither the request nor the reason out of the mail', async () => {
  testKey = await TestKey.build({ adminAccess: true });
  const old = await pastGrace();
  const order = { kind: 'retire', reason: 'cleaning up', by: 'x'.repeat(5_000) };
  await testKey.admin({ verb: 'deactivate', key: old, order });
  const body = testKey.mails.at(-1)!.body.replace(/\s+/g, ' ');
  expect(body).toMatch(/Ordered in request invocation-\d+ by x+\.\.\., as claimed: cleaning up/);
});

test('the mail of a contained leak says who ordered it, as claimed', async () => {
  testKey = await TestKey.build({ adminAccess: true });
  const leaked = await testKey.promoteFirstKey();
  await testKey.admin({ verb: 'deactivate', key: leaked, order: ORDERS[0]!.order });
  const body = testKey.mails.at(-1)!.body.replace(/\s+/g, ' ');
  expect(body).toMatch(
    /Ordered in request invocation-\d+ by kim@example\[\.\]com, as claimed\. CloudTrail's/,
  );
});

test('the function with Admin access moves no label and marks no leak: that is the check’s', async () => {
  testKey = await TestKey.build({ adminAccess: true });
  const leaked = await testKey.promoteFirstKey();
  const labels = testKey.secret.versions.map((version) => version.labels);
  const submissions = testKey.secret.tags['anthropic-key-state:submission'];
  await testKey.admin({ verb: 'deactivate', key: leaked, order: ORDERS[0]!.order });
  expect(testKey.sandbox.anthropic.statusOf(leaked)).toBe('inactive');
  await testKey.admin({ verb: 'reactivate', key: leaked });
  expect(testKey.secret.versions.map((version) => version.labels)).toEqual(labels);
  expect(testKey.secret.tags['anthropic-key-state:submission']).toBe(submissions);
});

test.each([{}, { reason: 7, by: ['kim'] }])(
  'an order that somebody typed without saying who or why is carried out and told: %j',
  async (words) => {
    testKey = await TestKey.build({ adminAccess: true });
    const leaked = await testKey.promoteFirstKey();
    await testKey.admin({ verb: 'deactivate', key: leaked, order: { kind: 'contain', ...words } });
    expect(testKey.sandbox.anthropic.statusOf(leaked)).toBe('inactive');
    const body = testKey.mails.at(-1)!.body.replace(/\s+/g, ' ');
    expect(body).toContain('no reason given');
    expect(body).toContain('by somebody unnamed, as claimed');
  },
);

test('by the door for orders, a request without an order meets every guard', async () => {
  testKey = await TestKey.build({ adminAccess: true });
  const key = await testKey.promoteFirstKey();
  expect(await testKey.admin({ verb: 'deactivate', key })).toMatchObject({ guard: 'not-the-live-key' });
});
