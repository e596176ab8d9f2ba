import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestKey } from '../../lifecycle/test-key';
import { makeCertificates } from './certificates';
import { runCommand } from './command';
import { type CompanyProxy, front, openProxy, serve } from './front';

let dir: string;
let testKey: TestKey;
let plain: Awaited<ReturnType<typeof serve>>;
let sealed: Awaited<ReturnType<typeof serve>>;
let ca: string;
let proxy: CompanyProxy;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'surroundings-'));
  testKey = await TestKey.build({ overHttp: true });
  const listener = front({ aws: testKey.sandbox.aws.endpoint, anthropic: testKey.sandbox.anthropic.url });
  const { key, cert, ca: file } = makeCertificates(dir);
  ca = file;
  [plain, sealed] = await Promise.all([serve(listener), serve(listener, { key, cert })]);
  proxy = await openProxy(sealed.port);
});

afterAll(async () => {
  proxy.close();
  plain.close();
  sealed.close();
  await testKey.sandbox.close();
  rmSync(dir, { recursive: true });
});

beforeEach(() => {
  testKey.sandbox.aws.calls.clear();
  proxy.asked.length = 0;
});

/** Runs the command with this ~/.aws/config and these variables. */
function run(line: string, config: string, env: Readonly<Record<string, string>> = {}) {
  const file = join(mkdtempSync(join(dir, 'home-')), 'config');
  writeFileSync(file, config);
  return runCommand(line.split(' '), {
    HOME: dir,
    AWS_CONFIG_FILE: file,
    AWS_SHARED_CREDENTIALS_FILE: join(dir, 'none'),
    ROTATION_KEYS_FILE: join(dir, 'none'),
    ...env,
  });
}

const callers = () => [...new Set(testKey.sandbox.aws.calls.all().map(({ caller }) => caller))];

const profile = (name: string, id: string, ...lines: string[]) =>
  [`[profile ${name}]`, `aws_access_key_id = ${id}`, 'aws_secret_access_key = none', ...lines, ''].join('\n');

const both = () => ({ AWS_ENDPOINT_URL: `http://127.0.0.1:${plain.port}` });
const keys = { AWS_ACCESS_KEY_ID: 'AKIAENV', AWS_SECRET_ACCESS_KEY: 'none' };

describe('the identity and region are those that `aws` would use', () => {
  const TWO = profile('team', 'AKIATEAM', 'region = eu-west-1') + profile('other', 'AKIAOTHER');

  test('AWS_DEFAULT_PROFILE and AWS_DEFAULT_REGION are heeded', async () => {
    const env = { ...both(), AWS_DEFAULT_PROFILE: 'team', AWS_DEFAULT_REGION: 'eu-north-1' };
    const { exit, stdout, stderr } = await run('status --json', TWO, env);
    expect({ exit, stderr }).toEqual({ exit: 3, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ region: 'eu-north-1' });
    expect(callers()).toEqual(['AKIATEAM']);
  });

  test('an empty AWS_REGION is none: the region is that of the profile', async () => {
    const { stdout, stderr } = await run('status --json --profile team', TWO, { ...both(), AWS_REGION: '' });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({ region: 'eu-west-1' });
  });

  test('keys in the environment win over AWS_PROFILE, and not over --profile', async () => {
    const env = { ...both(), ...keys, AWS_PROFILE: 'team' };
    expect(JSON.parse((await run('status --json', TWO, env)).stdout)).toMatchObject({ region: 'eu-west-1' });
    expect(callers()).toEqual(['AKIAENV']);
    testKey.sandbox.aws.calls.clear();
    await run('status --json --profile other --region eu-west-3', TWO, env);
    expect(callers()).toEqual(['AKIAOTHER']);
  });

  test('the endpoint_url of a profile that --profile names is heeded', async () => {
    const config = profile(
      'local',
      'AKIALOCAL',
      'region = eu-west-1',
      `endpoint_url = http://127.0.0.1:${plain.port}`,
    );
    expect((await run('status --json --profile local', config)).exit).toBe(3);
    expect(callers()).toEqual(['AKIALOCAL']);
  });
});

describe('behind the proxy of a company', () => {
  const hosts = [
    'api.anthropic.com:443',
    'secretsmanager.eu-central-1.amazonaws.com:443',
    'sts.eu-central-1.amazonaws.com:443',
  ];

  test('HTTPS_PROXY and AWS_CA_BUNDLE lead to AWS and to Anthropic', async () => {
    const env = { ...keys, AWS_REGION: 'eu-central-1', HTTPS_PROXY: proxy.url, AWS_CA_BUNDLE: ca };
    const { stdout, stderr } = await run('doctor --json', '', env);
    expect(stderr).toBe('');
    const { diagnoses } = JSON.parse(stdout) as { diagnoses: { what: string }[] };
    const what = diagnoses.map((each) => each.what);
    expect(what).toContainEqual(expect.stringContaining('at secretsmanager.eu-central-1.amazonaws.com'));
    expect(what).toContain('Anthropic answers this machine');
    expect(proxy.asked).toEqual(expect.arrayContaining(hosts));
  });

  test('so do https_proxy and the ca_bundle of the profile', async () => {
    const config = profile('team', 'AKIATEAM', 'region = eu-central-1', `ca_bundle = ${ca}`);
    const { stdout } = await run('doctor --json --profile team', config, { https_proxy: proxy.url });
    expect(stdout).toContain('Anthropic answers this machine');
    expect(proxy.asked).toEqual(expect.arrayContaining(hosts));
    expect(callers()).toEqual(['AKIATEAM']);
  });

  test('without the bundle it says which variable names it', async () => {
    const env = { ...keys, AWS_REGION: 'eu-central-1', HTTPS_PROXY: proxy.url };
    const { exit, stderr } = await run('status', '', env);
    expect(exit).toBe(1);
    expect(stderr.replace(/\s+/g, ' ')).toContain('Name the file with its CA certificate in AWS_CA_BUNDLE.');
  });

  test.each([
    ['status', 1],
    ['doctor', 3],
  ])('%s names a bundle that is not there, and no line of code', async (line, code) => {
    const env = { ...keys, AWS_REGION: 'eu-central-1', AWS_CA_BUNDLE: '/nowhere/ca.pem' };
    const { exit, stdout, stderr } = await run(line, '', env);
    expect(exit).toBe(code);
    expect(`${stdout}${stderr}`.replace(/\s+/g, ' ')).toContain(
      'names /nowhere/ca.pem, which cannot be read (ENOENT).',
    );
    expect(stderr).not.toContain('outbound.ts');
  });
});

test('a profile that takes an MFA code says so where nobody can be asked', async () => {
  const config = `${profile('base', 'AKIABASE')}[profile ops]\nrole_arn = arn:aws:iam::111122223333:role/Ops\nsource_profile = base\nmfa_serial = arn:aws:iam::111122223333:mfa/ada\nregion = eu-central-1\n`;
  const { exit, stderr } = await run('status --profile ops', config, both());
  expect(exit).toBe(1);
  expect(stderr.replace(/\s+/g, ' ')).toContain(
    'The profile asks for an MFA code of arn:aws:iam::111122223333:mfa/ada, and this is not a terminal. Run it in a terminal',
  );
});
