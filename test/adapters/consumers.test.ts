import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { createKeyConsumers } from '../../lib/adapters/consumers';
import { restartDescription, restartName, restartNames, restartPrefix } from '../../lib/contract/restart';
import { clientConfig, type FakeAws, openFakeAws } from '../../local/aws';
import { perform } from '../../local/aws/operation';
import { VirtualClock } from '../../local/clock';
import { matches } from '../iam/match';

const SINCE = new Date('2026-11-21T09:00:00Z');
const KEY = { environment: 'prod', service: 'api-gateway' };

let aws: FakeAws;
beforeEach(() => {
  aws = openFakeAws({ clock: new VirtualClock(SINCE) });
});

const look = (key = KEY, since: Date | undefined = SINCE) =>
  createKeyConsumers(
    new EventBridgeClient(clientConfig(aws, 'check')),
    new LambdaClient(clientConfig(aws, 'check')),
    'default',
  ).look(key, since);

/** A rule, and a function that gives an answer; `target` names another function than the rule does. */
async function register(answer: unknown, { path = 'Gateway/Restart', target = '', description = true } = {}) {
  const name = restartName(KEY.environment, KEY.service, path);
  const make = (operation: string, params: object) =>
    perform(aws.events.operations, operation, params, { accessKeyId: 'cloudformation' });
  const arn = aws.lambda.register(target || name, async (event) => {
    if (answer instanceof Error) throw answer;
    expect(event).toEqual({ verb: 'look', since: SINCE.toISOString() });
    return answer;
  });
  const Description = description ? restartDescription('gateway', KEY.environment, KEY.service) : 'mine';
  await make('PutRule', { Name: name, EventPattern: '{}', Description });
  await make('PutTargets', { Rule: name, Targets: [{ Id: 'Restart', Arn: arn }] });
  return name;
}

const fresh = { name: 'prod/gateway', state: 'fresh' };

test('nobody is registered: nobody is asked', async () => {
  expect(await look()).toEqual([]);
});

test('the answers of all functions of the key are put together, and those of no other key', async () => {
  await register({
    services: [fresh, { name: 'prod/worker', state: 'stale', tasks: 2, oldest: '2026-11-20T09:00:00.000Z' }],
  });
  await register({ services: [{ ...fresh, name: 'prod/batch' }] }, { path: 'Batch/Restart' });
  expect(await look()).toEqual(
    expect.arrayContaining([
      fresh,
      { name: 'prod/worker', state: 'stale', tasks: 2, oldest: new Date('2026-11-20T09:00:00Z') },
      { name: 'prod/batch', state: 'fresh' },
    ]),
  );
  expect(await look({ ...KEY, service: 'api' })).toEqual([]);
});

test('a rule that has only a target of its owner’s own registers nothing that can be asked', async () => {
  await register(new Error('must not be asked'), { target: 'somebody-elses-function' });
  expect(await look()).toEqual([]);
});

test.each<[string, unknown, string]>([
  ['an error', new Error('no credentials'), 'its function failed: no credentials'],
  ['nothing', null, 'its function gave another answer than this release expects'],
  ['no services', { services: [] }, 'its function gave another answer than this release expects'],
  ['a text', 'fresh', 'its function gave another answer than this release expects'],
  ['another state', { services: [{ name: 'x', state: 'FRESH' }] }, 'its function did not say'],
  [
    'a stale service without a date',
    { services: [{ name: 'x', state: 'stale', tasks: 1 }] },
    'its function did not say',
  ],
  ['an empty service', { services: [null] }, 'its function did not say'],
])('%s is no answer', async (_, answer, why) => {
  await register(answer);
  expect(await look()).toEqual([expect.objectContaining({ state: 'unknown', why })]);
});

test('without a date nobody is asked, and nothing is known', async () => {
  await register(new Error('must not be asked'));
  const client = createKeyConsumers(
    new EventBridgeClient(clientConfig(aws, 'check')),
    new LambdaClient(clientConfig(aws, 'check')),
    'default',
  );
  expect(await client.look(KEY, undefined)).toEqual([
    { name: 'gateway', state: 'unknown', why: 'nobody remembers when the key changed' },
  ]);
});

test('a rule with a description of its own is called by its name', async () => {
  const name = await register(new Error('broken'), { description: false });
  expect(await look()).toMatchObject([{ name, state: 'unknown' }]);
});

test('no name of an environment passes for a function that restarts', () => {
  for (const role of ['check', 'admin', 'admin:orders'])
    for (const environment of ['prod-restart', 'prod-restart-5e0cbe3d', 'prod-restart-a-b'])
      expect(matches(restartNames('prod'), `anthropic-keys-${environment}-${role}`)).toBe(false);
  expect(matches(restartNames('prod'), restartName('prod', 'api-gateway', 'Gateway/Restart'))).toBe(true);
  expect(restartPrefix('prod', 'api')).not.toBe(restartPrefix('prod', 'api-gateway'));
});
