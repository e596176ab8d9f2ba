import fc from 'fast-check';
import type { Policy } from '../../lib/domain/policy';
import type { SecretsManagerSettings } from '../../local/aws/secrets-manager';
import { CrashController } from '../fakes/crash';
import { Street } from './house';
import { anyStep, Play, type Step } from './model';

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

/** Scripts played on one street: then the next one opens, so that no step pays for what thousands before it left behind. */
const PER_STREET = 40;
const SCRIPTS = Math.ceil(STEPS / Object.keys(WORLDS).length / (PER_RUN * 0.625));

test.each(Object.keys(WORLDS))(
  'whatever happens in whatever order, the invariants hold: %s',
  async (name) => {
    let steps = 0;
    try {
      for (let played = 0; played < SCRIPTS; played += PER_STREET) {
        const numRuns = Math.min(PER_STREET, SCRIPTS - played);
        await playOn(WORLDS[name]!, { seed: SEED + played, numRuns, endOnFailure: !SHRINK }, () => {
          steps += 1;
        });
      }
    } finally {
      console.info(`${steps} steps ${name}, seeds from ${SEED}`);
    }
  },
  3_600_000,
);

async function playOn(rules: Rules, parameters: fc.Parameters<[Step[]]>, onStep: () => void): Promise<void> {
  const { adminAccess, policy = {}, aws = {} } = rules;
  const controller = new CrashController();
  const { around, process } = controller;
  const street = await Street.open({ adminAccess, around, process });
  Object.assign(street.stage.aws.secretsManager.settings, aws);
  const game = fc.asyncProperty(fc.array(anyStep, { minLength: 5, maxLength: PER_RUN }), async (script) => {
    const play = await Play.on(street, controller, policy);
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
    await street.close();
  }
}
