import { MINUTE, plus } from '../../lib/domain/time';
import type { EcsService, EcsServiceState } from '../../lib/workflows/ports';
import { type RestartPorts, restart } from '../../lib/workflows/restart';
import { VirtualClock } from '../../local/clock';
import { Telemetry } from '../../local/telemetry';

const CHANGED = new Date('2026-11-21T09:00:00Z');
const at = (seconds: number) => plus(CHANGED, seconds * 1000);

interface Scripted {
  readonly state?: Partial<EcsServiceState> | 'never heard of';
  /** Seconds from the change to the creation of each task; null where ECS does not say. */
  readonly tasks?: readonly (number | null)[];
  readonly fails?: 'describe' | 'tasks' | 'redeploy';
}

/** A service that answers as scripted, and notes when it was redeployed. */
function aService({ state = {}, tasks = [], fails }: Scripted, clock: VirtualClock, name = 'prod/gateway') {
  const redeployed: Date[] = [];
  const failing = (call: string) =>
    fails === call ? Promise.reject(new Error(`${call} of ECS service ${name}: not authorized`)) : undefined;
  const service: EcsService = {
    name,
    describe: async () => {
      await failing('describe');
      return state === 'never heard of'
        ? undefined
        : { controller: 'ECS', draining: false, deleted: false, ...state };
    },
    tasks: async () => {
      await failing('tasks');
      return tasks.map((seconds) => ({ createdAt: seconds === null ? undefined : at(seconds) }));
    },
    redeploy: async () => {
      await failing('redeploy');
      redeployed.push(clock.now());
    },
  };
  return { service, redeployed };
}

const EVENT = {
  source: 'anthropic-key-rotation',
  'detail-type': 'Key Promoted',
  detail: { environment: 'prod', service: 'api-gateway', at: CHANGED.toISOString() },
};

/** Hands a request to the function, some seconds after the change. */
function play(scripted: Scripted, request: unknown = EVENT, seconds = 1) {
  const clock = new VirtualClock(at(seconds));
  const { service, redeployed } = aService(scripted, clock);
  const ports: RestartPorts = {
    key: { environment: 'prod', service: 'api-gateway' },
    services: [service],
    margin: MINUTE,
    clock,
    log: new Telemetry(clock).log,
  };
  return { answer: restart(request, ports), redeployed, ports };
}

describe('after a change', () => {
  test.each<[string, Scripted, boolean]>([
    ['tasks of before the change', { tasks: [-600, -600] }, true],
    ['one task of before the change', { tasks: [-600, 90] }, true],
    ['a task that was created within the margin: it may have read the old key', { tasks: [59] }, true],
    ['tasks of after the margin', { tasks: [60, 61] }, false],
    ['a task without a date', { tasks: [null] }, true],
    ['no task, as with a desired count of 0', { tasks: [] }, false],
    ['a service that was deleted', { state: { deleted: true }, tasks: [-600] }, false],
    ['a service that is being deleted', { state: { draining: true }, tasks: [-600] }, false],
    [
      'a deployment of after the change, under way',
      { state: { primary: { createdAt: at(70), failed: false } }, tasks: [-600] },
      false,
    ],
    [
      'a deployment of after the change that failed',
      { state: { primary: { createdAt: at(70), failed: true } }, tasks: [-600] },
      true,
    ],
    [
      'a deployment of within the margin',
      { state: { primary: { createdAt: at(30), failed: false } }, tasks: [-600] },
      true,
    ],
  ])('%s: restarted is %s', async (_, scripted, restarts) => {
    const { answer, redeployed } = play(scripted);
    expect(await answer).toEqual({ restarted: restarts ? ['prod/gateway'] : [] });
    expect(redeployed).toHaveLength(restarts ? 1 : 0);
  });

  test('a restart waits for the margin, so that what it starts counts as fresh', async () => {
    const { answer, redeployed } = play({ tasks: [-600] });
    await answer;
    expect(redeployed).toEqual([at(60)]);
  });

  test('an event that comes late does not wait', async () => {
    const { answer, redeployed } = play({ tasks: [-600] }, EVENT, 600);
    await answer;
    expect(redeployed).toEqual([at(600)]);
  });

  test('an event that is repeated later is about the same change: what it restarted is left alone', async () => {
    const later = at(3600);
    const repeated = {
      ...EVENT,
      detail: { ...EVENT.detail, at: later.toISOString(), details: { changedAt: CHANGED.toISOString() } },
    };
    expect(await play({ tasks: [90] }, repeated, 3600).answer).toEqual({ restarted: [] });
    expect(await play({ tasks: [59] }, repeated, 3600).answer).toEqual({ restarted: ['prod/gateway'] });
    // Earlier releases said only when the notice was written.
    const { details: _, ...detail } = repeated.detail;
    const { answer } = play({ tasks: [90] }, { ...repeated, detail }, 3600);
    expect(await answer).toEqual({ restarted: ['prod/gateway'] });
  });

  test('an event from the future waits no longer than the margin', async () => {
    const detail = { ...EVENT.detail, at: '2027-11-21T09:00:00Z' };
    const { answer, redeployed } = play({ tasks: [-600] }, { ...EVENT, detail });
    await answer;
    expect(redeployed).toEqual([at(61)]);
  });

  test.each(['CODE_DEPLOY', 'EXTERNAL'])(
    'a service under %s is refused by its name, with what to do instead',
    async (controller) => {
      const { answer, redeployed } = play({ state: { controller }, tasks: [90] });
      await expect(answer).rejects.toThrow(
        `ECS service prod/gateway is deployed by ${controller}, so RestartOnRotation cannot restart it: take it out, and start its deployment in a target of your own.`,
      );
      expect(redeployed).toEqual([]);
    },
  );

  test('a service of which ECS knows nothing is a failure that somebody hears of', async () => {
    await expect(play({ state: 'never heard of' }).answer).rejects.toThrow(
      'ECS service prod/gateway: there is no such service: correct its ARN',
    );
  });

  test('a service that cannot be restarted keeps no other from it, and the invocation fails so that it is repeated', async () => {
    const { ports } = play({});
    const bad = aService({ tasks: [-600], fails: 'redeploy' }, ports.clock as VirtualClock, 'prod/bad');
    const good = aService({ tasks: [-600] }, ports.clock as VirtualClock, 'prod/good');
    const both = { ...ports, services: [bad.service, good.service] };
    await expect(restart(EVENT, both)).rejects.toThrow('redeploy of ECS service prod/bad: not authorized');
    expect(good.redeployed).toHaveLength(1);
  });
});

