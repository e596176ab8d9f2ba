import Anthropic, { APIError } from '@anthropic-ai/sdk';
import { rotatingKey } from '../../consumer';
import { HOUR } from '../../lib/domain/time';
import { FAULT } from '../../local/aws';
import { installRestart } from '../../local/restart-on-rotation';
import { type Ask, AT_ONCE, Rotation } from './rotation';

let rotation: Rotation;
afterEach(() => rotation.close());

const READS = { service: 'secretsmanager', operation: 'GetSecretValue', caller: 'application' } as const;

/** An application with the SDK, which tries each request once. */
function asking(client: () => Anthropic): Ask {
  const ask = () =>
    client().messages.create({
      model: 'claude-haiku-5-5',
      max_tokens: 1,
      messages: [{ role: 'user', content: 'Hi' }],
    });
  return async (count) => {
    const asked = await Promise.allSettled(Array.from({ length: count }, ask));
    return asked.flatMap((one) => (one.status === 'rejected' ? [statusOf(one.reason)] : []));
  };
}

const statusOf = (error: unknown) =>
  error instanceof APIError && error.status ? error.status : String(error);

const clientWith = (settings: ConstructorParameters<typeof Anthropic>[0]) =>
  new Anthropic({ baseURL: rotation.gate.url, maxRetries: 0, ...settings });

function serveWithHelper(attempts?: number) {
  const key = rotatingKey(rotation.keyOptions(attempts));
  const client = clientWith({ apiKey: key.get, fetch: key.fetch });
  rotation.serve(asking(() => client));
}

test('no request fails from the submission to the proof of death', async () => {
  rotation = await Rotation.open({ deactivate: 'automatic' });
  serveWithHelper();
  const { asked, failed, reads, due } = await rotation.play();
  expect(failed).toEqual([]);
  expect(asked).toBeGreaterThan(10 * AT_ONCE);
  expect(reads).toBe(due);
});

test.each([
  ['under 200 that hold it: one read', 0],
  ['while Secrets Manager is throttled for two of the SDK’s three tries', 2],
])('no request fails when the old key is switched off at once, %s', async (_, throttled) => {
  rotation = await Rotation.open({ graceHours: 0 });
  serveWithHelper();
  const { testKey } = rotation;
  const old = testKey.live;
  await rotation.under('before');
  await rotation.under('switched off at once', async () => {
    await testKey.submit(testKey.newKey());
    testKey.sandbox.anthropic.disable(old);
    testKey.sandbox.aws.faults.on({ ...READS, times: throttled }, FAULT.throttled);
  });
  await rotation.under('after');
  expect(rotation.played).toMatchObject({ asked: 3 * AT_ONCE, failed: [], reads: 2 + throttled });
});

test('while Secrets Manager is throttled for longer, a dead key fails without a storm, and the first read that succeeds ends it', async () => {
  rotation = await Rotation.open({ graceHours: 0 });
  serveWithHelper();
  const { testKey } = rotation;
  const { aws, anthropic, clock } = testKey.sandbox;
  const old = testKey.live;
  await rotation.under('before');
  const end = aws.faults.on({ ...READS, times: Infinity }, FAULT.throttled);
  await rotation.under('throttled', async () => {
    await testKey.submit(testKey.newKey());
    anthropic.disable(old);
  });
  await rotation.under('at once', undefined, 1);
  expect(rotation.played.failed).toEqual([...Array(AT_ONCE).fill('throttled: 401'), 'at once: 401']);
  // The first read, and the three tries of the SDK for the second one.
  expect(rotation.played.reads).toBe(4);
  end();
  clock.advance(1000);
  await rotation.under('a second later');
  expect(rotation.played.failed).toHaveLength(AT_ONCE + 1);
  expect(rotation.played.reads).toBe(5);
});

test('a key that is refused and unchanged is read once more, and not again in five minutes', async () => {
  rotation = await Rotation.open();
  serveWithHelper();
  const { testKey } = rotation;
  await rotation.under('before');
  await rotation.under('switched off', async () => testKey.sandbox.anthropic.disable(testKey.live));
  testKey.sandbox.clock.advance(60_000);
  await rotation.under('a minute later');
  expect(rotation.played.failed).toHaveLength(2 * AT_ONCE);
  expect(rotation.played.reads).toBe(2);
});

const GATEWAY = 'arn:aws:ecs:eu-central-1:111122223333:service/prod/gateway';

test('who reads once fails when the old key is off and no sooner; who RestartOnRotation restarts does not fail', async () => {
  rotation = await Rotation.open();
  const { testKey } = rotation;
  const { aws, clock } = testKey.sandbox;
  const start = () => clientWith({ apiKey: testKey.live });
  const service = aws.ecs.create(GATEWAY, 2);
  clock.advance(HOUR);
  const log = testKey.sandbox.environment('prod').telemetry.log;
  const restart = { environment: 'prod', service: 'api-1', name: 'gateway' };
  await installRestart({ aws, clock, log }, { ...restart, services: [{ arn: GATEWAY }] });
  // A task reads the secret once, when it is created. As with ECS, the old tasks serve until the new ones have started.
  const tasks = new Map<string, Anthropic>();
  const runningTasks = () =>
    service.tasks().flatMap(({ taskArn, lastStatus }) => {
      if (!tasks.has(taskArn)) tasks.set(taskArn, start());
      return lastStatus === 'RUNNING' || lastStatus === 'DEACTIVATING' ? tasks.get(taskArn)! : [];
    });
  let next = 0;
  const balanced = () => {
    const running = runningTasks();
    return running[next++ % running.length]!;
  };
  const readOnce = start();
  const both = async (what: string, happens: () => Promise<unknown>) => {
    rotation.serve(asking(() => readOnce));
    await rotation.under(`read once, ${what}`, happens, 20);
    rotation.serve(asking(balanced));
    await rotation.under(`restarted, ${what}`, undefined, 20);
  };
  const old = testKey.live;
  expect(runningTasks()).toHaveLength(2);
  await both('promoted', () => testKey.submit(testKey.newKey()));
  expect(service.deployments).toBe(2);
  for (let second = 0; second < 120; second += 10)
    await both(`${second} s into the rollout`, async () => clock.advance(10_000));
  await both('in grace', () => testKey.after(47));
  await both('after grace', () => testKey.after(2));
  expect(rotation.played.failed).toEqual([]);
  await both('switched off', async () => testKey.sandbox.anthropic.disable(old));
  expect(rotation.played.failed).toEqual(Array(20).fill('read once, switched off: 401'));
  expect(tasks.size).toBe(4);
});
