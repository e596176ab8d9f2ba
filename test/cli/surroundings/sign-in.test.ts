import { createHash, generateKeyPairSync } from 'node:crypto';
import { TestKey } from '../../lifecycle/test-key';
import { front, MFA_CODE, serve } from './front';
import { Machine, type Setup } from './machine';

let machine: Machine;
let testKey: TestKey;
let server: Awaited<ReturnType<typeof serve>>;

beforeAll(async () => {
  testKey = await TestKey.build({ overHttp: true });
  machine = new Machine(testKey.sandbox);
  server = await serve(
    front({ aws: testKey.sandbox.aws.endpoint, anthropic: testKey.sandbox.anthropic.url }),
  );
});

afterAll(async () => {
  server.close();
  await testKey.sandbox.close();
  machine.dispose();
});

beforeEach(() => testKey.sandbox.aws.calls.clear());

afterEach(() => machine.restore());

/** Runs a command with the real SDK on such a machine. The embedded AWS and what stands before it answer. */
const run = (line: string, setup: Setup) => machine.run(line, server.port, setup);

const callers = () => [...new Set(testKey.sandbox.aws.calls.all().map(({ caller }) => caller))];

const MFA = `[profile base]
aws_access_key_id = AKIABASE
aws_secret_access_key = none

[profile ops]
role_arn = arn:aws:iam::111122223333:role/Ops
source_profile = base
mfa_serial = arn:aws:iam::111122223333:mfa/ada
`;

const SSO = `[profile ops]
sso_session = company
sso_account_id = 111122223333
sso_role_name = Ops

[sso-session company]
sso_region = eu-central-1
sso_start_url = https://company.awsapps.com/start
sso_registration_scopes = sso:account:access
`;

const SESSION = 'arn:aws:iam::111122223333:user/ada';
const LOGIN = `[profile ops]\nlogin_session = ${SESSION}\n`;

const sha1 = (text: string) => createHash('sha1').update(text).digest('hex');

/** What `aws login` leaves behind. */
function loginCache(expiresAt: string): Readonly<Record<string, string>> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const token = {
    accessToken: {
      accessKeyId: 'ASIALOGIN',
      secretAccessKey: 'none',
      sessionToken: 't',
      accountId: '111122223333',
      expiresAt,
    },
    clientId: 'arn:aws:signin:::devtools/same-device',
    refreshToken: 'r',
    dpopKey: privateKey.export({ format: 'pem', type: 'sec1' }),
  };
  const name = createHash('sha256').update(SESSION).digest('hex');
  return { [`.aws/login/cache/${name}.json`]: JSON.stringify(token) };
}

describe('a profile with MFA', () => {
  test('asks for the code once, hidden, and signs in with it', async () => {
    const { exit, shown } = await run('doctor --profile ops', {
      config: MFA,
      script: { pastes: [MFA_CODE] },
    });
    expect(shown.match(/MFA code of arn:aws:iam::111122223333:mfa\/ada/g)).toHaveLength(1);
    expect(callers()).toEqual(['ASIAWITHMFA']);
    expect(exit).toBe(3);
  });

  test('is not asked for again after a wrong code, and the advice is about the code', async () => {
    const { exit, text } = await run('status --profile ops', { config: MFA, script: { pastes: ['000000'] } });
    expect(exit).toBe(1);
    expect(text).toContain('AWS did not take the MFA code. Each code works once');
    expect(callers()).toEqual([]);
  });

  test('Ctrl-C at the question ends the command', async () => {
    const { exit, text } = await run('status --profile ops', {
      config: MFA,
      script: { pastes: ['interrupt'] },
    });
    expect(exit).toBe(1);
    expect(text).toContain('Interrupted');
    expect(text).not.toContain('Sign in');
  });
});

test('a profile of `aws login` signs in', async () => {
  await run('status --profile ops', { config: LOGIN, files: loginCache('2099-01-01T00:00:00Z') });
  expect(callers()).toEqual(['ASIALOGIN']);
});

const keys = { AWS_ACCESS_KEY_ID: 'AKIAENV', AWS_SECRET_ACCESS_KEY: 'none' };

