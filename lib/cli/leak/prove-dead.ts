import { dead } from '../../domain/findings/kinds/dead';
import { refused } from '../../domain/findings/kinds/refused';
import { rotationComplete } from '../../domain/findings/kinds/rotation-complete';
import { shortId } from '../../domain/key';
import { timelineOf } from '../../domain/memory';
import { MINUTE } from '../../domain/time';
import type { Answer } from '../../workflows/run-command';
import type { CliContext } from '../context';
import { type ManagedKey, managedKey } from '../managed-key';
import { orInterrupted } from '../terminal';

/** How long the command waits for the proof. A change at Anthropic takes some minutes to take effect everywhere. */
const PATIENCE = 12 * MINUTE;
const EVERY = 15_000;
/** Refused in so many checks, it waits for a control. Two of them may prove it dead by its record at Anthropic. */
const REFUSALS = 3;

/** What the checks found out: when the key was proven dead, or that it is refused and nothing here can prove more. */
export interface Found {
  readonly provenDeadAt?: Date;
  readonly refused?: boolean;
}

/**
 * Repeats the check until the function has proven the key dead: two refusals a minute apart, each beside another key that works. A live key that is
 * refused without such another key needs a replacement first, and waiting would not help. Scheduled checks go on asking.
 */
export async function proveDead(
  { secret, identity }: ManagedKey,
  fingerprint: string,
  { functions, store, clock, terminal }: CliContext,
): Promise<Found> {
  const until = clock.now().getTime() + PATIENCE;
  const progress = terminal.progress('Proving it dead: two refusals a minute apart, beside a key that works');
  try {
    for (let refusals = 0; ; ) {
      const checked = await orInterrupted(functions.check(identity, { verb: 'check' }), terminal);
      if (isDead(checked, managedKey(await store.describe(secret.arn)), fingerprint))
        return { provenDeadAt: clock.now() };
      refusals = isFound(checked, refused, fingerprint) ? refusals + 1 : 0;
      if (refusals === REFUSALS) return { refused: true };
      if (clock.now().getTime() >= until) return {};
      await orInterrupted(clock.sleep(EVERY), terminal);
    }
  } finally {
    progress.stop();
  }
}

/** A dead live key is a finding. A dead old key loses its label and is remembered as proven. */
function isDead(checked: Answer<{ verb: 'check' }>, { memory }: ManagedKey, fingerprint: string): boolean {
  return (
    isFound(checked, dead, fingerprint) ||
    isFound(checked, rotationComplete, fingerprint) ||
    timelineOf(memory, fingerprint).provenAt !== undefined
  );
}

const isFound = (
  { findings }: Answer<{ verb: 'check' }>,
  kind: { idOf(about: string): string },
  fingerprint: string,
): boolean => findings.some(({ id }) => id === kind.idOf(shortId(fingerprint)));
