import { memoryToTags } from '../../../lib/contract/memory-tags';
import { policyToTags } from '../../../lib/contract/policy-tags';
import { DEFAULT_POLICY } from '../../../lib/domain/policy';
import { FAULT, type FakeAws } from '../../../local/aws';
import { operatorOn } from '../../../local/cli/operator';
import { staged } from '../../../local/staged-environment';
import { Sandbox } from '../../../local/world';
import { aRememberedVerdict, NOW } from '../../builders';
import { aMemory } from '../../fleet-listing';
import { keyOf } from '../../keys';

const KEYS = '/v1/organizations/api_keys';
const ALWAYS = { times: Number.POSITIVE_INFINITY };
const DENIED = {
  kind: 'error',
  code: 'AccessDeniedException',
  message: 'User: arn:aws:sts::1:assumed-role/x/y is not authorized to perform: secretsmanager:ListSecrets',
} as const;

const ACCOUNTS: Readonly<Record<string, string>> = {
  dev: '111122223333',
  staging: '222222222222',
  prod: '333333333333',
};

interface Document {
  readonly complete: boolean;
  readonly parts: readonly { readonly environments: readonly string[]; readonly unread?: { why: string } }[];
  readonly counts: Readonly<Record<string, number>>;
  readonly organizations: readonly unknown[];
  readonly rows: readonly {
    readonly name: string;
    readonly flags: readonly string[];
    readonly held: readonly { readonly key: string }[];
  }[];
  readonly notAsked: readonly { readonly environment: string; readonly why: string }[];
  readonly since?: unknown;
}

let sandbox: Sandbox;
let ada: ReturnType<typeof operatorOn>;

/** Three environments of one organization, each in an account of its own with one live key; and a key that nobody holds. */
beforeEach(async () => {
  sandbox = await Sandbox.open({ start: NOW });
  ada = operatorOn(sandbox);
  ada.files.set('keys.yaml', fleetFile());
  const workspaceId = sandbox.anthropic.createWorkspace('shared');
  const home = { organizationId: sandbox.anthropic.organization.id, workspaceId };
  for (const [name, account] of Object.entries(ACCOUNTS)) {
    const { value } = sandbox.anthropic.createKey({ workspace: workspaceId, name: `key-of-${name}` });
    const verdict = aRememberedVerdict(keyOf(value));
    const key = { environment: name, service: 'api', owner: 'team@example.com' };
    const tags = { ...policyToTags(key, DEFAULT_POLICY), ...memoryToTags(aMemory({ home, verdict })) };
    const secrets = [{ name: `anthropic/${name}/api`, tags }];
    const environment = { name, home, adminAccess: name !== 'dev', subscriptions: [], secrets };
    await sandbox.deploy({ ...staged(environment, sandbox), account });
  }
  sandbox.anthropic.createKey({ workspace: workspaceId, name: 'stray', createdBy: 'user_01Gone' });
});
afterEach(() => sandbox.close());

const fleetFile = (names = Object.keys(ACCOUNTS)) =>
  `environments:\n${names
    .map(
      (name) => `  ${name}:
    account: '${ACCOUNTS[name]}'
    readAs: { role: "arn:aws:iam::${ACCOUNTS[name]}:role/reader" }
    alerts: [platform@example.com]
    keys: { api: { owner: platform@example.com } }`,
    )
    .join('\n')}\n`;

const cloud = (name: string): FakeAws => sandbox.environment(name).aws;
const unreadable = (...names: readonly string[]) => {
  for (const name of names) cloud(name).faults.on({ operation: 'ListSecrets', ...ALWAYS }, DENIED);
};
const run = async (...argv: readonly string[]) => {
  const ran = await ada.run(['inventory', '--everywhere', ...argv]);
  return {
    ...ran,
    document: () => ran.json() as Document,
    text: `${ran.shown}\n${ran.printed}`.replace(/\s+/g, ' '),
  };
};
const flagsIn = ({ rows }: Document) =>
  Object.fromEntries(rows.map(({ name, flags }) => [name, flags.join(' ')]));
const invocations = () =>
  Object.keys(ACCOUNTS).map(
    (name) =>
      cloud(name)
        .calls.all()
        .filter(({ operation, params }) => operation === 'Invoke' && JSON.stringify(params).includes('admin'))
        .length,
  );
const pagesOfKeys = () => sandbox.anthropic.requests.filter(({ path }) => path.startsWith(KEYS)).length;

test('an organization of three accounts is asked once, and joined with the secrets of all of them', async () => {
  const { exit, document } = await run('--json');
  expect(document()).toMatchObject({
    complete: true,
    notAsked: [],
    parts: [{ environments: ['dev'] }, { environments: ['staging'] }, { environments: ['prod'] }],
  });
  expect(flagsIn(document())).toEqual({
    'key-of-dev': 'legacy managed',
    'key-of-staging': 'legacy managed',
    'key-of-prod': 'legacy managed',
    stray: 'creator-gone no-owner unmanaged legacy',
  });
  expect(pagesOfKeys()).toBe(1);
  expect(exit).toBe(3);
});

test('environments whose secrets do not say the organization ask for no listing twice, unless keys.yaml says it', async () => {
  for (const name of ['staging', 'prod']) {
    const { secretsManager } = cloud(name);
    const [secret] = secretsManager.all();
    await secretsManager.perform('UntagResource', {
      SecretId: secret!.name,
      TagKeys: Object.keys(secret!.tags).filter((tag) => tag.includes('submission')),
    });
  }
  const { document } = await run('--json');
  expect(document()).toMatchObject({ complete: true, counts: { managed: 3 } });
  expect([pagesOfKeys(), invocations().slice(1)]).toEqual([1, [1, 1]]);
  const declared = `    organizationId: ${sandbox.anthropic.organization.id}\n    readAs`;
  ada.files.set('keys.yaml', fleetFile().replaceAll('    readAs', declared));
  await run();
  expect([pagesOfKeys(), invocations().slice(1)]).toEqual([2, [2, 1]]);
});

