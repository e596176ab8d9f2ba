import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Figure } from '../figure';
import type { Listed } from '../inventory-process';

const WHAT = 'inventory of 10,000 keys, 1,000 of them managed in three accounts';

/** Every key of a large organization, and of one twice as large. */
export async function measure(): Promise<readonly Figure[]> {
  const one = await listed(10_000);
  const two = await listed(20_000);
  const calls = ({ aws, anthropic }: Listed) => aws + anthropic;
  return [
    {
      id: '18',
      name: `Calls: ${WHAT}`,
      value: calls(one),
      unit: 'calls',
      goal: { most: 60 },
      note: `${one.aws} of AWS, and ${one.anthropic} of Anthropic by the function`,
    },
    {
      id: '18b',
      name: `Time: ${WHAT}`,
      value: one.seconds,
      unit: 's',
      note: `With the work of the embedded AWS and the fake Anthropic, ${one.cpu.toFixed(2)} s of CPU`,
    },
    {
      id: '18c',
      name: `Memory that the first one adds: ${WHAT}`,
      value: one.memory / 1e6,
      unit: 'MB',
      note: 'In one process with the embedded AWS, the function and the fake Anthropic',
    },
    {
      id: '18d',
      name: 'CPU of an inventory of twice as many keys and secrets',
      value: two.cpu / one.cpu,
      unit: '×',
      goal: { most: 2.6 },
    },
    {
      id: '18e',
      name: 'Calls of an inventory of twice as many keys and secrets',
      value: calls(two) / calls(one),
      unit: '×',
      goal: { most: 2 },
    },
  ];
}

async function listed(keys: number): Promise<Listed> {
  const program = join(__dirname, '../inventory-process.ts');
  const options = ['--expose-gc', '--import', 'tsx', '--no-warnings', program, String(keys)];
  const { stdout } = await promisify(execFile)(process.execPath, options, { cwd: join(__dirname, '../..') });
  return JSON.parse(stdout);
}
