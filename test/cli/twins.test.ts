import { policyToTags } from '../../lib/contract/policy-tags';
import { DEFAULT_POLICY } from '../../lib/domain/policy';
import type { Reported } from '../../lib/workflows/report';
import { operatorOn } from '../../local/cli/operator';
import type { Script } from '../../local/cli/scripted-terminal';
import { keyOf } from '../keys';
import { TestKey } from '../lifecycle/test-key';

const ROTATE = 'arn:aws:lambda:eu-central-1:111122223333:function:anthropic-keys-prod-rotate';

let testKey: TestKey;
let run: (line: string, script?: Script) => ReturnType<ReturnType<typeof operatorOn>['run']>;

beforeEach(async () => {
  testKey = await TestKey.build({ adminAccess: true });
  const operator = operatorOn(testKey.sandbox);
  run = (line, script) => operator.run(line.split(' '), script);
});
afterEach(() => testKey.close());

const flat = (text: string) => text.replace(/\s+/g, ' ');

const tagsOf = (service: string) =>
  policyToTags({ environment: 'prod', service, owner: 'team@example.com' }, DEFAULT_POLICY);

async function create(Name: string, service: string, SecretString: string): Promise<void> {
  await testKey.sandbox.aws.secretsManager.perform('CreateSecret', {
    Name,
    SecretString,
    ClientRequestToken: Name.replace(/\W/g, '-').padEnd(36, '0'),
    Tags: Object.entries(tagsOf(service)).map(([Key, Value]) => ({ Key, Value })),
  });
}

/** Configures the rotation, as a deployment does. */
async function deploy(SecretId: string, RotationLambdaARN = ROTATE): Promise<void> {
  await testKey.sandbox.aws.secretsManager.perform('RotateSecret', {
    SecretId,
    RotationLambdaARN,
    RotationRules: { AutomaticallyAfterDays: 90 },
    RotateImmediately: false,
    ClientRequestToken: `deploy-${SecretId}`.replace(/\W/g, '-').padEnd(36, '0'),
  });
  await testKey.sandbox.settle();
}

describe('a secret left over from before another one was adopted under its name', () => {
  let leftOver: string;
  let adopted: string;

  beforeEach(async () => {
    leftOver = await testKey.promoteFirstKey();
    await testKey.sandbox.aws.secretsManager.perform('CancelRotateSecret', { SecretId: testKey.secretName });
    adopted = testKey.newKey();
    await create('legacy/claude', 'api-1', adopted);
    await deploy('legacy/claude');
    await testKey.sandbox.check('prod', 'legacy/claude');
  });

  test.each([
    'submit prod/api-1',
    'leak prod/api-1 --reason ticket --yes',
    'retire prod/api-1 --yes',
    'rollback prod/api-1 --yes',
    'extend prod/api-1 --hours 4',
    'reactivate prod/api-1 --yes',
    'snooze prod/api-1 --until 2026-11-28 --reason freeze',
    'check prod/api-1',
    'show prod/api-1',
    'doctor prod/api-1',
  ])('is not reached by `%s`: both are named, and nothing happens', async (line) => {
    const before = JSON.stringify(testKey.secret.versions);
    const ran = await run(line, { pastes: [testKey.newKey()] });
    expect(ran.exit).toBe(1);
    expect(flat(ran.shown)).toContain(
      '2 secrets are tagged as prod/api-1: anthropic/prod/api-1 and legacy/claude. Nothing was changed.',
    );
    expect(JSON.stringify(testKey.secret.versions)).toBe(before);
    for (const key of [leftOver, adopted]) expect(testKey.sandbox.anthropic.statusOf(key)).toBe('active');
  });

  test('can be named by its own name, as the way out', async () => {
    const ran = await run(`show ${testKey.secretName}`);
    expect([ran.exit, ran.shown]).toEqual([0, expect.stringContaining(keyOf(leftOver).hint)]);
  });

  test('is named by status, doctor and report, and in their JSON', async () => {
    const status = await run('status');
    expect(status.exit).toBe(3);
    expect(flat(status.shown)).toContain('prod/api-1 is the name of anthropic/prod/api-1 and legacy/claude');
    const twins = [{ name: 'prod/api-1', secrets: ['anthropic/prod/api-1', 'legacy/claude'] }];
    expect((await run('status --json')).json()).toMatchObject({ twins });
    const doctor = await run('doctor');
    expect(doctor.exit).toBe(3);
    expect(flat(doctor.shown)).toContain('It is the name of anthropic/prod/api-1 and legacy/claude');
    const { text, subject } = (await testKey.sandbox.invoke('prod', 'report', { preview: true })) as Reported;
    expect(text).toContain('prod/api-1: anthropic/prod/api-1 and legacy/claude');
    expect(subject).toContain('1 name taken twice');
  });

  test('is out of the way once its tags are taken away', async () => {
    await testKey.sandbox.aws.secretsManager.perform('UntagResource', {
      SecretId: testKey.secretName,
      TagKeys: Object.keys(tagsOf('api-1')),
    });
    const ran = await run('show prod/api-1');
    expect([ran.exit, ran.shown]).toEqual([0, expect.stringContaining('legacy/claude')]);
  });
});

