import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../root';
import { type OutsideWorld, startWorld } from './terminal/drive';

jest.setTimeout(120_000);

let world: OutsideWorld;
let folder: string;

beforeAll(async () => {
  world = await startWorld();
  folder = mkdtempSync(join(tmpdir(), 'completion-'));
});

afterAll(async () => {
  rmSync(folder, { recursive: true });
  await world.stop();
});

const keys = (args: readonly string[], env = world.env) =>
  spawnSync(process.execPath, ['--import', 'tsx', 'bin/anthropic-keys.ts', ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    env,
  });

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
autoload -U compinit && compinit -D -u
compdef() { :; }
source ./script
_describe() { local -a given; given=("\${(@P)2}"); print -l -- "\${given[@]}"; }
words=(\${(z)${JSON.stringify(line)}})
[[ ${JSON.stringify(line)} == *' ' ]] && words+=('')
CURRENT=\${#words}
_anthropic-keys`,
  fish: (line) => `source ./script; complete -C ${JSON.stringify(line)}`,
};

for (const [shell, ask] of Object.entries(ASK)) {
  const isHere = spawnSync(shell, ['-c', 'true']).status === 0;
  if (!isHere) console.warn(`No ${shell} here: completion was not tried in it.`);
  (isHere ? describe : describe.skip)(`in ${shell}`, () => {
    beforeAll(() => {
      const { stdout, stderr, status } = keys(['completion', shell]);
      expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
      writeFileSync(join(folder, 'script'), stdout);
    });

    const offered = (line: string) => {
      const arguments_ = shell === 'bash' ? ['--norc', '-c'] : shell === 'zsh' ? ['-f', '-c'] : ['-N', '-c'];
      const ran = spawnSync(shell, [...arguments_, ask(line)], {
        cwd: folder,
        encoding: 'utf8',
        env: { ...world.env, HOME: folder },
      });
      return ran.stdout + ran.stderr;
    };

    test.each([
      ['anthropic-keys sub', 'submit'],
      ['anthropic-keys extend --ho', '--hours'],
      ['anthropic-keys completion ', 'fish'],
    ])('`%s` may go on with %s', (line, expected) => {
      expect(offered(line)).toContain(expected);
    });

    test('the keys of the account are offered where a key is wanted', () => {
      expect(offered('anthropic-keys show ')).toContain(world.key);
      expect(offered('anthropic-keys show ')).not.toContain('submit');
    });
  });
}

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
