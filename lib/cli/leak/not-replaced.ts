import { CALL, quote } from '../../domain/wording/commands';
import type { CliContext } from '../context';
import { explain } from '../explain';
import { wrap } from '../style';
import type { Outcome } from '../verb';
import type { Incident, IncidentLog } from './incident';
import { keepRecord, whereKept } from './incident';

/** What came in the way of a replacement, as an outcome: the leak has not ended with it. */
export function failure(error: unknown): Outcome {
  const { exit, lines } = explain(error);
  return {
    exit,
    json: { error: lines.join(' ') },
    text: ({ columns }) => lines.map((line) => wrap(line, columns)).join('\n'),
  };
}

/** Not replaced, so nothing was switched off. It is said last: who reads of a refused paste thinks of the new key, not of the leaked one. */
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
        `  ${CALL} leak ${key} --key ${leaked.fingerprint} --reason ${quote(reason)}`,
        '',
        ...whereKept(incident, record, style),
      ].join('\n'),
  };
}
