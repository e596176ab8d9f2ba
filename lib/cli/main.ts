import { callOf } from './call';
import { complete } from './complete';
import type { CliContext } from './context';
import { type DocumentName, documentOf, type Fields } from './document';
import { EXIT, type ExitCode, Interrupted, UsageError } from './exit-code';
import { explain, sentences } from './explain';
import { environmentOf } from './find-key';
import { identityLine, withCaller } from './identity';
import { eatenByNpm, type ReadFile } from './npm-flags';
import { type Parsed, parse } from './parse';
import { onScreen } from './screen';
import { styleFor, wrap } from './style';
import type { Terminal } from './terminal';
import { orInterrupted } from './terminal';
import type { GlobalOptions, Open, Plan, Verb } from './verb';
import { VERBS } from './verbs';

/**
 * Runs one command line and prints how it ended. `vars` are the environment variables, which say what npm took of the command line. `warning` is for a
 * person at a terminal, before a command that asks AWS: not for a machine, nor for the shell, which runs `completion` and `version` at its start.
 */
export async function runCli(
  argv: readonly string[],
  bare: Terminal,
  open: Open,
  vars: Readonly<Record<string, string | undefined>> = {},
  readFile?: ReadFile,
  warning?: string,
): Promise<ExitCode> {
  if (argv[0] === 'complete' && argv[1] === '--') return complete(argv.slice(2), VERBS, open);
  const printRaw = (text: string) => bare.print(text);
  const call = callOf(vars);
  const columns = Math.min(bare.columns, 100);
  const eaten = eatenByNpm(argv, VERBS, vars, readFile);
  const parsed = eaten ? refused(eaten) : parse(argv, VERBS, columns);
  if (parsed.kind === 'say') {
    const terminal = onScreen(bare, { json: false, call });
    if (parsed.exit === EXIT.fine) terminal.print(parsed.text);
    else terminal.complain(parsed.text);
    if (parsed.exit !== EXIT.fine && wantsJson(argv)) printRaw(documentOf('error/1', { error: parsed.text }));
    return parsed.exit;
  }
  const { verb, intent, globals } = parsed;
  const terminal = onScreen(bare, { json: globals.json, call });
  if (warning && terminal.interactive && !verb.offline?.(intent) && verb.name !== 'version')
    terminal.note(styleFor(terminal).warn(warning));
  let { profile } = globals;
  try {
    const context = { ...(await open(globals)), terminal, json: globals.json, vars };
    profile = context.profile ?? profile;
    return await perform(verb, intent, globals, context, printRaw);
  } catch (error) {
    const { policy } = verb;
    const { exit, lines } = explain(error, { profile, policy, environment: environmentIn(intent) });
    const { bad, columns } = styleFor(terminal);
    const [first = '', ...rest] = lines.map((line) => wrap(line, columns));
    terminal.complain([exit === EXIT.failed ? bad(first) : first, ...rest].join('\n'));
    if (globals.json) printRaw(documentOf('error/1', { error: sentences(lines) }));
    return exit;
  }
}

const refused = (text: string): Parsed => ({ kind: 'say', exit: EXIT.wrongUsage, text });

/** Of a command line that could not be read. */
const wantsJson = (argv: readonly string[]) => argv.includes('--json') || argv.includes('-j');

async function perform(
  verb: Verb,
  intent: unknown,
  globals: GlobalOptions,
  context: CliContext,
  printRaw: (text: string) => void,
): Promise<ExitCode> {
  const { terminal } = context;
  // Before any progress line, which a question would garble. A failure is told by the first call, which `doctor` survives.
  if (!verb.offline?.(intent))
    await context.signIn().catch((error: unknown) => {
      if (error instanceof Interrupted) throw error;
    });
  const plan = await orInterrupted(verb.prepare(intent, context), terminal);
  const changes = plan.steps !== undefined && !plan.readsOnly;
  const place = changes ? await context.place() : undefined;
  if (place) terminal.note(identityLine(place));
  const printJson = (document: DocumentName, json: Fields) =>
    printRaw(documentOf(document, withCaller(json, place)));
  if (globals.dryRun && plan.steps) {
    const found = (await plan.rehearse?.()) ?? [];
    if (globals.json) printJson('plan/1', { plan: plan.steps, found });
    else terminal.print(planInWords(plan.steps, found, terminal));
    return EXIT.fine;
  }
  if (plan.confirm && !globals.yes) {
    const refusal = await ask(plan, plan.confirm, terminal);
    if (refusal !== undefined) return refusal;
  }
  const outcome = await plan.execute();
  const text = globals.json ? '' : outcome.text(styleFor(terminal)).trimEnd();
  if (globals.json) printJson(outcome.document ?? verb.document, outcome.json);
  else if (outcome.asIs) printRaw(text);
  else if (text !== '') terminal.print(text);
  return outcome.exit;
}

/** The environment that a command is about, if it is about one. */
function environmentIn(intent: unknown): string | undefined {
  const { key, environment } = intent as { readonly key?: string; readonly environment?: string };
  return environment ?? (key && environmentOf(key));
}

/** `found`: what the checks of the real run found out besides. */
const planInWords = (steps: readonly string[], found: readonly string[], { columns }: Terminal) =>
  [
    'This would be done:',
    ...steps.map((step, index) => wrap(`${index + 1}. ${step}`, columns, '   ')),
    ...found.map((line) => wrap(line, columns)),
  ].join('\n');

/** Undefined if the answer is yes. */
async function ask(
  { steps = [] }: Plan,
  question: string,
  terminal: Terminal,
): Promise<ExitCode | undefined> {
  if (!terminal.interactive)
    throw new UsageError('Not a terminal: pass --yes to confirm, or --dry-run to see the plan.');
  for (const step of steps) terminal.note(wrap(`- ${step}`, terminal.columns, '  '));
  if (await terminal.confirm(question)) return undefined;
  terminal.note('Nothing was changed.');
  return EXIT.failed;
}
