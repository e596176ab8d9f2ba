import { fork } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { FUNCTION_NODE } from '../lib/contract/names';
import { findNode } from '../test/nodes/find-node';
import { type Figure, type Missing, passes } from './figure';
import { kindOf, lineOf, missingLineOf, writePages } from './pages';
import { findAwsCli, findPython } from './programs';
import { byId, machineHere, writeResults } from './results';

/** Something hangs if a topic takes longer. All of them together take seven to twelve, on two cores of their own. */
const MINUTES = 20;

type Told = readonly (Figure | Missing)[];

/**
 * `npm run bench` measures every topic, and writes the results. `npm run bench -- import` measures that one and writes nothing, and neither does
 * `--quick`, with two rounds of each.
 */
async function main(args: readonly string[]): Promise<number> {
  const quick = args.includes('--quick');
  if (quick) process.env.BENCH_QUICK = '1';
  const wanted = args.filter((word) => word !== '--quick');
  const topics = readdirSync(join(__dirname, 'figures')).map((file) => basename(file, '.ts'));
  const unknown = wanted.filter((word) => !topics.includes(word));
  if (unknown.length > 0) {
    console.error(`There is no ${unknown.join(', ')}: expected ${topics.join(', ')}.`);
    return 2;
  }
  const machine = machineHere(programs());
  console.info(`${kindOf(machine)}, ${JSON.stringify(machine.programs)}`);
  const told: (Figure | Missing)[] = [];
  const failed: string[] = [];
  for (const topic of topics) {
    if (wanted.length > 0 && !wanted.includes(topic)) continue;
    const begun = Date.now();
    try {
      told.push(...(await measured(topic)));
    } catch (error) {
      failed.push(topic);
      console.error(`${topic}: ${(error as Error).message}`);
    }
    console.info(`${topic}: ${Math.round((Date.now() - begun) / 1000)} s`);
  }
  const missing = told.filter((one): one is Missing => 'missing' in one).sort(byId);
  const figures = told.filter((one): one is Figure => !('missing' in one)).sort(byId);
  for (const figure of figures) console.info(lineOf(figure));
  for (const one of missing) console.info(missingLineOf(one));
  const short = figures.filter((figure) => passes(figure) === false);
  console.info(
    [
      `${figures.length} figures`,
      `${short.length} fall short${short.length > 0 ? ` (${short.map(({ id }) => id).join(', ')})` : ''}`,
      `${missing.length} not measured`,
      ...failed.map((topic) => `${topic} FAILED`),
    ].join(' · '),
  );
  if (!quick && wanted.length === 0 && failed.length === 0) {
    const results = { date: new Date().toISOString().slice(0, 10), machine, figures, missing };
    writeResults(results);
    writePages(results);
  }
  return short.length + failed.length === 0 ? 0 : 1;
}

function programs(): Readonly<Record<string, string>> {
  const found = {
    'Node.js of the functions': findNode(FUNCTION_NODE),
    Python: findPython(),
    'AWS CLI': findAwsCli(),
  };
  return {
    'Node.js': process.versions.node,
    ...Object.fromEntries(Object.entries(found).flatMap(([name, one]) => (one ? [[name, one.version]] : []))),
  };
}

/** What a topic measures, in a process of its own. @throws Error if it fails or does not come to an end */
function measured(topic: string): Promise<Told> {
  const child = fork(join(__dirname, 'topic.ts'), [topic], {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    timeout: MINUTES * 60_000,
  });
  return new Promise((resolve, reject) => {
    let told: Told | undefined;
    child.on('message', (message) => {
      told = message as Told;
    });
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      if (code === 0 && told) resolve(told);
      else reject(new Error(`ended with ${code ?? signal} and told ${told ? 'its figures' : 'nothing'}`));
    });
  });
}

main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