/** What a person reads whom nobody signs in: the SDK's own words, and the advice. */
const CASES: readonly (readonly [name: string, line: string, setup: Setup, advice: string])[] = [
  [
    'nothing at all',
    'status',
    {},
    'Sign in to AWS first (`aws sso login` or `aws login`), or name a profile with --profile.',
  ],
  [
    'a profile that is not there',
    'status --profile nope',
    {},
    'The config profile (nope) could not be found Profiles that exist: `aws configure list-profiles`.',
  ],
  [
    'the same, named by AWS_DEFAULT_PROFILE',
    'status',
    { vars: { AWS_DEFAULT_PROFILE: 'nope' } },
    'The config profile (nope) could not be found',
  ],
  [
    'an SSO profile that never signed in',
    'status --profile ops',
    { config: SSO },
    'Sign in again: aws sso login --profile ops',
  ],
  [
    'an SSO session that has ended',
    'status --profile ops',
    {
      config: SSO,
      files: {
        [`.aws/sso/cache/${sha1('company')}.json`]: JSON.stringify({
          accessToken: 't',
          expiresAt: '2020-01-01T00:00:00Z',
        }),
      },
    },
    'Sign in again: aws sso login --profile ops',
  ],
  [
    'an SSO session, named by AWS_PROFILE',
    'status',
    { config: SSO, vars: { AWS_PROFILE: 'ops' } },
    'Sign in again: aws sso login --profile ops',
  ],
  [
    'a profile of `aws login` that never signed in',
    'status --profile ops',
    { config: LOGIN },
    'Sign in again: aws login --profile ops',
  ],
  [
    'a session of `aws login` that has ended',
    'status --profile ops',
    { config: LOGIN, files: loginCache('2020-01-01T00:00:00Z') },
    'Sign in again: aws login --profile ops',
  ],
  [
    'half a key in the environment',
    'status',
    { vars: { AWS_ACCESS_KEY_ID: 'AKIAENV' } },
    'AWS_ACCESS_KEY_ID is set, and AWS_SECRET_ACCESS_KEY is not',
  ],
  [
    'a profile without credentials',
    'status --profile ops',
    { config: '[profile ops]\nregion = eu-west-1\n' },
    'The profile ops gives no working credentials.',
  ],
  [
    'a credential_process that fails',
    'status --profile ops',
    { config: '[profile ops]\ncredential_process = false\n' },
    'The profile ops gives no working credentials.',
  ],
  [
    'no region',
    'status',
    { vars: { ...keys, AWS_REGION: undefined } },
    'Region is missing Name the region with --region',
  ],
  [
    'an empty region',
    'status',
    { vars: { ...keys, AWS_REGION: '' } },
    'Name the region with --region, or set AWS_REGION',
  ],
  [
    'a region that does not exist',
    'status --region eu-nowhere-1',
    { vars: { ...keys, AWS_ENDPOINT_URL: 'https://secretsmanager.eu-nowhere-1.invalid' } },
    'Is the region right',
  ],
  [
    'nothing that listens',
    'status',
    { vars: { ...keys, AWS_ENDPOINT_URL: 'http://127.0.0.1:1' } },
    'AWS cannot be reached from here.',
  ],
  [
    'a proxy that is none',
    'status',
    { vars: { ...keys, AWS_ENDPOINT_URL: '', HTTPS_PROXY: 'socks5://proxy.example.com' } },
    'HTTPS_PROXY cannot be used: it begins with socks5://',
  ],
];

test.each(CASES)('%s', async (_, line, setup, advice) => {
  const { exit, text } = await run(line, setup);
  expect(text).toContain(advice);
  expect(exit).toBe(1);
});

test.each([
  [
    'ExpiredTokenException',
    'The security token included in the request is expired',
    'These temporary credentials have expired',
  ],
  [
    'UnrecognizedClientException',
    'The security token included in the request is invalid.',
    'AWS does not know this access key',
  ],
  [
    'InvalidSignatureException',
    'The request signature we calculated does not match',
    'The secret access key does not belong',
  ],
  [
    'InvalidSignatureException',
    'Signature expired: 20261129T0800Z is now earlier than 20261129T0900Z',
    'clock is wrong',
  ],
])('AWS answers %s: %s', async (code, message, advice) => {
  const { aws } = testKey.sandbox;
  const restore = aws.faults.on(
    { caller: 'AKIAENV', times: Number.POSITIVE_INFINITY },
    { kind: 'error', code, message, status: 403 },
  );
  const { exit, text } = await run('status', { vars: keys });
  restore();
  expect(text).toContain(advice);
  expect(exit).toBe(1);
});

test.each(['AKIAENV', 'ops'])('doctor survives what keeps %s from signing in', async (who) => {
  const { exit, text } = await run(who === 'ops' ? 'doctor --profile ops' : 'doctor', {
    config: LOGIN,
    vars: who === 'ops' ? {} : { AWS_ACCESS_KEY_ID: who },
  });
  expect(text).toContain('!! AWS cannot be asked:');
  expect(text).toContain('Anthropic answers this machine');
  expect(text).toContain(who === 'ops' ? 'aws login --profile ops' : 'AWS_SECRET_ACCESS_KEY is not');
  expect(exit).toBe(3);
});
