// @ts-check
import { readFileSync } from 'node:fs';
import { addFleet, loadFleet, renderFault } from 'anthropic-key-rotation';
import { App } from 'aws-cdk-lib';

const file = new URL('keys.yaml', import.meta.url);
const { fleet, errors, warnings } = loadFleet(readFileSync(file, 'utf8'), 'keys.yaml', new Date());
if (!fleet) throw new Error(errors.map(renderFault).join('\n'));

addFleet(new App(), fleet, warnings);
