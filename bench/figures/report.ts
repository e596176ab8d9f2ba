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
  readonly notRun: readonly { readonly suite: string; readonly why: string }[];
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

/** What failed took no time that says anything. It is told as missing, as is a report that nobody has made. */
function inReport(): readonly (Figure | Missing)[] {
  const file = join(ROOT, FILE);
  const missing = (id: keyof typeof NAMES, missing: string): Missing => ({ id, name: NAMES[id], missing });
  if (!existsSync(file))
    return (['12', '12b', '13', '17'] as const).map((id) =>
      missing(id, `There is no ${FILE}: run .ci/run first.`),
    );
  const { seconds, suites, notRun } = JSON.parse(readFileSync(file, 'utf8')) as CiReport;
  const failed = suites.filter(({ outcome }) => outcome !== 'passed').map((one) => one.suite);
  const passed = (name: string) => {
    const found = suites.find((one) => one.suite === name);
    if (!found) throw new Error(`${FILE} has no suite ${name}.`);
    return found.outcome === 'passed' ? found : undefined;
  };
  const again = `In ${FILE}, ${failed.join(', ')} failed: run .ci/run again.`;
  const parts = suites.map((one) => `${one.suite} ${one.seconds}`).join(', ');
  const without = notRun
    .map(({ suite }) => suite)
    .filter((name) => !suites.some((one) => one.suite === name));
  const [test, install] = [passed('test'), passed('install')];
  const figures: Readonly<Partial<Record<keyof typeof NAMES, Omit<Figure, 'id' | 'name'> | undefined>>> = {
    '12': test && { value: test.seconds, unit: 's', goal: { most: 240 } },
    '12b': test && { value: test.cpuSeconds, unit: 'CPU-s' },
    '13':
      failed.length === 0
        ? {
            ...{ value: seconds, unit: 's', goal: { most: 840 } },
            note: `Seconds of its parts: ${parts}${without.length > 0 ? `. Not run: ${without.join(', ')}` : ''}`,
          }
        : undefined,
    '17': install && { value: install.seconds, unit: 's' },
  };
  return (Object.keys(figures) as (keyof typeof NAMES)[])
    .sort()
    .map((id) => (figures[id] ? { id, name: NAMES[id], ...figures[id] } : missing(id, again)));
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
