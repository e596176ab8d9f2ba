import { renderFleet } from '../../lib/cli/fleet-table';
import { clean, layOut, styleFor } from '../../lib/cli/style';
import { memoryToTags } from '../../lib/contract/memory-tags';
import { policyToTags } from '../../lib/contract/policy-tags';
import { type FleetListing, fleetOf } from '../../lib/domain/fleet/fleet';
import { triage } from '../../lib/domain/fleet/triage';
import { DEFAULT_POLICY } from '../../lib/domain/policy';
import { operatorOn } from '../../local/cli/operator';
import { Sandbox } from '../../local/world';
import { aKey, aRememberedVerdict, daysAgo, NOW } from '../builders';
import { aListedKey, aMemory } from '../fleet-listing';
import { TestKey } from '../lifecycle/test-key';

const SCOPE = { account: '111122223333', region: 'eu-central-1', filter: {} };

/** As it stands on the screen. */
const onScreen = (fleet: FleetListing, output: { columns: number; colour: boolean }) =>
  layOut(clean(renderFleet(fleet, SCOPE, styleFor(output))), output.columns);

describe('a fleet on a screen', () => {
  const aged = (service: string, days: number, environment = 'prod') =>
    aListedKey({
      key: aKey({ service, environment, secretName: `anthropic/${environment}/${service}` }),
      memory: aMemory({
        verdict: aRememberedVerdict({ keyCreatedAt: daysAgo(days), fingerprint: service.padEnd(12, '0') }),
      }),
    });
  const fleet = fleetOf([aged('fine', 10), aged('late', 93), aged('soon', 80)], [], NOW);

  test('of 80 columns says what to do about each key, the pressing ones first', () => {
    expect(onScreen(fleet, { columns: 80, colour: false })).toMatchInlineSnapshot(`
"KEY        STATE    AGE     LIVE KEY  NEXT
prod/late  overdue  93/90d  ALIVE     Rotate now. Was due 2026-11-18 (3 days
                                      ago).
prod/soon  due      80/90d  ALIVE     Rotate. Due 2026-12-01 (10 days).
prod/fine  fresh    10/90d  ALIVE     Due 2027-02-09 (80 days).

3 keys: 1 now, 1 soon, 1 fine · account 111122223333, eu-central-1
To see one key in full: npx --no -- anthropic-keys show <key>"
`);
  });

  test('of 120 columns names the owners, too', () => {
    const text = onScreen(fleet, { columns: 120, colour: false });
    expect(text).toContain('OWNER');
    expect(text).toContain(aKey().owner);
  });

  test('is the same with colours, less the escapes', () => {
    const plain = onScreen(fleet, { columns: 80, colour: false });
    const coloured = onScreen(fleet, { columns: 80, colour: true });
    expect(coloured).not.toBe(plain);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are escapes.
    expect(coloured.replace(/\x1b\[\d+m/g, '')).toBe(plain);
  });

  test('says that a filter fits nothing', () => {
    const none = fleetOf([], [], NOW);
    const style = styleFor({ columns: 80, colour: false });
    expect(renderFleet(none, { ...SCOPE, filter: { owner: 'a@b.io' } }, style)).toContain('No key matches');
  });

  test('has no place for a key that nobody ever checked among the fine ones', () => {
    const adopted = aListedKey({
      key: aKey({ secretName: 'legacy/claude' }),
      memory: aMemory({ verdict: undefined, checkedOn: undefined }),
      createdAt: NOW,
      rotationEnabled: false,
    });
    const { rows } = fleetOf([adopted], [], NOW, { needsAttention: true });
    expect(rows).toEqual([expect.objectContaining({ phase: 'unknown', needs: 'now', worst: 'unwatched' })]);
    expect(triage(rows).fine).toEqual([]);
  });
});

test('in a place without keys nothing is fine: each command that lists exits with 2 and says where it looked', async () => {
  const sandbox = await Sandbox.open({ start: NOW });
  const ada = operatorOn(sandbox);
  const lines = [
    'status',
    'status --needs-attention',
    'status --json',
    'status --environment prod',
    'report',
    'report --audit',
    'check prod/api',
    'show prod/api',
  ];
  for (const line of lines) {
    const ran = await ada.run(line.split(' '));
    expect([line, ran.exit]).toEqual([line, 2]);
    expect(ran.shown.replace(/\s+/g, ' ')).toMatch(
      /in account \d{12}, eu-central-1. Name the right place with --profile and --region/,
    );
  }
  await sandbox.close();
});

test('a fleet in which nobody is needed is fine, and says so', async () => {
  const testKey = await TestKey.build();
  await testKey.promoteFirstKey();
  const ran = await operatorOn(testKey.sandbox).run(['status', '--needs-attention']);
  expect(ran.exit).toBe(0);
  expect(ran.shown).toContain('No key needs attention in account');
  await testKey.close();
});

test('1,000 keys cost a call per hundred and one for the account; CI may rely on the exit code', async () => {
  const KEYS = 1000;
  const sandbox = await Sandbox.open({ start: NOW });
  for (let n = 0; n < KEYS; n += 1) {
    const key = {
      environment: n % 2 ? 'prod' : 'dev',
      service: `service-${n}`,
      owner: `team-${n % 7}@example.com`,
    };
    const memory = aMemory({ verdict: aRememberedVerdict({ fingerprint: String(n).padStart(12, '0') }) });
    const tags = { ...policyToTags(key, DEFAULT_POLICY), ...memoryToTags(memory) };
    await sandbox.aws.secretsManager.perform('CreateSecret', {
      Name: `anthropic/${key.environment}/${key.service}`,
      SecretString: '{}',
      ClientRequestToken: `a-token-for-the-test-${String(n).padStart(20, '0')}`,
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    });
  }
  const ada = operatorOn(sandbox);
  const ran = await ada.run(['status']);
  const calls = sandbox.aws.calls.by('ada').length;
  console.info(`status of ${KEYS} keys: ${calls} AWS calls.`);
  expect(calls).toBe(Math.ceil(KEYS / 100) + 1);
  expect(ran.shown).toContain('1000 keys');
  const prod = await ada.run(['status', '--environment', 'prod', '--owner', 'team-3@example.com', '--json']);
  const { rows } = prod.json() as { rows: { key: { environment: string; owner: string } }[] };
  expect(rows.length).toBeGreaterThan(50);
  expect(new Set(rows.map(({ key }) => `${key.environment} ${key.owner}`))).toEqual(
    new Set(['prod team-3@example.com']),
  );
  await sandbox.close();
});

test.each([
  ['dead', 'DEAD', true],
  ['refused', 'REFUSED', false],
])('a key that is %s makes `status` exit with 3', async (_, word, hasControl) => {
  const testKey = await TestKey.build();
  const ada = operatorOn(testKey.sandbox);
  const value = await testKey.promoteFirstKey();
  if (hasControl) await (await testKey.neighbour()).promoteFirstKey();
  expect((await ada.run(['status'])).exit).toBe(0);
  testKey.sandbox.anthropic.disable(value);
  await testKey.check();
  const ran = await ada.run(['status', '--needs-attention']);
  expect(ran.exit).toBe(3);
  expect(ran.shown).toContain(word);
  await testKey.sandbox.close();
});