test('adopt refuses the name of another secret, deployed or not', async () => {
  await create('legacy/claude', 'search', 'x');
  await testKey.sandbox.aws.secretsManager.perform('CreateSecret', {
    Name: 'legacy/other',
    SecretString: 'x',
    ClientRequestToken: 'o'.repeat(36),
  });
  for (const [service, holder] of [
    ['api-1', 'anthropic/prod/api-1'],
    ['search', 'legacy/claude'],
  ]) {
    const ran = await run(
      `adopt legacy/other --environment prod --service ${service} --owner a@example.com --yes`,
    );
    expect([ran.exit, flat(ran.shown)]).toEqual([
      1,
      expect.stringContaining(`prod/${service} is the name of ${holder} already.`),
    ]);
    expect(testKey.sandbox.aws.secretsManager.inspect('legacy/other')!.tags).toEqual({});
  }
});

describe('a secret that a stranger tagged', () => {
  test('with the name of a managed key changes nothing about that key', async () => {
    const key = await testKey.promoteFirstKey();
    await create('mallory/notes', 'api-1', 'x');
    await deploy('mallory/notes', 'arn:aws:lambda:eu-central-1:111122223333:function:mallory').catch(
      () => {},
    );
    const ran = await run('show prod/api-1');
    expect([ran.exit, ran.shown]).toEqual([0, expect.stringContaining(keyOf(key).hint)]);
  });

  test('with a free name gets no key, and is shown as not deployed', async () => {
    await create('mallory/notes', 'search', 'x');
    const submitted = await run('submit prod/search', { pastes: [testKey.newKey()] });
    expect(submitted.exit).toBe(2);
    expect(flat(submitted.shown)).toContain(
      'mallory/notes is tagged as prod/search, but no deployment manages it.',
    );
    const { claimed } = (await run('status --json')).json() as { claimed: object[] };
    expect(claimed).toEqual([expect.objectContaining({ secretName: 'mallory/notes', service: 'search' })]);
    expect((await run('status')).exit).toBe(3);
  });

  test('under the prefix of the environment gets no key while another function would rotate it', async () => {
    testKey.sandbox.aws.lambda.register('mallory', async () => ({}));
    await create('anthropic/prod/search', 'search', 'x');
    await deploy('anthropic/prod/search', 'arn:aws:lambda:eu-central-1:111122223333:function:mallory');
    const ran = await run('submit prod/search', { pastes: [testKey.newKey()] });
    expect([ran.exit, flat(ran.shown)]).toEqual([
      2,
      expect.stringContaining('Another function than that of prod rotates anthropic/prod/search'),
    ]);
  });
});
