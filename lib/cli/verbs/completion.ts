import { join } from 'node:path';
import { quote } from '../../domain/wording/commands';
import { COMPLETED, SHELLS } from '../complete';
import type { CliContext } from '../context';
import { EXIT, UsageError } from '../exit-code';
import type { Verb } from '../verb';

type Shell = (typeof SHELLS)[number];

/** Prints what a shell needs to complete commands, options and names of keys. */
export const completion: Verb<{ readonly shell: Shell }> = {
  name: 'completion',
  summary: 'print what bash, zsh or fish needs to complete commands and keys',
  about: `Prints a script for your shell. It defines ${COMPLETED}, which calls this installation from any folder, and completes its commands, options and the names of the keys in the account. Names are looked up with the credentials of the shell; without them the rest is still completed.`,
  argument: ['<shell>', SHELLS.join(', ')],
  examples: ['completion bash', 'completion zsh', 'completion fish'],
  seeAlso: ['status', 'show'],
  document: 'completion/1',
  offline: () => true,
  read(shell) {
    const known = SHELLS.find((each) => each === shell);
    if (known) return { shell: known };
    throw new UsageError(`${JSON.stringify(shell)} is no shell known here: expected ${SHELLS.join(', ')}.`);
  },
  prepare: async ({ shell }, context) => ({
    async execute() {
      const text = await scriptFor(shell, context);
      return { exit: EXIT.fine, json: { shell, script: text }, text: () => text, asIs: true };
    },
  }),
};

/** The caller, and the library's script. Both start the program without npm, which takes half a second more. */
async function scriptFor(shell: Shell, { installation }: CliContext): Promise<string> {
  const { script } = await import('@bomb.sh/tab');
  const start = installation.start.map(quote).join(' ');
  const lines: string[] = [];
  const { log } = console;
  console.log = (line: string) => void lines.push(line);
  try {
    script(shell, COMPLETED, start);
  } finally {
    console.log = log;
  }
  return [CALLER[shell](start, quote(join(installation.repository, 'keys.yaml'))), ...lines].join('\n');
}

/** What is typed runs in the current folder. Only the fleet file is that of the repository, unless a variable names one, or there is one here. */
const posix = (start: string, file: string) => `${COMPLETED}() {
    if [ -z "\${ROTATION_KEYS_FILE-}" ] && [ ! -e keys.yaml ]; then ROTATION_KEYS_FILE=${file} ${start} "$@"; else ${start} "$@"; fi
}`;

const fish = (start: string, file: string) => `function ${COMPLETED}
    if test -z "$ROTATION_KEYS_FILE"; and not test -e keys.yaml
        ROTATION_KEYS_FILE=${file} ${start} $argv
    else
        ${start} $argv
    end
end`;

/** The library's script asks the package bash-completion for the words, which not every machine has, macOS for one. */
const WITHOUT_BASH_COMPLETION = `declare -F _get_comp_words_by_ref >/dev/null || _get_comp_words_by_ref() {
    cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} words=("\${COMP_WORDS[@]}") cword=$COMP_CWORD
}`;

const CALLER: Readonly<Record<Shell, (start: string, file: string) => string>> = {
  bash: (start, file) => `${posix(start, file)}\n${WITHOUT_BASH_COMPLETION}`,
  zsh: posix,
  fish,
};
