import { findMoto, MOTO_MISSING, onPath } from './deploy/find-moto';
import { openLocalWorld } from './deploy/local-world';
import { STORY } from './deploy/story';
import { shellsHere } from './deploy/terminal';

/** What has to be installed besides Node.js and moto. */
function missing(): string[] {
  return [
    ...(onPath('aws') ? [] : ['The AWS command line is not here: https://aws.amazon.com/cli/']),
    ...(shellsHere().length > 0
      ? []
      : ['`script` is not here, which gives a shell a terminal: it is part of util-linux.']),
  ];
}

async function main(): Promise<number> {
  const moto = findMoto();
  const lacking = [...(moto ? [] : [MOTO_MISSING]), ...missing()];
  if (!moto || lacking.length > 0) {
    console.error(lacking.join('\n'));
    return 1;
  }
  console.log(`Deploys examples/local-deployment/keys.yaml to ${moto.how}; nothing leaves this machine.\n`);
  const world = await openLocalWorld(moto);
  const begun = Date.now();
  try {
    for (const { does, run } of STORY) {
      const since = Date.now();
      process.stdout.write(`${does}\n`);
      const seen = await run(world);
      console.log(`    ${seconds(since).padStart(6)}  ${seen}\n`);
    }
    console.log(`All ${STORY.length} steps in ${seconds(begun)}. Logs: ${world.folder}`);
    return 0;
  } catch (error) {
    console.error(`\n${error instanceof Error ? error.message : String(error)}\n\nLogs: ${world.folder}`);
    return 1;
  } finally {
    await world.close();
  }
}

const seconds = (since: number) => `${((Date.now() - since) / 1000).toFixed(1)} s`;

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
