import type { CliContext } from './context';
import { EXIT, type ExitCode, Interrupted } from './exit-code';
import { explain } from './explain';
import { environmentOf } from './find-key';
import { identityLine, signed } from './identity';
import { parse } from './parse';
import { styleFor, wrap } from './style';
import type { Terminal } from './terminal';
import { orInterrupted } from './terminal';
import type { GlobalOptions, Plan, Verb } from './verb';
import { VERBS } from './verbs';

/** Runs one command line and prints how it ended. `open` connects to the account and region that the options name. */
export async function runCli(
  argv: readonly string[],
  terminal: Terminal,
  open: (globals: GlobalOptions) => CliContext,
): Promise<ExitCode> {
  const parsed = parse(argv, VERBS, Math.min(terminal.columns, 100));
  if (parsed.kind === 'say') {
    if (parsed.exit === EXIT.fine) terminal.print(parsed.text);
    else terminal.complain(parsed.text);
    return parsed.exit;
  }
  const { verb, intent, globals } = parsed;
  let { profile } = globals;
  try {
    const context = open(globals);
    profile = context.profile ?? profile;
    return await perform(verb, intent, globals, context);
  } catch (error) {
    const { policy } = verb;
    const { exit, lines } = explain(error, { profile, policy, environment: environmentIn(intent) });
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
  // Before any progress line, which a question would garble. A failure is told by the first call, which `doctor` survives.
  await context.signIn().catch((error: unknown) => {
    if (error instanceof Interrupted) throw error;
  });
  const plan = await orInterrupted(verb.prepare(intent, context), terminal);
  const changes = plan.steps !== undefined && !plan.readsOnly;
  const place = changes ? await context.place() : undefined;
  if (place) terminal.note(identityLine(place));
  const tell = (json: unknown) => terminal.print(JSON.stringify(signed(json, place), null, 2));
  if (globals.dryRun && plan.steps) {
    if (globals.json) tell({ plan: plan.steps });
    else showPlan(plan.steps, terminal);
    return EXIT.fine;
  }
  if (plan.confirm && !globals.yes) {
    const refusal = await ask(plan, plan.confirm, terminal);
    if (refusal !== undefined) return refusal;
  }
  const outcome = await plan.execute();
  if (globals.json) tell(outcome.json);
  else terminal.print(outcome.text(styleFor(terminal)).trimEnd());
  return outcome.exit;
}

/** The environment that a command is about, if it is about one. */
function environmentIn(intent: unknown): string | undefined {
  const { key, environment } = intent as { readonly key?: string; readonly environment?: string };
  return environment ?? (key && environmentOf(key));
}

function showPlan(plan: readonly string[], terminal: Terminal): void {
  const steps = plan.map((step, index) => wrap(`${index + 1}. ${step}`, terminal.columns, '   '));
  terminal.print(['This would be done:', ...steps].join('\n'));
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
