import { versionMark } from '../../domain/key';
import type { Refusal } from '../../domain/refusal';
import { MINUTE } from '../../domain/time';
import { CLI_COMMAND } from '../../domain/wording/cli-command';
import type { CliContext } from '../context';
import { Interrupted } from '../exit-code';
import { type ManagedKey, managedKey } from '../managed-key';
import { orInterrupted } from '../terminal';

/** A submission as this command made it. */
export interface Submission {
  readonly token: string;
  readonly fingerprint: string;
  /** The version that was live before. */
  readonly before?: string;
  /** No key was accepted before it. */
  readonly first?: boolean;
}

/** How far a submission is. */
export type SubmissionProgress =
  /** Stored; no rotation has started. */
  | { readonly at: 'waiting' }
  /** Secrets Manager's rotation merges and tests it (createSecret, setSecret, testSecret). */
  | { readonly at: 'testing' }
  /** AWSCURRENT has moved; what follows from it is not finished (finishSecret). */
  | { readonly at: 'settling' }
  | { readonly at: 'live' }
  /** `mailed`: the mail about it was sent, and its label is gone. */
  | { readonly at: 'refused'; readonly reason: Refusal; readonly mailed: boolean }
  /** It lost its label and is not live: another submission replaced it, or it was refused. */
  | { readonly at: 'gone' };

/**
 * Judges by labels and memory alone, without reading a value. A submission is live only if the function that tested it says that the live key
 * has its fingerprint: another submission may have come first.
 */
export function progressOf(
  { memory, ...key }: ManagedKey,
  { token, fingerprint, before }: Submission,
): SubmissionProgress {
  const waits = key.submittedVersion === token;
  if (memory.verdict?.fingerprint === fingerprint && !waits && key.currentVersion === key.acceptedVersion)
    return { at: 'live' };
  if (memory.pendingRejection && memory.pendingRejection.version === versionMark(token))
    return { at: 'refused', reason: memory.pendingRejection.reason, mailed: !waits };
  const moved = key.currentVersion !== before;
  // While Secrets Manager is at work, nothing says yet whose key is live.
  if (!waits) return { at: moved || key.rotating ? 'settling' : 'gone' };
  if (key.pendingVersion) return { at: 'testing' };
  return { at: moved ? 'settling' : 'waiting' };
}

/** How long the command watches. The rotation goes on without it. */
const PATIENCE = 10 * MINUTE;

const EVERY = 2_000;

/** Polls after a refusal until the command ends all the same. The label goes once the mail is sent, and stays if it cannot be sent. */
const POLLS_FOR_MAIL = 8;

const STEPS = ['waiting', 'testing', 'settling'] as const;
type ByStep = Readonly<Record<(typeof STEPS)[number], string>>;

const DOING: ByStep = {
  waiting: 'Stored, not live. Waiting for the rotation to start',
  testing: 'Secrets Manager has it merged and tested (createSecret, setSecret, testSecret)',
  settling: 'It passed and is live. The old key gets its deadline (finishSecret)',
};

const DONE: ByStep = {
  waiting: 'Stored beside the live key',
  testing: 'Tested by the deployed function',
  settling: 'Promoted',
};

const NOT_LIVE: Readonly<Record<Exclude<SubmissionProgress['at'], 'live'>, string>> = {
  waiting: 'No rotation has started yet',
  testing: 'The test has no result yet',
  settling: 'Live, but not settled yet',
  refused: 'Refused by the test',
  gone: 'Replaced by another submission',
};

const INTERRUPTED: ByStep = {
  waiting: 'The new key is stored and waits to be tested. The live key has not changed.',
  testing: 'The new key is being tested. The live key changes only if the test succeeds.',
  settling: 'The new key passed its test and is live. What is left to do is being done.',
};

/** Watches a submission until it is live or refused, or patience runs out. */
export async function follow(
  name: string,
  arn: string,
  submission: Submission,
  context: Pick<CliContext, 'store' | 'clock' | 'terminal'>,
): Promise<{ progress: SubmissionProgress; key: ManagedKey }> {
  const { store, clock, terminal } = context;
  const until = clock.now().getTime() + PATIENCE;
  let shown = 0;
  let pollsForMail = 0;
  let line = terminal.progress(DOING.waiting);
  for (;;) {
    const key = managedKey(await store.describe(arn));
    const progress = progressOf(key, submission);
    const step = STEPS.indexOf(progress.at as (typeof STEPS)[number]);
    const reached = progress.at === 'live' ? STEPS.length : Math.max(step, shown);
    for (; shown < reached; shown += 1) {
      line.done(shown === 0 && submission.first ? 'Stored' : DONE[STEPS[shown]!]);
      const following = STEPS[shown + 1];
      if (following) line = terminal.progress(DOING[following]);
    }
    const mailIsDue = progress.at === 'refused' && !progress.mailed && ++pollsForMail < POLLS_FOR_MAIL;
    if ((step < 0 && !mailIsDue) || clock.now().getTime() >= until) {
      if (progress.at !== 'live') line.failed(NOT_LIVE[progress.at]);
      return { progress, key };
    }
    await orInterrupted(clock.sleep(EVERY), terminal).catch((error: unknown) => {
      line.stop();
      throw error instanceof Interrupted ? new Interrupted(whatGoesOn(name, progress)) : error;
    });
  }
}

/** What Ctrl-C says: the state of the submission, and that nobody has to watch it. */
const whatGoesOn = (name: string, { at }: SubmissionProgress) =>
  `Stopped watching. ${at in INTERRUPTED ? INTERRUPTED[at as keyof ByStep] : ''} It goes on without you, and a mail says how it ended. To watch again, run the same command with the same key. To look: ${CLI_COMMAND} show ${name}`;
