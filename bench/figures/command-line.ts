import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChild } from '../child';
import type { Figure, Missing } from '../figure';
import type { Served } from '../fleet-server';
import { inTurns, medianOf, type Program, peakMemory, type Run, run } from '../measure';

const ROOT = join(__dirname, '../..');
const OUT = join(ROOT, 'out');
const CLI = join(OUT, 'package/cli.js');

const BARE: Program = { command: process.execPath, args: ['-e', '0'] };

/** The packaged command line, as a whole process: help, completion, listings and the page. */
export async function measure(): Promise<readonly (Figure | Missing)[]> {
  if (!existsSync(CLI)) throw new Error('There is no packaged command line: npm run package');
  return [
    ...(await listing({ ids: ['7', '7b'], size: 20, seconds: 0.3, rounds: 7 })),
    ...(await listing({ ids: ['7c', '7d'], size: 1_000, seconds: 0.55, rounds: 5 })),
    ...(await listing({ ids: ['7e', '7f'], size: 10_000, seconds: 2.5, rounds: 3 })),
    ...(await start()),
    ...(await asTyped()),
  ];
}

const ours = (...args: readonly string[]): Program => ({ command: process.execPath, args: [CLI, ...args] });

/** `status`, and with 20 and 10,000 keys also the page. */
async function listing(wanted: {
  /** Of the time and of the calls. */
  readonly ids: readonly [time: string, calls: string];
  readonly size: number;
  /** Most that it is to take. */
  readonly seconds: number;
  readonly rounds: number;
}): Promise<readonly Figure[]> {
  const { ids, size, seconds, rounds } = wanted;
  const [id, idOfCalls] = ids;
  const fleet = await startFleet(size);
  try {
    const status = fleet.reachedBy(ours('status'));
    const { bare, listed } = await inTurns({ bare: BARE, listed: status }, rounds);
    await fleet.served();
    await run(status);
    const { calls, cpu } = await fleet.served();
    const keys = `${size.toLocaleString('en')} keys`;
    const figures: Figure[] = [
      {
        id,
        name: `\`status\` of ${keys}, as a whole process`,
        value: medianOf(listed, 'wall') / 1000,
        unit: 's',
        goal: { most: seconds },
        note: `${besides(listed, bare)}; the embedded AWS took ${Math.round(cpu)} ms of CPU for its answers`,
      },
      {
        id: idOfCalls,
        name: `Calls of AWS by \`status\` of ${keys}: a page for each hundred, and who asks`,
        value: calls,
        unit: 'calls',
        goal: { most: Math.ceil(size / 100) + 1 },
      },
    ];
    if (size === 1_000) return figures;
    if (size > 20)
      figures.push({
        id: '7g',
        name: `Peak memory of \`status\` of ${keys}`,
        value: await peakMemory(status),
        unit: 'MB',
        goal: { most: 200 },
      });
    return [...figures, ...(await pages(fleet, size, rounds))];
  } finally {
    fleet.stop();
  }
}

/** Milliseconds between two lookups in CloudTrail, which allows two a second: lib/adapters/cloudtrail.ts. */
const PAUSE = 550;

/** The page for auditors, with and without the history. */
async function pages(fleet: Fleet, size: number, rounds: number): Promise<readonly Figure[]> {
  const keys = `${size.toLocaleString('en')} keys`;
  const html = join(mkdtempSync(join(tmpdir(), 'page-')), 'keys.html');
  const withHistory = fleet.reachedBy(ours('status', '--html', html));
  const without = fleet.reachedBy(ours('status', '--html', html, '--no-history'));
  const { bare, quick, full } = await inTurns(
    { bare: BARE, quick: without, full: withHistory },
    Math.min(3, rounds),
  );
  await fleet.served();
  await run(withHistory);
  const asked = (await fleet.served()).calls;
  await run(without);
  // Beside the lookups, the page asks five environments for their log groups.
  const lookups = asked - (await fleet.served()).calls - 5;
  const pauses = (lookups - 1) * PAUSE;
  rmSync(join(html, '..'), { recursive: true });
  const [id, idWithHistory] = size > 20 ? ['8c', '8d'] : ['8', '8b'];
  return [
    {
      id,
      name: `\`status --html --no-history\` of ${keys}`,
      value: medianOf(quick, 'wall') / 1000,
      unit: 's',
      note: besides(quick, bare),
    },
    {
      id: idWithHistory,
      name: `\`status --html\` of ${keys}, beside its pauses`,
      value: (medianOf(full, 'wall') - pauses) / 1000,
      unit: 's',
      goal: { most: 6 },
      note: `${lookups} lookups in CloudTrail, ${(pauses / 1000).toFixed(1)} s of pauses between them, in which a line says how far it is`,
    },
  ];
}

