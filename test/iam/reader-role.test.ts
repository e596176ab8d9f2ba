import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { clientConfig } from '../../local/aws';
import { resourcesOf, templateOf } from '../constructs/synthesis';
import { TestKey } from '../lifecycle/test-key';
import { enforce } from './enforce';
import { PolicyHolder } from './people';
import type { Statement } from './policy';
import { ACCOUNT, REGION, resolver } from './resolve';

const AUDITORS = 'arn:aws:iam::210987654321:role/auditors';
const MAIN = 'repo:acme/keys:ref:refs/heads/main';

const deployedFor = (readers: string) =>
  resourcesOf(
    templateOf(`
environments:
  prod:
    alerts: [platform@acme.io]
    readers: ${readers}
    keys: { api-1: { owner: gateway@acme.io } }
`),
  );

const resources = deployedFor(
  `['${AUDITORS}', 'arn:aws:iam::210987654321:root', '${MAIN}', 'repo:acme/audit:environment:weekly']`,
);
const resolve = resolver(resources);
const role = Object.values(resources).find(
  ({ Properties }) => Properties.RoleName === 'anthropic-keys-prod-readers',
)!;

test('whoever the file names may assume it, and nobody else; of GitHub only these subjects', () => {
  const { Statement: trust } = resolve(role.Properties.AssumeRolePolicyDocument) as {
    Statement: Statement[];
  };
  expect(trust).toEqual([
    { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: AUDITORS } },
    { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: 'arn:aws:iam::210987654321:root' } },
    {
      Effect: 'Allow',
      Action: 'sts:AssumeRoleWithWebIdentity',
      Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com` },
      Condition: {
        StringEquals: {
          'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
          'token.actions.githubusercontent.com:sub': [MAIN, 'repo:acme/audit:environment:weekly'],
        },
      },
    },
  ]);
  expect(role.Properties.MaxSessionDuration).toBe(3600);
});

/** The statements of everything that is attached to the role. */
function allowed(): readonly Statement[] {
  expect(role.Properties.Policies).toBeUndefined();
  const attached = (role.Properties.ManagedPolicyArns as { Ref: string }[]).map(({ Ref }) => resources[Ref]!);
  expect(attached.map(({ Properties }) => Properties.ManagedPolicyName)).toEqual([
    'anthropic-keys-prod-reader',
  ]);
  const inline = Object.values(resources).filter(
    ({ Type, Properties }) =>
      Type === 'AWS::IAM::Policy' && JSON.stringify(Properties.Roles).includes('ReaderRole'),
  );
  expect(inline).toEqual([]);
  return attached.flatMap(
    ({ Properties }) => (resolve(Properties.PolicyDocument) as { Statement: Statement[] }).Statement,
  );
}

test('it lists, describes and reads the evidence log; it reads and puts no value, and invokes no function', async () => {
  const testKey = await TestKey.build();
  await testKey.promoteFirstKey();
  const { sandbox, secretName } = testKey;
  const keyName = 'prod/api-1';
  enforce(sandbox.aws, 'reader', allowed());
  const reader = new PolicyHolder(sandbox, 'reader');
  expect((await reader.runs(['status'])).shown).toContain(keyName);
  expect((await reader.runs(['show', keyName])).shown).toContain('ALIVE');
  const audit = (await reader.runs(['report', '--audit', '--json'])).json();
  expect(audit).toMatchObject({ logs: [{ environment: 'prod', readable: true }] });

  const client = new SecretsManagerClient(clientConfig(sandbox.aws, 'reader'));
  await expect(client.send(new GetSecretValueCommand({ SecretId: secretName }))).rejects.toThrow(
    'is not authorized to perform: secretsmanager:GetSecretValue',
  );
  const put = { SecretId: secretName, SecretString: '{}', VersionStages: ['SUBMITTED'] };
  await expect(client.send(new PutSecretValueCommand(put))).rejects.toThrow('secretsmanager:PutSecretValue');
  await expect(reader.runs(['check', keyName])).rejects.toThrow('lambda:InvokeFunction');
  await sandbox.close();
});

test('without readers there is no such role', () => {
  const template = resourcesOf(
    templateOf(`
environments:
  prod:
    alerts: [platform@acme.io]
    readAs: { profile: prod-reader }
    region: ${REGION}
    keys: { api-1: { owner: gateway@acme.io } }
`),
  );
  expect(
    Object.values(template).filter(({ Properties }) => /readers/.test(String(Properties.RoleName))),
  ).toEqual([]);
});
