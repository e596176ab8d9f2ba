import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** A program that is measured from its start to its end. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  /** All of its environment, beside PATH and HOME. Nothing of ours gets in, such as a compile cache. @default nothing */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** @default the current one */
  readonly cwd?: string;
  /** Written to its standard input. @default nothing: it is closed */
  readonly input?: string;
}

/** One process, with all that it started and waited for. */
export interface Run {
  /** Milliseconds, by the clock. */
  readonly wall: number;
  /** Milliseconds, on all cores together. */
  readonly cpu: number;
}

/** Bash measures what it starts: Node.js tells nothing of the CPU time of its children. It writes to a descriptor that the program does not get. */
const TIMED = `TIMEFORMAT='%3R %3U %3S'; exec 4>&2; { time "$@" 2>&4 3>&- 4>&-; } 2>&3`;

/** Runs a program once. Its output is thrown away. @throws Error with what it wrote to stderr if it fails */
export async function run(program: Program): Promise<Run> {
  const { told } = await finished({
    ...program,
    command: 'bash',
    args: ['-c', TIMED, 'bash', program.command, ...program.args],
  });
  const [wall, user, system] = told.trim().split('\n').at(-1)!.split(' ').map(Number) as [
    number,
    number,
    number,
  ];
  return { wall: wall * 1000, cpu: (user + system) * 1000 };
}

/** Most memory that a program of Node.js had at once, in MB. It is a run of its own, with a hook. */
export async function peakMemory(program: Program): Promise<number> {
  const { told } = await finished({
    ...program,
    env: { ...program.env, NODE_OPTIONS: `--require ${join(__dirname, 'peak-memory.cjs')}` },
  });
  // The last process to end is the one that was started first.
  return Number(told.trim().split('\n').at(-1)) / 1024;
}

/**
 * Runs programs in turns: A B C, A B C, … The machine is faster and slower in the course of minutes, which is then the same for all. The first round
 * warms up the file cache, and does not count.
 */
export async function inTurns<Name extends string>(
  programs: Readonly<Record<Name, Program>>,
  rounds: number,
): Promise<Readonly<Record<Name, readonly Run[]>>> {
  const names = Object.keys(programs) as Name[];
  const runs = Object.fromEntries(names.map((name) => [name, [] as Run[]])) as Record<Name, Run[]>;
  for (let round = 0; round <= rounds; round++)
    for (const name of names) {
      const one = await run(programs[name]);
      if (round > 0) runs[name].push(one);
    }
  return runs;
}

/** Middle of several values. @throws Error if there are none */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new Error('There is no median of nothing.');
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** Median of one kind of time. */
export const medianOf = (runs: readonly Run[], time: keyof Run): number =>
  median(runs.map((one) => one[time]));

/** Rounds of A and B in turns, with what is taken off each of both, e.g. bare Node.js. */
export interface Pair {
  readonly a: readonly Run[];
  readonly b: readonly Run[];
  readonly bareA?: readonly Run[];
  readonly bareB?: readonly Run[];
}

/** How many times as long A takes as B: the median of the ratios of each round. */
export function ratio({ a, b, bareA, bareB }: Pair, time: keyof Run): number {
  const net = (runs: readonly Run[], bare: readonly Run[] | undefined) => {
    const under = bare?.map((one) => one[time]) ?? [];
    return runs.map((one, round) => one[time] - (under[round] ?? 0));
  };
  const [ours, theirs] = [net(a, bareA), net(b, bareB)];
  return median(ours.map((value, round) => value / theirs[round]!));
}

/** Runs it, and returns what it wrote to descriptor 3. */
function finished({ command, args, env, cwd, input = '' }: Program): Promise<{ readonly told: string }> {
  const { PATH, HOME } = process.env;
  const child = spawn(command, args, {
    cwd,
    env: { PATH, HOME, ...env },
    stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
  });
  const [stderr, told]: string[][] = [[], []];
  child.stderr!.on('data', (chunk) => stderr!.push(String(chunk)));
  child.stdio[3]!.on('data', (chunk) => told!.push(String(chunk)));
  // It need not read it.
  child.stdin!.on('error', () => {});
  child.stdin!.end(input);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve({ told: told!.join('') });
      else
        reject(
          new Error(`${[command, ...args].join(' ')} ended with ${code}: ${stderr!.join('').slice(-2000)}`),
        );
    });
  });
}
