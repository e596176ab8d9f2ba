import { Annotations, Template } from 'aws-cdk-lib/assertions';
import { ContainerImage, FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { ArnPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { type App, Stack } from 'aws-cdk-lib/core';
import { type IManagedKey, KeyRotation, type KeyRotationProps, ManagedKey } from '../../lib';
import { evaluate, type Statement } from '../iam/policy';
import { ACCOUNT, KMS_KEY_ID, REGION } from '../iam/resolve';
import { containerSecrets, statementsOf } from './statements';
import { appWithoutBundles } from './synthesis';

const SECRET = `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:anthropic/prod/gateway-AbCdEf`;
const env = { account: ACCOUNT, region: REGION };

const environment = (app: App, props: Partial<KeyRotationProps> = {}) => {
  const stack = new Stack(app, 'Keys', { env });
  const rotation = new KeyRotation(stack, 'AnthropicKeys', {
    environment: 'prod',
    alerts: ['platform@acme.io'],
    home: {},
    keys: [{ service: 'gateway', owner: 'gateway@acme.io' }],
    encryption: 'customer-managed',
    ...props,
  });
  return { stack, key: rotation.key('gateway') };
};

interface Reader {
  readonly key: IManagedKey;
  /** Where the application is. */
  readonly stack: Stack;
  readonly producers: readonly Stack[];
}

/** An application in the stack of the key, in another stack of the app, and in another app. */
const READERS: Readonly<Record<string, (props?: Partial<KeyRotationProps>) => Reader>> = {
  'in the same stack': (props) => ({ ...environment(appWithoutBundles(), props), producers: [] }),
  'in another stack': (props) => {
    const app = appWithoutBundles();
    const { stack, key } = environment(app, props);
    return { key, stack: new Stack(app, 'Reader', { env }), producers: [stack] };
  },
  'in another app': () => {
    const stack = new Stack(appWithoutBundles(), 'Reader', { env });
    const key = ManagedKey.fromService(stack, 'Key', { environment: 'prod', service: 'gateway' });
    return { key, stack, producers: [] };
  },
};

const everywhere = Object.entries(READERS);

const roleIn = (stack: Stack) =>
  new Role(stack, 'Application', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });

/** What a role may do after a grant. */
function granted(
  { key, stack, producers }: Reader,
  grant: 'grantRead' | 'grantReadAnyVersion' | 'grantSubmit',
): readonly Statement[] {
  key[grant](roleIn(stack)).assertSuccess();
  return statementsOf(stack, 'Application', ...producers);
}

const on = (action: string, context: Record<string, string> = {}, resource = SECRET) => ({
  action,
  resource,
  context,
});
const VERSION = { 'secretsmanager:VersionId': '5e0cbe3d-0000-4000-8000-000000000000' };
const at = (label: string) => ({ 'secretsmanager:VersionStage': label });
const using = (operation: string, via = 'secretsmanager', alias = 'alias/anthropic-keys-prod') => ({
  action: `kms:${operation}`,
  resource: `arn:aws:kms:${REGION}:${ACCOUNT}:key/${KMS_KEY_ID}`,
  context: { 'kms:ViaService': `${via}.${REGION}.amazonaws.com`, 'kms:ResourceAliases': [alias] },
});
const READ = 'secretsmanager:GetSecretValue';
const OTHER = SECRET.replace('gateway', 'gateway-2');
const ROTATE = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:anthropic-keys-prod-rotate`;

const REQUESTS = {
  'the live key, without a label': on(READ),
  'the live key, by AWSCURRENT': on(READ, at('AWSCURRENT')),
  'the live key, by its version id': on(READ, VERSION),
  'a submitted key': on(READ, at('SUBMITTED')),
  'the key before': on(READ, at('AWSPREVIOUS')),
  'the key of another service': on(READ, {}, OTHER),
  'the description': on('secretsmanager:DescribeSecret'),
  'the list of versions': on('secretsmanager:ListSecretVersionIds'),
  'decrypting through Secrets Manager': using('Decrypt'),
  'decrypting through another service': using('Decrypt', 'sqs'),
  'encrypting through Secrets Manager': using('GenerateDataKey'),
  'a new version': on('secretsmanager:PutSecretValue'),
  'a new version of another service': on('secretsmanager:PutSecretValue', {}, OTHER),
  'starting the rotation': on('secretsmanager:RotateSecret'),
  'starting another rotation': on('secretsmanager:RotateSecret', {
    'secretsmanager:RotationLambdaARN': ROTATE.replace('rotate', 'mine'),
  }),
  'invoking the rotation': on('lambda:InvokeFunction', {}, ROTATE),
  'moving a label': on('secretsmanager:UpdateSecretVersionStage', at('AWSCURRENT')),
  'updating the secret': on('secretsmanager:UpdateSecret'),
  'deleting the secret': on('secretsmanager:DeleteSecret'),
  'tagging the secret': on('secretsmanager:TagResource'),
} as const;

type Asked = keyof typeof REQUESTS;

const LIVE: readonly Asked[] = [
  'the live key, without a label',
  'the live key, by AWSCURRENT',
  'the description',
  'decrypting through Secrets Manager',
];

const OPENED = {
  grantRead: LIVE,
  grantReadAnyVersion: [
    ...LIVE,
    'the live key, by its version id',
    'a submitted key',
    'the key before',
    'the list of versions',
  ],
  grantSubmit: [
    'the description',
    'decrypting through Secrets Manager',
    'encrypting through Secrets Manager',
    'a new version',
    'starting the rotation',
    'invoking the rotation',
  ],
} as const satisfies Record<string, readonly Asked[]>;

describe.each(everywhere)('an application %s', (_, reader) => {
  test.each(Object.entries(OPENED))('with %s may do exactly what the table says', (grant, opened) => {
    const statements = granted(reader(), grant as keyof typeof OPENED);
    const allowed = Object.entries(REQUESTS).filter(([, request]) => evaluate(statements, request).allowed);
    expect(allowed.map(([asked]) => asked).sort()).toEqual([...opened].sort());
  });

  test('as a Fargate task gets the live key by its field, and its execution role no more than that', () => {
    const { key, stack, producers } = reader();
    const task = new FargateTaskDefinition(stack, 'Task');
    task.addContainer('app', {
      image: ContainerImage.fromRegistry('acme/gateway'),
      secrets: { ANTHROPIC_API_KEY: key.ecsSecret() },
    });
    const arn = reader === READERS['in another app'] ? SECRET.slice(0, -7) : SECRET;
    expect(containerSecrets(stack, ...producers)).toEqual([
      { Name: 'ANTHROPIC_API_KEY', ValueFrom: `${arn}:ANTHROPIC_API_KEY::` },
    ]);
    const statements = statementsOf(stack, 'TaskExecutionRole', ...producers);
    const allowed = Object.entries(REQUESTS).filter(([, request]) => evaluate(statements, request).allowed);
    expect(allowed.map(([asked]) => asked).sort()).toEqual([...LIVE].sort());
  });

  test('with the grantRead of the secret, as constructs of the CDK call it, may read no other version either', () => {
    const { key, stack, producers } = reader();
    const application = roleIn(stack);
    key.secret.grantRead(application);
    key.secret.grantRead(application, ['AWSCURRENT']);
    const statements = statementsOf(stack, 'Application', ...producers);
    const allowed = Object.entries(REQUESTS).filter(([, request]) => evaluate(statements, request).allowed);
    expect(allowed.map(([asked]) => asked).sort()).toEqual([...LIVE].sort());
  });
});

const ANYBODY = new ArnPrincipal(`arn:aws:iam::${ACCOUNT}:role/anybody`);

test.each<[member: string, use: (key: IManagedKey) => unknown, says: RegExp]>([
  ['grantWrite', ({ secret }) => secret.grantWrite(ANYBODY), /Use grantSubmit/],
  ['secretValue', ({ secret }) => secret.secretValue, /dead once the key is rotated/],
  ['secretValueFromJson', ({ secret }) => secret.secretValueFromJson('ANTHROPIC_API_KEY'), /at run time/],
  ['cfnDynamicReferenceKey', ({ secret }) => secret.cfnDynamicReferenceKey(), /at run time/],
  ['addRotationSchedule', ({ secret }) => secret.addRotationSchedule('R', {}), /rotates it already/],
  ['attach', ({ secret }) => secret.attach(undefined as never), /overwrite the live key/],
  [
    'grantRead',
    ({ secret }) => secret.grantRead(ANYBODY, ['AWSPREVIOUS']),
    /AWSCURRENT alone, not for AWSPREVIOUS: use grantReadAnyVersion/,
  ],
])('of the secret, %s is refused where it would bypass the rules', (member, use, says) => {
  for (const [, reader] of everywhere) {
    const { key } = reader();
    expect(() => use(key)).toThrow(new RegExp(`${key.node.path}: secret.${member} is `));
    expect(() => use(key)).toThrow(says);
  }
});

test('a secret that AWS encrypts takes no grant of a KMS key', () => {
  const { key, stack } = environment(appWithoutBundles(), { encryption: undefined });
  key.grantReadAnyVersion(roleIn(stack)).assertSuccess();
  expect(JSON.stringify(statementsOf(stack, 'Application'))).not.toContain('kms:');
});

test('caching clients read old versions under a former KMS key, and others do not', () => {
  const former = `arn:aws:kms:${REGION}:${ACCOUNT}:key/11111111-1111-1111-1111-111111111111`;
  for (const [grant, readsOld] of [
    ['grantRead', false],
    ['grantReadAnyVersion', true],
  ] as const) {
    const statements = granted(READERS['in the same stack']!({ formerEncryption: [former] }), grant);
    const request = { ...using('Decrypt'), resource: former };
    expect([grant, evaluate(statements, request).allowed]).toEqual([grant, readsOld]);
  }
});

test('a key in a further stack is decrypted by the alias of the environment, and by no other alias', () => {
  const stack = new Stack(appWithoutBundles(), 'Reader', { env });
  const key = ManagedKey.fromService(stack, 'Key', { environment: 'prod', service: 'gateway' });
  const statements = granted({ key, stack, producers: [] }, 'grantRead');
  expect(evaluate(statements, using('Decrypt')).allowed).toBe(true);
  expect(evaluate(statements, using('Decrypt', 'secretsmanager', 'alias/mine')).allowed).toBe(false);
});

test('with a KMS key of yours, a reader of another app may decrypt with that one alone', () => {
  const stack = new Stack(appWithoutBundles(), 'Reader', { env });
  const encryptionKey = Key.fromKeyArn(stack, 'Yours', using('Decrypt').resource);
  const key = ManagedKey.fromService(stack, 'Key', {
    environment: 'prod',
    service: 'gateway',
    encryptionKey,
  });
  const statements = granted({ key, stack, producers: [] }, 'grantRead');
  expect(evaluate(statements, using('Decrypt')).allowed).toBe(true);
  const other = { ...using('Decrypt'), resource: `arn:aws:kms:${REGION}:${ACCOUNT}:key/other` };
  expect(evaluate(statements, other).allowed).toBe(false);
});

test('an adopted secret with a KMS key of its own is decrypted with that one, by its readers and by the functions', () => {
  const own = `arn:aws:kms:${REGION}:${ACCOUNT}:key/22222222-2222-2222-2222-222222222222`;
  const app = appWithoutBundles();
  const imports = new Stack(app, 'Imports', { env });
  const existing = Secret.fromSecretAttributes(imports, 'Adopted', {
    secretCompleteArn: `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:legacy/claude-AbCdEf`,
    encryptionKey: Key.fromKeyArn(imports, 'Own', own),
  });
  const { stack, key } = environment(app, {
    encryption: undefined,
    keys: [{ service: 'gateway', owner: 'gateway@acme.io', existing }],
  });
  const may = (role: string, operation: string) =>
    evaluate(statementsOf(stack, role), { ...using(operation), resource: own }).allowed;
  const application = granted({ key, stack, producers: [] }, 'grantRead');
  expect(evaluate(application, { ...using('Decrypt'), resource: own }).allowed).toBe(true);
  const functions = ['Check', 'Rotate', 'Report'].map((name) => `AnthropicKeysFunctions${name}`);
  expect(functions.map((role) => [may(role, 'Decrypt'), may(role, 'GenerateDataKey')])).toEqual([
    [true, false],
    [true, true],
    [false, false],
  ]);
});

test('an adopted secret is given to a container as a whole, unless a field is named', () => {
  const existing = `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:legacy/claude-AbCdEf`;
  const { stack, key } = environment(appWithoutBundles(), {
    keys: [{ service: 'gateway', owner: 'gateway@acme.io', existing }],
  });
  const adopted = ManagedKey.fromService(stack, 'Same', {
    environment: 'prod',
    service: 'gateway',
    secretArn: existing,
  });
  for (const each of [key, adopted]) {
    expect(each.secretName).toBe('legacy/claude');
    expect([each.ecsSecret().arn, each.ecsSecret('KEY').arn]).toEqual([existing, `${existing}:KEY::`]);
  }
});

test('nothing that a key gives needs a warning', () => {
  const { key, stack } = READERS['in the same stack']!();
  granted({ key, stack, producers: [] }, 'grantRead');
  expect(Annotations.fromStack(stack).findWarning('*', '.*')).toEqual([]);
  Template.fromStack(stack).resourceCountIs('AWS::SecretsManager::ResourcePolicy', 0);
});
