import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installationOf } from '../../lib/cli/installation';
import { ROOT } from '../root';
import { install } from './program';
import { type OutsideWorld, startWorld } from './terminal/drive';

let world: OutsideWorld;
let folder: string;

beforeAll(async () => {
  world = await startWorld();
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'completion-')));
  installed = await install(REPOSITORY());
});

afterAll(async () => {
  rmSync(folder, { recursive: true });
  await world.stop();
});

const keys = (args: readonly string[], env = world.env, program: readonly string[] = [installed]) =>
  spawnSync(process.execPath, [...program, ...args], { cwd: ROOT, encoding: 'utf8', env });

/** The two ways in which the program is on a machine, and how each is started. */
const SHAPES: Readonly<Record<string, () => readonly string[]>> = {
  'a checkout': () => ['--import', 'tsx', join(ROOT, 'bin', 'anthropic-keys.ts')],
  'an installed package': () => [installed],
};
let installed: string;

/** A repository of people's own, by a name that needs quotes. */
const REPOSITORY = () => join(folder, "our team's repository");

/** Sets up zsh's completion. What it found is kept for the next shell. */
const COMPINIT = 'autoload -U compinit && compinit -u -d ~/zcompdump';

/** How each shell is asked, without a terminal, what it would offer behind a line. */
const ASK: Readonly<Record<string, (line: string) => string>> = {
  bash: (line) => `
source ./script
COMP_LINE=${JSON.stringify(line)} COMP_POINT=\${#COMP_LINE}
read -ra COMP_WORDS <<< "$COMP_LINE"
[[ $COMP_LINE == *' ' ]] && COMP_WORDS+=('')
COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
$(complete -p anthropic-keys | sed -E 's/.* -F ([^ ]+) .*/\\1/') anthropic-keys
printf '%s\\n' "\${COMPREPLY[@]}"`,
  // compadd is what a completion function tells zsh; here it prints.
  zsh: (line) => `
${COMPINIT}
compdef() { :; }
source ./script
_describe() { local -a given; given=("\${(@P)2}"); print -l -- "\${given[@]}"; }
words=(\${(z)${JSON.stringify(line)}})
[[ ${JSON.stringify(line)} == *' ' ]] && words+=('')
CURRENT=\${#words}
_anthropic-keys`,
  fish: (line) => `source ./script; complete -C ${JSON.stringify(line)}`,
};

/** Runs a script in a shell, in a folder that has nothing to do with the program. */
function runIn(shell: string, script: string) {
  const options = shell === 'bash' ? ['--norc', '-c'] : shell === 'zsh' ? ['-f', '-c'] : ['-N', '-c'];
  const env = { ...world.env, HOME: folder };
  const { stdout, stderr } = spawnSync(shell, [...options, script], { cwd: folder, encoding: 'utf8', env });
  return stdout + stderr;
}

