import { randomUUID } from 'node:crypto';
import { refused, secretAtHand } from '../secret-at-hand';
import { type Case, eventually } from '../world';

/** What putting and reading versions means. */
export const VERSION_CASES: readonly Case[] = [
  {
    sentence: 'the first version of a secret becomes current, whatever label it is put under',
    async prove(world) {
      const secret = await secretAtHand(world, { empty: true });
      const id = await secret.put('one', ['SUBMITTED']);
      await eventually(world, async () =>
        expect(await secret.labels()).toEqual({ [id]: ['AWSCURRENT', 'SUBMITTED'] }),
      );
    },
  },
  {
    sentence: 'a put without labels moves AWSCURRENT, and AWSPREVIOUS to the version it left',
    async prove(world) {
      const secret = await secretAtHand(world);
      const second = await secret.put('two');
      await eventually(world, async () => {
        expect(await secret.labels()).toEqual({ [secret.first]: ['AWSPREVIOUS'], [second]: ['AWSCURRENT'] });
        expect(await secret.read()).toBe('two');
      });
    },
  },
  {
    sentence: 'a put under a label of our own leaves AWSCURRENT where it is',
    async prove(world) {
      const secret = await secretAtHand(world);
      const second = await secret.put('two', ['SUBMITTED']);
      await eventually(world, async () => {
        expect(await secret.labels()).toEqual({ [secret.first]: ['AWSCURRENT'], [second]: ['SUBMITTED'] });
        expect(await secret.read()).toBe('one');
        expect(await secret.read({ VersionStage: 'SUBMITTED' })).toBe('two');
      });
    },
  },
  {
    sentence: 'a put takes a label silently from the version that had it',
    async prove(world) {
      const secret = await secretAtHand(world);
      await secret.put('two', ['SUBMITTED']);
      const third = await secret.put('three', ['SUBMITTED']);
      await eventually(world, async () =>
        expect(await secret.labels()).toEqual({ [secret.first]: ['AWSCURRENT'], [third]: ['SUBMITTED'] }),
      );
    },
  },
  {
    sentence: 'a put that becomes current leaves the labels of our own on the version before',
    async prove(world) {
      const secret = await secretAtHand(world);
      await secret.move('ACCEPTED', { to: secret.first });
      const second = await secret.put('two');
      await eventually(world, async () =>
        expect(await secret.labels()).toEqual({
          [secret.first]: ['ACCEPTED', 'AWSPREVIOUS'],
          [second]: ['AWSCURRENT'],
        }),
      );
    },
  },
  {
    sentence: 'a put that becomes current takes AWSPENDING off another version',
    async prove(world) {
      const secret = await secretAtHand(world);
      await secret.put('two', ['AWSPENDING']);
      const third = await secret.put('three');
      await eventually(world, async () =>
        expect(await secret.labels()).toEqual({ [secret.first]: ['AWSPREVIOUS'], [third]: ['AWSCURRENT'] }),
      );
    },
  },
  {
    sentence: 'the same token with the same value again changes nothing',
    async prove(world) {
      const secret = await secretAtHand(world);
      const token = randomUUID();
      expect(await secret.put('two', ['SUBMITTED'], token)).toBe(token);
      expect(await secret.put('two', ['SUBMITTED'], token)).toBe(token);
      await eventually(world, async () =>
        expect(await secret.labels()).toEqual({ [secret.first]: ['AWSCURRENT'], [token]: ['SUBMITTED'] }),
      );
    },
  },
  {
    sentence: 'the same token with another value is refused and changes nothing',
    async prove(world) {
      const secret = await secretAtHand(world);
      const token = await secret.put('two', ['SUBMITTED']);
      await expect(secret.put('three', ['SUBMITTED'], token)).rejects.toEqual(
        refused('ResourceExistsException'),
      );
      await eventually(world, async () => expect(await secret.read({ VersionId: token })).toBe('two'));
    },
  },
  {
    sentence: 'a token of fewer than 32 characters is refused',
    async prove(world) {
      const secret = await secretAtHand(world);
      await expect(secret.put('two', ['SUBMITTED'], 'x'.repeat(31))).rejects.toThrow();
    },
  },
  {
    sentence: 'a version that does not exist, and a label that nobody has, are not found',
    async prove(world) {
      const secret = await secretAtHand(world);
      const missing = refused('ResourceNotFoundException');
      await expect(secret.read({ VersionId: randomUUID() })).rejects.toEqual(missing);
      await expect(secret.read({ VersionStage: 'SUBMITTED' })).rejects.toEqual(missing);
    },
  },
  {
    sentence: 'a version and a label that do not belong together are refused',
    async prove(world) {
      const secret = await secretAtHand(world);
      const second = await secret.put('two', ['SUBMITTED']);
      await eventually(world, () =>
        expect(secret.read({ VersionId: second, VersionStage: 'AWSCURRENT' })).rejects.toEqual(
          refused('InvalidRequestException'),
        ),
      );
    },
  },
];
