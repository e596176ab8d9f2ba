import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { CfnParameter, Stack } from 'aws-cdk-lib/core';
import * as api from '../../lib';
import { type KeyRotationProps, keyPolicy } from '../../lib';
import { loadFleet } from '../../lib/config/load';
import { KeyRotation } from '../../lib/constructs/key-rotation';
import { DEFAULT_POLICY, type Policy } from '../../lib/domain/policy';
import { everything } from './fleets';
import { appWithoutBundles } from './synthesis';

test('another CDK app uses its own topic and key, whose ARNs are known only at deployment', () => {
  const stack = new Stack(appWithoutBundles(), 'Mine');
  const topic = new Topic(stack, 'Notices');
  const key = new Key(stack, 'Key');
  new KeyRotation(stack, 'Keys', {
    environment: 'prod',
    alerts: ['platform@acme.io'],
    home: { workspaceId: 'wrkspc_prod' },
    topicArn: topic.topicArn,
    encryption: key.keyArn,
    keys: [{ service: 'api-gateway', owner: 'gateway@acme.io', policy: keyPolicy({ maxAgeDays: 60 }) }],
  });
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::SNS::Subscription', {
    TopicArn: { Ref: Match.stringLikeRegexp('^Notices') },
  });
  template.hasResourceProperties('AWS::SecretsManager::Secret', {
    KmsKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Key'), 'Arn'] },
    Tags: Match.arrayWith([{ Key: 'anthropic-key:max-age-days', Value: '60' }]),
  });
});

test('the default policy is the documented one', () => {
  expect(keyPolicy({})).toEqual(DEFAULT_POLICY);
});

test('an environment whose account and region are known only at deployment needs no lookup', () => {
  const app = appWithoutBundles();
  const stack = new Stack(app, 'Agnostic');
  new KeyRotation(stack, 'Keys', {
    environment: 'dev',
    alerts: ['platform@acme.io'],
    home: {},
    keys: [{ service: 'playground', owner: 'research@acme.io', policy: DEFAULT_POLICY }],
  });
  const { manifest } = app.synth();
  expect(manifest.missing ?? []).toEqual([]);
});

const sound: KeyRotationProps = {
  environment: 'prod',
  alerts: ['platform@acme.io'],
  home: {},
  keys: [{ service: 'gateway', owner: 'gateway@acme.io', policy: DEFAULT_POLICY }],
};
const withKey = (key: object): Partial<KeyRotationProps> => ({ keys: [{ ...sound.keys[0]!, ...key }] });
const withPolicy = (policy: Partial<Policy>) => withKey({ policy: { ...DEFAULT_POLICY, ...policy } });

test.each<[refused: string, props: Partial<KeyRotationProps>]>([
  ['keys.gateway.owner is "gateway": expected an e-mail address', withKey({ owner: 'gateway' })],
  [
    'keys.gateway.existing is "legacy/claude": expected the complete ARN',
    withKey({ existing: 'legacy/claude' }),
  ],
  ['keys.gateway.policy.maxAgeDays is 0: expected a whole number of days', withPolicy({ maxAgeDays: 0 })],
  ['keys.gateway.policy.maxAgeDays is 900: expected at most 90 days', withPolicy({ maxAgeDays: 900 })],
  ['expected reminders before the key is overdue', withPolicy({ maxAgeDays: 10 })],
  ['policy.graceHours is 400: expected at most 336 hours', withPolicy({ graceHours: 400 })],
  ['policy.deactivate is "automatic": expected prompt', withPolicy({ deactivate: 'automatic' })],
  ['alerts is missing: expected at least one e-mail address', { alerts: [] }],
  ['anthropicBaseUrl is "http://evil.example"', { anthropicBaseUrl: 'http://evil.example' }],
  ['home.workspaceId is "w!"', { home: { workspaceId: 'w!' } }],
  ['network.subnetIds is []', { network: { subnetIds: [], securityGroupIds: ['sg-0a1b2c3d'] } }],
  ['environment is "Prod": expected a name of lower-case letters', { environment: 'Prod' }],
  ['keys.My_API is not a usable name: expected a name of lower-case letters', withKey({ service: 'My_API' })],
  ['alerts[0] is "nobody": expected an e-mail address', { alerts: ['nobody'] }],
  [
    'policy.workingHours.hours is [9,9]: expected two hours such as [9, 17] or [22, 6]',
    withPolicy({ workingHours: { days: [1, 5], hours: [9, 9], timeZone: 'UTC' } }),
  ],
])('a construct refuses what the fleet file refuses: %s', (refused, props) => {
  const stack = new Stack(appWithoutBundles(), 'Mine');
  expect(() => new KeyRotation(stack, 'Keys', { ...sound, ...props })).toThrow(refused);
});

