import { functionName, ORDERS_ALIAS } from '../../lib/contract/names';
import { restartPrefix } from '../../lib/contract/restart';
import { everything, smallest } from '../constructs/fleets';
import { resourcesOf, templateOf } from '../constructs/synthesis';
import type { Request } from './condition';
import { type DeployedPolicies, deployedPolicies } from './deployed';
import { asList } from './match';
import { evaluate, type Statement } from './policy';
import { invocationOf } from './requests';
import { ACCOUNT, KMS_KEY_ID, REGION } from './resolve';

const plain = deployedPolicies(resourcesOf(templateOf(smallest)));
const full = deployedPolicies(
  resourcesOf(templateOf(everything.replaceAll('123456789012', ACCOUNT), 'AnthropicKeys-prod')),
);

/** Encrypted with a KMS key that the deployment does not create. */
const yours = deployedPolicies(
  resourcesOf(
    templateOf(
      smallest.replace('keys:', `encryption: arn:aws:kms:${REGION}:${ACCOUNT}:key/${KMS_KEY_ID}\n    keys:`),
    ),
  ),
);

const secret = (name: string) => `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:${name}-AbCdEf`;
const functionArn = (role: Parameters<typeof functionName>[1]) =>
  `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${functionName('prod', role)}`;

const ordersArn = `${functionArn('admin')}:${ORDERS_ALIAS}`;

const ENVIRONMENT = 'aws:ResourceTag/anthropic-key:environment';

const asked = (
  action: string,
  context: Request['context'] = {},
  name = 'anthropic/prod/api-gateway',
): Request => ({
  action: `secretsmanager:${action}`,
  resource: secret(name),
  context: { [ENVIRONMENT]: 'prod', ...context },
});

const may = (who: string, request: Request, { of }: DeployedPolicies = plain) =>
  evaluate(of.get(who)!, request).allowed;

const FUNCTIONS = ['check', 'rotate', 'report'] as const;
const PEOPLE = ['reader', 'operator', 'responder'] as const;

describe('what nobody may', () => {
  const everybody = [...plain.of.keys()];

  test.each([
    'DeleteSecret',
    'PutResourcePolicy',
    'UpdateSecret',
    'CancelRotateSecret',
    'ReplicateSecretToRegions',
  ])('%s', (action) => {
    expect(everybody.filter((who) => may(who, asked(action)))).toEqual([]);
  });

  test.each([...FUNCTIONS, ...PEOPLE])(
    '%s may not change a policy tag, which decides what is within reach',
    (who) => {
      const policy = { 'aws:TagKeys': ['anthropic-key:environment'] };
      expect(may(who, asked('TagResource', policy))).toBe(false);
      expect(
        may(
          who,
          asked('TagResource', { 'aws:TagKeys': ['anthropic-key-state:checked', 'anthropic-key:owner'] }),
        ),
      ).toBe(false);
      expect(may(who, asked('UntagResource', {}))).toBe(false);
      for (const action of ['TagResource', 'UntagResource'])
        expect(may(who, asked(action, { 'aws:TagKeys': ['anthropic-key:consumers-2'] }))).toBe(false);
    },
  );

  test.each([...FUNCTIONS, ...PEOPLE])(
    '%s does not reach a secret of another environment, nor one that is not ours',
    (who) => {
      for (const action of [
        'DescribeSecret',
        'GetSecretValue',
        'PutSecretValue',
        'UpdateSecretVersionStage',
      ]) {
        expect(may(who, asked(action, { [ENVIRONMENT]: 'dev' }, 'anthropic/dev/api-gateway'))).toBe(false);
        expect(may(who, asked(action, { [ENVIRONMENT]: 'dev' }))).toBe(false);
        expect(may(who, asked(action, {}, 'database/master'))).toBe(false);
        expect(may(who, { ...asked(action), context: {} })).toBe(false);
      }
    },
  );

  test('no function but the rotation puts a value', () => {
    expect([...full.of.keys()].filter((who) => may(who, asked('PutSecretValue'), full)).sort()).toEqual([
      'operator',
      'responder',
      'rotate',
    ]);
  });
});

describe('what others could be deceived by', () => {
  test.each(FUNCTIONS)('%s puts events under our own name only', (who) => {
    const put = (source: string): Request => ({
      action: 'events:PutEvents',
      resource: `arn:aws:events:${REGION}:${ACCOUNT}:event-bus/default`,
      context: { 'events:source': source },
    });
    expect(may(who, put('anthropic-key-rotation'))).toBe(true);
    expect(may(who, put('com.acme.orders'))).toBe(false);
    expect(may(who, { ...put(''), context: {} })).toBe(false);
  });

  test.each<[string, DeployedPolicies]>([
    ['its own', full],
    ['one of yours', yours],
  ])('the schedules use the KMS key, %s, for the queue and for nothing else', (_, deployed) => {
    const use = (service: string, operation = 'GenerateDataKey'): Request => ({
      action: `kms:${operation}`,
      resource: `arn:aws:kms:${REGION}:${ACCOUNT}:key/${KMS_KEY_ID}`,
      context: {
        'kms:ViaService': `${service}.${REGION}.amazonaws.com`,
        'kms:ResourceAliases': ['alias/anthropic-keys-prod'],
      },
    });
    for (const operation of ['GenerateDataKey', 'Decrypt']) {
      expect(may('schedules', use('sqs', operation), deployed)).toBe(true);
      expect(may('schedules', use('secretsmanager', operation), deployed)).toBe(false);
    }
  });
});

