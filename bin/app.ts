import { existsSync, readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib/core';
import { BUNDLING_STACKS } from 'aws-cdk-lib/cx-api';
import { renderFault } from '../lib/config/fault';
import { loadFleet } from '../lib/config/load';
import { addFleet } from '../lib/stacks';

const app = new App();
// For commands that deploy nothing, such as `cdk ls`, the CDK bundles nothing. Its validation of templates would take most of their time.
const bundled: readonly string[] | undefined = app.node.tryGetContext(BUNDLING_STACKS);
if (bundled?.length === 0) process.env.CDK_VALIDATION ??= 'false';

const file: string = app.node.tryGetContext('keys') ?? process.env.ROTATION_KEYS_FILE ?? 'keys.yaml';

if (!existsSync(file))
  refuse([`There is no ${file}. Name another file with \`-c keys=FILE\` or ROTATION_KEYS_FILE.`]);
const { fleet, errors, warnings } = loadFleet(readFileSync(file, 'utf8'), file, new Date());
if (!fleet) refuse(errors.map(renderFault));
addFleet(app, fleet, warnings);

/** Prints faults without a stack trace, which would not help the file's author. */
function refuse(faults: readonly string[]): never {
  console.error(faults.join('\n'));
  process.exit(1);
}
