import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib/core';
import { KeyRotation, keyPolicy, type ManagedKey } from '../../lib';
import { EVENT_SOURCE, functionName, ordersName } from '../../lib/contract/names';
import { restartName, restartPrefix } from '../../lib/contract/restart';
import { everything, smallest } from '../constructs/fleets';
import { appWithoutBundles, resourcesOf, templateOf } from '../constructs/synthesis';
import { ROOT } from '../root';
import type { Request } from './condition';
import { type DeployedPolicies, deployedPolicies } from './deployed';
import { asList } from './match';
import { evaluate, type Statement } from './policy';
import { invocationOf } from './requests';
import { ACCOUNT, REGION, resolver } from './resolve';

// docs/security.md says who may do what. Each row of its table is computed here from the synthesised policies, so the page cannot drift from them.

const page = readFileSync(join(ROOT, 'docs/security.md'), 'utf8');

/** With Admin access by federation, and without. */
const full = deployedPolicies(
  resourcesOf(templateOf(everything.replaceAll('123456789012', ACCOUNT), 'AnthropicKeys-prod')),
);
const plain = deployedPolicies(resourcesOf(templateOf(smallest)));

const arn = (service: string, rest: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${rest}`;

const onSecret = (action: string, context: Request['context'] = {}, environment = 'prod'): Request => ({
  action: `secretsmanager:${action}`,
  resource: arn('secretsmanager', `secret:anthropic/${environment}/api-gateway-AbCdEf`),
  context: { 'aws:ResourceTag/anthropic-key:environment': environment, ...context },
});

const on = (action: string, resource: string, context: Request['context'] = {}): Request => ({
  action,
  resource,
  context,
});

const invoke = (name: string) => invocationOf(arn('lambda', `function:${name}`));
const tagging = (key: string) => onSecret('TagResource', { 'aws:TagKeys': [key] });
const elsewhere = { 'secretsmanager:RotationLambdaARN': arn('lambda', 'function:somebody-elses') };
const evidence = arn('logs', 'log-group:/aws/events/anthropic-keys-prod/0a1b2c3d:log-stream:');
const topic = arn('sns', 'anthropic-keys-prod');

const restart = restartName('prod', 'api-gateway', 'Mine/Restart');

/** The rows of the page: what somebody may do, and every request that would be a way to do it. */
const ROWS: Readonly<Record<string, readonly Request[]>> = {
  'read the live value of a key': [
    onSecret('GetSecretValue'),
    onSecret('GetSecretValue', { 'secretsmanager:VersionStage': 'AWSCURRENT' }),
    onSecret('BatchGetSecretValue'),
  ],
  'read a value that waits, retires or was refused': [
    onSecret('GetSecretValue', { 'secretsmanager:VersionStage': 'SUBMITTED' }),
    onSecret('GetSecretValue', { 'secretsmanager:VersionId': '0a1b2c3d' }),
  ],
  'read the live value of a key of another environment': [onSecret('GetSecretValue', {}, 'dev')],
  'read another value of another environment': [
    onSecret('GetSecretValue', { 'secretsmanager:VersionStage': 'SUBMITTED' }, 'dev'),
  ],
  'put a value': [onSecret('PutSecretValue'), onSecret('UpdateSecret')],
  'move `AWSCURRENT` and other labels': [
    onSecret('UpdateSecretVersionStage', { 'secretsmanager:VersionStage': 'AWSCURRENT' }),
  ],
  'start a rotation': [onSecret('RotateSecret')],
  'point a rotation at another function': [onSecret('RotateSecret', elsewhere)],
  'turn rotation off, delete a secret, or change who may read it': [
    onSecret('CancelRotateSecret'),
    onSecret('DeleteSecret'),
    onSecret('PutResourcePolicy'),
    onSecret('DeleteResourcePolicy'),
  ],
  'write a policy tag': [tagging('anthropic-key:environment'), tagging('anthropic-key:deactivate')],
  'write a memory tag': [tagging('anthropic-key-state:checked')],
  'see names, tags and labels of all secrets in the account': [on('secretsmanager:ListSecrets', '*')],
  'invoke `check`': [invoke(functionName('prod', 'check'))],
  'invoke `rotate`': [invoke(functionName('prod', 'rotate'))],
  'invoke `report`': [invoke(functionName('prod', 'report'))],
  'ask `admin`, under its guards': [invoke(functionName('prod', 'admin'))],
  'give `admin` an order, which overrides guards': [invoke(ordersName('prod'))],
  'invoke the function of a `RestartOnRotation`': [invoke(restart)],
  'see the names of all EventBridge rules in the account': [on('events:ListRules', '*')],
  'make or change a rule': [
    on('events:PutRule', arn('events', `rule/${restart}`)),
    on('events:PutTargets', arn('events', `rule/${restart}`)),
    on('events:DeleteRule', arn('events', `rule/${restart}`)),
  ],
  'restart a service': [
    on('ecs:UpdateService', `arn:aws:ecs:${REGION}:${ACCOUNT}:service/prod/gateway`),
    on('ecs:StopTask', `arn:aws:ecs:${REGION}:${ACCOUNT}:task/prod/gateway`),
  ],
  'get a token for the Admin API': [
    on('sts:GetWebIdentityToken', '*', { 'sts:IdentityTokenAudience': ['https://api.anthropic.com'] }),
  ],
  'get a token for anything else': [
    on('sts:GetWebIdentityToken', '*', { 'sts:IdentityTokenAudience': ['https://example.com'] }),
    on('sts:GetWebIdentityToken', '*'),
  ],
  'publish to the topic': [on('sns:Publish', topic)],
  'subscribe to the topic, or end a subscription': [
    on('sns:Subscribe', topic),
    on('sns:Unsubscribe', topic),
    on('sns:SetSubscriptionAttributes', topic),
  ],
  'put events under our source': [
    on('events:PutEvents', arn('events', 'event-bus/security'), { 'events:source': EVENT_SOURCE }),
  ],
  'put events under another source': [
    on('events:PutEvents', arn('events', 'event-bus/security'), { 'events:source': 'com.acme.orders' }),
  ],
  'read the evidence log': [on('logs:FilterLogEvents', evidence)],
  'write or delete the evidence log': [
    on('logs:PutLogEvents', evidence),
    on('logs:DeleteLogGroup', evidence),
    on('logs:DeleteLogStream', evidence),
    on('logs:PutRetentionPolicy', evidence),
  ],
  'change code, variables or permissions of a function, or a schedule': [
    ...[
      'UpdateFunctionCode',
      'UpdateFunctionConfiguration',
      'AddPermission',
      'CreateAlias',
      'UpdateAlias',
    ].map((action) => on(`lambda:${action}`, arn('lambda', `function:${functionName('prod', 'admin')}`))),
    on('scheduler:UpdateSchedule', arn('scheduler', 'schedule/anthropic-keys-prod/api-gateway')),
    on('iam:PassRole', `arn:aws:iam::${ACCOUNT}:role/anthropic-keys-prod-admin-${REGION}`),
    on('iam:PutRolePolicy', `arn:aws:iam::${ACCOUNT}:role/anthropic-keys-prod-check-${REGION}`),
  ],
};

/** Everybody who may do at least one of these. */
const holders = ({ of }: DeployedPolicies, requests: readonly Request[]) =>
  [...of]
    .filter(([, statements]) => requests.some((request) => evaluate(statements, request).allowed))
    .map(([who]) => who)
    .sort();

/** The rows of the page's table of rights: what, then everybody who may. */
const told = new Map(
  [...(page.split('\n## Who may do what\n')[1]?.split('\n## ')[0] ?? '').matchAll(/^\| (.+?) \| (.+?) \|$/gm)]
    .filter(([, what]) => !/^(What$|-)/.test(what!))
    .map(([, what, who]) => [what!, who!]),
);

const written = (names: readonly string[]) => (names.length === 0 ? 'nobody' : names.join(', '));

test('the page has the rows that are computed here, and no other', () => {
  expect([...told.keys()]).toEqual(Object.keys(ROWS));
});

test.each(Object.entries(ROWS))('who may %s', (what, requests) => {
  expect(told.get(what)).toBe(written(holders(full, requests)));
});

test('without Admin access nobody may more, and what is about `admin` falls away', () => {
  for (const [what, requests] of Object.entries(ROWS)) {
    const withAccess = holders(full, requests);
    expect([what, holders(plain, requests).filter((who) => !withAccess.includes(who))]).toEqual([what, []]);
  }
  for (const what of ['ask `admin`, under its guards', 'give `admin` an order, which overrides guards'])
    expect(holders(plain, ROWS[what]!)).toEqual([]);
});

describe('what AWS itself may', () => {
  test('only a rule and Secrets Manager invoke, and neither the report nor Admin access', () => {
    const services = [...full.invokersOf].map(([name, statements]) => [
      name.replace(restartPrefix('prod', 'api-gateway'), 'restart_'),
      statements.map(({ Principal }) => (Principal as { Service: string }).Service),
    ]);
    expect(services.sort()).toEqual([
      ['anthropic-keys-prod-check', ['events.amazonaws.com']],
      ['anthropic-keys-prod-rotate', ['secretsmanager.amazonaws.com']],
      [expect.stringMatching(/^restart_/), ['events.amazonaws.com']],
    ]);
  });

  test('the policy of the topic lets only the alarms of this account publish', () => {
    const statements = full.resourcePolicies
      .filter(({ type }) => type === 'AWS::SNS::TopicPolicy')
      .flatMap((policy) => policy.statements);
    const allowing = statements.filter(({ Effect }) => Effect === 'Allow');
    expect(allowing.map(({ Principal, Condition }) => [Principal, Condition])).toEqual([
      [{ Service: 'cloudwatch.amazonaws.com' }, { StringEquals: { 'aws:SourceAccount': ACCOUNT } }],
    ]);
  });
});

describe('what a grant opens', () => {
  /** What somebody may whom `grant` was given for one of two keys. */
  const granted = (grant: (key: ManagedKey, to: Role) => void) => {
    const stack = new Stack(appWithoutBundles(), 'Mine', { env: { account: ACCOUNT, region: REGION } });
    const role = new Role(stack, 'Application', {
      assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com'),
    });
    const rotation = new KeyRotation(stack, 'Keys', {
      environment: 'prod',
      alerts: ['platform@acme.io'],
      home: {},
      keys: ['api-gateway', 'other'].map((service) => ({
        service,
        owner: 'team@acme.io',
        policy: keyPolicy({}),
      })),
    });
    grant(rotation.key('api-gateway'), role);
    const resources = resourcesOf(Template.fromStack(stack));
    const resolve = resolver(resources);
    const statements = Object.values(resources)
      .filter(
        ({ Type, Properties }) =>
          Type === 'AWS::IAM::Policy' && JSON.stringify(Properties.Roles).includes('Application'),
      )
      .flatMap(({ Properties }) =>
        asList((resolve(Properties.PolicyDocument) as { Statement: Statement[] }).Statement),
      );
    return (request: Request) => evaluate(statements, request).allowed;
  };

  const other = (action: string) => ({
    ...onSecret(action),
    resource: arn('secretsmanager', 'secret:anthropic/prod/other-AbCdEf'),
  });
  const CURRENT = [
    onSecret('GetSecretValue'),
    onSecret('GetSecretValue', { 'secretsmanager:VersionStage': 'AWSCURRENT' }),
  ];
  const ANY = [
    onSecret('GetSecretValue', { 'secretsmanager:VersionStage': 'SUBMITTED' }),
    onSecret('GetSecretValue', { 'secretsmanager:VersionId': '0a1b2c3d' }),
  ];
  const SUBMIT = [
    onSecret('PutSecretValue', { 'secretsmanager:VersionStage': 'SUBMITTED' }),
    onSecret('RotateSecret'),
    // Secrets Manager starts no rotation for somebody who may not invoke its function.
    invoke(functionName('prod', 'rotate')),
  ];
  const NEVER = [
    ...['GetSecretValue', 'PutSecretValue', 'RotateSecret'].map(other),
    ...['UpdateSecret', 'UpdateSecretVersionStage', 'CancelRotateSecret', 'DeleteSecret'].map((action) =>
      onSecret(action),
    ),
    onSecret('RotateSecret', elsewhere),
    tagging('anthropic-key-state:checked'),
    tagging('anthropic-key:owner'),
    invoke(functionName('prod', 'check')),
    invoke(functionName('prod', 'report')),
  ];

  test.each<[string, (key: ManagedKey, to: Role) => void, readonly Request[]]>([
    ['grantRead', (key, to) => key.grantRead(to), CURRENT],
    ['secret.grantRead', (key, to) => key.secret.grantRead(to), CURRENT],
    ['grantReadAnyVersion', (key, to) => key.grantReadAnyVersion(to), [...CURRENT, ...ANY]],
    ['grantSubmit', (key, to) => key.grantSubmit(to), SUBMIT],
  ])('%s opens what the page says of one key, and nothing else', (_, grant, opened) => {
    const may = granted(grant);
    const all = [...CURRENT, ...ANY, ...SUBMIT, ...NEVER];
    expect(all.filter(may)).toEqual(opened);
  });

  test('grantSubmit cannot keep a version from going live at once', () => {
    const may = granted((key, to) => key.grantSubmit(to));
    expect(may(onSecret('PutSecretValue', { 'secretsmanager:VersionStage': 'AWSCURRENT' }))).toBe(true);
    expect(may(onSecret('PutSecretValue'))).toBe(true);
  });
});

test('every test and page that the page names is there', () => {
  const named = [...page.matchAll(/`(test\/[\w/.*-]+)`/g)].map(([, file]) => file!);
  expect(named.length).toBeGreaterThan(5);
  const missing = named.filter((file) => {
    try {
      return readFileSync(join(ROOT, file)).length === 0;
    } catch {
      return true;
    }
  });
  expect(missing).toEqual([]);
});
