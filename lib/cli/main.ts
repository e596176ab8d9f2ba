import type { CliContext } from './context';
import { documentOf } from './document';
import { EXIT, type ExitCode } from './exit-code';
import { explain } from './explain';
import { parse } from './parse';
import { onScreen } from './screen';
import { styleFor, wrap } from './style';
import type { Terminal } from './terminal';
import { orInterrupted } from './terminal';
import type { GlobalOptions, Plan, Verb } from './verb';
import { VERBS } from './verbs';

/** Runs one command line and prints how it ended. `open` connects to the account and region that the options name. */
export async function runCli(
  argv: readonly string[],
  bare: Terminal,
  open: (globals: GlobalOptions) => CliContext,
): Promise<ExitCode> {
  const terminal = onScreen(bare);
  const printJson = (text: string) => bare.print(text);
  const parsed = parse(argv, VERBS, Math.min(terminal.columns, 100));
  if (parsed.kind === 'say') {
    if (parsed.exit === EXIT.fine) terminal.print(parsed.text);
    else terminal.complain(parsed.text);
    return parsed.exit;
  }
  const { verb, intent, globals } = parsed;
  try {
    return await perform(verb, intent, globals, { ...open(globals), terminal }, printJson);
  } catch (error) {
    const { exit, lines } = explain(error, globals);
    const { bad, columns } = styleFor(terminal);
    const [first = '', ...rest] = lines.map((line) => wrap(line, columns));
    terminal.complain([exit === EXIT.failed ? bad(first) : first, ...rest].join('\n'));
    if (globals.json) printJson(documentOf('error/1', { error: lines.join(' ') }));
    return exit;
  }
}

async function perform(
  verb: Verb,
  intent: unknown,
  globals: GlobalOptions,
  context: CliContext,
  printJson: (text: string) => void,
): Promise<ExitCode> {
  const { terminal } = context;
  const plan = await orInterrupted(verb.prepare(intent, context), terminal);
  if (globals.dryRun && plan.steps) {
    if (globals.json) printJson(documentOf('plan/1', { plan: plan.steps }));
    else terminal.print(planInWords(plan.steps, terminal));
    return EXIT.fine;
  }
  if (plan.confirm && !globals.yes) {
    const refusal = await ask(plan, plan.confirm, terminal);
    if (refusal !== undefined) return refusal;
  }
  const outcome = await plan.execute();
  if (globals.json) printJson(documentOf(outcome.document ?? verb.document, outcome.json));
  else terminal.print(outcome.text(styleFor(terminal)).trimEnd());
  return outcome.exit;
}

const planInWords = (steps: readonly string[], { columns }: Terminal) =>
  ['This would be done:', ...steps.map((step, index) => wrap(`${index + 1}. ${step}`, columns, '   '))].join(
    '\n',
  );

/** Undefined if the answer is yes. */
async function ask(
  { steps = [] }: Plan,
  question: string,
  terminal: Terminal,
): Promise<ExitCode | undefined> {
  if (!terminal.interactive) {
    terminal.complain('Not a terminal: pass --yes to confirm, or --dry-run to see the plan.');
    return EXIT.wrongUsage;
  }
  for (const step of steps) terminal.note(wrap(`- ${step}`, terminal.columns, '  '));
  if (await terminal.confirm(question)) return undefined;
  terminal.note('Nothing was changed.');
  return EXIT.failed;
}
