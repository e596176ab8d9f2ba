import fc from 'fast-check';
import type { Policy } from '../../lib/domain/policy';
import { HOUR } from '../../lib/domain/time';
import type { SecretsManagerSettings } from '../../local/aws/secrets-manager';
import { CrashController } from '../fakes/crash';
import { anyStep, Play, type Step } from './model';
import { TestEnvironment } from './test-key';

/** `npm test` plays a few thousand steps; `npm run test:deep` sets more. */
const STEPS = Number(process.env.DEEP_STEPS ?? 2_000);
const WORLDS = 10;
const PER_RUN = 20;
/** Looks for the shortest script that fails: minutes, for whoever mends it. */
const SHRINK = process.env.DEEP_SHRINK !== undefined;
const SEED = Number(process.env.DEEP_SEED ?? Date.now() % 1_000_000_007);

/** One world that the model is played in. There are ten, each in a file of its own, so that they share the cores. */
export interface World {
  readonly name: string;
  readonly adminAccess: boolean;
  readonly policy?: Partial<Policy>;
  readonly aws?: Partial<SecretsManagerSettings>;
  /** What else can happen there. */
  readonly more?: fc.Arbitrary<Step>;
  /** Ids of versions that a person writes all begin alike. */
  readonly idsAlike?: boolean;
}

/** What AWS leaves open, at its harshest: any put abandons a rotation, AWSPENDING stays on the promoted version, an old try comes back. */
export const HARSHEST: Partial<SecretsManagerSettings> = {
  rotationAbandonedBy: 'any-put',
  pendingAfterSuccess: 'kept',
  reattemptsPrevious: true,
  testVersionHolds: 'nothing',
};

/** Scripts played on one testEnvironment: then the next one opens, so that no step pays for what thousands before it left behind. */
const PER_STREET = 40;
/** Steps of one world, and about so many in a script. */
const SHARE = Math.ceil(STEPS / WORLDS);
const PER_SCRIPT = 12;

/** Declares the test of a world: its share of the steps, in an order that the seed decides. */
export function playModel(world: World): void {
  test(
    `whatever happens in whatever order, the invariants hold: ${world.name}`,
    async () => {
      let steps = 0;
      try {
        for (let testEnvironment = 0; steps < SHARE; testEnvironment++) {
          const numRuns = Math.min(PER_STREET, Math.ceil((SHARE - steps) / PER_SCRIPT));
          await playOn(
            world,
            { seed: SEED + testEnvironment * PER_STREET, numRuns, endOnFailure: !SHRINK },
            () => {
              steps += 1;
            },
          );
        }
      } finally {
        console.info(`${steps} steps ${world.name}, seeds from ${SEED}`);
      }
    },
    3 * HOUR,
  );
}

async function playOn(world: World, parameters: fc.Parameters<[Step[]]>, onStep: () => void): Promise<void> {
  const { adminAccess, policy = {}, aws = {}, more, idsAlike } = world;
  const controller = new CrashController();
  const { around, process } = controller;
  const testEnvironment = await TestEnvironment.open({ adminAccess, around, process, idsAlike });
  Object.assign(testEnvironment.sandbox.aws.secretsManager.settings, aws);
  const steps = more ? fc.oneof({ weight: 3, arbitrary: anyStep }, { weight: 1, arbitrary: more }) : anyStep;
  const game = fc.asyncProperty(fc.array(steps, { minLength: 5, maxLength: PER_RUN }), async (script) => {
    const play = await Play.on(testEnvironment, controller, policy);
    try {
      for (const step of script) {
        onStep();
        await play.step(step);
      }
    } finally {
      await play.end();
    }
  });
  try {
    await fc.assert(game, parameters);
  } finally {
    await testEnvironment.close();
  }
}
