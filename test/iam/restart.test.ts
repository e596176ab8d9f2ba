import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Stack } from 'aws-cdk-lib/core';
import { restartOn } from '../../lambda/restart';
import { RestartOnRotation } from '../../lib';
import { encodeRestartEnv } from '../../lib/contract/restart';
import { HOUR } from '../../lib/domain/time';
import { clientConfig, openFakeAws } from '../../local/aws';
import type { Call } from '../../local/aws/call';
import { VirtualClock } from '../../local/clock';
import { Telemetry } from '../../local/telemetry';
import { appWithoutBundles, resourcesOf } from '../constructs/synthesis';
import { ROOT } from '../root';
import type { Request } from './condition';
import { asList } from './match';
import { evaluate, type Statement } from './policy';
import { ACCOUNT, REGION, resolver } from './resolve';

const HERE = `arn:aws:ecs:${REGION}:${ACCOUNT}:service/prod/gateway`;
const NEIGHBOUR = `arn:aws:ecs:${REGION}:${ACCOUNT}:service/prod/other`;
const THERE = 'arn:aws:ecs:us-east-1:444455556666:service/prod/gateway';
const ROLE = 'arn:aws:iam::444455556666:role/RestartGateway';
const SERVICES = [{ arn: HERE }, { arn: THERE, role: ROLE }];

/** The statements of the function's own role. */
function statementsOf(): readonly Statement[] {
  const stack = new Stack(appWithoutBundles(), 'Gateway', { env: { account: ACCOUNT, region: REGION } });
  const key = {
    environment: 'prod',
    service: 'api-gateway',
    eventBus: EventBus.fromEventBusName(stack, 'Bus', 'default'),
  };
  const servicesByArn = SERVICES.map(({ arn: serviceArn, role: roleArn }) => ({ serviceArn, roleArn }));
  new RestartOnRotation(stack, 'Restart', { key, servicesByArn });
  const resources = resourcesOf(Template.fromStack(stack));
  const resolve = resolver(resources);
  return Object.values(resources)
    .filter(({ Type }) => Type === 'AWS::IAM::Policy')
    .flatMap(({ Properties }) =>
      asList((resolve(Properties.PolicyDocument) as { Statement: Statement }).Statement),
    );
}

/** What IAM is asked for a call, in the words of the Service Authorization Reference. */
function requestOf({ service, operation, params }: Call): Request {
  const action = `${service}:${operation}`;
  if (operation === 'AssumeRole') return { action, resource: String(params.RoleArn), context: {} };
  const cluster = String(params.cluster);
  const named = String(params.service ?? (params.services as string[] | undefined)?.[0] ?? '');
  const arn = named.startsWith('arn:') ? named : `${cluster.replace(':cluster/', ':service/')}/${named}`;
  const resource = named ? arn : `${cluster.replace(':cluster/', ':task/')}/one`;
  return { action, resource, context: { 'ecs:cluster': cluster } };
}

/** Everything that the function asked AWS for while it looked and restarted: with its own role, and with that of the other account. */
async function record(): Promise<Readonly<Record<'own' | 'there', readonly Request[]>>> {
  const clock = new VirtualClock(new Date('2099-01-01T00:00:00Z'));
  const aws = openFakeAws({ clock });
  const caller = 'anthropic-keys-prod-restart-5e0cbe3d_0123abc';
  for (const { arn } of SERVICES) aws.ecs.create(arn, 2);
  aws.sts.trust(ROLE, caller);
  clock.advance(HOUR);
  const { signer: _, ...config } = clientConfig(aws, caller);
  const handler = restartOn({
    vars: encodeRestartEnv({
      environment: 'prod',
      service: 'api-gateway',
      services: JSON.stringify(SERVICES),
      marginSeconds: 60,
    }),
    clock,
    aws: config,
    log: new Telemetry(clock).log,
  });
  const at = clock.now().toISOString();
  await handler(
    { source: 'anthropic-key-rotation', detail: { environment: 'prod', service: 'api-gateway', at } },
    {},
  );
  await handler({ verb: 'look', since: at }, {});
  const calls = aws.calls.all();
  return {
    own: calls.filter((call) => call.caller === caller).map(requestOf),
    there: calls.filter((call) => call.caller !== caller).map(requestOf),
  };
}

/** Statements by which AWS acts in the name of the role. `Log`: Lambda writes the log. SendMessage: Lambda keeps what failed. */
const BY_AWS = new Set([
  'logs:CreateLogStream',
  'logs:PutLogEvents',
  'sqs:SendMessage',
  'sqs:GetQueueAttributes',
  'sqs:GetQueueUrl',
]);

test('the function that restarts may do what it does, and nothing besides', async () => {
  const statements = statementsOf();
  const { own: asked } = await record();
  expect(asked.filter((request) => !evaluate(statements, request).allowed)).toEqual([]);
  const used = new Set(asked.map(({ action }) => action));
  const allowed = statements.flatMap(({ Action }) => asList(Action!));
  expect(allowed.filter((action) => !BY_AWS.has(action)).sort()).toEqual([...used].sort());
});

test('the documented policy of a role in another account allows what is done there, and nothing besides', async () => {
  const document = readFileSync(join(ROOT, 'docs/restart-on-rotation.md'), 'utf8');
  const [trust, policy] = [...document.matchAll(/```json\n([\s\S]*?)```/g)].map(
    ([, json]) => JSON.parse(json!) as { readonly Statement: readonly Statement[] },
  );
  expect(trust?.Statement).toMatchObject([{ Action: 'sts:AssumeRole' }]);
  const statements = policy!.Statement;
  const { there } = await record();
  expect(there.filter((request) => !evaluate(statements, request).allowed)).toEqual([]);
  const used = new Set(there.map(({ action }) => action));
  expect(statements.flatMap(({ Action }) => asList(Action!)).sort()).toEqual([...used].sort());
});

test.each<[string, Request]>([
  ['another service', { action: 'ecs:UpdateService', resource: NEIGHBOUR, context: {} }],
  ['a service of another account', { action: 'ecs:UpdateService', resource: THERE, context: {} }],
  ['another role', { action: 'sts:AssumeRole', resource: `${ROLE}2`, context: {} }],
  [
    'tasks of another cluster',
    {
      action: 'ecs:ListTasks',
      resource: '*',
      context: { 'ecs:cluster': `arn:aws:ecs:${REGION}:${ACCOUNT}:cluster/other` },
    },
  ],
])('it may not touch %s', (_, request) => {
  expect(evaluate(statementsOf(), request).allowed).toBe(false);
});
