import { join } from 'node:path';
import type { CliContext } from '../../lib/cli/context';
import { readEverywhere } from '../../lib/cli/everywhere';
import { onScreen } from '../../lib/cli/screen';
import { openFakeAnthropic } from '../../local/anthropic/fake-anthropic';
import { operatorOn } from '../../local/cli/operator';
import { ScriptedTerminal } from '../../local/cli/scripted-terminal';
import { VirtualClock } from '../../local/clock';
import { Sandbox } from '../../local/world';
import { NOW } from '../builders';
import { runCommand } from './surroundings/command';
import { MFA_CODE, serve } from './surroundings/front';
import { Machine, type Setup } from './surroundings/machine';
import { deployKeys, ThreeAccounts } from './surroundings/three-accounts';

let machine: Machine;
let accounts: ThreeAccounts;
let server: Awaited<ReturnType<typeof serve>>;

beforeEach(async () => {
  const clock = new VirtualClock(NOW);
  accounts = new ThreeAccounts(clock);
  machine = new Machine({ clock, anthropic: openFakeAnthropic({ clock }) });
  server = await serve(accounts.listener);
  await deployKeys(accounts.cloud('111111111111'), 'dev', ['notebooks']);
  await deployKeys(accounts.cloud('222222222222'), 'staging', ['api', 'search']);
  await deployKeys(accounts.cloud('333333333333', 'eu-west-1'), 'prod', ['api', 'search', 'chat']);
  // Whose region every account has.
  for (const account of ['111111111111', '222222222222', '333333333333'])
    accounts.cloud(account, 'us-east-1');
});

afterEach(() => {
  server.close();
  machine.restore();
  machine.dispose();
});

const run = (line: string, setup: Setup = {}) =>
  machine.run(line, server.port, { config: CONFIG, keys: KEYS, ...setup });

const key = (name: string) => `aws_access_key_id = ${name}\naws_secret_access_key = none\n`;

const CONFIG = `[profile dev]
${key('AKIADEV')}
[profile staging]
${key('AKIASTAGING')}
[profile prod]
${key('AKIAPROD')}`;

interface Environment {
  readonly account?: string;
  readonly region?: string;
  readonly readAs?: string;
}

const fleetFile = (environments: Readonly<Record<string, Environment>>) =>
  `environments:\n${Object.entries(environments)
    .map(
      ([name, { account, region, readAs }]) => `  ${name}:
    ${account ? `account: '${account}'` : ''}
    ${region ? `region: ${region}` : ''}
    ${readAs ? `readAs: ${readAs}` : ''}
    alerts: [platform@example.com]
    keys: { any: { owner: platform@example.com } }`,
    )
    .join('\n')}\n`;

const ENVIRONMENTS = {
  dev: { account: '111111111111', region: 'eu-central-1', readAs: '{ profile: dev }' },
  staging: { account: '222222222222', region: 'eu-central-1', readAs: '{ profile: staging }' },
  prod: { account: '333333333333', region: 'eu-west-1', readAs: '{ profile: prod }' },
};

const KEYS = fleetFile(ENVIRONMENTS);

interface Fleets {
  readonly complete: boolean;
  readonly parts: readonly {
    readonly environments: readonly string[];
    readonly account?: string;
    readonly region?: string;
    readonly fleet?: { readonly rows: readonly { readonly key: { readonly environment: string } }[] };
    readonly unread?: { readonly why: string; readonly words: string };
  }[];
}

const shapeOf = ({ parts }: Fleets) =>
  parts.map(({ environments, account, region, fleet, unread }) => [
    environments.join('+'),
    account,
    region,
    unread?.why ?? fleet!.rows.length,
  ]);

