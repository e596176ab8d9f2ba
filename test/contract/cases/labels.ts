import { refused, secretAtHand } from '../secret-at-hand';
import { type Case, eventually } from '../world';

const INVALID = refused('InvalidParameterException');

/** Moving labels: the compare-and-swap that every promotion depends on. */
export const LABEL_CASES: readonly Case[] = [
  {
    sentence: 'AWSCURRENT moves only when the version that has it is named',
    async prove(world) {
      const secret = await secretAtHand(world);
      const second = await secret.put('two', ['SUBMITTED']);
      const third = await secret.put('three', ['OTHER']);
      await expect(secret.move('AWSCURRENT', { to: second })).rejects.toEqual(INVALID);
      await expect(secret.move('AWSCURRENT', { to: second, from: third })).rejects.toEqual(INVALID);
      await eventually(world, async () => expect(await secret.read()).toBe('one'));
    },
  },
  {
    sentence: 'AWSCURRENT that moves puts AWSPREVIOUS on the version it left, and readers get the new value',
    async prove(world) {
      const secret = await secretAtHand(world);
      const second = await secret.put('two', ['SUBMITTED']);
      await secret.move('AWSCURRENT', { to: second, from: secret.first });
      await eventually(world, async () => {
        expect(await secret.labels()).toEqual({
          [secret.first]: ['AWSPREVIOUS'],
          [second]: ['AWSCURRENT', 'SUBMITTED'],
        });
        expect(await secret.read()).toBe('two');
      });
    },
  },
  {
    sentence: 'AWSCURRENT that moves back swaps the two',
    async prove(world) {
      const secret = await secretAtHand(world);
      const second = await secret.put('two');
      await secret.move('AWSCURRENT', { to: secret.first, from: second });
      await eventually(world, async () =>
        expect(await secret.labels()).toEqual({ [secret.first]: ['AWSCURRENT'], [second]: ['AWSPREVIOUS'] }),
      );
    },
  },
  {
    sentence: 'AWSCURRENT cannot be taken off',
    async prove(world) {
      const secret = await secretAtHand(world);
      await expect(secret.move('AWSCURRENT', { from: secret.first })).rejects.toEqual(INVALID);
    },
  },
  {
    sentence: 'a label of our own moves only from the version that is named',
    async prove(world) {
      const secret = await secretAtHand(world);
      const second = await secret.put('two', ['SUBMITTED']);
      await expect(secret.move('SUBMITTED', { to: secret.first })).rejects.toEqual(INVALID);
      await secret.move('SUBMITTED', { to: secret.first, from: second });
      await eventually(world, async () =>
        expect(await secret.labels()).toEqual({ [secret.first]: ['AWSCURRENT', 'SUBMITTED'] }),
      );
    },
  },
  {
    sentence: 'a label named on the wrong version is not taken off',
    async prove(world) {
      const secret = await secretAtHand(world);
      const second = await secret.put('two', ['SUBMITTED']);
      await expect(secret.move('SUBMITTED', { from: secret.first })).rejects.toEqual(INVALID);
      await eventually(world, async () => expect((await secret.labels())[second]).toEqual(['SUBMITTED']));
    },
  },
  {
    sentence: 'a version without labels is listed only when deprecated ones are asked for',
    async prove(world) {
      const secret = await secretAtHand(world);
      const second = await secret.put('two', ['SUBMITTED']);
      await secret.move('SUBMITTED', { from: second });
      await eventually(world, async () => {
        expect(await secret.labels()).toEqual({ [secret.first]: ['AWSCURRENT'] });
        expect((await secret.rows()).map(({ id }) => id)).toEqual([secret.first]);
        expect((await secret.rows(true)).map(({ id }) => id).sort()).toEqual([secret.first, second].sort());
      });
    },
  },
  {
    sentence: 'a version without labels can be read by its id and labelled again',
    async prove(world) {
      const secret = await secretAtHand(world);
      const second = await secret.put('two', ['SUBMITTED']);
      await secret.move('SUBMITTED', { from: second });
      await eventually(world, async () => expect(await secret.read({ VersionId: second })).toBe('two'));
      await secret.move('ACCEPTED', { to: second });
      await eventually(world, async () => expect((await secret.labels())[second]).toEqual(['ACCEPTED']));
    },
  },
  {
    sentence: 'a secret takes 20 labels in all',
    async prove(world) {
      const secret = await secretAtHand(world);
      for (let n = 2; n <= 20; n++) await secret.move(`LABEL_${n}`, { to: secret.first });
      await expect(secret.move('LABEL_21', { to: secret.first })).rejects.toEqual(
        refused('LimitExceededException'),
      );
    },
  },
  {
    sentence: 'a version keeps the date of its creation when labels move',
    async prove(world) {
      const secret = await secretAtHand(world);
      const [before] = await secret.rows();
      await world.clock.sleep(2_000);
      const second = await secret.put('two');
      await eventually(world, async () => {
        const rows = await secret.rows();
        const first = rows.find(({ id }) => id === secret.first)!;
        expect(first.createdAt).toBe(before!.createdAt);
        expect(rows.find(({ id }) => id === second)!.createdAt).toBeGreaterThan(before!.createdAt);
      });
    },
  },
];
