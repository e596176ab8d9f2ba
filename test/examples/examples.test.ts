import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { loadFleet } from '../../lib/config/load';
import { resourcesOf } from '../constructs/synthesis';
import { ROOT } from '../root';
import { APPS, statementsOf, synthesiseExamples } from './synthesised';

const all = synthesiseExamples();
const templatesOf = (app: string) => all.get(app)!.templates;
/** The template of an app with one stack. */
function templateOf(app: string): Template {
  const [template, ...others] = Object.values(templatesOf(app));
  expect(others).toEqual([]);
  return template!;
}
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const typesIn = (template: Template) => new Set(Object.values(resourcesOf(template)).map(({ Type }) => Type));

/** How a reader may read: the live version, and none by its id. */
const LIVE_ONLY = {
  Action: 'secretsmanager:GetSecretValue',
  Effect: 'Allow',
  Condition: {
    StringEqualsIfExists: { 'secretsmanager:VersionStage': 'AWSCURRENT' },
    Null: { 'secretsmanager:VersionId': 'true' },
  },
};

describe('minimal', () => {
  const template = templateOf('minimal/app.ts');

  test('keeps one key, and says so to its owner and to the platform', () => {
    expect(Object.keys(templatesOf('minimal/app.ts'))).toEqual(['AnthropicKeys-dev']);
    template.hasResourceProperties('AWS::SecretsManager::Secret', { Name: 'anthropic/dev/playground' });
    template.resourceCountIs('AWS::SecretsManager::RotationSchedule', 1);
    const mailboxes = Object.values(template.findResources('AWS::SNS::Subscription'));
    expect(mailboxes.map(({ Properties }) => Properties.Endpoint).sort()).toEqual([
      'platform@acme.io',
      'research@acme.io',
    ]);
  });

  test('makes nothing that costs by the hour, and no function with Admin access', () => {
    template.resourceCountIs('AWS::Lambda::Function', 3);
    for (const type of ['AWS::KMS::Key', 'AWS::EC2::VPC', 'AWS::ECS::Service'])
      expect(typesIn(template)).not.toContain(type);
  });

  test('is the same as an ES module', () => {
    expect(templateOf('esm/app.mjs').toJSON()).toEqual(template.toJSON());
  });
});

test('javascript: a function may read the live key of its own environment, and knows where it is', () => {
  const template = templateOf('javascript/app.js');
  template.hasResourceProperties('AWS::SecretsManager::Secret', {
    Tags: Match.arrayWith([{ Key: 'anthropic-key:max-age-days', Value: '60' }]),
  });
  const [secret] = Object.keys(template.findResources('AWS::SecretsManager::Secret'));
  template.hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: { ANTHROPIC_SECRET_ARN: { Ref: secret } } },
  });
  expect(statementsOf(template, 'FunctionServiceRole')).toContainEqual({
    ...LIVE_ONLY,
    Resource: { Ref: secret },
  });
});

describe('ecs-service', () => {
  const template = templateOf('ecs-service/app.ts');
  const [[service] = []] = Object.entries(template.findResources('AWS::ECS::Service'));

  test('has a service whose name CloudFormation gives, and nothing of the environment', () => {
    expect(template.findResources('AWS::ECS::Service')[service!]!.Properties).not.toHaveProperty(
      'ServiceName',
    );
    const [cluster] = Object.values(template.findResources('AWS::ECS::Cluster'));
    expect(cluster!.Properties).not.toHaveProperty('ClusterName');
    for (const type of ['AWS::SecretsManager::Secret', 'AWS::SecretsManager::RotationSchedule'])
      expect(typesIn(template)).not.toContain(type);
  });

  test('its container gets the key by the execution role, which reads the live one alone', () => {
    template.hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [
        Match.objectLike({
          Secrets: [
            {
              Name: 'ANTHROPIC_API_KEY',
              ValueFrom: {
                'Fn::Join': ['', Match.arrayWith([':secret:anthropic/prod/gateway:ANTHROPIC_API_KEY::'])],
              },
            },
          ],
        }),
      ],
    });
    const reads = statementsOf(template, 'TaskExecutionRole').filter(({ Action }) =>
      String(Action).includes('GetSecretValue'),
    );
    expect(reads).toEqual([{ ...LIVE_ONLY, Resource: expect.anything() }]);
  });

  test('a change of the key restarts it, and only it', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        'detail-type': ['Key Promoted', 'Key Rolled Back'],
        detail: { environment: ['prod'], service: ['gateway'] },
      },
      Targets: [
        Match.objectLike({ Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^RestartFunction'), 'Arn'] } }),
      ],
    });
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: { RESTART_SERVICES: { 'Fn::Join': ['', ['[{"arn":"', { Ref: service }, '"}]']] } },
      },
    });
    const updates = statementsOf(template, 'RestartRole').filter(({ Action }) =>
      JSON.stringify(Action).includes('UpdateService'),
    );
    expect(updates.map(({ Resource }) => Resource)).toEqual([{ Ref: service }]);
  });
});

