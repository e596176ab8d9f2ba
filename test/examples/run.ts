import { dirname, join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks } from 'cdk-nag';
import { ROOT } from '../root';

// Loads apps of `examples/` as `node` would in the folder of each, and all in one process, since the CDK takes longer to load than they to synthesise.
// They do so when the process exits, each into a folder below the first argument. Prints what cdk-nag finds in each.

const [outdir, ...apps] = process.argv.slice(2) as [string, ...string[]];

const findings = new Map<string, readonly string[]>();
const synth = App.prototype.synth;
App.prototype.synth = function (this: App, options) {
  const stacks = this.node.findAll().filter((each) => Stack.isStack(each));
  const found = stacks.flatMap((stack) =>
    new AwsSolutionsChecks(this)
      .validateScope(stack)
      .violations.flatMap(({ ruleName, violatingResources }) =>
        violatingResources.map((at) => `${ruleName} ${at.constructPath ?? at.resourceLogicalId}`),
      ),
  );
  findings.set(this.outdir, found);
  return synth.call(this, options);
};

async function load() {
  for (const app of apps) {
    process.chdir(join(ROOT, 'examples', dirname(app)));
    process.env.CDK_OUTDIR = join(outdir, app);
    await import(join(ROOT, 'examples', app));
  }
}

process.on('exit', () => console.log(JSON.stringify(apps.map((app) => findings.get(join(outdir, app))))));
load().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
