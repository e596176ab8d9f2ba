import { readFileSync } from 'node:fs';
import { addFleet, loadFleet, renderFault } from 'anthropic-key-rotation';
import { App } from 'aws-cdk-lib';

const { fleet, errors, warnings } = loadFleet(readFileSync('keys.yaml', 'utf8'), 'keys.yaml', new Date());
if (!fleet) throw new Error(errors.map(renderFault).join('\n'));

addFleet(new App(), fleet, warnings);