describe('with every account readable', () => {
  test('one table has them all, each place under its name', async () => {
    const { exit, text } = await run('status --everywhere');
    expect(text).toContain('dev (account 111111111111, eu-central-1)');
    expect(text).toContain('prod (account 333333333333, eu-west-1)');
    for (const name of ['dev/notebooks', 'staging/search', 'prod/chat']) expect(text).toContain(name);
    expect(text).toContain('6 keys: 0 now, 0 soon, 6 fine · 3 places');
    expect(exit).toBe(0);
  });

  test('JSON has a part for each place', async () => {
    const ran = await run('status --everywhere --json');
    expect(ran.json()).toMatchObject({ schema: 'anthropic-key-rotation/fleets/1', complete: true });
    expect(shapeOf(ran.json())).toEqual([
      ['dev', '111111111111', 'eu-central-1', 1],
      ['staging', '222222222222', 'eu-central-1', 2],
      ['prod', '333333333333', 'eu-west-1', 3],
    ]);
  });

  test('JSON says where a filter left keys out, so that nobody takes them for gone', async () => {
    const ran = await run('status --everywhere --json --owner prod-team@example.com');
    expect(ran.json()).toMatchObject({ filter: { owner: 'prod-team@example.com' } });
    expect((await run('status --everywhere --json')).json()).not.toHaveProperty('filter');
  });

  test('a dead key anywhere makes it exit with 3, and its place comes first', async () => {
    await deployKeys(accounts.cloud('222222222222'), 'staging', ['broken'], { dead: true });
    const { exit, text } = await run('status --everywhere --needs-attention');
    expect(text).toMatch(/show <key>, with the --profile and --region of its place$/);
    expect(exit).toBe(3);
    expect(text).toContain('staging/broken');
    expect(text).not.toContain('prod/');
  });

  test('nothing to do anywhere is said as that', async () => {
    const { exit, text } = await run('status --everywhere --needs-attention');
    expect(text).toContain('No key needs attention in 3 places.');
    expect(exit).toBe(0);
  });

  test('only the places of the named environment are asked', async () => {
    const ran = await run('status --everywhere --environment prod --json');
    expect(shapeOf(ran.json())).toEqual([['prod', '333333333333', 'eu-west-1', 3]]);
    expect(accounts.cloud('111111111111').calls.all()).toEqual([]);
  });

  test('a key that secrets of two accounts share is told', async () => {
    await deployKeys(accounts.cloud('111111111111'), 'dev', ['copy'], { keyOf: () => 'one' });
    await deployKeys(accounts.cloud('222222222222'), 'staging', ['copy'], { keyOf: () => 'one' });
    const { text } = await run('status --everywhere');
    expect(text).toContain(
      'One key is shared by anthropic/dev/copy and anthropic/staging/copy, in several places.',
    );
  });
});

test('two environments of one place are read once', async () => {
  await deployKeys(accounts.cloud('111111111111'), 'lab', ['api']);
  const keys = fleetFile({
    dev: { account: '111111111111', region: 'eu-central-1', readAs: '{ profile: dev }' },
    // The region of the credentials is the same.
    lab: { readAs: '{ profile: dev }' },
  });
  const ran = await run('status --everywhere --json', { keys });
  expect(shapeOf(ran.json())).toEqual([['dev+lab', '111111111111', 'eu-central-1', 2]]);
  const listings = accounts
    .cloud('111111111111')
    .calls.all()
    .filter(({ operation }) => operation === 'ListSecrets');
  expect(listings).toHaveLength(1);
});

test('keys of environments that the file does not name are left out', async () => {
  await deployKeys(accounts.cloud('111111111111'), 'strange', ['api']);
  const { text } = await run('status --everywhere');
  expect(text).not.toContain('strange/api');
});

test('places are read side by side', async () => {
  // The first one answers once the last one was asked.
  let asked = () => {};
  const lastIsAsked = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const meanwhile = (run: () => Promise<void>) =>
    ({ kind: 'meanwhile', when: 'before-effect', run }) as const;
  accounts.cloud('111111111111').faults.on(
    { operation: 'ListSecrets' },
    meanwhile(() => lastIsAsked),
  );
  accounts.cloud('333333333333', 'eu-west-1').faults.on(
    { operation: 'ListSecrets' },
    meanwhile(async () => asked()),
  );
  expect((await run('status --everywhere')).exit).toBe(0);
});

