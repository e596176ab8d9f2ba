import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Figure } from '../figure';
import { median } from '../measure';
import type { Storm } from '../storm-process';

/** Megabytes that may be in use more after the last round than after the first one: a kilobyte a request, of which the books of the embedded world are half. */
const MOST_GROWTH = 6;

/** The checks of 1,000 keys at once, in one process. */
export async function measure(): Promise<readonly Figure[]> {
  const { failed, perCpuSecond, overBare, heap } = await storm();
  return [
    {
      id: '14',
      name: '1,000 checks at once: their CPU over that of the same four calls by the bare SDKs',
      value: median(overBare),
      unit: '×',
      goal: { most: 3.5 },
      note: 'A ratio within one process, since checks a second say as much about the machine and its other load.',
    },
    { id: '14b', name: '1,000 checks at once, a second and core', value: median(perCpuSecond), unit: '/s' },
    { id: '14c', name: '1,000 checks at once: failed', value: failed, unit: 'count', goal: { most: 0 } },
    {
      id: '14d',
      name: 'Heap after the last of four rounds of 1,000 checks, over that after the first one',
      value: (heap.at(-1)! - heap[0]!) / 1e6,
      unit: 'MB',
      goal: { most: MOST_GROWTH },
    },
  ];
}

/** In a process of its own, whose garbage can be collected between the rounds. */
async function storm(): Promise<Storm> {
  const program = join(__dirname, '../storm-process.ts');
  const options = ['--expose-gc', '--import', 'tsx', '--no-warnings', program];
  const { stdout } = await promisify(execFile)(process.execPath, options, { cwd: join(__dirname, '../..') });
  return JSON.parse(stdout);
}
