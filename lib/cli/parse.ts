import { Command, CommanderError, Option } from 'commander';
import stringWidth from 'string-width';
import { CLI_COMMAND } from '../domain/wording/cli-command';
import { CONSOLE } from '../domain/wording/commands';
import { EXIT, type ExitCode, UsageError } from './exit-code';
import { readUrl } from './read-options';
import { wrap } from './style';
import { didYouMean } from './suggest';
import type { GlobalOptions, Options, Verb } from './verb';

/** What a command line means. */
export type Parsed =
  | { readonly kind: 'run'; readonly verb: Verb; readonly intent: unknown; readonly globals: GlobalOptions }
  /** Help, or what is wrong with the command line. */
  | { readonly kind: 'say'; readonly exit: ExitCode; readonly text: string };

/** Pure: reads a command line. A key in it is refused before anything else reads it. */
export function parse(argv: readonly string[], verbs: readonly Verb[], columns = 80): Parsed {
  if (holdsKey(argv)) return { kind: 'say', exit: EXIT.wrongUsage, text: LEAKED_ARGUMENT };
  const [first, topic] = argv;
  const known = ['help', ...verbs.map(({ name }) => name)];
  if (first === 'help' && topic && !topic.startsWith('-') && !known.includes(topic))
    return {
      kind: 'say',
      exit: EXIT.wrongUsage,
      text: `There is no command ${topic}. ${didYouMean(topic, known) ?? `All of them: ${CLI_COMMAND} help`}`,
    };
  let said = '';
  let parsed: Parsed | undefined;
  const program = programFor(columns, (text) => {
    said += text;
  });
  for (const verb of verbs)
    addVerb(program, verb, (argument, options, globals) => {
      parsed = { kind: 'run', verb, intent: verb.read(argument, options), globals };
    });
  try {
    program.parse(withVersion(argv, known), { from: 'user' });
  } catch (error) {
    if (error instanceof UsageError) said = `${error.message}\n`;
    else if (!(error instanceof CommanderError)) throw error;
    else if (isHelp(error)) return { kind: 'say', exit: EXIT.fine, text: said.trimEnd() };
    return { kind: 'say', exit: EXIT.wrongUsage, text: said.trimEnd() };
  }
  return parsed!;
}

/** An option as it is typed: `--no-deactivate` is the negated `deactivate`. */
export interface OptionOfParser {
  readonly name: string;
  readonly short?: string;
  readonly negated: boolean;
  /** `<number>`; absent for a switch. */
  readonly argument?: string;
  readonly meaning: string;
}

/** Every option of every command, and the global ones. */
export const optionsOf = (verbs: readonly Verb[]): readonly OptionOfParser[] =>
  [...GLOBAL_OPTIONS, ...verbs.flatMap(({ options = [] }) => options)].map(([flags, meaning]) => {
    const { long = '', short, negate } = new Option(flags);
    return {
      name: long.replace(negate ? /^--no-/ : /^--/, ''),
      short,
      negated: negate,
      argument: /<.+>$/.exec(flags)?.[0],
      meaning,
    };
  });

/** Help that was asked for. Help shown because the command is missing counts as wrong usage. */
const isHelp = ({ code, exitCode }: CommanderError) =>
  exitCode === 0 || code === 'commander.helpDisplayed' || code === 'commander.version';

function programFor(columns: number, write: (text: string) => void): Command {
  const program = new Command(CLI_COMMAND)
    .description(
      'Rotates Anthropic API keys, which only a person can create. Finds the managed keys by their tags and needs only AWS credentials.',
    )
    .exitOverride()
    .configureOutput({ writeOut: write, writeErr: write })
    .configureHelp({
      helpWidth: columns,
      showGlobalOptions: true,
      displayWidth: stringWidth,
      boxWrap: (text, width) =>
        text
          .split('\n')
          .map((line) => wrap(line, width))
          .join('\n'),
    })
    .helpCommand('help [command]', 'explain a command')
    .addHelpText(
      'after',
      '\n-V and --version are the same as version.\n\nExit codes: 0 fine, 1 failed, 2 wrong usage, 3 something needs attention,\n4 with --everywhere: a place could not be read, whatever the others say.\nNever pass a key as an argument: the command asks for it or reads stdin.',
    );
  for (const [flags, meaning] of GLOBAL_OPTIONS) program.option(flags, meaning);
  return program;
}

/** Options of every command. */
const GLOBAL_OPTIONS: NonNullable<Verb['options']> = [
  ['-p, --profile <name>', 'AWS profile to use'],
  ['-r, --region <region>', 'AWS region to use'],
  ['--endpoint-url <url>', 'AWS endpoint to use, for emulators'],
  ['-j, --json', 'print JSON for machines, and no progress'],
  ['-y, --yes', 'act without asking'],
  ['-n, --dry-run', 'print the plan, and do nothing'],
];

const VERSION_FLAGS = ['-V', '--version'];

/** `--version` is the command `version`. Behind another command it is refused, like any option that the command does not have. */
function withVersion(argv: readonly string[], commands: readonly string[]): readonly string[] {
  const isAsked = argv.some((argument) => VERSION_FLAGS.includes(argument));
  if (!isAsked || argv.some((argument) => commands.includes(argument))) return argv;
  return ['version', ...argv.filter((argument) => !VERSION_FLAGS.includes(argument))];
}

type Action = (argument: string | undefined, options: Options, globals: GlobalOptions) => void;

function addVerb(program: Command, verb: Verb, act: Action): void {
  const command = program
    .command(verb.name)
    .summary(verb.summary)
    .description(verb.about)
    .addHelpText('after', helpAfter(verb));
  if (verb.argument) command.argument(...verb.argument);
  for (const [flags, meaning] of verb.options ?? []) command.option(flags, meaning);
  command.action(() => {
    const { json = false, yes = false, dryRun = false, ...rest } = command.optsWithGlobals();
    if (rest.endpointUrl !== undefined) readUrl(rest.endpointUrl, '--endpoint-url');
    act(command.args[0], command.opts(), { ...rest, json, yes, dryRun });
  });
}

function helpAfter({ examples, seeAlso }: Verb): string {
  const calls = examples.map((example) => `  ${CLI_COMMAND} ${example}`).join('\n');
  return `\nExamples:\n${calls}\n\nSee also: ${seeAlso.join(', ')}`;
}

/** The answer to a key as an argument. It does not repeat the key. */
export const LEAKED_ARGUMENT = `A key was passed as an argument. It is now in the shell history, in the process list and perhaps in a log: consider it leaked. Disable it in the Claude Console (${CONSOLE.keys}), create another, and paste that into the hidden prompt of: ${CLI_COMMAND} submit <key>`;

/** A key of any vendor that starts with `sk-`, anywhere in an argument. The shortened form in lists, with its dots, does not count. */
const KEY = /(?:^|[^A-Za-z0-9])sk-[A-Za-z0-9_-]{8,}(?![A-Za-z0-9_-]|…|\.\.)/i;

export const holdsKey = (argv: readonly string[]) => argv.some((argument) => KEY.test(argument));
