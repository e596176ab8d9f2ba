import { ApiKey } from '../../lib/domain/key';
import type { Policy } from '../../lib/domain/policy';
import { elapsed, HOUR } from '../../lib/domain/time';
import { FAULT } from '../../local/aws';
import { readDeployments } from '../../local/deployment';
import { Person, unseen } from '../../local/person';
import { installRestart, type Restart } from '../../local/restart-on-rotation';
import type { Template } from '../../local/template';
import { tokens } from '../../local/tokens';
import { Sandbox } from '../../local/world';
import { templateOf } from '../constructs/synthesis';
import { CrashController } from '../fakes/crash';
import { TestEnvironment, type TestEnvironmentOptions, type TestKey } from './test-key';

const GATEWAY = 'arn:aws:ecs:eu-central-1:111122223333:service/prod/gateway';
const automatic: Partial<Policy> = { deactivate: 'automatic' };

let testKey: TestKey;
afterEach(() => testKey?.close());

const NAMED = `
environments:
  prod:
    alerts: [platform@example.com]
    eventBusName: security
    keys:
      api-1:
        owner: team@example.com
        consumers: [{ kind: ecs, service: '${GATEWAY}' }]
`;

test('a service that keys.yaml names is restarted, as its synthesised template says', async () => {
  const [deployment] = readDeployments([templateOf(NAMED).toJSON() as Template]);
  const sandbox = await Sandbox.open({ start: new Date('2026-11-21T09:00:00Z') });
  try {
    const { aws, anthropic, home } = await sandbox.deploy(deployment!);
    aws.sns.confirm('platform@example.com');
    const service = aws.ecs.create(GATEWAY, 2);
    sandbox.clock.advance(HOUR);
    const secretId = 'anthropic/prod/api-1';
    const newToken = tokens('person');
    const person = new Person({ secretId, ask: unseen(aws), newToken, settle: () => sandbox.settle() });
    for (const deployments of [2, 3]) {
      await person.submit(anthropic.createKey({ workspace: home.workspaceId }).value);
      await sandbox.settle();
      expect(service.deployments).toBe(deployments);
      sandbox.clock.advance(HOUR);
    }
    expect(deployment!.restarts.map(({ name, bus }) => [name, bus])).toEqual([
      [expect.stringMatching(/^anthropic-keys-prod-restart-[0-9a-f]{8}_[0-9a-f]{7}$/), 'security'],
    ]);
  } finally {
    await sandbox.close();
  }
});

/** A managed key that a service reads, whose tasks run already. */
async function aKeyWithService(
  policy: Partial<Policy> = automatic,
  restart: Partial<Restart> = {},
  options: TestEnvironmentOptions = {},
) {
  const testEnvironment = await TestEnvironment.open({ adminAccess: true, ...options });
  testKey = await testEnvironment.key(policy);
  const { aws, clock } = testKey.sandbox;
  const first = await testKey.promoteFirstKey();
  const service = aws.ecs.create(GATEWAY, 3);
  clock.advance(HOUR);
  const { log } = testKey.sandbox.environment('prod').telemetry;
  const installed = await installRestart(
    { aws, clock, log },
    { environment: 'prod', service: 'api-1', name: 'gateway', services: [{ arn: GATEWAY }], ...restart },
  );
  const replace = async () => {
    const next = testKey.newKey();
    await testKey.submit(next);
    return next;
  };
  return { first, service, installed, aws, replace };
}

const statusOf = (key: string) => testKey.sandbox.anthropic.statusOf(key);
const mails = (kind: string) =>
  testKey.mails.filter(({ attributes }) => attributes?.kind?.StringValue === kind);
/** A mail's words on one line. */
const flat = (text = '') => text.replace(/\s+/g, ' ');

test('a service is restarted after a promotion, and then the old key is switched off by the machine', async () => {
  const { first, service, replace } = await aKeyWithService();
  await replace();
  expect(service.deployments).toBe(2);
  await testKey.days(3);
  expect(statusOf(first)).toBe('inactive');
  expect(testKey.told.slice(-3)).toEqual(['rotated', 'deactivating', 'rotation-complete']);
  expect(service.deployments).toBe(2);
});

