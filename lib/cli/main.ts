import type { CliContext } from './context';
import { EXIT, type ExitCode } from './exit-code';
import { explain } from './explain';
import { eatenByNpm } from './npm-flags';
import { parse } from './parse';
import { styleFor, wrap } from './style';
import type { Terminal } from './terminal';
import { orInterrupted } from './terminal';
import type { GlobalOptions, Plan, Verb } from './verb';
import { VERBS } from './verbs';

/**
 * Runs one command line and prints how it ended. `open` connects to the account and region that the options name. `vars` are the environment variables,
 * which say what npm took of the command line.
 */
export async function runCli(
  argv: readonly string[],
  terminal: Terminal,
  open: (globals: GlobalOptions) => CliContext,
  vars: Readonly<Record<string, string | undefined>> = {},
): Promise<ExitCode> {
  const eaten = eatenByNpm(argv, VERBS, vars);
  if (eaten !== undefined) {
    terminal.complain(eaten);
    return EXIT.wrongUsage;
  }
  const parsed = parse(argv, VERBS, Math.min(terminal.columns, 100));
  if (parsed.kind === 'say') {
    if (parsed.exit === EXIT.fine) terminal.print(parsed.text);
    else terminal.complain(parsed.text);
    return parsed.exit;
  }
  const { verb, intent, globals } = parsed;
  try {
    return await perform(verb, intent, globals, open(globals));
  } catch (error) {
    const { exit, lines } = explain(error, globals);
    const { bad, columns } = styleFor(terminal);
    const [first = '', ...rest] = lines.map((line) => wrap(line, columns));
    terminal.complain([exit === EXIT.failed ? bad(first) : first, ...rest].join('\n'));
    if (globals.json) terminal.print(JSON.stringify({ error: lines.join(' ') }, null, 2));
    return exit;
  }
}

async function perform(
  verb: Verb,
  intent: unknown,
  globals: GlobalOptions,
  context: CliContext,
): Promise<ExitCode> {
  const { terminal } = context;
  const plan = await orInterrupted(verb.prepare(intent, context), terminal);
  if (globals.dryRun && plan.steps) {
    const found = (await plan.rehearse?.()) ?? [];
    return showPlan(plan.steps, found, globals, terminal);
  }
  if (plan.confirm && !globals.yes) {
    const refusal = await ask(plan, plan.confirm, terminal);
    if (refusal !== undefined) return refusal;
  }
  const outcome = await plan.execute();
  terminal.print(
    globals.json ? JSON.stringify(outcome.json, null, 2) : outcome.text(styleFor(terminal)).trimEnd(),
  );
  return outcome.exit;
}

/** `found`: what the checks of the real run found out besides. */
function showPlan(
  plan: readonly string[],
  found: readonly string[],
  { json }: GlobalOptions,
  terminal: Terminal,
): ExitCode {
  const { columns } = terminal;
  const steps = plan.map((step, index) => wrap(`${index + 1}. ${step}`, columns, '   '));
  const lines = ['This would be done:', ...steps, ...found.map((line) => wrap(line, columns))];
  terminal.print(json ? JSON.stringify({ plan, found }, null, 2) : lines.join('\n'));
  return EXIT.fine;
}

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