describe('a part that cannot be read', () => {
  const denied = () =>
    accounts.cloud('222222222222').faults.on(
      { operation: 'ListSecrets', times: Number.POSITIVE_INFINITY },
      {
        kind: 'error',
        code: 'AccessDeniedException',
        message:
          'User: arn:aws:sts::222222222222:assumed-role/x/y is not authorized to perform: secretsmanager:ListSecrets',
      },
    );

  test('is said first, hides no other, and is never all clear', async () => {
    denied();
    const { exit, shown, text } = await run('status --everywhere --needs-attention');
    expect(exit).toBe(4);
    expect(shown).toMatch(/^1 of 3 places could not be read, and nothing is known of the keys there:/);
    expect(text).toContain(
      'staging (account 222222222222, eu-central-1): ListSecrets: AccessDeniedException',
    );
    expect(text).toContain('Attach the policy anthropic-keys-staging-reader');
    expect(text).toContain('No key needs attention in 2 of 3 places that could be read.');
  });

  test('wins over a key that needs a person, and both are said', async () => {
    denied();
    await deployKeys(accounts.cloud('111111111111'), 'dev', ['broken'], { dead: true });
    const { exit, text } = await run('status --everywhere');
    expect(exit).toBe(4);
    expect(text).toContain('1 of 3 places could not be read');
    expect(text).toContain('5 keys: 1 now, 0 soon, 4 fine · 2 of 3 places that could be read');
  });

  test('has its reason in JSON', async () => {
    denied();
    const ran = await run('status --everywhere --json');
    expect(ran.exit).toBe(4);
    expect(ran.json().complete).toBe(false);
    expect(shapeOf(ran.json())).toEqual([
      ['dev', '111111111111', 'eu-central-1', 1],
      ['staging', '222222222222', 'eu-central-1', 'denied'],
      ['prod', '333333333333', 'eu-west-1', 3],
    ]);
  });

  test.each<[string, Setup, string, string]>([
    [
      'an SSO session that never was, and the command that signs in',
      {
        config: CONFIG.replace(
          key('AKIASTAGING'),
          'sso_session = company\nsso_account_id = 222222222222\nsso_role_name = Ops\n',
        ).concat(
          '\n[sso-session company]\nsso_region = eu-central-1\nsso_start_url = https://company.awsapps.com/start\n',
        ),
      },
      'signed-out',
      'aws sso login --profile staging',
    ],
    [
      'a profile that is not there',
      { config: CONFIG.replace('[profile staging]', '[profile other]') },
      'signed-out',
      'The config profile (staging) could not be found',
    ],
    [
      'another account than the file names',
      { config: CONFIG.replace('AKIASTAGING', 'AKIADEV') },
      'wrong-place',
      'The profile staging is of account 111111111111 (eu-central-1), and keys.yaml names account 222222222222.',
    ],
    [
      'a region that the account has not enabled',
      {
        keys: fleetFile({ ...ENVIRONMENTS, staging: { ...ENVIRONMENTS.staging, region: 'eu-south-2' } }),
      },
      'wrong-place',
      'AWS takes these credentials in us-east-1 and not in eu-south-2: the account has not enabled that region',
    ],
    [
      'a role that does not admit the caller',
      {
        keys: fleetFile({
          ...ENVIRONMENTS,
          staging: {
            ...ENVIRONMENTS.staging,
            readAs: '{ role: "arn:aws:iam::222222222222:role/anthropic-keys-staging-readers" }',
          },
        }),
        vars: { AWS_ACCESS_KEY_ID: 'AKIADEV', AWS_SECRET_ACCESS_KEY: 'none' },
      },
      'denied',
      'The role does not admit you, or does not exist.',
    ],
  ])('%s', async (_, setup, why, words) => {
    const ran = await run('status --everywhere --json', setup);
    expect(ran.exit).toBe(4);
    const { parts } = ran.json() as Fleets;
    expect(parts[1]!.unread!.why).toBe(why);
    expect(parts[1]!.unread!.words).toContain(words);
    expect(parts.map(({ fleet }) => fleet?.rows.length)).toEqual([1, undefined, 3]);
  });

  test('a token that AWS no longer takes', async () => {
    accounts.cloud('222222222222').faults.on(
      { times: Number.POSITIVE_INFINITY },
      {
        kind: 'error',
        code: 'ExpiredTokenException',
        message: 'The security token included in the request is expired',
        status: 403,
      },
    );
    const ran = await run('status --everywhere --json');
    expect(ran.exit).toBe(4);
    expect(ran.json().parts[1].unread).toMatchObject({
      why: 'signed-out',
      words: expect.stringContaining('These temporary credentials have expired'),
    });
  });

  test('AWS that does not answer there', async () => {
    accounts.cloud('222222222222').faults.on(
      { operation: 'ListSecrets', times: Number.POSITIVE_INFINITY },
      {
        kind: 'error',
        code: 'InternalServiceError',
        message: 'An error occurred on the server side.',
        status: 500,
      },
    );
    const ran = await run('status --everywhere --json');
    expect(ran.json().parts[1].unread.why).toBe('unavailable');
    expect(ran.exit).toBe(4);
  });

  test('an inventory says of each place why it is missing: denied, a wrong region, an expired token', async () => {
    accounts.cloud('333333333333', 'eu-west-1').faults.on(
      { times: Number.POSITIVE_INFINITY },
      {
        kind: 'error',
        code: 'ExpiredTokenException',
        message: 'The security token included in the request is expired',
        status: 403,
      },
    );
    denied();
    const keys = fleetFile({ ...ENVIRONMENTS, dev: { ...ENVIRONMENTS.dev, region: 'eu-south-2' } });
    const ran = await run('inventory --everywhere --json', { keys });
    expect(ran.exit).toBe(4);
    const { complete, parts, rows } = ran.json() as Fleets & { readonly rows: readonly unknown[] };
    expect([complete, rows]).toEqual([false, []]);
    expect(parts.map(({ environments, unread }) => [environments.join(), unread?.why])).toEqual([
      ['dev', 'wrong-place'],
      ['staging', 'denied'],
      ['prod', 'signed-out'],
    ]);
    const { shown, text } = await run('inventory --everywhere', { keys });
    expect(shown).toMatch(/^3 of 3 places could not be read, and nothing is known of the keys there:/);
    expect(text).toContain(
      'dev (account 111111111111, eu-south-2): AWS takes these credentials in us-east-1',
    );
    expect(text).toContain('staging (account 222222222222, eu-central-1): ListSecrets: AccessDenied');
    expect(text).toMatch(
      /prod \(account 333333333333, eu-west-1\): .*These temporary credentials have expired/,
    );
    expect(text).toContain('No organization could be listed: nothing is known of its keys.');
  });

  test('a place where nothing is deployed is read, and is not fine', async () => {
    const keys = fleetFile({
      ...ENVIRONMENTS,
      lab: { account: '222222222222', readAs: '{ profile: staging }' },
    });
    const { exit, text } = await run('status --everywhere', { keys });
    expect(exit).toBe(3);
    expect(text).toContain('lab: keys.yaml has keys for it, and there is none in account 222222222222');
  });

  test('all of them: the command still says why of each', async () => {
    const { exit, text } = await run('status --everywhere --needs-attention', { config: '' });
    expect(exit).toBe(4);
    expect(text).toContain('3 of 3 places could not be read');
    expect(text).not.toContain('No key');
  });
});

