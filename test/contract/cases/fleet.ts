import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  paginateListSecrets,
  paginateListSecretVersionIds,
  RestoreSecretCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-secrets-manager';
import { refused, secretAtHand } from '../secret-at-hand';
import { type Case, type ContractWorld, eventually } from '../world';

const tagsOf = async ({ secrets }: ContractWorld, SecretId: string) => {
  const { Tags = [] } = await secrets.send(new DescribeSecretCommand({ SecretId }));
  return Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value]));
};

/** Tags, listings and the life of a secret as a whole. */
export const FLEET_CASES: readonly Case[] = [
  {
    sentence: 'tags are added, replaced and removed one by one',
    async prove(world) {
      const { arn } = await secretAtHand(world, { tags: [{ Key: 'contract:a', Value: '1' }] });
      const Tags = [
        { Key: 'contract:a', Value: '2' },
        { Key: 'contract:b', Value: 'x=1/2@3:4 5_6.7+8-9' },
      ];
      await world.secrets.send(new TagResourceCommand({ SecretId: arn, Tags }));
      await eventually(world, async () =>
        expect(await tagsOf(world, arn)).toEqual({ 'contract:a': '2', 'contract:b': 'x=1/2@3:4 5_6.7+8-9' }),
      );
      await world.secrets.send(
        new UntagResourceCommand({ SecretId: arn, TagKeys: ['contract:a', 'contract:never'] }),
      );
      await eventually(world, async () =>
        expect(Object.keys(await tagsOf(world, arn))).toEqual(['contract:b']),
      );
    },
  },
  {
    sentence: 'a tag with a comma or a bracket is refused',
    async prove(world) {
      const { arn } = await secretAtHand(world);
      for (const Value of ['14,7,1', '[14]', '(14)']) {
        const tag = new TagResourceCommand({ SecretId: arn, Tags: [{ Key: 'contract:a', Value }] });
        await expect(world.secrets.send(tag)).rejects.toThrow();
      }
    },
  },
  {
    sentence: 'a secret takes 50 tags',
    async prove(world) {
      const { arn } = await secretAtHand(world);
      const Tags = Array.from({ length: 50 }, (_, n) => ({ Key: `contract:${n}`, Value: '' }));
      await world.secrets.send(new TagResourceCommand({ SecretId: arn, Tags }));
      const more = new TagResourceCommand({ SecretId: arn, Tags: [{ Key: 'contract:50', Value: '' }] });
      await expect(world.secrets.send(more)).rejects.toThrow();
    },
  },
  {
    sentence: 'a listing by tag shows tags and labels, page by page',
    async prove(world) {
      const Key = world.name('secret').replaceAll('/', ':');
      const made = await Promise.all(
        [1, 2, 3].map(() => secretAtHand(world, { tags: [{ Key, Value: 'prod' }] })),
      );
      await secretAtHand(world, { tags: [{ Key: `other:${Key}`, Value: 'prod' }] });
      await eventually(world, async () => {
        const pages = [];
        const Filters = [{ Key: 'tag-key' as const, Values: [Key] }];
        for await (const page of paginateListSecrets({ client: world.secrets, pageSize: 2 }, { Filters })) {
          pages.push(page.SecretList ?? []);
        }
        expect(pages.map((page) => page.length)).toEqual([2, 1]);
        const rows = pages.flat();
        expect(rows.map((row) => row.ARN).sort()).toEqual(made.map(({ arn }) => arn).sort());
        for (const row of rows) {
          expect(row.Tags).toEqual([{ Key, Value: 'prod' }]);
          expect(Object.values(row.SecretVersionsToStages ?? {})).toEqual([['AWSCURRENT']]);
        }
      });
    },
  },
  {
    sentence: 'a filter on tags matches the beginning, told apart by case',
    async prove(world) {
      const Key = world.name('secret').replaceAll('/', ':');
      const { arn } = await secretAtHand(world, { tags: [{ Key, Value: 'production' }] });
      const find = async (value: string) => {
        const Filters = [
          { Key: 'tag-key' as const, Values: [Key] },
          { Key: 'tag-value' as const, Values: [value] },
        ];
        const { SecretList = [] } = await world.secrets.send(new ListSecretsCommand({ Filters }));
        return SecretList.map((row) => row.ARN);
      };
      await eventually(world, async () => expect(await find('prod')).toEqual([arn]));
      expect(await find('Prod')).toEqual([]);
      expect(await find('duction')).toEqual([]);
    },
  },
  {
    sentence: 'versions are listed page by page',
    async prove(world) {
      const secret = await secretAtHand(world);
      const others = [await secret.put('two', ['A']), await secret.put('three', ['B'])];
      await eventually(world, async () => {
        const pages = [];
        const asked = { SecretId: secret.arn };
        for await (const page of paginateListSecretVersionIds(
          { client: world.secrets, pageSize: 2 },
          asked,
        )) {
          pages.push((page.Versions ?? []).map((row) => row.VersionId!));
        }
        expect(pages.map((page) => page.length)).toEqual([2, 1]);
        expect(pages.flat().sort()).toEqual([secret.first, ...others].sort());
      });
    },
  },
  {
    sentence: 'a secret answers to its name, its ARN and its ARN without the random suffix',
    async prove(world) {
      const { name, arn } = await secretAtHand(world);
      expect(arn).toMatch(/-[A-Za-z0-9]{6}$/);
      for (const SecretId of [name, arn, arn.slice(0, -7)]) {
        const answer = await world.secrets.send(new GetSecretValueCommand({ SecretId }));
        expect(answer).toMatchObject({ ARN: arn, Name: name, SecretString: 'one' });
      }
    },
  },
  {
    sentence: 'a name in use is refused',
    async prove(world) {
      const { name } = await secretAtHand(world);
      await expect(
        world.secrets.send(new CreateSecretCommand({ Name: name, SecretString: 'x' })),
      ).rejects.toEqual(refused('ResourceExistsException'));
    },
  },
  {
    sentence: 'a secret marked for deletion keeps its name, is not read or listed, and can be restored',
    async prove(world) {
      const { name, arn, read } = await secretAtHand(world);
      await world.secrets.send(new DeleteSecretCommand({ SecretId: arn, RecoveryWindowInDays: 7 }));
      await eventually(world, () => expect(read()).rejects.toEqual(refused('InvalidRequestException')));
      const described = await world.secrets.send(new DescribeSecretCommand({ SecretId: arn }));
      expect(described.DeletedDate).toBeInstanceOf(Date);
      const Filters = [{ Key: 'name' as const, Values: [name] }];
      await eventually(world, async () =>
        expect((await world.secrets.send(new ListSecretsCommand({ Filters }))).SecretList).toEqual([]),
      );
      await expect(
        world.secrets.send(new CreateSecretCommand({ Name: name, SecretString: 'x' })),
      ).rejects.toEqual(refused('InvalidRequestException'));
      await world.secrets.send(new RestoreSecretCommand({ SecretId: arn }));
      await eventually(world, async () => expect(await read()).toBe('one'));
    },
  },
];
