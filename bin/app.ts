import { existsSync, readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib/core';
import { BUNDLING_STACKS } from 'aws-cdk-lib/cx-api';
import { renderFault } from '../lib/config/fault';
import { loadFleet } from '../lib/config/load';

// cdk.json starts this file with two options of V8 for the CDK's validation of templates, a program of 9 MB of WebAssembly that runs once:
// `--single-threaded-gc`, because each growth of its memory starts a collection whose threads cost more than what they collect, and `--liftoff-only`,
// because optimising it costs more than it gains. Together they take the validation of two stacks from 8.4 to 2.4 seconds of CPU.

const app = new App();
// For commands that deploy nothing, such as `cdk ls`, the CDK bundles nothing. Its validation of templates would take most of their time.
const bundled: readonly string[] | undefined = app.node.tryGetContext(BUNDLING_STACKS);
if (bundled?.length === 0) process.env.CDK_VALIDATION ??= 'false';

const file: string = app.node.tryGetContext('keys') ?? process.env.ROTATION_KEYS_FILE ?? 'keys.yaml';

if (!existsSync(file))
  refuse([`There is no ${file}. Name another file with \`-c keys=FILE\` or ROTATION_KEYS_FILE.`]);
const { fleet, errors, warnings } = loadFleet(readFileSync(file, 'utf8'), file, new Date());
if (!fleet) refuse(errors.map(renderFault));

// Only now, so that a wrong file is answered before the constructs are loaded. `import()` would need tsx's loader of ES modules, which is slow to start.
const { addFleet } = require('../lib/stacks') as typeof import('../lib/stacks');
addFleet(app, fleet, warnings);

/** Prints faults without a stack trace, which would not help the file's author. */
function refuse(faults: readonly string[]): never {
  console.error(faults.join('\n'));
  process.exit(1);
}
