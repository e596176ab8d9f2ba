import { type ApiKey, parseApiKey } from '../../domain/key';
import { IllegalTransition } from '../../workflows/errors';
import type { CliContext } from '../context';
import { Interrupted } from '../exit-code';
import { styleFor, wrap } from '../style';

/** How often a person may paste something that is not a key. */
const TRIES = 3;

/** Takes a key from the hidden prompt, or from stdin if there is no terminal. A paste that is not a key is refused at once, with the reason. */
export async function takeKey(question: string, { terminal }: Pick<CliContext, 'terminal'>): Promise<ApiKey> {
  const { warn, bad, columns } = styleFor(terminal);
  for (let left = terminal.interactive ? TRIES : 1; ; left -= 1) {
    const text = terminal.interactive
      ? await terminal.hidden(question).catch(nothingStored)
      : await terminal.piped();
    const judged = parseApiKey(text);
    if (judged.ok) {
      for (const warning of judged.warnings) terminal.note(warn(wrap(`Note: ${warning}`, columns)));
      return judged.key;
    }
    if (!terminal.interactive)
      throw new IllegalTransition('not-a-key', `${judged.message} Nothing was stored.`);
    terminal.note(bad(wrap(`✖ ${judged.message}`, columns, '  ')));
    if (left <= 1) throw new IllegalTransition('not-a-key', STOPPED);
  }
}

/** The next paste would be run by the shell, and kept in its history. */
const STOPPED = `Stopped after three tries: do not paste here. The shell would run what you paste, and keep it in its history. Nothing was stored. Run the command again for another try.`;

function nothingStored(error: unknown): never {
  throw error instanceof Interrupted ? new Interrupted(NOTHING_STORED) : error;
}

/** What Ctrl-C says before anything was stored. */
export const NOTHING_STORED =
  'Stopped. Nothing was stored, and the live key has not changed. If you created a key in the Console and will not submit it, disable it there.';