test('a service that still runs old tasks keeps the old key alive, as often as the policy allows, and people are told which one', async () => {
  const { first, service, replace } = await aKeyWithService({ ...automatic, maxGraceExtensions: 2 });
  service.stuck = true;
  await replace();
  await testKey.days(8);
  expect(statusOf(first)).toBe('active');
  expect(testKey.told.filter((kind) => kind === 'extended')).toHaveLength(2);
  const [extended] = mails('extended');
  expect(extended?.subject).toMatch(/Not all is restarted: old key is kept until 2026-11-/);
  expect(flat(extended?.body)).toContain('prod/gateway still runs 3 tasks created before the key changed');
  expect(flat(extended?.body)).toContain('Restart prod/gateway, so that it reads the new key');
  const [over] = mails('grace-over');
  expect(flat(over?.body)).toContain('its grace period is not extended any further');
  expect(flat(over?.body)).toContain('prod/gateway still runs 3 tasks');
  expect(flat(mails('zombie')[0]?.body)).toContain('prod/gateway still runs 3 tasks');
  service.stuck = false;
  await testKey.days(1);
  expect(statusOf(first)).toBe('inactive');
});

test('without an answer the old key stays, and people are told who gave none', async () => {
  const { first, aws, installed, replace } = await aKeyWithService({ ...automatic, maxGraceExtensions: 1 });
  await replace();
  aws.lambda.unregister(installed.name);
  await testKey.days(4);
  expect(statusOf(first)).toBe('active');
  expect(flat(mails('extended')[0]?.body)).toContain('Whether gateway runs with the new key is not known');
  expect(testKey.told).toContain('grace-over');
});

const REFUSALS = {
  'events:ListRules': { service: 'events', operation: 'ListRules' },
  'events:ListTargetsByRule': { service: 'events', operation: 'ListTargetsByRule' },
  ListTasks: { service: 'ecs', operation: 'ListTasks' },
  DescribeTasks: { service: 'ecs', operation: 'DescribeTasks' },
  DescribeServices: { service: 'ecs', operation: 'DescribeServices' },
} as const;

test.each(Object.entries(REFUSALS))(
  'where %s is refused, nothing is known and the old key stays',
  async (call, where) => {
    const { first, aws, replace } = await aKeyWithService();
    await replace();
    testKey.sandbox.clock.advance(49 * HOUR);
    const denied = { kind: 'error', code: 'AccessDeniedException', message: 'not authorized' } as const;
    aws.faults.on({ ...where, times: 1000 }, denied);
    await testKey.check();
    expect(statusOf(first)).toBe('active');
    expect(testKey.told.at(-1)).toBe('extended');
    expect(flat(mails('extended')[0]?.body)).toContain(`${call}`);
  },
);

test('nobody remembers when the key changed: then nothing is known', async () => {
  const { first, replace } = await aKeyWithService();
  await replace();
  testKey.sandbox.clock.advance(49 * HOUR);
  await testKey.forgetEverything();
  await testKey.check();
  expect(statusOf(first)).toBe('active');
  expect(flat(mails('extended')[0]?.body)).toContain('nobody remembers when the key changed');
});

test('the function with Admin access looks by itself: what a check is told makes no difference', async () => {
  const { first, service, replace } = await aKeyWithService();
  service.stuck = true;
  await replace();
  testKey.sandbox.clock.advance(49 * HOUR);
  const asked = await testKey.sandbox.invoke('prod', 'admin', {
    verb: 'deactivate',
    secretId: testKey.secretName,
    fingerprint: new ApiKey(first).fingerprint,
  });
  expect(asked).toMatchObject({ outcome: 'refused', guard: 'consumers-fresh' });
  const order = { kind: 'retire', reason: 'it has to go', by: 'ada' };
  expect(await testKey.admin({ verb: 'deactivate', key: first, order })).toMatchObject({
    outcome: 'deactivated',
  });
});

test('a person whose decision it is reads in the mail which consumer is not restarted', async () => {
  const { first, service, replace } = await aKeyWithService({ deactivate: 'prompt' });
  service.stuck = true;
  await replace();
  await testKey.days(2.5);
  expect(testKey.told.at(-1)).toBe('grace-over');
  expect(flat(mails('grace-over')[0]?.body)).toContain('prod/gateway still runs 3 tasks');
  expect(testKey.retiring.map(({ key }) => key)).toEqual([first]);
});

