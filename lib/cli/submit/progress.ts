import type { Refusal } from '../../domain/refusal';
import { MINUTE } from '../../domain/time';
import { CALL } from '../../domain/wording/commands';
import type { CliContext } from '../context';
import { Interrupted } from '../exit-code';
import { type ManagedKey, managedKey } from '../managed-key';
import { orInterrupted } from '../wait';

/** What was handed in. */
export interface Mine {
  readonly token: string;
  readonly fingerprint: string;
  /** The version that was live before. */
  readonly before?: string;
  /** No key was accepted before it. */
  readonly first?: boolean;
}

/** How far a submission is. */
export type SubmissionProgress =
  /** Stored; nobody works on it yet. */
  | { readonly at: 'waiting' }
  /** Secrets Manager's rotation merges and tests it (createSecret, setSecret, testSecret). */
  | { readonly at: 'testing' }
  /** AWSCURRENT has moved; what follows from it is being settled (finishSecret). */
  | { readonly at: 'settling' }
  | { readonly at: 'live' }
  /** `told`: the mail about it is out, and its label gone. */
  | { readonly at: 'refused'; readonly reason: Refusal; readonly told: boolean }
  /** It lost its label and is not live: somebody else replaced it, or refused it. */
  | { readonly at: 'gone' };

/**
 * Tells from labels and memory alone, without reading a value. It is live only when the function that tested it says that the live key has
 * its fingerprint: another submission may have come first.
 */
export function progressOf(
  { memory, ...key }: ManagedKey,
  { token, fingerprint, before }: Mine,
): SubmissionProgress {
  const waits = key.submittedVersion === token;
  if (memory.verdict?.fingerprint === fingerprint && !waits && key.currentVersion === key.acceptedVersion)
    return { at: 'live' };
  if (memory.pendingRejection && token.startsWith(memory.pendingRejection.version))
    return { at: 'refused', reason: memory.pendingRejection.reason, told: !waits };
  const moved = key.currentVersion !== before;
  // While Secrets Manager is at it, nothing tells yet whose key is live.
  if (!waits) return { at: moved || key.rotating ? 'settling' : 'gone' };
  if (key.pendingVersion) return { at: 'testing' };
  return { at: moved ? 'settling' : 'waiting' };
}

/** How long the command stays; what it waits for goes on without it. */
const PATIENCE = 10 * MINUTE;

const EVERY = 2_000;

/** Polls after a refusal before giving up on its label: it goes once people are told, and stays if nobody could be. */
const TELLING = 8;

const DOING: Readonly<Record<'waiting' | 'testing' | 'settling', string>> = {
  waiting: 'Stored, not live. Waiting for the rotation to begin',
  testing: 'Secrets Manager has it merged and tested (createSecret, setSecret, testSecret)',
  settling: 'It passed and is live. The old key gets its deadline (finishSecret)',
};

const DONE: Readonly<Record<'waiting' | 'testing' | 'settling', string>> = {
  waiting: 'Stored beside the live key',
  testing: 'Tested by the deployed function',
  settling: 'Promoted',
};

const STEPS = ['waiting', 'testing', 'settling'] as const;

/** Watches a submission until it is live or refused, or patience ends. */
export async function follow(
  name: string,
  arn: string,
  mine: Mine,
  context: CliContext,
): Promise<{ stand: SubmissionProgress; key: ManagedKey }> {
  const { store, clock, terminal } = context;
  const until = clock.now().getTime() + PATIENCE;
  let shown = 0;
  let untold = 0;
  let progress = terminal.progress(DOING.waiting);
  for (;;) {
    const key = managedKey(await store.describe(arn));
    const stand = progressOf(key, mine);
    const step = STEPS.indexOf(stand.at as (typeof STEPS)[number]);
    const reached = stand.at === 'live' ? STEPS.length : Math.max(step, shown);
    for (; shown < reached; shown += 1) {
      progress.done(shown === 0 && mine.first ? 'Stored' : DONE[STEPS[shown]!]);
      const following = STEPS[shown + 1];
      if (following) progress = terminal.progress(DOING[following]);
    }
    const telling = stand.at === 'refused' && !stand.told && ++untold < TELLING;
    const over = (step < 0 && !telling) || clock.now().getTime() >= until;
    if (over) {
      if (stand.at !== 'live') progress.failed(FAILED[stand.at]);
      return { stand, key };
    }
    await orInterrupted(clock.sleep(EVERY), terminal).catch((error: unknown) => {
      progress.stop();
      throw error instanceof Interrupted ? new Interrupted(whatGoesOn(name, stand)) : error;
    });
  }
}

const FAILED: Readonly<Record<Exclude<SubmissionProgress['at'], 'live'>, string>> = {
  waiting: 'No rotation has begun yet',
  testing: 'The test has come to no answer yet',
  settling: 'Live, and not settled yet',
  refused: 'Refused by the test',
  gone: 'Replaced by another submission',
};

/** Ctrl-C: what state things are in, and that nobody needs to be there. */
function whatGoesOn(name: string, { at }: SubmissionProgress): string {
  const state = {
    waiting:
      'The new key is stored beside the live one and waits to be tested. The live key has not changed.',
    testing:
      'The new key is being tested. The live key has not changed; it changes only when the test succeeds.',
    settling: 'The new key passed its test and is live; what is left to do is being done.',
  } as Readonly<Partial<Record<SubmissionProgress['at'], string>>>;
  return `Stopped watching. ${state[at] ?? ''} It goes on without you, and a mail says how it ended. To watch again, run the same command with the same key; to look: ${CALL} show ${name}`;
}
