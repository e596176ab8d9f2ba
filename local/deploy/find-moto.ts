import { spawnSync } from 'node:child_process';
import { accessSync, constants, readFileSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/** The version whose internals local/moto mends. */
const MOTO_VERSION = '5.2.1';

const HERE = join(__dirname, '../moto');
const PACKAGE = `moto[server]==${MOTO_VERSION}`;

/** A way to start the mended moto: a command that takes serve.py's flags. */
export interface MotoCommand {
  readonly how: string;
  readonly command: string;
  readonly args: readonly string[];
}

/** What to install where there is no way to start it. */
export const MOTO_MISSING = `moto ${MOTO_VERSION} is not here: install it with \`pip install "${PACKAGE}"\`, or install uv, pipx or Docker, which fetch it by themselves.`;

/** Finds moto: installed for python3 or beside moto_server, else by a tool that fetches it. Undefined where there is none. */
export function findMoto(): MotoCommand | undefined {
  const serve = join(HERE, 'serve.py');
  const python = [besideMotoServer(), onPath('python3'), onPath('python')].find(
    (one) => one !== undefined && hasMoto(one),
  );
  if (python) return { how: `moto ${MOTO_VERSION} of ${python}`, command: python, args: [serve] };
  // Both read at the head of the script what it needs.
  if (onPath('uv')) return { how: 'uv run', command: 'uv', args: ['run', '--script', serve] };
  if (onPath('pipx')) return { how: 'pipx run', command: 'pipx', args: ['run', serve] };
  if (onPath('docker') && dockerRuns())
    return {
      how: 'Docker',
      command: 'docker',
      args: [
        ...['run', '--rm', '--init', '--network', 'host', '--volume', `${HERE}:/srv:ro`],
        ...['--entrypoint', 'python', `motoserver/moto:${MOTO_VERSION}`, '/srv/serve.py'],
      ],
    };
  return undefined;
}

/** The Python that an installed moto_server names in its first line, as pipx and virtual environments write it. */
function besideMotoServer(): string | undefined {
  const script = onPath('moto_server');
  if (!script) return undefined;
  const real = realpathSync(script);
  return /^#!(\/\S*python\S*)/.exec(readFileSync(real, 'utf8'))?.[1] ?? onPath('python3', dirname(real));
}

function hasMoto(python: string): boolean {
  const asked = spawnSync(python, ['-c', 'import importlib.metadata as m; print(m.version("moto"))'], {
    encoding: 'utf8',
  });
  return asked.stdout?.trim() === MOTO_VERSION;
}

const dockerRuns = () => spawnSync('docker', ['info'], { stdio: 'ignore', timeout: 10_000 }).status === 0;

/** Full path of a program, looked up as a shell does. */
export function onPath(program: string, folders = process.env.PATH ?? ''): string | undefined {
  return folders
    .split(delimiter)
    .map((folder) => join(folder, program))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
