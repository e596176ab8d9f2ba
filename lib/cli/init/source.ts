import { join, relative, resolve, sep } from 'node:path';
import { name as PACKAGE } from '../../../package.json';
import type { CliContext } from '../context';
import { UsageError } from '../exit-code';
import { VERSION } from '../version';
import { textOf } from './lay';

type Installation = CliContext['installation'];

export const tarballIn = (checkout: string) => join(checkout, 'out', `${PACKAGE}-${VERSION}.tgz`);

/**
 * Where a new folder gets our package from: the same place as here. Never a version that nobody has installed from: while the name is not ours in a
 * registry, it would be a stranger's package. @throws UsageError if nothing here says where it came from
 */
export async function sourceOf(
  { repository, isCheckout }: Installation,
  folder: string,
  here = resolve('.'),
): Promise<string> {
  const file = (path: string) => `file:${relative(resolve(folder), path).split(sep).join('/')}`;
  if (isCheckout) return file(tarballIn(repository));
  for (const at of foldersUp(here, repository)) {
    const named = dependenciesOf((await textOf(join(at, 'package.json'))) ?? '')[PACKAGE];
    if (typeof named === 'string') return localPath(named, at, file) ?? named;
  }
  const resolved = await resolvedByNpm(repository);
  if (resolved === undefined) throw new UsageError(UNKNOWN_SOURCE);
  return localPath(resolved, repository, file) ?? VERSION;
}

const UNKNOWN_SOURCE = `Nothing here says where ${PACKAGE} was installed from, and by its name alone npm could install a stranger's package. Install it in the new folder first, by the path of its tarball, and run init there: npm install --save-exact <tarball>`;

/** Packages that a package.json names, with where each comes from. None if it is not JSON. */
export function dependenciesOf(manifest: string): Readonly<Record<string, unknown>> {
  try {
    const { dependencies, devDependencies } = JSON.parse(manifest) as Record<string, object | undefined>;
    return { ...devDependencies, ...dependencies };
  } catch {
    return {};
  }
}

/** The current folder and those above it up to the top of the repository: packages of a workspace name what they need themselves. */
function foldersUp(here: string, top: string): readonly string[] {
  const steps = relative(top, here).split(sep).filter(Boolean);
  if (steps[0] === '..' || resolve(top, ...steps) !== here) return [top];
  return [here, ...steps.map((_, index) => resolve(here, ...steps.slice(0, index + 1).map(() => '..')))];
}

/** A path on this machine as the new folder sees it. npm writes `file:`, and Yarn the path alone. */
function localPath(source: string, from: string, file: (path: string) => string): string | undefined {
  const [, path] = /^(?:file:|(?=\.{1,2}\/))(.+)$/.exec(source) ?? [];
  return path === undefined ? undefined : file(resolve(from, path));
}

/** What npm's own lockfile of installed packages says, as with `--no-save`. */
async function resolvedByNpm(repository: string): Promise<string | undefined> {
  const lockfile = await textOf(join(repository, 'node_modules', '.package-lock.json'));
  if (lockfile === undefined) return undefined;
  const { packages } = JSON.parse(lockfile) as {
    readonly packages?: Readonly<Record<string, { readonly resolved?: string }>>;
  };
  return packages?.[`node_modules/${PACKAGE}`]?.resolved;
}