test('one environment is asked, and the secrets of all accounts are compared', async () => {
  const { document } = await run('prod', '--json');
  expect(invocations()).toEqual([0, 0, 1]);
  expect(document().counts).toMatchObject({ managed: 3, unmanaged: 1 });
});

test('if one environment cannot answer, one in another account is asked', async () => {
  cloud('staging').faults.on({ operation: 'Invoke', ...ALWAYS }, FAULT.unavailable);
  const { exit, document, text } = await run('--json');
  expect(document()).toMatchObject({ complete: true, notAsked: [], counts: { managed: 3 } });
  expect([exit, text]).toEqual([3, expect.stringContaining('stray')]);
});

describe('with a place that cannot be read', () => {
  test('says so first, exits with 4, and calls no key unmanaged or without an owner', async () => {
    unreadable('staging');
    const { exit, document } = await run('--json');
    expect(exit).toBe(4);
    expect(document()).toMatchObject({
      complete: false,
      counts: { managed: 2, unmanaged: 0, 'no-owner': 0 },
    });
    expect(document().parts.map(({ unread }) => unread?.why)).toEqual([undefined, 'denied', undefined]);
    expect(flagsIn(document())).toMatchObject({
      'key-of-staging': expect.stringContaining('perhaps-unmanaged'),
      stray: expect.stringContaining('perhaps-unmanaged'),
    });
    const { printed, text } = await run();
    expect(printed).toMatch(/^1 of 3 places could not be read/);
    expect(text).toContain(
      '2 active keys may be in what could not be read, the secrets of staging, and count as perhaps unmanaged: disable none for that.',
    );
    expect(text).toContain('Compared with the secrets of 2 of 3 places that could be read.');
  });

  test('which alone can ask: nothing is known of the organization', async () => {
    unreadable('staging', 'prod');
    const { exit, document } = await run('--json');
    expect(exit).toBe(4);
    expect(document()).toMatchObject({
      complete: false,
      organizations: [],
      rows: [],
      notAsked: [{ environment: 'dev', why: 'no-admin-access' }],
    });
    const { text } = await run();
    expect(text).toContain('No organization could be listed: nothing is known of its keys.');
    expect(text).not.toContain('has no keys');
  });

  test('is told beside a CSV, too, and nothing is compared with an earlier inventory', async () => {
    ada.files.set('last.json', (await run('--json')).printed);
    unreadable('staging');
    const { exit, shown } = await run('--csv', '-');
    expect([exit, shown]).toEqual([4, expect.stringContaining('1 of 3 places could not be read')]);
    const since = await run('--since', 'last.json', '--json');
    expect(since.document()).not.toHaveProperty('since');
    expect((await run('--since', 'last.json')).text).toContain('Not compared with last.json');
    // Nor is one that lacks a part taken for an earlier state of the whole.
    ada.files.set('last.json', since.printed);
    for (const name of Object.keys(ACCOUNTS)) cloud(name).faults.clear();
    expect(await run('--since', 'last.json')).toMatchObject({ exit: 2 });
  });

  test('the page for auditors says what may be there', async () => {
    unreadable('staging');
    const { exit } = await ada.run([
      ...['report', '--everywhere', '--html', 'keys.html', '--inventory', '--no-history'],
    ]);
    const page = ada.files.get('keys.html')!.replace(/\s+/g, ' ');
    expect(exit).toBe(4);
    expect(page).toContain('2 active keys may be in what could not be read, the secrets of staging');
    expect(page).toContain('matched no managed secret that could be read');
  });
});

test('an environment without a key where the file says that it is takes a person', async () => {
  ada.files.set(
    'keys.yaml',
    fleetFile()
      .replace('  prod:', '  prod-2:')
      .concat(fleetFile(['prod']).split('\n').slice(1).join('\n')),
  );
  const { exit, text } = await run();
  expect(text).toContain('prod-2: keys.yaml has keys for it, and there is none in account 333333333333');
  expect(exit).toBe(3);
});

test('without Admin access anywhere, it says what that takes', async () => {
  ada.files.set('keys.yaml', fleetFile(['dev']));
  const { exit, text } = await run();
  expect(exit).toBe(2);
  expect(text).toContain('for you, or whom its readAs names, its responder policy');
  expect(text).toContain('dev: It is deployed without Admin access to Anthropic.');
});

test('an environment that the file does not have is refused before anything is called', async () => {
  const { exit, text } = await run('prodd');
  expect([exit, text]).toEqual([2, expect.stringContaining('Did you mean prod?')]);
  expect(Object.keys(ACCOUNTS).flatMap((name) => cloud(name).calls.by('ada'))).toEqual([]);
});

test('the page for auditors joins the organization with the secrets of every account', async () => {
  await ada.run(['report', '--everywhere', '--html', 'keys.html', '--inventory', '--no-history']);
  const page = ada.files.get('keys.html')!.replace(/\s+/g, ' ');
  expect(page).toMatch(/id="inventory".*has 4 keys.*stray/);
  for (const name of Object.keys(ACCOUNTS)) expect(page).toMatch(new RegExp(`key-of-${name}.*${name}/api`));
  expect(pagesOfKeys()).toBe(1);
});
