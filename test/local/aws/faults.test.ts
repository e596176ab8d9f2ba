import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { clientConfig, FAULT } from '../../../local/aws';
import { embeddedAws } from './embedded-aws';

const embedded = embeddedAws();
const SecretId = 'anthropic/prod/api-gateway';
const put = {
  SecretId,
  ClientRequestToken: 'x'.repeat(32),
  SecretString: 'two',
  VersionStages: ['SUBMITTED'],
};

beforeEach(async () => {
  await embedded.secrets.send(new CreateSecretCommand({ Name: SecretId, SecretString: 'one' }));
});

/** A client that gives up at once, as if the process had died at the call. */
const once = () =>
  embedded.client(
    class extends SecretsManagerClient {
      constructor() {
        super(clientConfig(embedded.aws, 'once', 1));
      }
    },
  );

const versions = () => embedded.aws.secretsManager.inspect(SecretId)!.versions.length;
const answers = () => embedded.aws.calls.all().map(({ operation, outcome }) => `${operation} ${outcome}`);

test('a fault hits the n-th call that matches, as often as told', async () => {
  const client = once();
  embedded.aws.faults.on({ operation: 'DescribeSecret', from: 2, times: 2 }, FAULT.denied);
  const outcomes: string[] = [];
  for (let call = 1; call <= 4; call++) {
    await client.send(new GetSecretValueCommand({ SecretId }));
    await client.send(new DescribeSecretCommand({ SecretId })).then(
      () => outcomes.push('ok'),
      (error: Error) => outcomes.push(error.name),
    );
  }
  expect(outcomes).toEqual(['ok', 'AccessDeniedException', 'AccessDeniedException', 'ok']);
});

test('a fault for one caller leaves the others alone', async () => {
  embedded.aws.faults.on({ caller: 'once', times: Number.POSITIVE_INFINITY }, FAULT.denied);
  await expect(once().send(new DescribeSecretCommand({ SecretId }))).rejects.toThrow();
  await expect(embedded.secrets.send(new DescribeSecretCommand({ SecretId }))).resolves.toBeDefined();
});

test('a lost call has no effect, and the client tries again', async () => {
  embedded.aws.faults.on({ operation: 'PutSecretValue' }, FAULT.lost);
  await expect(once().send(new PutSecretValueCommand(put))).rejects.toThrow();
  expect(versions()).toBe(1);
  await embedded.secrets.send(new PutSecretValueCommand(put));
  expect(versions()).toBe(2);
});

test('an unanswered call takes effect, and the repeated one is a no-op', async () => {
  embedded.aws.faults.on({ operation: 'PutSecretValue' }, FAULT.unanswered);
  await expect(once().send(new PutSecretValueCommand(put))).rejects.toThrow();
  expect(versions()).toBe(2);
  await embedded.secrets.send(new PutSecretValueCommand(put));
  expect(versions()).toBe(2);
});

test('the SDK rides out throttling, and each try is recorded', async () => {
  embedded.aws.calls.clear();
  embedded.aws.faults.on({ service: 'secretsmanager', times: 2 }, FAULT.throttled);
  await embedded.secrets.send(new DescribeSecretCommand({ SecretId }));
  expect(answers()).toEqual([
    'DescribeSecret ThrottlingException',
    'DescribeSecret ThrottlingException',
    'DescribeSecret ok',
  ]);
});

test('a delay moves the clock of the world', async () => {
  embedded.aws.faults.on({}, { kind: 'delay', milliseconds: 30_000 });
  await embedded.secrets.send(new DescribeSecretCommand({ SecretId }));
  expect(embedded.clock.now()).toEqual(new Date('2026-11-21T00:00:30Z'));
});

test('something else can happen just before a call takes effect', async () => {
  embedded.aws.faults.on(
    { operation: 'GetSecretValue' },
    {
      kind: 'meanwhile',
      when: 'before-effect',
      run: async () =>
        void (await embedded.aws.secretsManager.perform('UpdateSecret', { ...edit, SecretId })),
    },
  );
  const { SecretString } = await embedded.secrets.send(new GetSecretValueCommand({ SecretId }));
  expect(SecretString).toBe('by hand');
});

const edit = { ClientRequestToken: 'y'.repeat(32), SecretString: 'by hand' };

test('a fault that was taken away does nothing', async () => {
  const remove = embedded.aws.faults.on({ times: Number.POSITIVE_INFINITY }, FAULT.unavailable);
  remove();
  await expect(once().send(new DescribeSecretCommand({ SecretId }))).resolves.toBeDefined();
});

test('a recording names the caller and every parameter except values', async () => {
  embedded.aws.calls.clear();
  await once().send(new PutSecretValueCommand(put));
  expect(embedded.aws.calls.by('once')).toEqual([
    {
      service: 'secretsmanager',
      operation: 'PutSecretValue',
      n: 2,
      caller: 'once',
      params: { ...put, SecretString: '(left out)' },
      outcome: 'ok',
    },
  ]);
});
