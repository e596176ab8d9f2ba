import { randomUUID } from 'node:crypto';
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  type Tag,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import type { ContractWorld } from './world';

/** A secret for tests, with the calls of most cases. */
export interface SecretAtHand {
  readonly name: string;
  readonly arn: string;
  /** The version it was created with; undefined if it was created empty. */
  readonly first: string;
  put(value: string, labels?: readonly string[], token?: string): Promise<string>;
  move(label: string, move: { readonly to?: string; readonly from?: string }): Promise<void>;
  read(at?: { readonly VersionId?: string; readonly VersionStage?: string }): Promise<string | undefined>;
  /** Labels by version, as DescribeSecret shows them. */
  labels(): Promise<Record<string, readonly string[]>>;
  rows(
    deprecated?: boolean,
  ): Promise<{ readonly id: string; readonly createdAt: number; readonly labels: readonly string[] }[]>;
}

/** Creates a secret that holds `one`, or an empty one. */
export async function secretAtHand(
  world: ContractWorld,
  props: { readonly empty?: boolean; readonly tags?: readonly Tag[] } = {},
): Promise<SecretAtHand> {
  const { secrets } = world;
  const name = world.name('secret');
  const made = await secrets.send(
    new CreateSecretCommand({
      Name: name,
      ...(!props.empty && { SecretString: 'one' }),
      ...(props.tags && { Tags: [...props.tags] }),
    }),
  );
  const SecretId = made.ARN!;
  return {
    name,
    arn: SecretId,
    first: made.VersionId ?? '',
    async put(value, labels, token = randomUUID()) {
      const VersionStages = labels && [...labels];
      const put = { SecretId, SecretString: value, ClientRequestToken: token, VersionStages };
      return (await secrets.send(new PutSecretValueCommand(put))).VersionId!;
    },
    async move(VersionStage, { to, from }) {
      const move = { SecretId, VersionStage, MoveToVersionId: to, RemoveFromVersionId: from };
      await secrets.send(new UpdateSecretVersionStageCommand(move));
    },
    async read(at = {}) {
      return (await secrets.send(new GetSecretValueCommand({ SecretId, ...at }))).SecretString;
    },
    async labels() {
      const { VersionIdsToStages = {} } = await secrets.send(new DescribeSecretCommand({ SecretId }));
      return Object.fromEntries(
        Object.entries(VersionIdsToStages).map(([id, labels]) => [id, [...labels].sort()]),
      );
    },
    async rows(deprecated = false) {
      const listed = await secrets.send(
        new ListSecretVersionIdsCommand({ SecretId, IncludeDeprecated: deprecated }),
      );
      return (listed.Versions ?? []).map((row) => ({
        id: row.VersionId!,
        createdAt: row.CreatedDate!.getTime(),
        labels: [...(row.VersionStages ?? [])].sort(),
      }));
    },
  };
}

/** The expected error name of a refused call. */
export const refused = (code: string) => expect.objectContaining({ name: code });
