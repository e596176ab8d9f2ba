import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../test/root';
import { buildCheck, buildLikeCheck, buildNaive } from '../deployed-check';
import type { Figure, Missing } from '../figure';
import { compared, inTurns, median, net, type Pair, type Program, type Run } from '../measure';
import { findPython, functionNode } from '../programs';

const ROUNDS = 15;
const PEERS = join(ROOT, 'bench/peers');
const CLIENTS = join(PEERS, 'two-clients.ts');
const AGAINST_BOTO3 = { id: '1d', name: 'Import of the check, against boto3 with two clients' } as const;

/** What Lambda does first in a new container: the import of a function's code, as a whole process over an empty one. */
export async function measure(): Promise<readonly (Figure | Missing)[]> {
  const folder = mkdtempSync(join(tmpdir(), 'import-'));
  try {
    const { command: node, note } = functionNode();
    const python = findPython();
    const programs: Record<string, Program> = {
      bare: { command: node, args: ['-e', '0'] },
      ours: { command: node, args: [buildCheck(join(folder, 'functions'))] },
      clients: { command: node, args: [buildLikeCheck(join(folder, 'one'), CLIENTS, false)] },
      split: { command: node, args: [buildLikeCheck(join(folder, 'split'), CLIENTS, true)] },
      naive: { command: node, args: [buildNaive(folder)], env: { AWS_REGION: 'eu-central-1' } },
      ...(python && pythonPrograms(python.command)),
    };
    const { bare, ours, clients, split, naive, barePython, boto3 } = await inTurns(programs, ROUNDS);
    const against = (b: readonly Run[], bareB: readonly Run[]): Pair => ({ a: ours!, b, bareA: bare, bareB });
    return [
      {
        id: '1',
        name: 'Import of the deployed check, over an empty process',
        value: median(net(ours!, 'wall', bare)),
        unit: 'ms',
        note: [`CPU time ${Math.round(median(net(ours!, 'cpu', bare)))} ms`, note].filter(Boolean).join('. '),
      },
      {
        id: '1b',
        name: 'Import of the check, against two AWS clients in one file',
        ...compared(against(clients!, bare!)),
        goal: { most: 1 },
      },
      {
        id: '1g',
        name: 'Import of the check, against two AWS clients split as the check is',
        ...compared(against(split!, bare!)),
      },
      {
        id: '1c',
        name: 'Import of the check, against a handler written in an afternoon',
        ...compared(against(naive!, bare!)),
      },
      barePython && boto3
        ? { ...AGAINST_BOTO3, ...compared(against(boto3, barePython)), goal: { most: 0.35 } }
        : {
            ...AGAINST_BOTO3,
            missing: 'No Python here has boto3: docs/performance.md says how to install it.',
          },
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const pythonPrograms = (command: string): Readonly<Record<'barePython' | 'boto3', Program>> => ({
  barePython: { command, args: ['-c', '0'] },
  boto3: { command, args: [join(PEERS, 'two_clients.py')], env: { AWS_DEFAULT_REGION: 'eu-central-1' } },
});