describe('people', () => {
  test.each(PEOPLE)('no value is read by a %s', (who) => {
    for (const stage of ['AWSCURRENT', 'SUBMITTED'])
      for (const action of ['GetSecretValue', 'BatchGetSecretValue'])
        expect(may(who, asked(action, { 'secretsmanager:VersionStage': stage }), full)).toBe(false);
    expect(may(who, asked('GetSecretValue'), full)).toBe(false);
    expect(may(who, asked('DescribeSecret'), full)).toBe(true);
  });

  test('a rotation needs nothing but the policy of an operator', () => {
    expect(may('operator', asked('PutSecretValue'))).toBe(true);
    expect(may('operator', asked('RotateSecret'))).toBe(true);
    expect(may('operator', invocationOf(functionArn('rotate')))).toBe(true);
    for (const request of [
      asked('PutSecretValue'),
      asked('RotateSecret'),
      invocationOf(functionArn('check')),
    ])
      expect(may('reader', request)).toBe(false);
  });

  test('nobody may point the rotation of a secret at another function', () => {
    const elsewhere = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:mine`;
    for (const who of ['check', 'rotate', 'operator', 'responder']) {
      expect(
        may(who, asked('RotateSecret', { 'secretsmanager:RotationLambdaARN': functionArn('rotate') })),
      ).toBe(true);
      expect(may(who, asked('RotateSecret', { 'secretsmanager:RotationLambdaARN': elsewhere }))).toBe(false);
    }
  });

  describe('Admin access has two doors, and nobody has the key to both', () => {
    const mayInvoke = (arn: string, policies: DeployedPolicies) =>
      [...policies.of.keys()].filter((who) => may(who, invocationOf(arn), policies)).sort();

    test('only a responder gives orders', () => {
      expect(mayInvoke(ordersArn, full)).toEqual(['responder']);
    });

    test('only functions ask it by its own name', () => {
      expect(mayInvoke(functionArn('admin'), full)).toEqual(['check', 'report', 'rotate']);
      for (const qualifier of ['$LATEST', '1'])
        expect(mayInvoke(`${functionArn('admin')}:${qualifier}`, full)).toEqual([]);
    });

    test('nobody has a door where there is no Admin access', () => {
      expect([...mayInvoke(ordersArn, plain), ...mayInvoke(functionArn('admin'), plain)]).toEqual([]);
    });

    test('nobody can add a door or move one', () => {
      for (const action of ['CreateAlias', 'UpdateAlias', 'UpdateFunctionCode', 'AddPermission'])
        for (const resource of [ordersArn, functionArn('admin')]) {
          const request = { action: `lambda:${action}`, resource, context: {} };
          expect([...full.of.keys()].filter((who) => may(who, request, full))).toEqual([]);
        }
    });
  });
});

describe('who may invoke the functions', () => {
  const invokes = (
    role: Parameters<typeof functionName>[1],
    service: string,
    context: Request['context'],
  ) => {
    const statements = (full.invokersOf.get(functionName('prod', role)) ?? []).filter(
      ({ Principal }) => (Principal as { Service: string }).Service === service,
    );
    return evaluate(statements, { ...invocationOf(functionArn(role)), context }).allowed;
  };
  const ours = { 'aws:SourceAccount': ACCOUNT };

  test('Secrets Manager of this account invokes the rotation, and nobody else’s does', () => {
    expect(invokes('rotate', 'secretsmanager.amazonaws.com', ours)).toBe(true);
    expect(invokes('rotate', 'secretsmanager.amazonaws.com', { 'aws:SourceAccount': '999999999999' })).toBe(
      false,
    );
    expect(invokes('rotate', 'secretsmanager.amazonaws.com', {})).toBe(false);
  });

  test('rules about edits by hand invoke the check, and no other rule does', () => {
    const rule = (name: string) => `arn:aws:events:${REGION}:${ACCOUNT}:rule/${name}`;
    const from = (name: string) => ({ 'aws:SourceArn': rule(name) });
    expect(invokes('check', 'events.amazonaws.com', from('anthropic-keys-prod-edits'))).toBe(true);
    expect(invokes('check', 'events.amazonaws.com', from('somebody-elses'))).toBe(false);
    const theirs = { 'aws:SourceArn': rule('anthropic-keys-prod-edits').replace(ACCOUNT, '999999999999') };
    expect(invokes('check', 'events.amazonaws.com', theirs)).toBe(false);
  });

  test('no service invokes Admin access or the report', () => {
    expect([...full.invokersOf.keys()].sort()).toEqual([
      'anthropic-keys-prod-check',
      expect.stringContaining(restartPrefix('prod', 'api-gateway')),
      'anthropic-keys-prod-rotate',
    ]);
  });

  test('the rule of a RestartOnRotation invokes its function, and no other rule does', () => {
    const [name, statements] = [...full.invokersOf].find(([each]) =>
      each.startsWith(restartPrefix('prod', 'api-gateway')),
    )!;
    const invoked = invocationOf(`arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`);
    const from = (rule: string) => ({
      ...invoked,
      context: { 'aws:SourceArn': `arn:aws:events:${REGION}:${ACCOUNT}:rule/${rule}` },
    });
    expect(evaluate(statements, from(name)).allowed).toBe(true);
    expect(evaluate(statements, from('somebody-elses')).allowed).toBe(false);
  });
});

describe('resource policies', () => {
  const of = (type: string, { resourcePolicies }: DeployedPolicies) =>
    resourcePolicies.filter((policy) => policy.type === type).flatMap(({ statements }) => statements);

  test.each([
    ['AWS::SNS::TopicPolicy', 'sns:Publish', `arn:aws:sns:${REGION}:${ACCOUNT}:anthropic-keys-prod`],
    [
      'AWS::SQS::QueuePolicy',
      'sqs:SendMessage',
      `arn:aws:sqs:${REGION}:${ACCOUNT}:anthropic-keys-prod-undelivered`,
    ],
  ])('%s denies what comes without TLS', (type, action, resource) => {
    const generous: Statement = { Effect: 'Allow', Action: '*', Resource: '*' };
    const decide = (tls: string) =>
      evaluate([generous, ...of(type, full)], { action, resource, context: { 'aws:SecureTransport': tls } })
        .allowed;
    expect(decide('true')).toBe(true);
    expect(decide('false')).toBe(false);
  });

  describe('of a secret with listed readers', () => {
    const statements = of('AWS::SecretsManager::ResourcePolicy', full);
    /** Whether a role reads the secret, besides by what its own policies allow. */
    const reads = (role: string, context: Request['context'] = {}, own: readonly Statement[] = []) => {
      const principal = `arn:aws:iam::${ACCOUNT}:role/${role}`;
      const about = statements.filter(
        ({ Effect, Principal }) => Effect === 'Deny' || JSON.stringify(Principal).includes(principal),
      );
      const request = asked('GetSecretValue', { 'aws:PrincipalArn': principal, ...context });
      return evaluate([...about, ...own], request).allowed;
    };

    test('a listed reader reads the current version, and no other', () => {
      expect(reads('gateway')).toBe(true);
      expect(reads('gateway', { 'secretsmanager:VersionStage': 'AWSCURRENT' })).toBe(true);
      expect(reads('gateway', { 'secretsmanager:VersionStage': 'SUBMITTED' })).toBe(false);
      expect(reads('gateway', { 'secretsmanager:VersionId': 'x' })).toBe(false);
    });

    test('an administrator is denied, the functions keep what their roles say', () => {
      const all: Statement = { Effect: 'Allow', Action: 'secretsmanager:*', Resource: '*' };
      const may = (role: string) => reads(role, {}, [all]);
      expect(may('Administrator')).toBe(false);
      for (const role of ['prod-check', 'prod-rotate', 'prod-admin', 'dev-admin'])
        expect(may(`anthropic-keys-${role}-eu-central-1`)).toBe(true);
      expect(may('anthropic-keys-prod-report-eu-central-1')).toBe(false);
    });
  });
});

/** Actions that AWS gives no resource for, and the one service that acts before the resource has a name. */
const ON_EVERYTHING: Readonly<Record<string, string>> = {
  'secretsmanager:ListSecrets': 'has no resource; it returns no value',
  'events:ListRules': 'has no resource; it returns names, patterns and descriptions of rules',
  'ecs:ListTasks': 'of clusters that a condition names',
  'ecs:DescribeTasks': 'the same; tasks have ids that nobody knows before',
  'sts:GetWebIdentityToken': 'has no resource; the audience limits what the token is good for',
  'ec2:CreateNetworkInterface': 'made for a function in a VPC, before it has a name',
  'ec2:DeleteNetworkInterface': 'the same',
  'ec2:DescribeNetworkInterfaces': 'has no resource',
  'ec2:DescribeSubnets': 'has no resource',
  'ec2:AssignPrivateIpAddresses': 'the same as for making it',
  'ec2:UnassignPrivateIpAddresses': 'the same',
};

test('a statement on every resource is about actions with a reason for it', () => {
  const actions = [plain, full].flatMap(({ of }) =>
    [...of.values()]
      .flat()
      .flatMap(({ Resource, Action }) => (asList(Resource).includes('*') ? asList(Action!) : [])),
  );
  expect([...new Set(actions)].sort()).toEqual(Object.keys(ON_EVERYTHING).sort());
});