describe('a look', () => {
  const look = { verb: 'look', since: CHANGED.toISOString() };

  test.each<[string, Scripted, object]>([
    ['old tasks', { tasks: [-600, -700, 90] }, { state: 'stale', tasks: 2, oldest: at(-700) }],
    ['a task within the margin', { tasks: [30] }, { state: 'stale', tasks: 1, oldest: at(30) }],
    ['new tasks', { tasks: [61] }, { state: 'fresh' }],
    [
      'a task without a date',
      { tasks: [61, null] },
      { state: 'unknown', why: 'ECS did not say when a task was created' },
    ],
    ['a service that was deleted', { state: { deleted: true }, tasks: [-600] }, { state: 'fresh' }],
    [
      'a service of which ECS knows nothing: its ARN may be wrong',
      { state: 'never heard of' },
      {
        state: 'unknown',
        why: 'there is no such service: correct its ARN, or take it out of RestartOnRotation',
      },
    ],
    [
      'a service under CODE_DEPLOY',
      { state: { controller: 'CODE_DEPLOY' }, tasks: [61] },
      { state: 'fresh' },
    ],
    [
      'a service that is being deleted',
      { state: { draining: true }, tasks: [-600] },
      { state: 'stale', tasks: 1, oldest: at(-600) },
    ],
    [
      'no answer',
      { fails: 'tasks' },
      { state: 'unknown', why: 'tasks of ECS service prod/gateway: not authorized' },
    ],
    [
      'no description',
      { fails: 'describe' },
      { state: 'unknown', why: 'describe of ECS service prod/gateway: not authorized' },
    ],
  ])('%s', async (_, scripted, expected) => {
    const { answer, redeployed, ports } = play(scripted, look);
    expect(await answer).toEqual({ services: [{ name: 'prod/gateway', ...expected }] });
    expect(redeployed).toEqual([]);
    expect(ports.clock.now()).toEqual(at(1));
  });
});

test.each<[string, unknown, string]>([
  ['nothing', null, 'This function takes events of anthropic-key-rotation'],
  [
    'an event of somebody else',
    { ...EVENT, source: 'aws.ecs' },
    'This function takes events of anthropic-key-rotation',
  ],
  [
    'an event about another key',
    { ...EVENT, detail: { ...EVENT.detail, service: 'other' } },
    'The event is about prod/other, and this function about prod/api-gateway',
  ],
  [
    'an event without a date',
    { ...EVENT, detail: { ...EVENT.detail, at: 'soon' } },
    'detail.at must be a date in ISO 8601',
  ],
  [
    'a change without a date',
    { ...EVENT, detail: { ...EVENT.detail, details: { changedAt: null } } },
    'detail.details.changedAt must be a date in ISO 8601',
  ],
  ['a look without a date', { verb: 'look' }, 'since must be a date in ISO 8601'],
])('%s is refused', async (_, request, says) => {
  const { answer, redeployed } = play({ tasks: [-600] }, request);
  await expect(answer).rejects.toThrow(says);
  expect(redeployed).toEqual([]);
});