describe('a role', () => {
  const role = 'arn:aws:iam::222222222222:role/anthropic-keys-staging-readers';
  const keys = fleetFile({
    staging: { account: '222222222222', region: 'eu-central-1', readAs: `{ role: "${role}" }` },
  });

  test('is assumed once by the caller’s own credentials, under the caller’s name', async () => {
    accounts.home.sts.trust(role, 'AKIADEV');
    const ran = await run('status --everywhere --json', {
      keys,
      vars: { AWS_ACCESS_KEY_ID: 'AKIADEV', AWS_SECRET_ACCESS_KEY: 'none', AWS_REGION: undefined },
    });
    expect(shapeOf(ran.json())).toEqual([['staging', '222222222222', 'eu-central-1', 2]]);
    const assumed = accounts.home.calls.all().filter(({ operation }) => operation === 'AssumeRole');
    expect(assumed.map(({ params }) => params)).toEqual([
      { RoleArn: role, RoleSessionName: 'AKIADEV', DurationSeconds: '3600' },
    ]);
  });
});

describe('MFA', () => {
  const role = (account: string) => `arn:aws:iam::${account}:role/Ops`;
  const profile = (name: string, account: string) =>
    `[profile ${name}]\nrole_arn = ${role(account)}\nsource_profile = base\nmfa_serial = arn:aws:iam::111111111111:mfa/${name}\n`;
  const config = `[profile base]\n${key('AKIADEV')}\n${profile('staging', '222222222222')}\n${profile('prod', '333333333333')}`;

  beforeEach(() => {
    for (const account of ['222222222222', '333333333333']) accounts.home.sts.trust(role(account), 'AKIADEV');
  });

  test('is asked for once for each profile, however many places it reads, and never for two at once', async () => {
    await deployKeys(accounts.cloud('222222222222', 'eu-west-1'), 'lab', ['api']);
    const { dev: _, ...others } = ENVIRONMENTS;
    const keys = fleetFile({
      ...others,
      lab: { account: '222222222222', region: 'eu-west-1', readAs: '{ profile: staging }' },
    });
    const { exit, shown } = await run('status --everywhere', {
      ...{ config, keys },
      script: { pastes: [MFA_CODE, MFA_CODE] },
    });
    expect(shown.match(/MFA code of .*/g)).toEqual([
      'MFA code of arn:aws:iam::111111111111:mfa/staging:',
      'MFA code of arn:aws:iam::111111111111:mfa/prod:',
    ]);
    expect(exit).toBe(0);
  });

  test('Ctrl-C at the question ends the command', async () => {
    const { exit, text } = await run('status --everywhere', { config, script: { pastes: ['interrupt'] } });
    expect(text).toContain('Interrupted');
    expect(exit).toBe(1);
  });

  test('is not asked for of the caller’s own profile where every environment names another', async () => {
    const { exit, text } = await run('status --everywhere', {
      config: `${CONFIG}\n${profile('ops', '222222222222')}`,
      vars: { AWS_PROFILE: 'ops' },
    });
    expect(text).not.toContain('MFA code');
    expect(exit).toBe(0);
  });
});

