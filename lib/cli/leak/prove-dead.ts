import { dead } from '../../domain/findings/kinds/dead';
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

/**
 * Repeats the check until the function has proven the key dead by two refusals a minute apart. Undefined if that does not happen in time: each
 * scheduled check goes on asking.
 */
export async function proveDead(
  { secret, identity }: ManagedKey,
  fingerprint: string,
  { functions, store, clock, terminal }: CliContext,
): Promise<Date | undefined> {
  const until = clock.now().getTime() + PATIENCE;
  const progress = terminal.progress('Proving it dead: two refusals, a minute apart');
  try {
    for (;;) {
      const checked = await orInterrupted(functions.check(identity, { verb: 'check' }), terminal);
      if (isDead(checked, managedKey(await store.describe(secret.arn)), fingerprint)) return clock.now();
      if (clock.now().getTime() >= until) return undefined;
      await orInterrupted(clock.sleep(EVERY), terminal);
    }
  } finally {
    progress.stop();
  }
}

/** A dead live key is a finding. A dead old key loses its label and is remembered as proven. */
function isDead({ findings }: Answer<'check'>, { memory }: ManagedKey, fingerprint: string): boolean {
  const proofs = [dead, rotationComplete].map((kind) => kind.idOf(shortId(fingerprint)));
  return (
    findings.some(({ id }) => proofs.includes(id)) || timelineOf(memory, fingerprint).provenAt !== undefined
  );
}
