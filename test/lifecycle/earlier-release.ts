import { ApiKey } from '../../lib/domain/key';
import earlier from './earlier-release.json';
import { TestEnvironment, type TestKey } from './test-key';

/**
 * The secrets of a deployment of an earlier release (e8c8898), as its functions left them: `{key 3}` is the fourth key that was made. Keys in grace and
 * past it, leaked by tags, submitted, and undone.
 */
export type Name = keyof typeof earlier.secrets;

const NAMES = Object.keys(earlier.secrets) as Name[];

/** Such a deployment with the functions of this release in place of the earlier ones. */
export interface Upgraded {
  readonly environment: TestEnvironment;
  /** Values of the keys, in the order in which they were made. */
  readonly keys: readonly string[];
  readonly secrets: ReadonlyMap<Name, TestKey>;
}

export async function upgrade(): Promise<Upgraded> {
  const environment = await TestEnvironment.open();
  const secrets = new Map<Name, TestKey>();
  for (const name of NAMES) secrets.set(name, await environment.key());
  const { sandbox, workspace } = environment;
  const keys = earlier.keys.map(() => sandbox.anthropic.createKey({ workspace }).value);
  if (keys.some((key, index) => new ApiKey(key).fingerprint !== earlier.keys[index]!.fingerprint))
    throw new Error('The fake Anthropic makes other keys than it did: record earlier-release.json anew.');
  for (const [index, key] of keys.entries())
    if (earlier.keys[index]!.disabled) sandbox.anthropic.disable(key);
  await restore({ environment, keys, secrets });
  return { environment, keys, secrets };
}

/** Writes the versions at their times, then their labels and the tags of memory. */
async function restore({ environment: { sandbox }, keys, secrets }: Upgraded): Promise<void> {
  const perform = (name: Name, operation: string, params: object) =>
    sandbox.aws.secretsManager.perform(operation, { SecretId: secrets.get(name)!.secretName, ...params });
  const versions = NAMES.flatMap((name) =>
    earlier.secrets[name].versions.map((version) => ({ name, ...version })),
  ).sort((a, b) => a.createdAt.localeCompare(b.createdAt));
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
      const from = secrets
        .get(name)!
        .secret.versions.find((version) => version.labels.includes(VersionStage))?.id;
      await perform(name, 'UpdateSecretVersionStage', {
        VersionStage,
        MoveToVersionId: id,
        ...(from && from !== id && { RemoveFromVersionId: from }),
      });
    }
    await perform(name, 'UpdateSecretVersionStage', { VersionStage: `kept-${id}`, RemoveFromVersionId: id });
  }
  for (const name of NAMES) {
    const Tags = Object.entries(earlier.secrets[name].tags).map(([Key, Value]) => ({ Key, Value }));
    await perform(name, 'TagResource', { Tags });
  }
}