test('the program itself reads the file that a variable names, and connects to each place', async () => {
  const { folder, vars } = machine.home({ config: CONFIG, files: { 'keys.yaml': KEYS } }, server.port);
  const ended = await runCommand(['status', '--everywhere', '--json'], {
    ...vars,
    ROTATION_KEYS_FILE: join(folder, 'keys.yaml'),
  });
  expect(ended.stderr).toBe('');
  expect(shapeOf(JSON.parse(ended.stdout))).toEqual([
    ['dev', '111111111111', 'eu-central-1', 1],
    ['staging', '222222222222', 'eu-central-1', 2],
    ['prod', '333333333333', 'eu-west-1', 3],
  ]);
  // By the machine's own clock these keys may be unchecked.
  expect([0, 3]).toContain(ended.exit);
});

test('a place that never answers is given up, and the others are there', async () => {
  const sandbox = await Sandbox.open({ start: NOW });
  const { account, region } = { account: sandbox.aws.accountId, region: sandbox.aws.region };
  const environments = ['dev', 'prod'].map((environment) => ({
    ...{ environment, account, region, adminAccess: false },
    readAs: { role: `arn:aws:iam::${account}:role/${environment}` },
  }));
  const context: CliContext = {
    ...operatorOn(sandbox).context(onScreen(new ScriptedTerminal(), { json: true })),
    json: true,
    declared: async () => ({ file: 'keys.yaml', faults: [], environments }),
  };
  const parts = await readEverywhere(
    context,
    (_, [one]) => (one!.environment === 'dev' ? new Promise<string>(() => {}) : Promise.resolve('read')),
    { patience: { signIn: 60_000, arrive: 60_000, read: 10 } },
  );
  expect(parts).toEqual([
    {
      environments: ['dev'],
      account,
      region,
      unread: { why: 'unavailable', words: expect.stringContaining('No answer') },
    },
    { environments: ['prod'], account, region, known: 'read' },
  ]);
  await sandbox.close();
});