/** What a person waits for at each command, and a shell at each TAB. */
async function start(): Promise<readonly Figure[]> {
  const { bare, help, tab } = await inTurns(
    { bare: BARE, help: ours('--help'), tab: ours('complete', '--', 'st') },
    10,
  );
  return [
    {
      id: '9',
      name: '`--help` of the packaged command line',
      value: medianOf(help, 'wall'),
      unit: 'ms',
      goal: { most: 200 },
      note: besides(help, bare),
    },
    {
      id: '9b',
      name: 'Completion of a command, at each TAB',
      value: medianOf(tab, 'wall'),
      unit: 'ms',
      goal: { most: 200 },
      note: besides(tab, bare),
    },
  ];
}

/** With npm before it, which alone takes longer than the help. */
async function asTyped(): Promise<readonly (Figure | Missing)[]> {
  const [tarball] = readdirSync(OUT).filter((file) => file.endsWith('.tgz'));
  const about = { id: '9c', name: '`npx --no -- anthropic-keys --help` of an installed package' };
  if (!tarball) return [{ ...about, missing: 'There is no tarball in out/: npm run package' }];
  const folder = mkdtempSync(join(tmpdir(), 'installed-'));
  try {
    mkdirSync(join(folder, 'node_modules'));
    writeFileSync(join(folder, 'package.json'), '{"private":true}');
    const install = ['install', '--offline', '--no-audit', '--no-fund', join(OUT, tarball)];
    const { status, stderr } = spawnSync('npm', install, { cwd: folder, encoding: 'utf8' });
    if (status !== 0) throw new Error(`The package cannot be installed: ${stderr}`);
    const env = { npm_config_update_notifier: 'false' };
    const { npx, script } = await inTurns(
      {
        npx: { command: 'npx', args: ['--no', '--', 'anthropic-keys', '--help'], cwd: folder, env },
        script: { command: 'npm', args: ['run', '-s', 'keys', '--', '--help'], cwd: ROOT, env },
      },
      5,
    );
    return [
      { ...about, value: medianOf(npx, 'wall'), unit: 'ms' },
      {
        id: '9d',
        name: '`npm run -s keys -- --help` of a checkout, which tsx compiles',
        value: medianOf(script, 'wall'),
        unit: 'ms',
      },
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What the machine was like: goals are for one on which `node -e 0` takes 60 ms. */
const besides = (runs: readonly Run[], bare: readonly Run[]) =>
  `${Math.round(medianOf(runs, 'cpu'))} ms of CPU; \`node -e 0\` in turns with it ${Math.round(medianOf(bare, 'wall'))} ms, ${Math.round(medianOf(bare, 'cpu'))} of CPU`;

interface Fleet {
  /** The same program, with this fleet for its AWS. */
  reachedBy(program: Program): Program;
  served(): Promise<Served>;
  stop(): void;
}

/** An embedded AWS with so many keys, in a process of its own. */
async function startFleet(size: number): Promise<Fleet> {
  const child = startChild(join(ROOT, 'bench/fleet-server.ts'), 'The embedded AWS', [String(size)]);
  const endpoint = await child.answer<string>();
  return {
    reachedBy: (program) => ({
      ...program,
      env: {
        AWS_ACCESS_KEY_ID: 'ada',
        AWS_SECRET_ACCESS_KEY: 'none',
        AWS_REGION: 'eu-central-1',
        AWS_ENDPOINT_URL: endpoint,
      },
    }),
    served: () => child.ask<Served>('served'),
    stop: child.stop,
  };
}