for (const [shell, ask] of Object.entries(ASK)) {
  const isHere = spawnSync(shell, ['-c', 'true']).status === 0;
  if (!isHere) console.warn(`No ${shell} here: completion was not tried in it.`);
  (isHere ? describe.each(Object.keys(SHAPES)) : describe.skip.each(Object.keys(SHAPES)))(
    `in ${shell}, with %s`,
    (shape) => {
      beforeAll(() => {
        const { stdout, stderr, status } = keys(['completion', shell], world.env, SHAPES[shape]!());
        expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
        writeFileSync(join(folder, 'script'), stdout);
      });

      const offered = (line: string) => runIn(shell, ask(line));

      // What the program answers is the same in both shapes, and the package is quicker to ask.
      test.each([
        ['anthropic-keys sub', 'submit'],
        ...(shape === 'an installed package'
          ? [
              ['anthropic-keys extend --ho', '--hours'],
              ['anthropic-keys completion ', 'fish'],
            ]
          : []),
      ])('`%s` may go on with %s', (line, expected) => {
        expect(offered(line)).toContain(expected);
      });

      test('the keys of the account are offered where a key is wanted', () => {
        const keysOffered = offered('anthropic-keys show ');
        expect(keysOffered).toContain(world.key);
        expect(keysOffered).not.toContain('submit');
      });

      test('it defines a command that runs the program in the current folder', () => {
        runIn(shell, 'source ./script; anthropic-keys init laid');
        expect(readFileSync(join(folder, 'laid', 'cdk.json'), 'utf8')).toContain('node bin/app.js');
        rmSync(join(folder, 'laid'), { recursive: true });
      });
    },
  );

  (isHere ? test : test.skip)(
    `in ${shell} the command reads the fleet file here, or else that of the repository`,
    () => {
      writeFileSync(join(folder, 'script'), keys(['completion', shell]).stdout);
      // In place of Node.js, to see what it is given.
      writeFileSync(join(folder, 'node'), `#!/bin/sh\nprintf '%s|%s|%s' "$ROTATION_KEYS_FILE" "$2" "$3"\n`, {
        mode: 0o755,
      });
      const load = `${shell === 'zsh' ? `${COMPINIT}; ` : ''}source ./script; `;
      const set = (name: string, value: string) =>
        shell === 'fish' ? `set -x ${name} ${value}; ` : `export ${name}=${value}; `;
      const given = (before = '') =>
        runIn(
          shell,
          `${load}${set('PATH', shell === 'fish' ? `${folder} $PATH` : `${folder}:$PATH`)}${before}anthropic-keys show 'a b'`,
        );
      expect(given()).toBe(`${join(REPOSITORY(), 'keys.yaml')}|show|a b`);
      expect(given(set('ROTATION_KEYS_FILE', 'mine.yaml'))).toBe('mine.yaml|show|a b');
      writeFileSync(join(folder, 'keys.yaml'), '');
      expect(given()).toBe('|show|a b');
      for (const file of ['keys.yaml', 'node']) rmSync(join(folder, file));
    },
  );
}

test.each([
  ['/team/keys/node_modules/anthropic-key-rotation/cli.js', '/team/keys'],
  [
    '/team/keys/node_modules/.pnpm/anthropic-key-rotation@1.0.0/node_modules/anthropic-key-rotation/cli.js',
    '/team/keys',
  ],
  ['/usr/lib/node_modules/anthropic-key-rotation/cli.js', '/usr/lib'],
  ['/opt/rotation/cli.js', '/opt/rotation'],
])('%s is installed in %s', (program, repository) => {
  expect(installationOf(program)).toEqual({ isCheckout: false, repository, start: ['node', program] });
});

test('with pnpm the program is started by the path that outlives an upgrade', () => {
  const repository = join(folder, 'pnpm');
  const linked = join(repository, 'node_modules', 'anthropic-key-rotation');
  mkdirSync(linked, { recursive: true });
  writeFileSync(join(linked, 'cli.js'), '');
  const program = join(repository, 'node_modules/.pnpm/x@1/node_modules/anthropic-key-rotation/cli.js');
  expect(installationOf(program).start).toEqual(['node', join(linked, 'cli.js')]);
});

// Node.js reads what it imports as a URL: a path with one of its signs would be another one.
test.each([
  ['/work/rotation', 'file:///work/rotation/node_modules/tsx/dist/loader.mjs'],
  ['/work/c# 100%', 'file:///work/c%23%20100%25/node_modules/tsx/dist/loader.mjs'],
])('a checkout in %s is started by its own tsx', (repository, tsx) => {
  const program = join(repository, 'bin', 'anthropic-keys.ts');
  expect(installationOf(program)).toEqual({
    isCheckout: true,
    repository,
    start: ['node', '--import', tsx, program],
  });
});

test('without AWS there are no names, and no errors at the prompt', () => {
  const { stdout, stderr, status } = keys(['complete', '--', 'show', ''], {
    PATH: process.env.PATH,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
  });
  expect({ stdout, stderr, status }).toEqual({ stdout: ':4\n', stderr: '', status: 0 });
});

test('an option that takes an environment is offered those that have keys', () => {
  expect(keys(['complete', '--', 'status', '--environment', '']).stdout).toContain(world.key.split('/')[0]);
});
