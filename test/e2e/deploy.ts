import { keepRunning } from '../../local/deploy/keep';
import { openLocalWorld } from '../../local/deploy/local-world';
import { type DeployOptions, parseOptions, USAGE } from '../../local/deploy/options';
import { readiness } from '../../local/deploy/ready';
import { tell } from './step';
import { SETTLING_IN, STORY } from './story';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

function options(): DeployOptions | undefined {
  try {
    return parseOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    return undefined;
  }
}

async function main(): Promise<number> {
  const asked = options();
  if (!asked) return 2;
  if (asked.help) {
    console.log(USAGE);
    return 0;
  }
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
    await tell(asked.keep ? SETTLING_IN : STORY, world);
    if (asked.keep) await keepRunning(world);
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
