import {
  GetSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib/core';
import { ManagedKey } from '../../lib';
import { LABEL } from '../../lib/contract/labels';
import { clientConfig } from '../../local/aws';
import { asking, Person } from '../../local/person';
import { statementsOf } from '../constructs/statements';
import { appWithoutBundles } from '../constructs/synthesis';
import { TestKey } from '../lifecycle/test-key';
import { enforce } from './enforce';
import { ACCOUNT, REGION } from './resolve';

let testKey: TestKey;

beforeEach(async () => {
  testKey = await TestKey.build();
});

afterEach(() => testKey.sandbox.close());

/** Somebody with the statements of one grant, and nothing else. */
function holderOf(grant: 'grantRead' | 'grantReadAnyVersion' | 'grantSubmit'): SecretsManagerClient {
  const { secretName, sandbox } = testKey;
  const [, environment, service] = secretName.split('/');
  const stack = new Stack(appWithoutBundles(), 'App', { env: { account: ACCOUNT, region: REGION } });
  const role = new Role(stack, 'Application', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  ManagedKey.fromService(stack, 'Key', { environment: environment!, service: service! })[grant](role);
  enforce(sandbox.aws, grant, statementsOf(stack, 'Application'));
  return new SecretsManagerClient(clientConfig(sandbox.aws, grant));
}

const submitter = (client: SecretsManagerClient) =>
  new Person({
    secretId: testKey.secretName,
    ask: asking(client),
    settle: () => testKey.sandbox.settle(),
  });

async function read(client: SecretsManagerClient, which: { VersionId?: string; VersionStage?: string } = {}) {
  const { SecretString } = await client.send(
    new GetSecretValueCommand({ SecretId: testKey.secretName, ...which }),
  );
  return JSON.parse(SecretString!).ANTHROPIC_API_KEY;
}

test('grantSubmit is enough for a whole rotation, and reads and moves nothing', async () => {
  const client = holderOf('grantSubmit');
  const key = testKey.newKey();
  await submitter(client).submit(key);
  await submitter(client).look();
  expect(testKey.text(LABEL.current)).toContain(key);
  await expect(read(client)).rejects.toThrow('is not authorized to perform: secretsmanager:GetSecretValue');
  const move = new UpdateSecretVersionStageCommand({
    SecretId: testKey.secretName,
    VersionStage: LABEL.current,
    MoveToVersionId: testKey.at(LABEL.previous),
    RemoveFromVersionId: testKey.at(LABEL.current),
  });
  await expect(client.send(move)).rejects.toThrow('secretsmanager:UpdateSecretVersionStage');
});

test('grantRead reads the live key on both sides of a rotation, and never the submitted or the old one', async () => {
  const client = holderOf('grantRead');
  const first = await testKey.promoteFirstKey();
  expect(await read(client)).toBe(first);
  const second = testKey.newKey();
  await testKey.put(second);
  expect(await read(client, { VersionStage: LABEL.current })).toBe(first);
  const old = testKey.at(LABEL.current)!;
  for (const which of [{ VersionStage: LABEL.submitted }, { VersionId: old }])
    await expect(read(client, which)).rejects.toThrow('is not authorized');
  await testKey.rotate();
  expect(await read(client)).toBe(second);
});

test('grantReadAnyVersion reads by version id, as caching clients do, also what is not live', async () => {
  const client = holderOf('grantReadAnyVersion');
  const first = await testKey.promoteFirstKey();
  const version = testKey.at(LABEL.current)!;
  expect(await read(client, { VersionId: version })).toBe(first);
  const second = testKey.newKey();
  await testKey.submit(second);
  expect(await read(client, { VersionId: version })).toBe(first);
  expect(await read(client, { VersionId: testKey.at(LABEL.current)! })).toBe(second);
  await expect(submitter(client).put(testKey.newKey())).rejects.toThrow('secretsmanager:PutSecretValue');
});
