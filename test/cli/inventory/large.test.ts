import { operatorOn } from '../../../local/cli/operator';
import { NOW } from '../../builders';
import { largeOrganization } from '../../large-organization';

const KEYS = '/v1/organizations/api_keys';
const USAGE = '/v1/organizations/analytics/usage';

interface Document {
  readonly counts: Readonly<Record<string, number>>;
  readonly rows: readonly unknown[];
}

it('10,000 keys, 1,000 of them managed in three accounts, cost one reading of each listing', async () => {
  const { sandbox, requests, fleetFile } = await largeOrganization(10_000, 1_000, NOW);
  try {
    const ada = operatorOn(sandbox);
    ada.files.set('keys.yaml', fleetFile);
    for (const { calls } of sandbox.clouds) calls.clear();
    requests();
    const [begun, before] = [performance.now(), process.resourceUsage().maxRSS];
    const { json, exit } = await ada.run(['inventory', '--everywhere', '--json']);
    const took = Math.round(performance.now() - begun);
    const megabytes = Math.round((process.resourceUsage().maxRSS - before) / 1024);
    const { counts, rows } = json() as Document;
    expect(exit).toBe(0);
    expect(rows).toHaveLength(10_000);
    expect(counts).toMatchObject({ managed: 1_000, unmanaged: 9_000, idle: 4_500, 'never-used': 4_500 });
    const asked = requests();
    // Pages of a thousand keys, and seven stretches of use, of which one names more than a thousand keys.
    expect(asked[KEYS]).toBe(10);
    expect(asked[USAGE]).toBeLessThanOrEqual(7 + 10);
    expect(asked).toMatchObject({
      '/v1/organizations/me': 1,
      '/v1/organizations/users': 1,
      '/v1/organizations/workspaces': 1,
    });
    const calls = sandbox.clouds.map(({ calls }) => calls.by('ada').map(({ operation }) => operation));
    const counted = (wanted: string) =>
      calls.map((all) => all.filter((operation) => operation === wanted).length);
    // The organization is asked by one of them. Each lists its third of the secrets, a hundred a page.
    expect(counted('Invoke').toSorted()).toEqual([0, 0, 1]);
    expect(counted('ListSecrets')).toEqual([4, 4, 4]);
    const asking = Object.values(asked).reduce((sum, number) => sum + number, 0);
    console.info(
      `inventory of 10,000 keys, 1,000 of them managed in 3 accounts: ${calls.map(({ length }) => length).join(' + ')} calls of AWS and ${asking} of Anthropic, ${took} ms, ${megabytes} MB more at the peak.`,
    );
  } finally {
    await sandbox.close();
  }
});

it.each([
  [1_000, 1],
  [2_000, 2],
])('the report on %i keys reads every page once: %i', async (size, pages) => {
  const { sandbox, requests } = await largeOrganization(size, 10, NOW);
  try {
    requests();
    const report = (await sandbox.invoke('prod', 'report', { preview: true })) as { readonly text: string };
    expect(requests()[KEYS]).toBe(pages);
    expect(report.text).toContain(`${size} active keys: `);
    expect(Buffer.byteLength(report.text)).toBeLessThan(48_000);
  } finally {
    await sandbox.close();
  }
});
