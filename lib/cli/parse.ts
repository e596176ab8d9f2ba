import { Command, CommanderError } from 'commander';
import { CALL, CONSOLE } from '../domain/wording/commands';
import { EXIT, type ExitCode, UsageError } from './exit-code';
import { readUrl } from './read-options';
import { wrap } from './style';
import { nearest } from './suggest';
import type { GlobalOptions, Options, Verb } from './verb';

/** What a command line means. */
export type Parsed =
  | { readonly kind: 'run'; readonly verb: Verb; readonly intent: unknown; readonly globals: GlobalOptions }
  /** Help, or what is wrong with it. */
  | { readonly kind: 'say'; readonly exit: ExitCode; readonly text: string };

/** Pure: reads a command line. A key in it is refused before anything else looks at it. */
export function parse(argv: readonly string[], verbs: readonly Verb[], columns = 80): Parsed {
  if (holdsKey(argv)) return { kind: 'say', exit: EXIT.wrongUsage, text: LEAKED_ARGUMENT };
  const [first, topic] = argv;
  const known = ['help', ...verbs.map(({ name }) => name)];
  if (first === 'help' && topic && !topic.startsWith('-') && !known.includes(topic))
    return { kind: 'say', exit: EXIT.wrongUsage, text: noSuchCommand(topic, known) };
  let said = '';
  let parsed: Parsed | undefined;
  const program = programFor(columns, (text) => {
    said += text;
  });
  for (const verb of verbs)
    addVerb(program, verb, columns, (argument, options, globals) => {
      parsed = { kind: 'run', verb, intent: verb.read(argument, options), globals };
    });
  try {
    program.parse(argv, { from: 'user' });
  } catch (error) {
    if (error instanceof UsageError) said = `${error.message}\n`;
    else if (!(error instanceof CommanderError)) throw error;
    else if (isHelp(error)) return { kind: 'say', exit: EXIT.fine, text: said.trimEnd() };
    return { kind: 'say', exit: EXIT.wrongUsage, text: said.trimEnd() };
  }
  return parsed!;
}

function noSuchCommand(name: string, known: readonly string[]): string {
  const [near] = nearest(name, known);
  return `There is no command ${name}. ${near ? `Did you mean ${near}?` : `All of them: ${CALL} help`}`;
}

/** Help that was asked for. Help that is shown because the command is missing counts as a mistake. */
const isHelp = ({ code, exitCode }: CommanderError) =>
  exitCode === 0 || code === 'commander.helpDisplayed' || code === 'commander.version';

function programFor(columns: number, write: (text: string) => void): Command {
  return new Command(CALL)
    .description(
      wrap(
        'Rotates Anthropic API keys that only a human can create. Finds the managed keys by their tags, and needs nothing but AWS credentials.',
        columns,
      ),
    )
    .option('--profile <name>', 'AWS profile to use')
    .option('--region <region>', 'AWS region to use')
    .option('--endpoint-url <url>', 'another AWS endpoint, for emulators')
    .option('--json', 'print JSON for machines, and no progress')
    .option('--yes', 'do not ask before acting')
    .option('--dry-run', 'say what would be done, and do nothing')
    .exitOverride()
    .configureOutput({ writeOut: write, writeErr: write })
    .configureHelp({ helpWidth: columns, showGlobalOptions: true })
    .helpCommand('help [command]', 'explain a command')
    .addHelpText(
      'after',
      '\nExit codes: 0 fine, 1 failed, 2 wrong usage, 3 something needs attention.\nA key is never given as an argument: it is asked for, or read from stdin.',
    );
}

type Action = (argument: string | undefined, options: Options, globals: GlobalOptions) => void;

function addVerb(program: Command, verb: Verb, columns: number, act: Action): void {
  const command = program
    .command(verb.name)
    .summary(verb.summary)
    .description(wrap(verb.about, columns))
    .addHelpText('after', helpAfter(verb));
  if (verb.argument) command.argument(...verb.argument);
  for (const [flags, meaning] of verb.options ?? []) command.option(flags, meaning);
  command.action(() => {
    const { json = false, yes = false, dryRun = false, ...rest } = command.optsWithGlobals();
    if (rest.endpointUrl !== undefined) readUrl(rest.endpointUrl, 'endpointUrl');
    act(command.args[0], command.opts(), { ...rest, json, yes, dryRun });
  });
}

function helpAfter({ examples, seeAlso }: Verb): string {
  const calls = examples.map((example) => `  ${CALL} ${example}`).join('\n');
  return `\nExamples:\n${calls}\n\nSee also: ${seeAlso.join(', ')}`;
}

/** What whoever passes a key as an argument is told. The key is not repeated. */
const LEAKED_ARGUMENT = `A key was given as an argument. By now it is in the shell history, in the
process list and perhaps in a log: consider it leaked. Disable it in the
Claude Console (${CONSOLE.keys}), create another,
and give that to the hidden prompt of: ${CALL} submit <key>`;

/** A key of any vendor that begins with `sk-`, anywhere in a word; the shortened form that lists show, with its dots, is none. */
const KEY = /(?:^|[^A-Za-z0-9])sk-[A-Za-z0-9_-]{8,}(?![A-Za-z0-9_-]|…|\.\.)/i;

/** Whether an argument holds what looks like a key, alone or inside of an option. */
const holdsKey = (argv: readonly string[]) => argv.some((argument) => KEY.test(argument));
