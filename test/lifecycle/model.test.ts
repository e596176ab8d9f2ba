import fc from 'fast-check';
import type { Policy } from '../../lib/domain/policy';
import type { SecretsManagerSettings } from '../../local/aws/secrets-manager';
import { CrashController } from '../fakes/crash';
import { Street } from './house';
import { anyStep, Play } from './model';

/** `npm test` plays a few thousand steps; `npm run test:deep` sets more. */
const STEPS = Number(process.env.DEEP_STEPS ?? 2_000);
const PER_RUN = 20;
/** Looks for the shortest script that fails: minutes, for whoever mends it. */
const SHRINK = process.env.DEEP_SHRINK !== undefined;
const SEED = Number(process.env.DEEP_SEED ?? Date.now() % 1_000_000_007);

/** What AWS leaves open, at its harshest: any put abandons a rotation, AWSPENDING stays on the promoted version, an old try comes back. */
const HARSH: Partial<SecretsManagerSettings> = {
  rotationAbandonedBy: 'any-put',
  pendingAfterSuccess: 'kept',
  reattemptsPrevious: true,
  testVersionHolds: 'nothing',
};

interface Rules {
  readonly adminAccess: boolean;
  readonly policy?: Partial<Policy>;
  readonly aws?: Partial<SecretsManagerSettings>;
}

const WORLDS: Readonly<Record<string, Rules>> = {
  'asking a human': { adminAccess: false },
  'with Admin access, automatic': { adminAccess: true, policy: { deactivate: 'automatic' } },
  'on a harsh AWS': { adminAccess: false, aws: HARSH },
};

const RUNS = Math.ceil(STEPS / Object.keys(WORLDS).length / (PER_RUN * 0.625));

test.each(Object.keys(WORLDS))(
  'whatever happens in whatever order, the invariants hold: %s',
  async (name) => {
    const { adminAccess, policy = {}, aws = {} } = WORLDS[name]!;
    const controller = new CrashController();
    const { around, process } = controller;
    const street = await Street.open({ adminAccess, around, process });
    Object.assign(street.stage.aws.secretsManager.settings, aws);
    let steps = 0;
    const game = fc.asyncProperty(fc.array(anyStep, { minLength: 5, maxLength: PER_RUN }), async (script) => {
      const play = await Play.on(street, controller, policy);
      try {
        for (const step of script) await play.step(step);
      } finally {
        steps += play.steps;
        await play.end();
      }
    });
    try {
      await fc.assert(game, { seed: SEED, numRuns: RUNS, endOnFailure: !SHRINK });
    } finally {
      console.info(`${steps} steps ${name}, seed ${SEED}`);
      await street.close();
    }
  },
  3_600_000,
);
