import { quote } from '../../domain/wording/commands';
import { COMPLETED, SHELLS } from '../complete';
import type { CliContext } from '../context';
import { EXIT, UsageError } from '../exit-code';
import { PROGRAM } from '../program';
import type { Verb } from '../verb';

type Shell = (typeof SHELLS)[number];

/** Prints what a shell needs to complete commands, options and names of keys. */
export const completion: Verb<{ readonly shell: Shell }> = {
  name: 'completion',
  summary: 'print what bash, zsh or fish needs to complete commands and keys',
  about: `Prints a script for your shell. It defines ${COMPLETED}, which works from any folder with the keys.yaml of this one, and completes its commands, options and the names of the keys in the account. Names are looked up with the credentials of the shell; without them the rest is still completed.`,
  argument: ['<shell>', SHELLS.join(', ')],
  examples: ['completion bash', 'completion zsh', 'completion fish'],
  seeAlso: ['status', 'show'],
  document: 'completion/1',
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

/** The caller, and the library's script. Both start the program directly: npm takes half a second more. */
async function scriptFor(shell: Shell, { checkout }: CliContext): Promise<string> {
  const { script } = await import('@bomb.sh/tab');
  const program = PROGRAM.map(quote).join(' ');
  const lines: string[] = [];
  const { log } = console;
  console.log = (line: string) => void lines.push(line);
  try {
    script(shell, COMPLETED, program);
  } finally {
    console.log = log;
  }
  return [CALLER[shell](quote(checkout), program), ...lines].join('\n');
}

const posix = (folder: string, program: string) => `${COMPLETED}() { (cd ${folder} && ${program} "$@"); }`;

/** The library's script asks the package bash-completion for the words, which not every machine has, macOS for one. */
const WITHOUT_BASH_COMPLETION = `declare -F _get_comp_words_by_ref >/dev/null || _get_comp_words_by_ref() {
    cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} words=("\${COMP_WORDS[@]}") cword=$COMP_CWORD
}`;

const CALLER: Readonly<Record<Shell, (folder: string, program: string) => string>> = {
  bash: (...call) => `${posix(...call)}\n${WITHOUT_BASH_COMPLETION}`,
  zsh: posix,
  fish: (folder, program) =>
    `function ${COMPLETED}; fish -c 'cd $argv[1]; and $argv[2..]' ${folder} ${program} $argv; end`,
};
