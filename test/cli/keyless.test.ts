import { WORKSPACE_TAG } from '../../lib/contract/policy-tags';
import type { Consumer } from '../../lib/domain/consumer';
import { FAULT } from '../../local/aws';
import { operatorOn } from '../../local/cli/operator';
import { TestKey } from '../lifecycle/test-key';

const ISSUER = 'https://0f1e2d3c-4b5a-4968-8776-655443322110.tokens.sts.global.api.aws';
const GATEWAY: Consumer = { kind: 'ecs', name: 'prod/gateway', refresh: 'restart' };
const VENDOR: Consumer = { kind: 'other', name: 'vendor', refresh: 'restart' };
const LAMBDA: Consumer = { kind: 'lambda', name: 'summaries', refresh: 5 };

let testKey: TestKey;

afterEach(() => testKey.close());

/** A key with its consumers, and a person at the command line. */
async function build(
  consumers: readonly Consumer[] | undefined = [GATEWAY],
  options: Parameters<typeof TestKey.build>[0] = { adminAccess: true },
) {
  testKey = await TestKey.build({ ...options, consumers });
  const { sandbox, secretName, workspace } = testKey;
  await sandbox.aws.secretsManager.perform('TagResource', {
    SecretId: secretName,
    Tags: [{ Key: WORKSPACE_TAG, Value: workspace }],
  });
  const ada = operatorOn(sandbox);
  const key = secretName.replace('anthropic/', '');
  const role = `arn:aws:iam::${sandbox.aws.accountId}:role/gateway`;
  const run = (...options: readonly string[]) => ada.run(['keyless', key, ...options]);
  const check = (...more: readonly string[]) => run('--role', role, '--issuer', ISSUER, '--check', ...more);
  return { key, role, run, check };
}

/** What a person sets up in the Console, as the command says. */
function setUp(role: string, rule: object = {}) {
  const { anthropic } = testKey.sandbox;
  const account = anthropic.addServiceAccount({ name: 'prod-api-1', workspaces: [testKey.workspace] });
  const issuer = anthropic.addIssuer({ name: 'aws', url: ISSUER });
  const made = anthropic.addRule({
    name: 'prod-api-1-prod-gateway',
    issuerId: issuer,
    serviceAccountId: account,
    match: { subject_prefix: role, audience: 'https://api.anthropic.com' },
    workspaces: [testKey.workspace],
    ...rule,
  });
  return { account, issuer, rule: made };
}

test('says who can do without a key, how to find the role, and what is still needed', async () => {
  const { run } = await build([GATEWAY, LAMBDA, VENDOR]);
  const { exit, shown: wrapped } = await run();
  const shown = wrapped.replace(/\s+/g, ' ');
  expect(exit).toBe(0);
  expect(shown).toContain('ECS service prod/gateway can do without a key');
  expect(shown).toContain('not the execution role');
  expect(shown).toContain('aws lambda get-function-configuration');
  expect(shown).toContain('consumer vendor cannot do without a key this way');
  expect(shown).toContain('aws iam get-outbound-web-identity-federation-info');
  expect(shown).not.toContain('subject_prefix');
});

test('prints the steps and the requests, with the exact role and no wildcard', async () => {
  const { run, role, key } = await build();
  const { exit, shown } = await run('--role', role, '--issuer', ISSUER);
  expect(exit).toBe(0);
  expect(shown).toContain(`subject   ${role}`);
  expect(shown).toContain(`"subject_prefix": "${role}"`);
  expect(shown).toContain('This command creates nothing');
  const read = (await run('--role', role, '--issuer', ISSUER, '--json')).json() as Record<string, unknown>;
  expect(read).toMatchObject({
    schema: 'anthropic-key-rotation/keyless/1',
    key,
    workspaceId: testKey.workspace,
    consumer: 'prod/gateway',
    need: { rule: { subject: role, scope: 'workspace:inference' } },
    statement: { Action: 'sts:GetWebIdentityToken' },
  });
  expect(testKey.sandbox.anthropic.requests.filter(({ path }) => path.includes('/organizations'))).toEqual(
    [],
  );
});

test.each<[string, readonly Consumer[], (role: string) => readonly string[], string]>([
  ['a wildcard', [GATEWAY], (role) => ['--role', `${role}*`], 'wildcard'],
  [
    'a session',
    [GATEWAY],
    () => ['--role', 'arn:aws:sts::111122223333:assumed-role/gateway/1'],
    'session of a role',
  ],
  [
    'a role of another account',
    [GATEWAY],
    () => ['--role', 'arn:aws:iam::999988887777:role/x'],
    'account 999988887777',
  ],
  [
    'an issuer of nobody',
    [GATEWAY],
    () => ['--issuer', 'https://example.com'],
    'not the issuer of an AWS account',
  ],
  [
    'a role for nobody in particular',
    [GATEWAY, LAMBDA],
    (role) => ['--role', role],
    'name it with --consumer',
  ],
  [
    'a role where nobody can do without',
    [VENDOR],
    (role) => ['--role', role],
    'can do without a key this way',
  ],
  ['a consumer that cannot do without', [VENDOR], () => ['--consumer', 'vendor'], 'takes a key'],
  ['a consumer of which nobody knows', [GATEWAY], () => ['--consumer', 'x'], 'It has: prod/gateway'],
  ['a check of nothing', [GATEWAY], () => ['--check'], '--check needs --role and --issuer'],
  ['a key that nobody reads', [], () => [], 'Nobody says who reads'],
])('refuses %s with words', async (_, consumers, options, says) => {
  const { run, role } = await build(consumers, {});
  const { exit, shown } = await run(...options(role));
  expect([exit, shown.replace(/\s+/g, ' ')]).toEqual([2, expect.stringContaining(says)]);
});

