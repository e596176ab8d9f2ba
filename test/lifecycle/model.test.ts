import fc from 'fast-check';
import { CrashController } from '../fakes/crash';
import { Street } from './house';
import { anyStep, Play } from './model';

/** `npm test` plays a few thousand steps; `npm run test:deep` sets more. */
const STEPS = Number(process.env.DEEP_STEPS ?? 2_000);
const PER_RUN = 20;
const SEED = Number(process.env.DEEP_SEED ?? Date.now() % 1_000_000_007);

test.each([
  ['asking a human', { adminAccess: false }, {}],
  ['with Admin access, automatic', { adminAccess: true }, { deactivate: 'automatic' as const }],
])(
  'whatever happens in whatever order, the invariants hold: %s',
  async (name, options, policy) => {
    const controller = new CrashController();
    const street = await Street.open({ ...options, around: controller.around, process: controller.process });
    let steps = 0;
    try {
      await fc.assert(
        fc.asyncProperty(fc.array(anyStep, { minLength: 5, maxLength: PER_RUN }), async (play) => {
          const game = await Play.on(street, controller, policy);
          try {
            for (const step of play) await game.step(step);
          } finally {
            steps += game.steps;
            await game.end();
          }
        }),
        {
          seed: SEED,
          numRuns: Math.ceil(STEPS / 2 / (PER_RUN * 0.625)),
          endOnFailure: false,
          interruptAfterTimeLimit: undefined,
        },
      );
    } finally {
      console.info(`${steps} steps ${name}, seed ${SEED}`);
      await street.close();
    }
  },
  3_600_000,
);
