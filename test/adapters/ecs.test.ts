import { openEcsService } from '../../lib/adapters/ecs';
import { HOUR, MINUTE } from '../../lib/domain/time';
import { clientConfig, type FakeAws, openFakeAws } from '../../local/aws';
import { VirtualClock } from '../../local/clock';

const START = new Date('2026-11-21T09:00:00Z');
const ARN = 'arn:aws:ecs:eu-central-1:111122223333:service/prod/gateway';
const ELSEWHERE = 'arn:aws:ecs:us-east-1:444455556666:service/prod/gateway';
const ROLE = 'arn:aws:iam::444455556666:role/restarts/RestartGateway';
const CALLER = 'anthropic-keys-prod-restart-5e0cbe3d_0123abc';

let clock: VirtualClock;
let aws: FakeAws;
beforeEach(() => {
  clock = new VirtualClock(START);
  aws = openFakeAws({ clock });
});

function open(arn = ARN, role?: string) {
  // Signed with the credentials themselves, so that those of an assumed role are seen.
  const { signer: _, ...config } = clientConfig(aws, CALLER);
  return openEcsService({ arn, role }, config, 'anthropic-keys-prod-restart');
}

test('a service is called by its cluster and name, and described with its latest deployment', async () => {
  const service = open();
  aws.ecs.create(ARN, 2);
  expect(service.name).toBe('prod/gateway');
  expect(await service.describe()).toEqual({
    controller: 'ECS',
    draining: false,
    deleted: false,
    primary: { createdAt: START, failed: false },
  });
});

test('a task counts from its creation, before it has read its secrets and long before it is started', async () => {
  aws.ecs.create(ARN, 1);
  clock.advance(6_000);
  const [task] = await open().tasks();
  expect(task).toEqual({ createdAt: new Date('2026-11-21T09:00:05Z') });
  clock.advance(MINUTE);
  expect(await open().tasks()).toEqual([task]);
});

test('all of 250 tasks are read, a hundred at a time', async () => {
  aws.ecs.create(ARN, 250);
  clock.advance(MINUTE);
  expect(await open().tasks()).toHaveLength(250);
  const calls = aws.calls.all().map(({ operation }) => operation);
  expect(calls.filter((operation) => operation === 'ListTasks')).toHaveLength(4);
  expect(calls.filter((operation) => operation === 'DescribeTasks')).toHaveLength(3);
});

test('a task that was told to stop counts until it has stopped', async () => {
  aws.ecs.create(ARN, 3);
  clock.advance(HOUR);
  await open().redeploy();
  clock.advance(70_000);
  expect(await open().tasks()).toHaveLength(6);
  clock.advance(MINUTE);
  expect((await open().tasks()).map(({ createdAt }) => createdAt)).toEqual(
    Array.from({ length: 3 }, () => new Date('2026-11-21T10:00:05Z')),
  );
});

test('a task that stops between the two calls is no fault', async () => {
  const service = aws.ecs.create(ARN, 2);
  clock.advance(MINUTE);
  aws.faults.on(
    { service: 'ecs', operation: 'DescribeTasks' },
    { kind: 'meanwhile', when: 'before-effect', run: async () => service.remove() },
  );
  expect(await open().tasks()).toEqual([]);
});

test('a service that was never there is none, and one that was deleted is told as such', async () => {
  const service = aws.ecs.create(`${ARN}-other`, 1);
  expect(await open().describe()).toBeUndefined();
  service.remove();
  aws.ecs.create(ARN, 1).remove();
  expect(await open().describe()).toMatchObject({ deleted: true });
});

test('a task that is missing in the answer, and in its failures, is a fault: it may run with anything', async () => {
  aws.ecs.create(ARN, 3);
  clock.advance(MINUTE);
  const exchange: typeof aws.exchange = async (request) => {
    const answer = await aws.exchange!(request);
    if (answer === 'hang-up' || !String(request.headers['x-amz-target']).endsWith('.DescribeTasks'))
      return answer;
    const { tasks, ...rest } = JSON.parse(String(answer.body));
    return { ...answer, body: JSON.stringify({ ...rest, tasks: tasks.slice(1) }) };
  };
  const service = openEcsService({ arn: ARN }, clientConfig({ ...aws, exchange }, CALLER), 'session');
  await expect(service.tasks()).rejects.toThrow(
    'DescribeTasks of ECS service prod/gateway: 2 of 3 tasks described',
  );
});

test('a cluster that is not there is a fault, not a service that is gone: perhaps its name is wrong', async () => {
  await expect(open().describe()).rejects.toThrow(
    'DescribeServices of ECS service prod/gateway: ClusterNotFoundException: Cluster not found.',
  );
});

test('a service of another account is not taken for one that is gone', async () => {
  aws.ecs.create(ARN, 1);
  await expect(open(ELSEWHERE).describe()).rejects.toThrow(
    'Identifier is for 444455556666. Your accountId is 111122223333',
  );
});

test('a service of another account is reached with its role, which is assumed once', async () => {
  // The SDK looks at the machine's clock for whether credentials have expired.
  clock.set(new Date('2099-01-01T00:00:00Z'));
  aws.sts.trust(ROLE, CALLER);
  const there = aws.ecs.create(ELSEWHERE, 2);
  clock.advance(MINUTE);
  const service = open(ELSEWHERE, ROLE);
  expect(await service.tasks()).toHaveLength(2);
  await service.redeploy();
  expect(there.deployments).toBe(2);
  expect(aws.calls.all().filter(({ operation }) => operation === 'AssumeRole')).toMatchObject([
    { caller: CALLER, params: { RoleArn: ROLE, RoleSessionName: 'anthropic-keys-prod-restart' } },
  ]);
});

test('a role that does not trust the function is named', async () => {
  aws.ecs.create(ELSEWHERE, 1);
  await expect(open(ELSEWHERE, ROLE).describe()).rejects.toThrow(`AssumeRole ${ROLE}: AccessDenied`);
});

test('a text that is no ARN of a service is refused, with the form of one', () => {
  expect(() => open('prod/gateway')).toThrow(
    'A service to restart is "prod/gateway": expected the ARN of an ECS service with its cluster',
  );
});
