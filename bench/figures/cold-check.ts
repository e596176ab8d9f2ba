import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ROOT } from '../../test/root';
import { type CheckWorld, openCheckWorld } from '../check-world';
import { buildCheck, buildNaive } from '../deployed-check';
import type { Figure, Missing } from '../figure';
import { compared, inTurns, median, medianOf, net, type Program, type Run, run } from '../measure';
import { findAwsCli, findPython, functionNode } from '../programs';

const ROUNDS = 10;
const BENCH = join(ROOT, 'bench');

const SAME = ['DescribeSecret', 'GetSecretValue', 'ListSecretVersionIds', '/v1/messages'];
const ONE = ['GetSecretValue', '/v1/messages'];

/** A program that others would have written, and how much longer it is to take. */
interface Peer {
  readonly id: string;
  readonly language: 'bash' | 'boto3';
  readonly calls: 'same' | 'one';
  readonly least: number;
}

const PEERS: readonly Peer[] = [
  { id: '5b', language: 'bash', calls: 'same', least: 8 },
  { id: '5c', language: 'bash', calls: 'one', least: 2.8 },
  { id: '5d', language: 'boto3', calls: 'same', least: 1.75 },
  { id: '5e', language: 'boto3', calls: 'one', least: 1.65 },
];

const nameOf = ({ language, calls }: Peer) =>
  `One check by ${language} with ${calls === 'same' ? 'the same calls' : 'one call'}, against ours`;

const MISSING = {
  bash: 'There is no AWS CLI, curl or jq here: docs/performance.md says how to install them.',
  boto3: 'No Python here has boto3: docs/performance.md says how to install it.',
};

/** One check as a whole cold process over HTTP, against the embedded world in another process, and what others would take for it. */
export async function measure(): Promise<readonly (Figure | Missing)[]> {
  const folder = mkdtempSync(join(tmpdir(), 'cold-check-'));
  const world = await openCheckWorld();
  try {
    const { command: node, note } = functionNode();
    const ours = {
      command: node,
      args: [join(BENCH, 'run-check.mjs'), buildCheck(folder), world.secretName],
      env: world.env,
    };
    const naive = { ...ours, args: [join(BENCH, 'run-check.mjs'), buildNaive(folder), world.secretName] };
    const programs: Record<string, Program> = { ours, naive, bare: { command: node, args: ['-e', '0'] } };
    await expectCalls(world, ours, SAME);
    await expectCalls(world, naive, ONE);
    for (const peer of PEERS) {
      const program = programOf(peer, world);
      if (!program) continue;
      await expectCalls(world, program, peer.calls === 'same' ? SAME : ONE);
      programs[peer.id] = program;
    }
    const runs = await inTurns(programs, ROUNDS);
    return [
      {
        id: '1e',
        name: 'Import and first check, over an empty process',
        value: median(net(runs.ours!, 'wall', runs.bare)),
        unit: 'ms',
      },
      {
        id: '1f',
        name: 'Import and first check, against a handler written in an afternoon, with one call',
        ...compared({ a: runs.ours!, b: runs.naive!, bareA: runs.bare, bareB: runs.bare }),
      },
      {
        id: '5',
        name: 'One check as a whole cold process',
        value: medianOf(runs.ours!, 'wall'),
        unit: 'ms',
        note: [`CPU time ${Math.round(medianOf(runs.ours!, 'cpu'))} ms`, note].filter(Boolean).join('. '),
      },
      ...PEERS.map((peer) => peerFigure(peer, runs)),
    ];
  } finally {
    world.close();
    rmSync(folder, { recursive: true });
  }
}

type Runs = Readonly<Record<string, readonly Run[]>>;

function peerFigure(peer: Peer, runs: Runs): Figure | Missing {
  const { id, language, least } = peer;
  const name = nameOf(peer);
  return runs[id]
    ? { id, name, ...compared({ a: runs[id], b: runs.ours! }), goal: { least } }
    : { id, name, missing: MISSING[language] };
}

/** Undefined where what it needs is not installed. */
function programOf({ language, calls }: Peer, { secretName, env }: CheckWorld): Program | undefined {
  const words = [secretName, calls];
  if (language === 'boto3') {
    const python = findPython();
    return python && { command: python.command, args: [join(BENCH, 'peers/check.py'), ...words], env };
  }
  const aws = findAwsCli();
  if (!aws) return undefined;
  // By its own path: a shim in front of it would cost bash more.
  const PATH = `${dirname(aws.command)}:${process.env.PATH}`;
  return { command: 'bash', args: [join(BENCH, 'peers/check.sh'), ...words], env: { ...env, PATH } };
}

/** What is compared does the same work. The first run may write down what it saw first. @throws Error unless the second one makes these calls */
async function expectCalls(world: CheckWorld, program: Program, expected: readonly string[]): Promise<void> {
  await run(program);
  await world.calls();
  await run(program);
  const calls = await world.calls();
  if (String(calls.toSorted()) !== String(expected.toSorted()))
    throw new Error(`${program.args.join(' ')} made other calls than ${expected}: ${calls}`);
}