describe('--check', () => {
  it('finds all there, and exactly that', async () => {
    const { check, role } = await build();
    setUp(role);
    const { exit, shown } = await check();
    expect([exit, shown]).toEqual([0, expect.stringContaining('has what it needs, and no more')]);
  });

  it('finds nothing there', async () => {
    const { check } = await build();
    const { exit, shown } = await check();
    expect([exit, shown]).toEqual([3, expect.stringContaining('No issuer has the URL')]);
  });

  it.each<[string, (role: string) => object, string]>([
    [
      'a subject that is open at its end',
      (role) => ({ match: { subject_prefix: `${role}*` } }),
      'OPENS THE ORGANIZATION',
    ],
    [
      'another subject',
      () => ({ match: { subject_prefix: 'arn:aws:iam::1:role/x' } }),
      'tokens of this role name',
    ],
    ['no subject', () => ({ match: { claims: { sub2: 'x' } } }), 'names no subject'],
    ['every workspace', () => ({ workspaces: 'all' }), 'in every workspace'],
    ['another workspace', () => ({ workspaces: ['wrkspc_x'] }), 'does not work in the workspace'],
    ['org:admin', () => ({ scope: 'org:admin' }), 'grants "org:admin"'],
  ])('finds a rule with %s', async (_, rule, says) => {
    const { check, role } = await build();
    setUp(role, rule(role));
    const { exit, shown } = await check();
    expect([exit, shown.replace(/\s+/g, ' ')]).toEqual([3, expect.stringContaining(says)]);
  });

  it.each(['account', 'issuer', 'rule'] as const)('finds the %s archived', async (which) => {
    const { check, role } = await build();
    testKey.sandbox.anthropic.archiveIdentity(setUp(role)[which]);
    const { exit, shown } = await check();
    expect([exit, shown]).toEqual([3, expect.stringContaining('archived')]);
  });

  it('finds two rules that let the role in', async () => {
    const { check, role } = await build();
    const { account, issuer } = setUp(role);
    testKey.sandbox.anthropic.addRule({
      name: 'second',
      issuerId: issuer,
      serviceAccountId: account,
      match: { subject_prefix: role },
      workspaces: [testKey.workspace],
    });
    const { exit, shown } = await check();
    expect([exit, shown.replace(/\s+/g, ' ')]).toEqual([
      3,
      expect.stringContaining('2 rules let this role in'),
    ]);
  });

  it('knows nothing where Admin access is by an Admin API key, and says so', async () => {
    const { check, role } = await build([GATEWAY], { adminAccess: { keySecret: 'anthropic-admin' } });
    setUp(role);
    const { exit, shown, printed } = await check('--json');
    expect(exit).toBe(3);
    expect(JSON.parse(printed)).toMatchObject({
      checked: { known: false, why: expect.stringContaining('Workload Identity Federation') },
    });
    expect(shown).not.toContain('and no more.');
  });

  it('knows nothing without Admin access, and says so', async () => {
    const { check } = await build([GATEWAY], {});
    const { exit, shown } = await check();
    expect([exit, shown.replace(/\s+/g, ' ')]).toEqual([3, expect.stringContaining('has no Admin access')]);
  });

  it('names the policy to whoever may not ask', async () => {
    const { check, role } = await build();
    setUp(role);
    testKey.sandbox.aws.faults.on({ service: 'lambda', times: Number.POSITIVE_INFINITY }, FAULT.denied);
    const { exit, shown } = await check();
    expect([exit, shown]).toEqual([1, expect.stringContaining('anthropic-keys-prod-responder')]);
  });

  it('knows nothing where the listing fails, and says so', async () => {
    const { check, role } = await build();
    setUp(role);
    testKey.sandbox.anthropic.script(
      { status: 500, body: '{"type":"error","error":{"type":"api_error","message":"x"}}' },
      { path: '/v1/organizations/federation_rules', times: Number.POSITIVE_INFINITY },
    );
    const { exit, shown } = await check();
    expect([exit, shown]).toEqual([3, expect.stringContaining('Not known: nothing was compared')]);
  });

  it('shows of the organization only what concerns this consumer', async () => {
    const { check, role } = await build();
    const { account } = setUp(role);
    const { anthropic } = testKey.sandbox;
    const other = anthropic.addIssuer({ name: 'github', url: 'https://token.actions.githubusercontent.com' });
    anthropic.addRule({
      name: 'deploys',
      issuerId: other,
      serviceAccountId: account,
      match: { subject_prefix: 'repo:acme/*' },
      workspaces: 'all',
    });
    const { exit, printed } = await check('--json');
    expect(exit).toBe(0);
    expect(printed).not.toMatch(/github|deploys/);
  });
});
