import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../test/root';
import type { Figure, Missing } from '../figure';

/** What `.ci/run` writes at its end. */
interface CiReport {
  readonly seconds: number;
  readonly suites: readonly {
    readonly suite: string;
    readonly outcome: 'passed' | 'FAILED';
    readonly seconds: number;
    readonly cpuSeconds: number;
  }[];
  readonly notRun: readonly string[];
}

const FILE = 'out/ci-report.json';

const NAMES = {
  '12': 'npm test',
  '12b': 'npm test, on all cores together',
  '13': '.ci/run',
  '17': 'npm ci, which fetches everything',
  '17b': 'Packages on disk after npm ci',
  '17c': 'Packages on disk after npm ci --omit=dev, which the demo needs',
} as const;

/** From the report of the last `.ci/run` in this checkout: nobody has to wait for it twice. Sizes are read from the disk. */
export async function measure(): Promise<readonly (Figure | Missing)[]> {
  const sizes = installed();
  return [
    ...inReport(),
    { id: '17b', name: NAMES['17b'], value: sizes.all, unit: 'MB' },
    { id: '17c', name: NAMES['17c'], value: sizes.production, unit: 'MB' },
  ];
}

function inReport(): readonly (Figure | Missing)[] {
  const file = join(ROOT, FILE);
  if (!existsSync(file))
    return (['12', '12b', '13', '17'] as const).map((id) => ({
      id,
      name: NAMES[id],
      missing: `There is no ${FILE}: run .ci/run first.`,
    }));
  const { seconds, suites, notRun } = JSON.parse(readFileSync(file, 'utf8')) as CiReport;
  const suite = (name: string) => {
    const found = suites.find((one) => one.suite === name);
    if (!found) throw new Error(`${FILE} has no suite ${name}.`);
    return found;
  };
  const failed = suites.filter(({ outcome }) => outcome !== 'passed').map((one) => one.suite);
  if (failed.length > 0) throw new Error(`In ${FILE}, ${failed.join(', ')} failed: its times say nothing.`);
  const parts = suites.map((one) => `${one.suite} ${Math.round(one.seconds)}`).join(', ');
  const [test, install] = [suite('test'), suite('install')];
  return [
    { id: '12', name: NAMES['12'], value: test.seconds, unit: 's', goal: { most: 240 } },
    { id: '12b', name: NAMES['12b'], value: test.cpuSeconds, unit: 'CPU-s' },
    {
      id: '13',
      name: NAMES['13'],
      value: seconds,
      unit: 's',
      goal: { most: 840 },
      note: `Seconds of its parts: ${parts}${notRun.length > 0 ? `. Not run: ${notRun.join(', ')}` : ''}`,
    },
    { id: '17', name: NAMES['17'], value: install.seconds, unit: 's' },
  ];
}

/** Size of the installed packages in MB: of all, and of those that are no development dependencies. */
function installed(): { readonly all: number; readonly production: number } {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly dev?: boolean }>>;
  };
  let [all, production] = [0, 0];
  for (const [path, { dev = false }] of Object.entries(packages)) {
    if (path === '' || !existsSync(join(ROOT, path))) continue;
    const bytes = bytesIn(join(ROOT, path));
    all += bytes;
    if (!dev) production += bytes;
  }
  return { all: all / 1e6, production: production / 1e6 };
}

/** Blocks on disk, without the packages that a package has below it: they are in the lock file by themselves. */
function bytesIn(folder: string): number {
  let bytes = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) bytes += entry.name === 'node_modules' ? 0 : bytesIn(path);
    else if (entry.isFile()) bytes += statSync(path).blocks * 512;
  }
  return bytes;
}
