import { parseOptions, USAGE, WrongUsage } from './demo/options';
import { FleetRefused, synthesise } from './demo/synthesise';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
// The reader of a pipe may leave early, as `head` does.
process.stdout.on('error', () => process.exit(0));

async function main(argv: readonly string[]): Promise<number> {
  try {
    const options = parseOptions(argv);
    if (options.help) process.stdout.write(USAGE);
    else {
      // The CDK app is a process of its own, and runs while this one loads the rest.
      const [templates, { demo }] = await Promise.all([synthesise(options.keys), import('./demo/demo.ts')]);
      await demo(templates, options, (text) => process.stdout.write(`${text}\n`));
    }
    return 0;
  } catch (error) {
    if (error instanceof WrongUsage) {
      process.stderr.write(`${error.message}\n\n${USAGE}`);
      return 2;
    }
    if (error instanceof FleetRefused) {
      process.stderr.write(`${error.message}\n`);
      return 1;
    }
    throw error;
  }
}

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
