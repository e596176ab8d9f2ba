import { IllegalTransition } from '../../workflows/errors';
import type { CliContext } from '../context';
import { Interrupted } from '../exit-code';
import { explain, sentences } from '../explain';
import type { ManagedKey } from '../managed-key';
import type { SwitchedOff } from '../switch-off';
import { orInterrupted } from '../terminal';
import type { Incident } from './incident';

/** From now on the key gets no grace, and mails name it until it is dead. */
export const reportLeak = (
  { identity }: ManagedKey,
  { fingerprint }: Incident['leaked'],
  context: CliContext,
) => orInterrupted(context.functions.check(identity, { verb: 'report-leak', fingerprint }), context.terminal);

/** How a leaked key is called in the Console, and why it could not be marked, if it could not. */
interface Mark {
  readonly hint: string;
  readonly why?: string;
}

/**
 * Marks a key as leaked after the attempt to switch it off, however that went. A failure is told and stops nothing.
 * @throws IllegalTransition if nothing can be done: the key is not switched off, and the secret does not hold it
 */
export const markAsLeaked = (
  key: ManagedKey,
  leaked: Incident['leaked'],
  off: SwitchedOff,
  context: CliContext,
): Promise<Mark> =>
  reportLeak(key, leaked, context).then(
    (answer) => ({ hint: answer.leaked.hint }),
    (error: unknown) => {
      if (isNothingDone(off, error) || error instanceof Interrupted) throw error;
      return { hint: leaked.hint ?? leaked.fingerprint, why: inWords(error) };
    },
  );

/** The key is not switched off, and the secret does not hold it. */
export const isNothingDone = (off: SwitchedOff, error: unknown) =>
  off.how === 'by-hand' && error instanceof IllegalTransition;

/** What went wrong, and what to do about it. */
export const inWords = (error: unknown) => sentences(explain(error).lines);
