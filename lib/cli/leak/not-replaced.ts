import { CLI_COMMAND } from '../../domain/wording/cli-command';
import { quote } from '../../domain/wording/commands';
import type { CliContext } from '../context';
import { explain, sentences } from '../explain';
import { wrap } from '../style';
import type { Outcome } from '../verb';
import { type Incident, type IncidentLog, keepRecord, recordLines } from './incident';

/** An error that prevented the replacement, as an outcome: the leak goes on all the same. */
export function failure(error: unknown): Outcome {
  const { exit, lines } = explain(error);
  return {
    exit,
    json: { error: sentences(lines) },
    text: ({ columns }) => lines.map((line) => wrap(line, columns)).join('\n'),
  };
}

/**
 * The outcome if the key was not replaced, and so nothing was switched off. The text says this last: whoever reads of a refused paste thinks
 * of the new key, not of the leaked one.
 */
export async function stillLeaking(
  submitted: Outcome,
  leaked: Incident['leaked'],
  log: IncidentLog,
  { key, reason, record }: { readonly key: string; readonly reason: string; readonly record?: string },
  context: CliContext,
): Promise<Outcome> {
  log.note(context.clock.now(), 'Not replaced by a new key, so the leaked one was not switched off');
  const incident = { ...log.record({ stoppedBy: 'nobody-yet' }), leaked };
  await keepRecord(incident, record, context);
  return {
    exit: submitted.exit,
    json: { ...incident, submission: submitted.json },
    text: (style) =>
      [
        submitted.text(style),
        '',
        style.bad(`The LEAKED key ${leaked.hint} still works. Stop it now:`),
        `  ${CLI_COMMAND} leak ${key} --key ${leaked.fingerprint} --reason ${quote(reason)}`,
        '',
        ...recordLines(incident, record, style),
      ].join('\n'),
  };
}