test('all faults of props are named at once, contradictions as well as misspellings', () => {
  const stack = new Stack(appWithoutBundles(), 'Mine');
  const [key] = withPolicy({ graceHours: 400, checkEvery: 'sometimes' }).keys!;
  const elsewhere = { service: 'late', owner: 'nobody', policy: DEFAULT_POLICY };
  const props = { ...sound, alerts: [], keys: [key!], keysElsewhere: [elsewhere], colour: 'red' };
  expect(() => new KeyRotation(stack, 'Keys', props)).toThrow(
    [
      'Mine/Keys: the props of environment "prod" are not valid:',
      '  keys.gateway.policy.checkEvery is "sometimes": expected rate(N minutes), rate(N hours) from 5 minutes to 1 day, or cron(minutes hours day month weekday year) that runs every day, at most every 5 minutes',
      '  keys.late.owner is "nobody": expected an e-mail address of letters without accents, digits and . _ + - (at most 64 before the @, and 120 in all)',
      '  colour is not a known field: expected one of account, region, unknownRegion, readAs, readers, alerts, sharedWorkspace, spendLimitReviewed, topicArn, alarmTopicArn, chat, eventBusName, evidenceRetentionDays, logRetentionDays, evidencePolicy, encryption, formerEncryption, tags, permissionsBoundary, adminAccess, proxyUrl, anthropicBaseUrl, cliCommand, projectUrl, runbookUrl, stacks, environment, home, network, keys',
      '  alerts is missing: expected at least one e-mail address, or a topicArn',
      '  keys.gateway.policy.graceHours is 400: expected at most 336 hours (14 days), or a reason in allowLongGrace',
    ].join('\n'),
  );
});

test('a token is refused where the value must be known before deployment', () => {
  const stack = new Stack(appWithoutBundles(), 'Mine');
  const { valueAsString: token } = new CfnParameter(stack, 'Mailbox');
  expect(() => new KeyRotation(stack, 'Keys', { ...sound, ...withKey({ owner: token }) })).toThrow(
    'keys.gateway.owner is "known only at deployment": expected an e-mail address',
  );
  expect(() => new KeyRotation(stack, 'More', { ...sound, cliCommand: token })).toThrow(
    'cliCommand is "(known only at deployment)": expected a command that runs what is installed',
  );
});

test('a command line that would be downloaded is refused', () => {
  const stack = new Stack(appWithoutBundles(), 'Mine');
  const called = (cliCommand: string) => () => new KeyRotation(stack, cliCommand, { ...sound, cliCommand });
  expect(called('pnpm dlx our-keys')).toThrow(
    'cliCommand is "pnpm dlx our-keys": expected a command that downloads nothing',
  );
  expect(called('pnpm exec anthropic-keys')).not.toThrow();
});

test('the construct accepts an environment of the fleet file', () => {
  const { fleet } = loadFleet(everything, 'keys.yaml');
  const stack = new Stack(appWithoutBundles(), 'Mine');
  const [prod] = fleet!.environments;
  expect(new KeyRotation(stack, 'Keys', prod!).key('api-gateway').service).toBe('api-gateway');
});

test('the construct accepts and requires the same reasons as the fleet file', () => {
  const stack = new Stack(appWithoutBundles(), 'Mine');
  const policy = keyPolicy({
    maxAgeDays: 180,
    allowLongAge: 'Only reaches a sandbox',
    graceHours: 400,
    allowLongGrace: 'A vendor needs two weeks',
    workingHours: { days: 'Mon-Fri', hours: '9-17', timeZone: 'Europe/Berlin' },
  });
  expect(() => new KeyRotation(stack, 'Keys', { ...sound, ...withPolicy(policy) })).not.toThrow();
});

test('what the package exports', () => {
  expect(Object.keys(api).sort()).toEqual([
    'DEFAULT_POLICY',
    'KeyRotation',
    'KeyRotationStack',
    'KeyShardStack',
    'ManagedKey',
    'PeoplePolicies',
    'RestartOnRotation',
    'addFleet',
    'keyPolicy',
    'loadFleet',
    'renderFault',
  ]);
});
