import { openLocalWorld } from './deploy/local-world';
import { readiness } from './deploy/ready';
import { tell } from './deploy/step';
import { STORY } from './deploy/story';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

async function main(): Promise<number> {
  const ready = readiness();
  if ('lacking' in ready) {
    console.error(ready.lacking.join('\n'));
    return 1;
  }
  console.log(
    `Deploys examples/local-deployment/keys.yaml to ${ready.moto.how}; nothing leaves this machine.\n`,
  );
  const world = await openLocalWorld(ready.moto);
  try {
    await tell(STORY, world);
    return 0;
  } catch (error) {
    console.error(`\n${error instanceof Error ? error.message : String(error)}`);
    return 1;
  } finally {
    console.log(`Logs: ${world.folder}`);
    await world.close();
  }
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
