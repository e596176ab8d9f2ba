import { renderInventory } from '../../../lib/cli/inventory/inventory-table';
import { clean, layOut, styleFor } from '../../../lib/cli/style';
import { memoryToTags } from '../../../lib/contract/memory-tags';
import { policyToTags } from '../../../lib/contract/policy-tags';
import { inventoryOf } from '../../../lib/domain/inventory/inventory';
import { DEFAULT_POLICY } from '../../../lib/domain/policy';
import { DAY, plus } from '../../../lib/domain/time';
import { FAULT } from '../../../local/aws';
import type { Call } from '../../../local/aws/call';
import { operatorOn } from '../../../local/cli/operator';
import { type StagedEnvironment, staged } from '../../../local/staged-environment';
import { Sandbox } from '../../../local/world';
import { anOrganization, aRecord } from '../../an-organization';
import { aKeyRef, daysAgo, HOME, NOW } from '../../builders';
import { aMemory } from '../../fleet-listing';

const KEYS = '/v1/organizations/api_keys';

interface Document {
  readonly schema: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly rows: readonly { readonly id: string; readonly name: string; readonly flags: readonly string[] }[];
  readonly notAsked: readonly {
    readonly environment: string;
    readonly why: string;
    readonly words: string;
  }[];
  readonly since?: { readonly differences: readonly { readonly name: string; readonly change: string }[] };
}

