import { type LocalWorld, openLocalWorld } from '../../local/deploy/local-world';
import { readiness } from '../../local/deploy/ready';
import { STORY } from './story';

const ready = readiness();
if ('lacking' in ready) process.stderr.write(`Not deployed end to end: ${ready.lacking.join(' ')}\n`);

const wherePossible = 'lacking' in ready ? describe.skip : describe;

wherePossible('a fleet, from its first deployment to its removal', () => {
  let world: LocalWorld;
  // Each step builds on those before: after a failure, what follows says so instead of failing of something else.
  let failed: string | undefined;
  beforeAll(async () => {
    if ('moto' in ready) world = await openLocalWorld(ready.moto);
  });
  afterAll(async () => {
    await world?.close();
  });

  test.each(STORY)('$does', async ({ does, run }) => {
    if (failed) throw new Error(`Not tried, since this failed before: ${failed}`);
    failed = does;
    await run(world);
    failed = undefined;
  });
});