describe('admin-access', () => {
  const template = templateOf('admin-access/app.ts');
  const ROLE = 'anthropic-keys-prod-admin-eu-central-1';

  test('stores no Admin key: its role asks AWS for tokens for Anthropic, and for nobody else', () => {
    template.hasResourceProperties('AWS::IAM::Role', { RoleName: ROLE });
    const statements = statementsOf(template, 'KeyRotationFunctions');
    const tokens = statements.filter(({ Action }) => Action === 'sts:GetWebIdentityToken');
    expect(tokens.map(({ Condition }) => Condition)).toEqual([
      {
        'ForAllValues:StringEquals': { 'sts:IdentityTokenAudience': ['https://api.anthropic.com'] },
        Null: { 'sts:IdentityTokenAudience': 'false' },
      },
    ]);
    template.resourceCountIs('AWS::SecretsManager::Secret', 1);
  });

  test('lets a machine switch old keys off', () => {
    template.hasResourceProperties('AWS::SecretsManager::Secret', {
      Tags: Match.arrayWith([{ Key: 'anthropic-key:deactivate', Value: 'automatic' }]),
    });
  });

  test('prints the role that the rule in the Claude Console names', () => {
    const [role] = Object.keys(template.findResources('AWS::IAM::Role', { Properties: { RoleName: ROLE } }));
    template.hasOutput('AdminRoleArn', { Value: { 'Fn::GetAtt': [role, 'Arn'] } });
  });
});

test('channels: mailboxes, Slack and PagerDuty hear by the topic and the bus of one environment', () => {
  const template = templateOf('channels/app.ts');
  const topics = template.findResources('AWS::SNS::Topic');
  const [topic] = Object.keys(topics);
  expect(Object.keys(topics)).toHaveLength(1);
  template.allResourcesProperties('AWS::SNS::Subscription', { TopicArn: { Ref: topic } });
  template.hasResourceProperties('AWS::Chatbot::SlackChannelConfiguration', {
    SnsTopicArns: [{ Ref: topic }],
  });
  const formats = Object.values(template.findResources('AWS::Lambda::Function')).flatMap(
    ({ Properties }) => Properties.Environment.Variables.ROTATION_CHAT ?? [],
  );
  expect(new Set(formats)).toEqual(new Set(['amazon-q']));
  template.resourceCountIs('AWS::Events::ApiDestination', 1);
});

test('cdk-app: readers may decrypt what they may read', () => {
  const template = templateOf('cdk-app/app.ts');
  for (const role of ['TaskExecutionRole', 'Batch']) {
    const actions = statementsOf(template, role).map(({ Action }) => Action);
    expect(actions).toEqual(expect.arrayContaining(['secretsmanager:GetSecretValue', 'kms:Decrypt']));
  }
  template.resourceCountIs('AWS::EC2::SecurityGroup', 1);
});

test('cdk-app: a reader alone makes nothing of the environment, and may do what its grant says', () => {
  const template = templateOf('cdk-app/other-app.ts');
  expect(typesIn(template)).toEqual(new Set(['AWS::IAM::Role', 'AWS::IAM::Policy']));
  const actions = (role: string) => statementsOf(template, role).flatMap(({ Action }) => Action);
  expect(actions('Courier')).toContain('secretsmanager:RotateSecret');
  expect(actions('Courier')).not.toContain('secretsmanager:GetSecretValue');
  expect(actions('Worker')).toContain('secretsmanager:GetSecretValue');
});

test.each(['minimal', 'esm', 'three-accounts', 'admin-access'])(
  'the fleet file of %s warns of nothing but of links in mails',
  (app) => {
    const file = `examples/${app}/keys.yaml`;
    const { errors, warnings } = loadFleet(read(file), file, new Date());
    expect(errors).toEqual([]);
    expect(warnings.filter((warning) => !warning.includes('projectUrl and runbookUrl'))).toEqual([]);
  },
);

describe.each(APPS)('%s', (app) => {
  test('is looked at by name, and has a row in the README', () => {
    const tests = readdirSync(__dirname).map((file) => read(join('test/examples', file)));
    expect(tests.join()).toContain(`('${app}')`);
    expect(read('examples/README.md')).toContain(`(${dirname(app)}/`);
  });

  test('drops no alarm: a topic with a policy lets CloudWatch publish', () => {
    for (const template of Object.values(templatesOf(app)))
      for (const { Properties } of Object.values(template.findResources('AWS::SNS::TopicPolicy')))
        expect(JSON.stringify(Properties)).toContain('cloudwatch.amazonaws.com');
  });
});

/** What cdk-nag says about CDK's own constructs, and about what an example stands for. */
const EXPECTED = [
  [/^AwsSolutions-\S+ KeysPipeline\/Pipeline\//, 'roles and bucket of CDK Pipelines'],
  [/^AwsSolutions-S1 KeysPipeline\/Sources\//, 'CloudTrail says who brought sources'],
  [
    /^AwsSolutions-IAM5\[Resource::arn:<AWS::Partition>:kms:.*:key\/\*] /,
    'a key by its alias, in a condition',
  ],
  [/^AwsSolutions-(IAM4|L1).* Summaries\/Function\//, 'the function of an app is any function'],
] as const;

test.each(APPS.filter((app) => !/^(cdk-app|channels)\//.test(app)))('cdk-nag finds nothing in %s', (app) => {
  expect(all.get(app)!.nag.filter((found) => !EXPECTED.some(([known]) => known.test(found)))).toEqual([]);
});

test('what cdk-nag is expected to find is there', () => {
  const found = APPS.flatMap((app) => all.get(app)!.nag);
  expect(EXPECTED.filter(([known]) => !found.some((each) => known.test(each)))).toEqual([]);
});
