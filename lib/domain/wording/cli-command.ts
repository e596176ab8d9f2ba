/**
 * How mails and help call the command line where nothing else is configured. `--no` downloads nothing, whatever a registry has under that name, and `--`
 * leaves every option to the command. It works wherever the package is installed, and in a checkout of this project.
 */
export const CLI_COMMAND = 'npx --no -- anthropic-keys';

/** Most characters of a configured command: with a verb behind it, it fits a line of a mail. */
const MOST = 60;

/** What a configured command must be. */
export const CLI_COMMAND_RULE = `a command that runs what is installed, such as \`${CLI_COMMAND}\` or \`pnpm exec anthropic-keys\`: at most ${MOST} characters, words of letters, digits and _ / . , : @ + -, none of them a link, one blank between them`;

/**
 * Why a text may not stand before the verbs that people paste from mails; undefined if it may. No word of it means anything to a shell, and none of the
 * package managers fetches something for it.
 */
export function cliCommandFault(text: string): string | undefined {
  const words = text.split(' ');
  if (text.length > MOST || !words.every((word) => /^[A-Za-z0-9_/.,:@+-]+$/.test(word)) || /^[-+]/.test(text))
    return CLI_COMMAND_RULE;
  if (words.some(becomesLink)) return CLI_COMMAND_RULE;
  // By letters of either case, which are the same program on macOS and Windows.
  const lower = words.map((word) => word.toLowerCase());
  const downloads = lower.some((word, at) => fetches(word.split('/').at(-1)!, words.slice(at + 1)));
  return downloads
    ? `a command that downloads nothing, and leaves options to what it runs: \`${CLI_COMMAND}\`, \`npm run keys --\`, \`pnpm exec anthropic-keys\` or \`yarn anthropic-keys\``
    : undefined;
}

/** Whether a mail client would make a link of a word: an address, or a name such as `example.com`. A path that begins with `./` is none. */
const becomesLink = (word: string) =>
  word.includes('://') ||
  (/^(?:[\w-]+\.)+[a-z]{2,}(?=[:/]|$)/i.test(word) && !/^[\w-]+\.[cm]?[jt]s$/.test(word));

/** Whether a program with these words behind it may download what it runs, or may take the options behind it for its own. */
function fetches(program: string, words: readonly string[]): boolean {
  const end = words.indexOf('--');
  const own = end < 0 ? words : words.slice(0, end);
  const isRefusing = end >= 0 && own.includes('--no') && !own.some((word) => INSTALLS.test(word));
  switch (program) {
    case 'npx':
      return !isRefusing;
    case 'npm':
      if (own.some((word) => /^(run|run-script)$/.test(word))) return end < 0;
      return !own.some((word) => /^(exec|x)$/.test(word)) || !isRefusing;
    case 'pnpm':
    case 'yarn':
    case 'bun':
    case 'corepack':
      return words.some((word) => /^(dlx|x|create|init)$/.test(word));
    default:
      return /^(pnpx|pnx|bunx|uvx|(npm|jsr):.*)$/.test(program);
  }
}

/** Options of npm that have it install, or run something else. */
const INSTALLS = /^(-y|--yes|-p|--package|-c|--call)$/;