describe('refused before anything is called', () => {
  test.each<[string, Setup, string]>([
    [
      'status --everywhere',
      { keys: undefined },
      '--everywhere reads which environments there are from keys.yaml',
    ],
    [
      'status --everywhere',
      { keys: 'environments: {}' },
      'environments is {}: expected at least one environment',
    ],
    ['status --everywhere -e prodd', {}, 'keys.yaml has no environment prodd. Did you mean prod?'],
    [
      'report --everywhere',
      {},
      '--everywhere is for the page for auditors: give --html <file> or --audit, too.',
    ],
  ])('%s', async (line, setup, says) => {
    const { exit, text } = await run(line, setup);
    expect(text).toContain(says);
    expect(exit).toBe(2);
    expect(accounts.home.calls.all()).toEqual([]);
  });
});

test('each fault of the file has a line of its own', async () => {
  const { shown } = await run('status --everywhere', { keys: 'environments: {}\nsurprise: 1\n' });
  expect(shown.split('\n').map((line) => /^keys\.yaml(:\d+)?/.exec(line)?.[0])).toEqual(
    expect.arrayContaining(['keys.yaml', 'keys.yaml:1', 'keys.yaml:2']),
  );
});

test('an owner that nobody is, and environments that are deployed nowhere, are no fleet that is fine', async () => {
  const none = await run('status --everywhere --owner prod-taem@example.com');
  expect(none.text).toContain(
    'No managed key has the owner prod-taem@example.com. Did you mean prod-team@example.com',
  );
  expect(none.exit).toBe(2);
  const keys = fleetFile({ lab: { account: '222222222222', readAs: '{ profile: staging }' } });
  const nowhere = await run('status --everywhere', { keys });
  expect(nowhere.text).toContain(
    'None of the environments of keys.yaml has a key where it says that they are.',
  );
  expect(nowhere.exit).toBe(2);
});

