import { randomUUID } from 'node:crypto';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  TagResourceCommand,
  UpdateSecretCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { startFakeAws } from '../../../local/aws';
import { embeddedAws } from './embedded-aws';

const embedded = embeddedAws();
const SecretId = 'anthropic/prod/api-gateway';
const HOUR = 3_600_000;

const create = () => embedded.secrets.send(new CreateSecretCommand({ Name: SecretId, SecretString: 'one' }));
const read = async () => (await embedded.secrets.send(new GetSecretValueCommand({ SecretId }))).SecretString;
const put = (SecretString: string, VersionStages?: string[]) =>
  embedded.secrets.send(
    new PutSecretValueCommand({ SecretId, SecretString, VersionStages, ClientRequestToken: randomUUID() }),
  );
const versions = () => embedded.aws.secretsManager.inspect(SecretId)!.versions.map(({ id }) => id);

test('reads go on seeing the old state for as many reads as told, and writes see the true one', async () => {
  await create();
  embedded.aws.secretsManager.settings.lag = { reads: 2 };
  await put('two');
  const third = await put('three');
  expect([await read(), await read(), await read()]).toEqual(['one', 'one', 'three']);
  expect(third.VersionStages).toEqual(['AWSCURRENT']);
});

test('a lag ends when its time is over', async () => {
  await create();
  embedded.aws.secretsManager.settings.lag = { reads: 100, milliseconds: 500 };
  await put('two');
  expect(await read()).toBe('one');
  embedded.clock.advance(500);
  expect(await read()).toBe('two');
});

test('a new secret that has not spread yet is not found and not listed', async () => {
  embedded.aws.secretsManager.settings.lag = { reads: 2 };
  await create();
  await expect(read()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  expect((await embedded.secrets.send(new ListSecretsCommand({}))).SecretList).toEqual([]);
  expect(await read()).toBe('one');
});

test('a version without labels is kept for a day and then collected', async () => {
  const { VersionId: first } = await create();
  const { VersionId: second } = await put('two');
  embedded.clock.advance(48 * HOUR);
  const { VersionId: third } = await put('three');
  expect(versions()).toEqual([first, second, third]);
  embedded.clock.advance(24 * HOUR - 1);
  expect(versions()).toContain(first);
  embedded.clock.advance(1);
  expect(versions()).toEqual([second, third]);
});

test('an account that collects eagerly still keeps the versions of the last 24 hours', async () => {
  const { VersionId: first } = await create();
  embedded.aws.secretsManager.settings.keepsDeprecatedFor = 0;
  await put('two');
  await put('three');
  expect(versions()).toContain(first);
  embedded.clock.advance(24 * HOUR);
  expect(versions()).not.toContain(first);
});

test('a label puts a version out of the collector’s reach', async () => {
  const { VersionId: first } = await create();
  const move = { SecretId, VersionStage: 'ACCEPTED', MoveToVersionId: first };
  await embedded.secrets.send(new UpdateSecretVersionStageCommand(move));
  await put('two');
  await put('three');
  embedded.clock.advance(1000 * HOUR);
  expect(versions()).toContain(first);
});

test('a put that would need a 21st label changes nothing', async () => {
  await create();
  await put(
    'two',
    Array.from({ length: 19 }, (_, n) => `LABEL_${n}`),
  );
  const before = embedded.aws.secretsManager.inspect(SecretId);
  await expect(put('three', ['ONE_MORE'])).rejects.toMatchObject({ name: 'LimitExceededException' });
  expect(embedded.aws.secretsManager.inspect(SecretId)).toBe(before);
});

test('metadata edits move LastChangedDate and nothing that tells the age of a key', async () => {
  await create();
  embedded.clock.advance(HOUR);
  await embedded.secrets.send(new TagResourceCommand({ SecretId, Tags: [{ Key: 'a', Value: 'b' }] }));
  const described = await embedded.secrets.send(new DescribeSecretCommand({ SecretId }));
  expect(described.LastChangedDate).toEqual(embedded.clock.now());
  expect(embedded.aws.secretsManager.inspect(SecretId)!.versions[0]!.createdAt).toEqual(
    described.CreatedDate,
  );
});

test('UpdateSecret with a value makes a new current version, without one it makes none', async () => {
  await create();
  await embedded.secrets.send(new UpdateSecretCommand({ SecretId, Description: 'x' }));
  expect(versions()).toHaveLength(1);
  await embedded.secrets.send(new UpdateSecretCommand({ SecretId, SecretString: 'two' }));
  expect(await read()).toBe('two');
});

test('creating with the same token and value again is a no-op', async () => {
  const request = { Name: SecretId, SecretString: 'one', ClientRequestToken: randomUUID() };
  const first = await embedded.secrets.send(new CreateSecretCommand(request));
  const again = await embedded.secrets.send(new CreateSecretCommand(request));
  expect(again.ARN).toBe(first.ARN);
  expect(versions()).toHaveLength(1);
});

test('a deleted name is free again when its window is over, and the new secret has another ARN', async () => {
  const { ARN } = await create();
  await embedded.secrets.send(new DeleteSecretCommand({ SecretId, RecoveryWindowInDays: 7 }));
  embedded.clock.advance(7 * 24 * HOUR);
  const again = await create();
  expect(again.ARN).not.toBe(ARN);
  await expect(embedded.secrets.send(new DescribeSecretCommand({ SecretId: ARN }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});

test('the same names created in the same order have the same ARNs in every world', async () => {
  const { ARN } = await create();
  const other = await startFakeAws({ clock: embedded.clock });
  await other.secretsManager.perform('CreateSecret', { Name: SecretId, ClientRequestToken: randomUUID() });
  await other.close();
  expect(other.secretsManager.inspect(SecretId)!.arn).toBe(ARN);
});

test('a snapshot restored is the world as it was', async () => {
  await create();
  const restore = embedded.aws.secretsManager.snapshot();
  await put('two');
  await embedded.secrets.send(new CreateSecretCommand({ Name: 'another' }));
  restore();
  expect(await read()).toBe('one');
  expect(embedded.aws.secretsManager.all()).toHaveLength(1);
});

test('a parameter that this world does not know is refused, not ignored', async () => {
  await expect(
    embedded.secrets.send(
      new CreateSecretCommand({
        Name: SecretId,
        SecretString: 'x',
        AddReplicaRegions: [{ Region: 'eu-west-1' }],
      }),
    ),
  ).rejects.toMatchObject({ name: 'ValidationException' });
});