describe('the command `inventory`', () => {
  let sandbox: Sandbox;
  let workspace: string;

  /** Environments of one organization; the secrets remember it, and no key of it. */
  const deploy = (
    ...environments: readonly (Pick<StagedEnvironment, 'name' | 'adminAccess'> & {
      organizationId?: string;
    })[]
  ) =>
    Promise.all(
      environments.map(({ name, adminAccess, organizationId }) => {
        const home = {
          organizationId: organizationId ?? sandbox.anthropic.organization.id,
          workspaceId: workspace,
        };
        const key = { environment: name, service: 'api', owner: 'team@example.com' };
        const tags = { ...policyToTags(key, DEFAULT_POLICY), ...memoryToTags(aMemory({ home })) };
        const secrets = [{ name: `anthropic/${name}/api`, tags }];
        return sandbox.deploy(staged({ name, home, adminAccess, subscriptions: [], secrets }, sandbox));
      }),
    );
  const run = async (...argv: readonly string[]) => {
    const ada = operatorOn(sandbox);
    const ran = await ada.run(['inventory', ...argv]);
    return { ...ran, files: ada.files, document: () => ran.json() as Document };
  };
  const pagesOfKeys = () => sandbox.anthropic.requests.filter(({ path }) => path.startsWith(KEYS)).length;

  beforeEach(async () => {
    sandbox = await Sandbox.open({ start: NOW });
    workspace = sandbox.anthropic.createWorkspace('prod');
  });
  afterEach(() => sandbox.close());

  test('lists every key with what is known of it, and takes a person where the creator is gone', async () => {
    await deploy({ name: 'prod', adminAccess: true });
    const { anthropic, clock } = sandbox;
    const old = anthropic.createKey({ workspace, name: 'used-once' });
    anthropic.createKey({ workspace, name: 'orphan', createdBy: 'user_01Gone' });
    anthropic.recordUsage(old.id, { at: clock.now(), requests: 1 });
    clock.set(plus(NOW, 45 * DAY));
    anthropic.createKey({ workspace, name: 'fresh' });
    const { exit, document, shown } = await run('--json');
    expect(exit).toBe(3);
    expect(document()).toMatchObject({
      schema: 'anthropic-key-rotation/inventory/1',
      counts: { 'creator-gone': 1, 'no-owner': 1, 'never-used': 1, idle: 1, unmanaged: 3, managed: 0 },
      notAsked: [],
    });
    expect(document().rows.map(({ name, flags }) => `${name}: ${flags.join(' ')}`)).toEqual([
      'orphan: creator-gone no-owner never-used unmanaged legacy',
      'used-once: idle unmanaged legacy',
      'fresh: unmanaged legacy',
    ]);
    expect(shown).not.toContain('sk-ant-api03-A');
  });

  test('follows --idle-days and --flag, and refuses others than there are', async () => {
    await deploy({ name: 'prod', adminAccess: true });
    const { id } = sandbox.anthropic.createKey({ workspace, name: 'used-once' });
    sandbox.anthropic.recordUsage(id, { at: sandbox.clock.now(), requests: 1 });
    sandbox.clock.set(plus(NOW, 45 * DAY));
    const names = async (...argv: string[]) =>
      (await run('--json', '--flag', 'idle', ...argv)).document().rows.map(({ name }) => name);
    expect(await names()).toEqual(['used-once']);
    expect(await names('--idle-days', '46')).toEqual([]);
    for (const argv of [
      ['--idle-days', '0'],
      ['--idle-days', '181'],
      ['--flag', 'idel'],
      ['--csv', '-', '--json'],
      ['--since', 'none.json'],
    ])
      expect(await run(...argv)).toMatchObject({ exit: 2 });
    expect((await run('--flag', 'idel')).shown).toContain('Did you mean idle?');
  });

  test('prints CSV, or writes it besides', async () => {
    await deploy({ name: 'prod', adminAccess: true });
    sandbox.anthropic.createKey({ workspace, name: '=1+1' });
    const { printed } = await run('--csv', '-');
    expect(printed).toMatch(/^organization_id,key_id,name,[^\n]*\r\n[^\n]*,'=1\+1,sk-ant-api03-[^\n]*$/);
    const { files, shown } = await run('--csv', 'keys.csv');
    expect(files.get('keys.csv')).toBe(`${printed}\r\n`);
    expect(shown).toContain('Written: keys.csv');
  });

  test('tells what is different since an earlier one', async () => {
    await deploy({ name: 'prod', adminAccess: true });
    const { id } = sandbox.anthropic.createKey({ workspace, name: 'old' });
    const ada = operatorOn(sandbox);
    ada.files.set('last.json', (await ada.run(['inventory', '--json'])).printed);
    sandbox.anthropic.createKey({ workspace, name: 'new' });
    sandbox.anthropic.disable(id);
    const since = await ada.run(['inventory', '--since', 'last.json', '--json']);
    expect((since.json() as Document).since!.differences).toMatchObject([
      { name: 'new', change: 'appeared' },
      { name: 'old', change: 'changed', status: { before: 'active', now: 'inactive' } },
    ]);
    const { shown, printed } = await ada.run(['inventory', '--since', 'last.json']);
    expect(shown + printed).toMatch(/old \(\S+\): was active, is inactive/);
  });

  test('asks an organization once, by the first of its environments that can', async () => {
    await deploy(
      { name: 'dev' },
      { name: 'prod', adminAccess: true },
      { name: 'staging', adminAccess: true },
    );
    const { exit, document } = await run('--json');
    expect(exit).toBe(0);
    expect(document()).toMatchObject({ notAsked: [] });
    expect(pagesOfKeys()).toBe(1);
  });

  test('an environment of another organization that cannot be asked is named; without Admin access it is no fault', async () => {
    await deploy({ name: 'other', organizationId: 'org_02Other' }, { name: 'prod', adminAccess: true });
    const { exit, document } = await run('--json');
    expect(exit).toBe(0);
    expect(document().notAsked).toMatchObject([{ environment: 'other', why: 'no-admin-access' }]);
  });

  test('what fails hides no other organization, and exits with 4', async () => {
    await deploy(
      { name: 'other', adminAccess: true, organizationId: 'org_02Other' },
      { name: 'prod', adminAccess: true },
    );
    const isOther = ({ params }: Call) => JSON.stringify(params).includes('anthropic-keys-other-');
    sandbox.aws.faults.on(
      { operation: 'Invoke', where: isOther, times: Number.POSITIVE_INFINITY },
      FAULT.unavailable,
    );
    const { exit, document } = await run('--json');
    expect(exit).toBe(4);
    expect(document().notAsked).toMatchObject([{ environment: 'other', why: 'failed' }]);
    expect(document().rows).toBeDefined();
  });

  test('exits with 2 and says what it takes where nothing can be asked', async () => {
    await deploy({ name: 'prod' });
    const { exit, shown: screen } = await run();
    const shown = screen.replaceAll(/\s+/g, ' ');
    expect(exit).toBe(2);
    expect(shown).toContain('adminAccess in keys.yaml');
    expect(shown).toContain('prod: It is deployed without Admin access to Anthropic.');
    expect(await run('nowhere')).toMatchObject({ exit: 2 });
  });

  test('members that cannot be read make nobody gone, and the words say so', async () => {
    await deploy({ name: 'prod', adminAccess: true });
    sandbox.anthropic.createKey({ workspace, name: 'orphan', createdBy: 'user_01Gone' });
    sandbox.anthropic.script('permission', { path: '/v1/organizations/users' });
    sandbox.anthropic.script('permission', { path: '/v1/organizations/analytics/usage' });
    const { exit, shown, printed } = await run();
    expect(exit).toBe(0);
    expect(shown + printed).toContain(
      'Not known is whether creators of keys are still there: Anthropic does not let',
    );
    expect(shown + printed).toContain('Not known is when keys were used last: Anthropic does not let');
  });

  test('the page for auditors has it on demand', async () => {
    await deploy({ name: 'prod', adminAccess: true });
    sandbox.anthropic.createKey({ workspace, name: 'stray' });
    const ada = operatorOn(sandbox);
    await ada.run(['report', '--html', 'with.html', '--inventory', '--no-history']);
    expect(ada.files.get('with.html')).toMatch(/id="inventory"[\s\S]*has 1 keys[\s\S]*stray/);
    await ada.run(['report', '--html', 'without.html', '--no-history']);
    expect(ada.files.get('without.html')).toContain('The organization was not asked for its keys.');
    expect(await ada.run(['report', '--inventory'])).toMatchObject({ exit: 2 });
  });
});

describe('an inventory on a screen', () => {
  const hint = aKeyRef().hint;
  const inventory = inventoryOf(
    [
      anOrganization([
        aRecord({
          name: 'orphan',
          createdBy: { kind: 'user', id: 'user_gone' },
          principal: undefined,
          createdAt: daysAgo(3),
        }),
        aRecord({ id: 'apikey_2', name: 'lost\nand found', hint }),
        aRecord({ id: 'apikey_3', name: 'off', status: 'inactive' }),
      ]),
    ],
    {
      rows: [],
      unreadable: [],
      claimed: [
        {
          environment: 'prod',
          service: 'search',
          secretName: 'legacy/claude',
          secretArn: 'arn',
          remembers: { hints: [hint] },
        },
      ],
    },
    NOW,
  );
  const onScreen = (columns: number) =>
    layOut(
      clean(
        renderInventory(
          { inventory, notAsked: [], where: 'account 111122223333, eu-central-1', missing: [], absent: [] },
          styleFor({ columns, colour: false }),
        ),
      ),
      columns,
    );

  test('of 80 columns counts first, and then lists the worst first', () => {
    expect(onScreen(80)).toMatchInlineSnapshot(`
"3 keys of Example Ltd (org_01Example), 2 active
1 creator gone, 1 no owner, 1 can be adopted, 2 unmanaged, 1 legacy

orphan
  LAST USE  2026-11-20 to 11-21
  HELD BY   -
  STATE     creator gone, no owner, unmanaged, legacy
lost and found
  LAST USE  2026-11-20 to 11-21
  HELD BY   legacy/claude, not managed
  STATE     can be adopted, unmanaged
off
  LAST USE  2026-11-20 to 11-21
  HELD BY   -
  STATE     inactive

Secrets that no deployment manages remember some of them. To manage one
  npx --no -- anthropic-keys adopt legacy/claude

In the last week, since 2026-11-14
  orphan: created on 2026-11-18 by user_gone (gone)

Compared with the secrets of account 111122223333, eu-central-1. Idle: not used
for 30 days."
`);
  });

  test('of 160 columns names creators and workspaces, too; on a narrow one each key is a paragraph', () => {
    expect(onScreen(160)).toMatch(/KEY +CREATED +BY +WORKSPACE +LAST USE +HELD BY +STATE/);
    expect(onScreen(160)).toContain('user_gone (gone)');
    for (const columns of [40, 80, 160])
      for (const line of onScreen(columns).split('\n'))
        expect(line.length <= columns || line.includes('npx --no')).toBe(true);
  });

  test('shows as many keys as somebody reads, and says how many more there are', () => {
    const many = inventoryOf(
      [anOrganization(Array.from({ length: 1_000 }, (_, n) => aRecord({ id: `apikey_${n}` })))],
      { rows: [], claimed: [], unreadable: [] },
      NOW,
    );
    const shown = { inventory: many, notAsked: [], where: '', missing: [], absent: [] };
    expect(renderInventory(shown, styleFor({ columns: 80, colour: false }))).toContain('and 800 more');
  });

  test('belongs to the organization that it is about', () => {
    expect(onScreen(80)).toContain(HOME.organizationId);
  });
});
