import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scripts } from '../../package.json';
import { ROOT } from '../../test/root';
import type { Figure } from '../figure';
import { median } from '../measure';

const ROUNDS = 3;

/** What `npm run demo` starts, without npm's own time. */
const DEMO = scripts.demo.replace(/^node/, process.execPath);

/** The demo's 100 days as a whole process, the synthesis of its fleet included. */
export async function measure(): Promise<readonly Figure[]> {
  const out = mkdtempSync(join(tmpdir(), 'demo-figure-'));
  try {
    play(out);
    const runs = Array.from({ length: ROUNDS }, () => play(out));
    const { checks, calls } = runs[0]!;
    return [
      {
        id: '11',
        name: 'Demo of 100 days',
        value: median(runs.map(({ wall }) => wall)),
        unit: 's',
        goal: { most: 13 },
      },
      { id: '11b', name: 'Demo: CPU time', value: median(runs.map(({ cpu }) => cpu)), unit: 'CPU-s' },
      { id: '11c', name: 'Demo: checks', value: checks, unit: 'count' },
      { id: '11d', name: 'Demo: calls of AWS and Anthropic', value: calls, unit: 'calls' },
    ];
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

interface Run {
  readonly wall: number;
  readonly cpu: number;
  readonly checks: number;
  readonly calls: number;
}

/** @throws Error if the demo fails or does not say what it did */
function play(out: string): Run {
  const begun = performance.now();
  // The shell's `times` counts the processes that the demo starts, too.
  const shell = spawnSync('sh', ['-c', `${DEMO} --quiet --out "$1" && times`, 'sh', out], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const wall = (performance.now() - begun) / 1000;
  const told = /^(\d+) checks made (\d+) AWS calls and (\d+) Anthropic calls/m.exec(shell.stdout);
  const times = /^(\d+)m([\d.]+)s (\d+)m([\d.]+)s\s*$/.exec(shell.stdout.trimEnd().split('\n').at(-1)!);
  if (shell.status !== 0 || !told || !times) throw new Error(`The demo failed: ${shell.stderr}`);
  const [checks, aws, anthropic] = told.slice(1).map(Number) as [number, number, number];
  const [minutes, seconds, systemMinutes, systemSeconds] = times.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
  ];
  return {
    wall,
    cpu: (minutes + systemMinutes) * 60 + seconds + systemSeconds,
    checks,
    calls: aws + anthropic,
  };
}
