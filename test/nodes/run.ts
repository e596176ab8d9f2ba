import { spawnSync } from 'node:child_process';
import { ROOT } from '../root';
import { fetchNode, findNode } from './find-node';

/** On which command line and constructs run; the functions on the last. The whole suite runs on the one in use, what follows on the others. */
const SUPPORTED = [20, 22, 24];

/** What asks most of Node.js: HTTP and TLS, processes, streams, modules, and the bundles as they are deployed and installed. */
const SMOKE = [
  'test/domain/',
  'test/adapters/(anthropic-verdicts|endless-body|proxy-choice|secrets-manager)',
  'test/cli/(node-support|surroundings/)',
  'test/config/(app|load)',
  'test/constructs/stages',
  'test/consumer/',
  'test/lifecycle/rotation',
  'test/package/bundles',
];

const current = Number.parseInt(process.versions.node, 10);

/** On one core, because other suites run beside it. */
function passesOn(node: string): boolean {
  const words = [
    require.resolve('jest/bin/jest'),
    '--runInBand',
    '--silent',
    ...SMOKE,
    '--reporters=default',
  ];
  return spawnSync(node, words, { cwd: ROOT, stdio: 'inherit' }).status === 0;
}

const said = SUPPORTED.filter((major) => major !== current).map((major) => {
  const missing = findNode(major) ? undefined : fetchNode(major);
  if (missing) return `Not run with Node.js ${major}: ${missing}`;
  const { command, version } = findNode(major)!;
  console.log(`\n== Node.js ${version}: ${command}`);
  if (passesOn(command)) return `Node.js ${version}: passed`;
  process.exitCode = 1;
  return `Node.js ${version}: FAILED`;
});
// `.ci/run` repeats in its summary what was not run.
console.log(`\n${said.join('\n')}`);