test('a leaked key gets no more time, whoever still runs with it', async () => {
  const { first, service, replace, aws } = await aKeyWithService();
  service.stuck = true;
  await replace();
  await testKey.command({ verb: 'report-leak', fingerprint: new ApiKey(first).fingerprint });
  aws.calls.clear();
  await testKey.days(3);
  expect(statusOf(first)).toBe('active');
  expect(testKey.told).toContain('contained');
  expect(testKey.told).not.toContain('extended');
  expect(aws.calls.all().filter(({ operation }) => operation === 'ListRules')).toEqual([]);
});

test('a way back and an accepted edit by hand restart the service, too', async () => {
  const { service, replace } = await aKeyWithService();
  await replace();
  await testKey.after(1);
  await testKey.command({ verb: 'roll-back' });
  await testKey.sandbox.settle();
  expect(service.deployments).toBe(3);
  await testKey.after(1);
  await testKey.edit(testKey.newKey());
  await testKey.check();
  expect(service.deployments).toBe(4);
});

test('removing the consumer in the middle of a grace is safe: nobody asks for it any more', async () => {
  const { first, service, installed, replace, aws } = await aKeyWithService();
  service.stuck = true;
  await replace();
  await testKey.after(24);
  await installed.removeRule();
  aws.lambda.unregister(installed.name);
  await testKey.days(2);
  expect(statusOf(first)).toBe('inactive');
});

describe('a change that memory does not tell', () => {
  /** A second change, whose consumer runs tasks of after the first one. */
  async function changedTwice(
    second: (policy: Awaited<ReturnType<typeof aKeyWithService>>) => Promise<unknown>,
  ) {
    const world = await aKeyWithService({ ...automatic, graceHours: 48 });
    const between = await world.replace();
    await testKey.days(3);
    expect(statusOf(world.first)).toBe('inactive');
    world.service.stuck = true;
    await second(world);
    await testKey.days(3);
    expect(statusOf(between)).toBe('active');
    expect(testKey.retiring.map(({ key }) => key)).toEqual([between]);
    return mails('extended')
      .map(({ body }) => flat(body))
      .join();
  }

  test('because no tag could be written then: it counts from when a check sees it', async () => {
    const extended = await changedTwice(async ({ aws, replace }) => {
      const end = aws.faults.on(
        { service: 'secretsmanager', operation: 'TagResource', times: Number.POSITIVE_INFINITY },
        FAULT.denied,
      );
      await replace().catch(() => {});
      await testKey.check().catch(() => {});
      end();
    });
    expect(extended).toContain('still runs 3 tasks created before the key changed');
  });

  test('because somebody wrote an earlier one into the tag: it counts from when a check sees that', async () => {
    const extended = await changedTwice(async ({ replace, aws }) => {
      await replace();
      const tag = 'anthropic-key-state:rotation';
      const told = testKey.secret.tags[tag]!.replace(/promoted=\S+/, 'promoted=2026-11-22T00:00:00Z');
      const Tags = [{ Key: tag, Value: told.replace(/changed=\S+/, '') }];
      aws.secretsManager.perform('TagResource', { SecretId: testKey.secretName, Tags });
    });
    expect(extended).toContain('still runs 3 tasks created before the key changed');
  });

  test('a way back counts as a change: tasks that hold the key that was left stand against it', async () => {
    const { service, replace } = await aKeyWithService();
    const left = await replace();
    await testKey.after(1);
    service.stuck = true;
    await testKey.command({ verb: 'roll-back' });
    await testKey.days(3);
    expect(statusOf(left)).toBe('active');
    expect(flat(mails('extended')[0]?.body)).toContain('prod/gateway still runs 3 tasks');
  });
});

test('a service of which ECS knows nothing lets no key be switched off: its ARN may be wrong', async () => {
  const wrong = GATEWAY.replace('/gateway', '/gatewey');
  const { first, replace } = await aKeyWithService(
    { ...automatic, maxGraceExtensions: 1 },
    { services: [{ arn: wrong }] },
  );
  await replace().catch(() => {});
  await testKey.days(5);
  expect(statusOf(first)).toBe('active');
  expect(flat(mails('extended')[0]?.body)).toContain('there is no such service');
  expect(testKey.told).toContain('grace-over');
});

test('a service that was deleted holds no key', async () => {
  const { first, service, replace } = await aKeyWithService();
  service.stuck = true;
  await replace();
  service.remove();
  await testKey.after(49);
  expect(statusOf(first)).toBe('inactive');
});