describe('the page for auditors', () => {
  /** As the page shows a place beside a key. */
  const IN_PROD = '333333333333, eu-west-1';

  test('is one page about all of them, each with its own evidence', async () => {
    const { exit, written } = await run('report --everywhere --html keys.html');
    const page = written.get('keys.html')!;
    expect(exit).toBe(0);
    expect(page).toContain('All 6 keys are fine.');
    expect(page).toContain(
      `prod/chat<span class="aside">prod-team@example.com</span><span class="aside">${IN_PROD}`,
    );
    for (const place of ['111111111111, eu-central-1', '222222222222, eu-central-1', IN_PROD])
      expect(page).toContain(`AWS CloudTrail of ${place} was read back to`);
    expect(page).toContain('read by arn:aws:sts::333333333333:assumed-role/<wbr>AKIAPROD');
  });

  test('says of a part that could not be read what is missing and why, in every section', async () => {
    accounts
      .cloud('222222222222')
      .faults.on(
        { operation: 'ListSecrets', times: Number.POSITIVE_INFINITY },
        { kind: 'error', code: 'AccessDeniedException', message: 'not authorized' },
      );
    const { exit, text, written } = await run('report --everywhere --html keys.html');
    const page = written.get('keys.html')!;
    expect(exit).toBe(4);
    expect(text).toContain('1 of 3 places could not be read');
    expect(text).toContain('The page lists 4 keys, and says what is missing.');
    expect(page).not.toContain('All 4 keys are fine.');
    expect(page).toContain('4 keys that could be read need nobody. Of the others nothing is known.');
    const missing =
      'Anything about staging (account 222222222222, eu-central-1): 1 of 3 places could not be read';
    for (const id of ['keys', 'timeline', 'history', 'exceptions', 'controls'])
      expect(page.split(`<section id="${id}"`)[1]!.split('</section>')[0]).toContain(
        `<dt>Not known</dt><dd>${missing}`,
      );
    expect(page).toContain('not read: ListSecrets: AccessDeniedException: not authorized.');
    expect(page).not.toContain('</span> none</span>');
  });

  test('is complete only if the CloudTrail of each account was read, and its JSON says of which it was not', async () => {
    accounts.cloud('222222222222').faults.on(
      { service: 'cloudtrail', times: Number.POSITIVE_INFINITY },
      {
        kind: 'error',
        code: 'AccessDeniedException',
        message: 'not authorized to perform: cloudtrail:LookupEvents',
      },
    );
    const ran = await run('report --everywhere --audit');
    const audit = JSON.parse(ran.printed);
    expect(audit).toMatchObject({
      schema: 'anthropic-key-rotation/audit/1',
      trailRead: false,
      parts: [
        { environments: ['dev'], account: '111111111111', trail: { readable: true } },
        {
          environments: ['staging'],
          trail: { readable: false, why: expect.stringContaining('cloudtrail:LookupEvents') },
        },
        { environments: ['prod'], region: 'eu-west-1', trail: { readable: true } },
      ],
    });
    expect(ran.text).toContain('staging: AWS CloudTrail: AccessDeniedException');
    expect(ran.exit).toBe(0);
  });

  test('`status --html` writes the same, and without history asks no CloudTrail', async () => {
    const { exit, written } = await run('status --everywhere --html keys.html --no-history');
    expect(exit).toBe(0);
    expect(written.get('keys.html')).toContain('was left out on request');
    const asked = accounts
      .cloud('333333333333', 'eu-west-1')
      .calls.all()
      .map(({ service }) => service);
    expect(asked).not.toContain('cloudtrail');
  });
});

test('10,000 keys in three accounts take a call per hundred, and one per account to know where it is', async () => {
  const SIZES = { dev: 4000, staging: 3000, prod: 3000 };
  const keys = fleetFile({ ...ENVIRONMENTS, prod: { ...ENVIRONMENTS.prod, region: 'eu-central-1' } });
  const clouds = [
    accounts.cloud('111111111111'),
    accounts.cloud('222222222222'),
    accounts.cloud('333333333333'),
  ];
  for (const [index, [environment, size]] of Object.entries(SIZES).entries()) {
    const cloud = clouds[index]!;
    const there = cloud.secretsManager.all().length;
    await deployKeys(
      cloud,
      environment,
      Array.from({ length: size - there }, (_, n) => `service-${n}`),
    );
  }
  const before = process.memoryUsage().heapUsed;
  const start = performance.now();
  const { exit, text } = await run('status --everywhere', { keys });
  const took = Math.round(performance.now() - start);
  const calls = clouds.map((cloud) => cloud.calls.all().length);
  const megabytes = Math.round((process.memoryUsage().heapUsed - before) / 2 ** 20);
  console.info(
    `status of 10,000 keys in 3 accounts: ${calls.join(' + ')} calls, ${took} ms, ${megabytes} MB more.`,
  );
  expect(exit).toBe(0);
  expect(text).toContain('10000 keys: 0 now, 0 soon, 10000 fine · 3 places');
  expect(calls).toEqual([41, 31, 31]);
});
