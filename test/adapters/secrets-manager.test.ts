import { randomUUID } from 'node:crypto';
import { CreateSecretCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { createSecretStore } from '../../lib/adapters/secrets-manager';
import type { SecretStore } from '../../lib/workflows/ports';
import { FAULT, type Fault } from '../../local/aws';
import { keyText } from '../keys';
import { embeddedAws } from '../local/aws/embedded-aws';

const embedded = embeddedAws();
const NAME = 'anthropic/prod/api-gateway';
const ALWAYS = Number.POSITIVE_INFINITY;
let store: SecretStore;

beforeEach(async () => {
  store = createSecretStore(embedded.secrets, embedded.clock);
  await embedded.secrets.send(new CreateSecretCommand({ Name: NAME, SecretString: 'one' }));
});

const error = (code: string, message = 'x', status?: number): Fault => ({
  kind: 'error',
  code,
  message,
  status,
});

test.each([
  ['denied', error('AccessDeniedException')],
  ['denied', FAULT.kmsDenied],
  ['denied', error('DecryptionFailure')],
  ['denied', error('UnrecognizedClientException')],
  ['throttled', FAULT.throttled],
  ['throttled', error('TooManyRequestsException', 'x', 429)],
  ['limit', error('LimitExceededException')],
  ['not-now', error('InvalidRequestException')],
  ['conflict', error('ResourceExistsException')],
  ['unavailable', FAULT.unavailable],
  ['unavailable', error('SomethingNobodyKnows', 'x', 503)],
  ['unavailable', FAULT.lost],
])('a store that answers %s says so: %j', async (failure, fault) => {
  embedded.aws.faults.on({ times: ALWAYS }, fault);
  await expect(store.tag(NAME, { a: 'b' })).rejects.toMatchObject({ name: 'StoreError', failure });
});

test('a binary value is read as text, and known as binary', async () => {
  const SecretBinary = Buffer.from('{"key":"é"}');
  await embedded.secrets.send(new PutSecretValueCommand({ SecretId: NAME, SecretBinary }));
  expect(await store.read(NAME)).toMatchObject({ value: '{"key":"é"}', binary: true });
  await embedded.secrets.send(new PutSecretValueCommand({ SecretId: NAME, SecretString: 'x' }));
  expect(await store.read(NAME)).toEqual({ versionId: expect.any(String), value: 'x' });
});

test('an invalid request is a plain error, not a StoreError', async () => {
  await expect(store.tag(NAME, { 'a,b': 'c' })).rejects.toMatchObject({ name: 'Error' });
  await expect(store.put(NAME, { token: 'short', value: 'x', labels: ['A'] })).rejects.toMatchObject({
    name: 'Error',
  });
});

test('a put without labels is refused before it is sent: it would become current', async () => {
  embedded.aws.calls.clear();
  await expect(store.put(NAME, { token: randomUUID(), value: 'x', labels: [] })).rejects.toThrow('current');
  expect(embedded.aws.calls.all()).toEqual([]);
});

test('no error holds a key, whatever the service writes', async () => {
  const key = keyText('leaked');
  embedded.aws.faults.on({}, error('InvalidRequestException', `The value ${key} is not welcome.`));
  const thrown: Error = await store.describe(NAME).then(
    () => new Error('no error'),
    (caught) => caught,
  );
  expect(thrown.message).toContain('is not welcome');
  expect(`${thrown.message} ${thrown.stack} ${JSON.stringify(thrown)} ${String(thrown.cause)}`).not.toContain(
    key,
  );
});

test('a read of a version that is not visible yet is repeated', async () => {
  const token = randomUUID();
  embedded.aws.secretsManager.settings.lag = { reads: 2 };
  await store.put(NAME, { token, value: 'two', labels: ['SUBMITTED'] });
  const before = embedded.clock.now().getTime();
  expect(await store.read(NAME, { versionId: token })).toEqual({
    versionId: token,
    value: 'two',
  });
  expect(embedded.clock.now().getTime() - before).toBe(300);
});

test('a version that does not appear is undefined after four reads', async () => {
  embedded.aws.calls.clear();
  expect(await store.read(NAME, { versionId: randomUUID() })).toBeUndefined();
  const looks = embedded.aws.calls.all().filter(({ operation }) => operation === 'GetSecretValue');
  expect(looks).toHaveLength(4);
});

test('a version that may be empty gets a single look', async () => {
  embedded.aws.calls.clear();
  expect(await store.read(NAME, { versionId: randomUUID(), mayBeEmpty: true })).toBeUndefined();
  expect(embedded.aws.calls.all()).toHaveLength(1);
});

test('an existing value takes one call', async () => {
  const { versions } = embedded.aws.secretsManager.inspect(NAME)!;
  embedded.aws.calls.clear();
  await store.read(NAME);
  await store.read(NAME, { versionId: versions[0]!.id });
  expect(embedded.aws.calls.all().map(({ operation }) => operation)).toEqual([
    'GetSecretValue',
    'GetSecretValue',
  ]);
});

test('a description has what decisions need, and no more', async () => {
  await store.tag(NAME, { 'anthropic-key:environment': 'prod' });
  const { arn, versions } = embedded.aws.secretsManager.inspect(NAME)!;
  const description = {
    arn,
    name: NAME,
    createdAt: embedded.clock.now(),
    tags: { 'anthropic-key:environment': 'prod' },
    stages: { [versions[0]!.id]: ['AWSCURRENT'] },
    rotationEnabled: false,
  };
  expect(await store.describe(NAME)).toEqual(description);
  expect(await store.list({ tagKey: 'anthropic-key:environment', environment: 'prod' })).toEqual([
    description,
  ]);
  await store.untag(NAME, ['anthropic-key:environment']);
  expect(await store.list({ tagKey: 'anthropic-key:environment' })).toEqual([]);
});

test('a fleet of several pages is listed completely, with one call per page', async () => {
  for (let n = 0; n < 150; n++) {
    await embedded.aws.secretsManager.perform('CreateSecret', {
      Name: `fleet/${n}`,
      ClientRequestToken: randomUUID(),
      Tags: [{ Key: 'anthropic-key:environment', Value: 'prod' }],
    });
  }
  embedded.aws.calls.clear();
  expect(await store.list({ tagKey: 'anthropic-key:environment', environment: 'prod' })).toHaveLength(150);
  expect(embedded.aws.calls.all()).toHaveLength(2);
});
