import { randomUUID } from 'node:crypto';
import { createSecretStore } from '../../../lib/adapters/secrets-manager';
import { ENVIRONMENT_TAG } from '../../../lib/contract/policy-tags';
import type { StoreFailure } from '../../../lib/workflows/errors';
import { secretAtHand } from '../secret-at-hand';
import { type Case, type ContractWorld, eventually } from '../world';

const storeOf = ({ secrets, clock }: ContractWorld) => createSecretStore(secrets, clock);
const failure = (kind: StoreFailure) => expect.objectContaining({ name: 'StoreError', failure: kind });

/** The adapter over the service as workflows rely on it, with its errors. */
export const STORE_CASES: readonly Case[] = [
  {
    sentence: 'the store tells a missing secret from a missing value',
    async prove(world) {
      const store = storeOf(world);
      const { arn, first } = await secretAtHand(world);
      expect(await store.read(arn, { label: 'SUBMITTED' })).toBeUndefined();
      expect(await store.read(arn, { versionId: randomUUID() })).toBeUndefined();
      await eventually(world, async () =>
        expect(await store.read(arn)).toEqual({ versionId: first, value: 'one' }),
      );
      await expect(store.read(`${arn.slice(0, -8)}-nothing`)).rejects.toEqual(failure('not-found'));
    },
  },
  {
    sentence: 'the store calls a lost compare-and-swap and a reused token a conflict',
    async prove(world) {
      const store = storeOf(world);
      const { arn, first } = await secretAtHand(world);
      const token = randomUUID();
      await store.put(arn, { token, value: 'two', labels: ['SUBMITTED'] });
      await expect(store.put(arn, { token, value: 'three', labels: ['SUBMITTED'] })).rejects.toEqual(
        failure('conflict'),
      );
      await expect(store.moveLabel(arn, { label: 'SUBMITTED', from: first })).rejects.toEqual(
        failure('conflict'),
      );
      await expect(store.moveLabel(arn, { label: 'AWSCURRENT', to: token, from: token })).rejects.toEqual(
        failure('conflict'),
      );
    },
  },
  {
    sentence: 'the store calls a rotation that cannot start now "not now"',
    async prove(world) {
      const { arn } = await secretAtHand(world);
      await expect(storeOf(world).rotate(arn, randomUUID())).rejects.toEqual(failure('not-now'));
    },
  },
  {
    sentence: 'the store lists the secrets of exactly one environment',
    async prove(world) {
      const store = storeOf(world);
      const tagged = (environment: string) =>
        secretAtHand(world, {
          tags: [
            { Key: ENVIRONMENT_TAG, Value: environment },
            { Key: 'contract', Value: 'yes' },
          ],
        });
      const environment = `e${randomUUID().slice(0, 8)}`;
      const [wanted] = [await tagged(environment), await tagged(`${environment}-eu`), await tagged('other')];
      await eventually(world, async () => {
        const listed = await store.list({ tagKey: 'contract', environment });
        expect(listed.map(({ arn }) => arn)).toEqual([wanted!.arn]);
        expect(listed[0]!.stages).toEqual({ [wanted!.first]: ['AWSCURRENT'] });
      });
    },
  },
];
