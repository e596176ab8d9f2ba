import { ApiKey } from '../../lib/domain/key';
import { HOUR } from '../../lib/domain/time';
import earlier from './earlier-release.json';
import { TestEnvironment, type TestKey } from './test-key';

/**
 * The secrets of a deployment of release 0.1.0 at e8c8898, as its functions left them: `{key 3}` is the fourth key that was made. Keys in grace, past
 * it, leaked by tags, submitted and undone.
 */
type Name = keyof typeof earlier.secrets;

let environment: TestEnvironment;
let keys: string[];
const secrets = new Map<Name, TestKey>();
const told = new Map<Name, number>();

const secret = (name: Name) => secrets.get(name)!;
const news = (name: Name) => secret(name).told.slice(told.get(name));
const check = async (hours: number) => {
  environment.sandbox.clock.advance(hours * HOUR);
  for (const testKey of secrets.values()) await testKey.check();
};

beforeAll(async () => {
  environment = await TestEnvironment.open();
  for (const name of Object.keys(earlier.secrets) as Name[]) secrets.set(name, await environment.key());
  const { sandbox, workspace } = environment;
  keys = earlier.keys.map(() => sandbox.anthropic.createKey({ workspace }).value);
  expect(keys.map((key) => new ApiKey(key).fingerprint)).toEqual(earlier.keys.map((key) => key.fingerprint));
  keys
    .filter((_, index) => earlier.keys[index]!.disabled)
    .forEach((key) => void sandbox.anthropic.disable(key));
  await restore();
});

afterAll(() => environment.close());

/** Writes the versions at their times, then their labels and the tags of memory. */
async function restore(): Promise<void> {
  const { sandbox } = environment;
  const perform = (name: Name, operation: string, params: object) =>
    sandbox.aws.secretsManager.perform(operation, { SecretId: secret(name).secretName, ...params });
  const names = Object.keys(earlier.secrets) as Name[];
  const versions = names
    .flatMap((name) => earlier.secrets[name].versions.map((version) => ({ name, ...version })))
    .sort((a, b) => a.createdAt.localeCompare(b.createdAt));
  const until = (moment: string) =>
    sandbox.clock.advance(Math.max(0, Date.parse(moment) - sandbox.clock.now().getTime()));
  for (const { name, id, createdAt, value } of versions) {
    until(createdAt);
    const SecretString = value.replace(/\{key (\d+)\}/g, (_, index: string) => keys[Number(index)]!);
    await perform(name, 'PutSecretValue', {
      SecretString,
      ClientRequestToken: id,
      VersionStages: [`kept-${id}`],
    });
  }
  until(earlier.at);
  for (const { name, id, labels } of versions) {
    for (const VersionStage of labels) {
      const from = secret(name).secret.versions.find((version) => version.labels.includes(VersionStage))?.id;
      await perform(name, 'UpdateSecretVersionStage', {
        VersionStage,
        MoveToVersionId: id,
        ...(from && from !== id && { RemoveFromVersionId: from }),
      });
    }
    await perform(name, 'UpdateSecretVersionStage', { VersionStage: `kept-${id}`, RemoveFromVersionId: id });
  }
  for (const name of names) {
    const Tags = Object.entries(earlier.secrets[name].tags).map(([Key, Value]) => ({ Key, Value }));
    await perform(name, 'TagResource', { Tags });
    told.set(name, secret(name).mails.length);
  }
}

test('the first checks after an upgrade tell nothing twice, and lose nothing', async () => {
  await check(1);
  await check(1);
  expect(news('grace')).toEqual([]);
  expect(news('leaked')).toEqual([]);
  expect(news('undone')).toEqual([]);
  expect(news('zombie')).toEqual([]);
  expect(news('waiting')).toEqual(['zombie', 'rotated']);
  expect(secret('waiting').live).toBe(keys[11]);
  expect(secret('grace').retiring.map(({ key }) => key)).toEqual([keys[0]]);
  expect(secret('zombie').at('RETIRE_AFTER_20261124T181213Z_67efbc6a')).toBeDefined();
});

test('a leak that a tag tells of has a label, and is what it was', async () => {
  const { secret: stored, retiring, isLeaked } = secret('leaked');
  expect([2, 3].map((index) => isLeaked.call(secret('leaked'), keys[index]!))).toEqual([true, true]);
  expect(stored.tags['anthropic-key-state:submission'] ?? '').not.toContain('leaked=');
  expect(retiring.map(({ key }) => key)).toEqual([keys[2]]);
  await expect(secret('leaked').command({ verb: 'roll-back' })).rejects.toThrow('reported as leaked');
});

test('reminders go on, and each old key ends with the proof of its death', async () => {
  for (let day = 0; day < 8; day++) await check(24);
  for (const name of ['grace', 'zombie'] as const) expect(news(name)).toEqual(['zombie']);
  expect(news('leaked').sort()).toEqual(['contained', 'contained']);
  for (const index of [0, 2, 4, 9]) environment.sandbox.anthropic.disable(keys[index]!);
  await check(1);
  for (const name of ['grace', 'leaked', 'waiting', 'zombie'] as const)
    expect(news(name)).toContain('rotation-complete');
  await check(1);
  expect(secret('zombie').retiring).toEqual([]);
  expect(secret('leaked').isLeaked(keys[2]!)).toBe(false);
  expect(secret('leaked').isLeaked(keys[3]!)).toBe(true);
});
