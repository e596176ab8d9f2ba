import { dirname, join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks } from 'cdk-nag';

// Loads apps as `node` would in the folder of each, and all in one process, since the CDK takes longer to load than they to synthesise. They do so
// when the process exits, each into a folder below the second argument; the first is the folder that has them. Prints what cdk-nag finds in each.

const [examples, outdir, ...apps] = process.argv.slice(2);

/** Findings by the folder that an app synthesises into. */
const findings = new Map();
const synth = App.prototype.synth;
App.prototype.synth = function (options) {
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
process.on('exit', () => console.log(JSON.stringify(apps.map((app) => findings.get(join(outdir, app))))));

for (const app of apps) {
  process.chdir(join(examples, dirname(app)));
  process.env.CDK_OUTDIR = join(outdir, app);
  await import(join(examples, app));
}