test('while nothing is past its grace, no check asks for consumers', async () => {
  const { replace, aws } = await aKeyWithService();
  await replace();
  aws.calls.clear();
  await testKey.days(1.5);
  expect(aws.calls.all().filter(({ service }) => service === 'events')).toEqual([]);
  expect(aws.calls.all().filter(({ service }) => service === 'ecs')).toEqual([]);
});

test('another key of the environment has consumers of its own', async () => {
  const { service, replace } = await aKeyWithService();
  service.stuck = true;
  await replace();
  const other = await testKey.neighbour();
  const old = await other.promoteFirstKey();
  await other.submit(other.newKey());
  expect(service.deployments).toBe(2);
  await other.days(3);
  expect(other.told).not.toContain('extended');
  expect(other.retiring.map(({ key }) => key)).toEqual([old]);
});

const changes = () =>
  testKey.sandbox.aws.events.received.flatMap(({ detailType, detail }) => {
    const { at, details } = detail as { at: string; details: { changedAt?: string } };
    return detailType === 'Key Promoted' || detailType === 'Key Rolled Back'
      ? { detailType, at, changedAt: details.changedAt }
      : [];
  });

test('an event that the bus took only after a day restarts nobody who was restarted meanwhile', async () => {
  const { service, aws, replace } = await aKeyWithService();
  const times = Number.POSITIVE_INFINITY;
  const end = aws.faults.on({ service: 'events', operation: 'PutEvents', times }, FAULT.denied);
  await replace();
  await testKey.after(2);
  expect(service.deployments).toBe(1);
  service.deploy();
  await testKey.after(22);
  end();
  await testKey.after(1);
  expect(changes()).toHaveLength(2);
  expect(service.deployments).toBe(2);
});

/** A second promotion whose process dies at a call: which one shows when the same is played without a crash. */
async function crashAt(find: (calls: readonly string[]) => number, side: 'before' | 'after', stuck = false) {
  const play = async (call?: number) => {
    const controller = new CrashController();
    const { around, process } = controller;
    const { service, replace } = await aKeyWithService(automatic, {}, { around, process });
    await testKey.days(5);
    service.stuck = stuck;
    const old = testKey.live;
    controller.arm(call ? { call, side } : undefined);
    await replace();
    controller.disarm();
    return { calls: controller.calls, service, old };
  };
  const { calls } = await play();
  const call = find(calls) + 1;
  expect(call).toBeGreaterThan(0);
  await testKey.close();
  return play(call);
}

test('an event that comes twice says twice when the key changed, and restarts once', async () => {
  const { service } = await crashAt((calls) => calls.indexOf('bus.emit'), 'after');
  await testKey.after(5);
  const [, one, other] = changes();
  expect([one?.changedAt, one?.at === other?.at]).toEqual([other?.changedAt, false]);
  expect(one?.changedAt).toBeDefined();
  expect(service.deployments).toBe(2);
});

test.each<[string, 'before' | 'after', (calls: readonly string[]) => number]>([
  [
    'what is to be remembered',
    'before',
    (calls) => calls.lastIndexOf('store.tag', calls.indexOf('bus.emit')),
  ],
  [
    'labels but the first',
    'after',
    (calls) => calls.indexOf('store.moveLabel', calls.lastIndexOf('probe.probe')),
  ],
])('a crash that loses %s lets no task of before the change pass for fresh', async (_, side, find) => {
  const { old } = await crashAt(find, side, true);
  await testKey.days(1);
  expect(flat(mails('rotated').at(-1)?.body)).not.toContain('It is the first key of this service');
  await testKey.days(3);
  expect(statusOf(old)).toBe('active');
  expect(flat(mails('extended')[0]?.body)).toContain('prod/gateway still runs 3 tasks');
});

test('what is repeated of a way back by a person says when it was accepted; of one by a check nothing is remembered', async () => {
  const { replace } = await aKeyWithService();
  await replace();
  await testKey.after(1);
  await testKey.command({ verb: 'roll-back' });
  await testKey.edit('DISABLED by nobody');
  await testKey.after(1);
  const bad = testKey.newKey(testKey.otherWorkspace);
  await testKey.edit(bad);
  await testKey.after(1);
  const back = changes().filter(({ detailType }) => detailType === 'Key Rolled Back');
  expect(back.map(({ changedAt }) => changedAt !== undefined)).toEqual([true, false]);
  expect(elapsed(new Date(back[0]!.at), new Date(back[0]!.changedAt!))).toBeLessThan(1000);
});
