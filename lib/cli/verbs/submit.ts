import { isDeployed } from '../../contract/managed';
import { type ApiKey, versionInShort } from '../../domain/key';
import { REFUSALS } from '../../domain/refusal';
import { CLI_COMMAND } from '../../domain/wording/cli-command';
import { hours } from '../../domain/wording/text';
import { IllegalTransition } from '../../workflows/errors';
import { refuseSubmission, submitKey } from '../../workflows/submit-key';
import type { CliContext } from '../context';
import { EXIT, Interrupted, UsageError } from '../exit-code';
import { invokeCheck, keyVerb } from '../key-verb';
import { type ManagedKey, managedKey } from '../managed-key';
import { styleFor } from '../style';
import { describeLive, describeUndecided, type Replaced } from '../submit/describe-outcome';
import { introduce } from '../submit/introduce';
import { isLiveAlready, proveFromHere } from '../submit/pre-flight';
import { follow, type SubmissionProgress } from '../submit/progress';
import { newSubmission, submissionUnderWay } from '../submit/submission-token';
import { NOTHING_STORED, takeKey } from '../submit/take-key';
import type { Outcome } from '../verb';

interface Intent {
  readonly replace: boolean;
  readonly untested: boolean;
  /** Grace of the key it replaces. @default the policy's; a leaked key gets none */
  readonly graceHours?: number;
}

/** Leads through a whole rotation. */
export const submit = keyVerb<Intent>({
  name: 'submit',
  policy: 'operator',
  summary: 'submit a new key: the whole rotation, step by step',
  about:
    'Shows where the key goes and how to create it, asks for it on a hidden prompt (or reads stdin), tests it, stores it beside the live one, starts the rotation, and follows it until the new key is live. The old key works until its grace ends. Ctrl-C is safe at any moment: run the command again with the same key to continue.',
  options: [
    ['--replace', 'replace a submission that is still waiting'],
    ['--untested', 'let only the function test it, if this machine cannot reach Anthropic'],
  ],
  examples: ['submit prod/api-gateway', 'submit prod/api-gateway --json < key-from-a-vault'],
  seeAlso: ['show', 'rollback', 'extend', 'leak'],
  document: 'submit/1',
  read: ({ replace, untested }) => ({ replace: replace === true, untested: untested === true }),
  plan(key, intent, context) {
    refuseWithoutRotation(key);
    const { verdict } = key.memory;
    const { graceHours = key.policy.graceHours } = intent;
    return {
      steps: [
        `Ask for the new key of ${key.name}, and test it from here${intent.untested ? ' if possible' : ''}.`,
        `Store it in ${key.secret.name} under the label SUBMITTED${verdict ? ', beside the live key' : ''} (PutSecretValue).`,
        'Start the rotation (RotateSecret). The deployed function tests the key again, and only then makes it live.',
        ...(verdict && verdict.kind !== 'DEAD' && graceHours > 0
          ? [`The key that is live now works for another ${hours(graceHours)}.`]
          : []),
      ],
      async rehearse() {
        refuseIfAnotherWaits(key, intent);
        refuseSubmission(key.secret, intent);
        return [];
      },
      execute: () => leadThrough(key, intent, context),
    };
  },
});

function refuseWithoutRotation({ secret, name }: ManagedKey): void {
  if (secret.deletedAt) throw new UsageError(`${secret.name} is marked for deletion. Restore it first.`);
  if (secret.rotationEnabled && isDeployed(secret)) return;
  if (secret.rotationEnabled)
    throw new UsageError(
      `Another function than that of ${name.split('/')[0]} rotates ${secret.name}, and would get the key. Deploy again, or run \`doctor\`.`,
    );
  throw new UsageError(
    `Rotation is off for ${name}, so a submitted key would never be tested. Deploy again, or run \`doctor\`.`,
  );
}

async function leadThrough(before: ManagedKey, intent: Intent, context: CliContext): Promise<Outcome> {
  const { terminal, clock, store } = context;
  const { graceHours = before.policy.graceHours } = intent;
  terminal.note(introduce(before, graceHours, await context.place(), clock.now(), styleFor(terminal)));
  const apiKey = await takeKey('New key (not shown):', context);
  const { arn } = before.secret;
  // Creating a key in the Console takes a while, and somebody else may have been faster.
  const key = managedKey(await store.describe(arn));
  const { verdict } = key.memory;
  const resumed = await submissionUnderWay(apiKey, key, context);
  if (!resumed) {
    if (await isLiveAlready(apiKey, key, context)) return outcome({ at: 'live' }, apiKey, key, context, {});
    refuseIfAnotherWaits(key, intent);
    await proveFromHere(apiKey, key, intent.untested, context);
  }
  if (terminal.interrupted.aborted) throw new Interrupted(NOTHING_STORED);
  if (resumed) await takeUpAgain(key, resumed.inProgress, context);
  const token = resumed?.token ?? (await storeKey(apiKey, key, intent.replace, context));
  const submission = { token, fingerprint: apiKey.fingerprint, before: key.currentVersion, first: !verdict };
  const { progress, key: after } = await follow(key.name, arn, submission, context);
  const replaced = { replaced: key.currentVersion, wasDead: verdict?.kind === 'DEAD' };
  return outcome(progress, apiKey, after, context, replaced);
}

function refuseIfAnotherWaits({ name, submittedVersion }: ManagedKey, { replace }: Intent): void {
  if (!submittedVersion || replace) return;
  throw new IllegalTransition(
    'another-submission-waits',
    `Another key was submitted for ${name} and waits to be tested (version ${versionInShort(submittedVersion)}). Let it finish (${CLI_COMMAND} check ${name}), or replace it with --replace. Nothing was stored.`,
  );
}

/** Ctrl-C is ignored between put and rotate. If the process dies there, the next check starts the rotation. */
async function storeKey(
  apiKey: ApiKey,
  key: ManagedKey,
  replace: boolean,
  context: CliContext,
): Promise<string> {
  const { arn } = key.secret;
  const versions = await context.store.listVersions(arn, { deprecated: true });
  const existing = versions.map(({ id }) => id);
  const token = newSubmission(arn, apiKey.fingerprint, existing);
  const text = key.memory.verdict ? 'Storing it beside the live key' : 'Storing it';
  const progress = context.terminal.progress(text);
  try {
    await submitKey(arn, apiKey, { token, replace }, context);
  } catch (error) {
    const stored = (await context.store.describe(arn)).stages[token];
    if (stored && error instanceof Error)
      error.message +=
        ' The key is stored, and the next check starts its rotation. The live key has not changed.';
    throw error;
  } finally {
    progress.stop();
  }
  return token;
}

/**
 * Has the check do what is left, wherever the submission stopped: it starts the rotation, or settles what follows a promotion. Not while
 * Secrets Manager is at work: the mail would be sent twice.
 */
async function takeUpAgain(key: ManagedKey, inProgress: boolean, context: CliContext): Promise<void> {
  context.terminal.note(`This key was submitted for ${key.name} before. Continuing where that stopped.`);
  if (!inProgress) await invokeCheck('Resuming the submission', key, { verb: 'check' }, context);
}

function outcome(
  progress: SubmissionProgress,
  apiKey: ApiKey,
  after: ManagedKey,
  { clock }: CliContext,
  replaced: Replaced,
): Outcome {
  const { name, retiring } = after;
  const { hint, fingerprint } = apiKey;
  const json = { key: name, hint, fingerprint, outcome: progress.at, retiring };
  switch (progress.at) {
    case 'live':
      return {
        exit: EXIT.fine,
        json,
        text: (style) => describeLive(apiKey, after, clock.now(), style, replaced),
      };
    case 'refused':
      throw new IllegalTransition(
        'refused',
        `${hint} was refused: ${REFUSALS[progress.reason].says} The live key of ${name} has not changed. If nobody needs the refused key, disable it in the Console.`,
      );
    case 'gone':
      throw new IllegalTransition(
        'refused',
        `${hint} is not live: another submission replaced it, or it was refused. See ${CLI_COMMAND} show ${name}`,
      );
    default:
      return { exit: EXIT.attention, json, text: (style) => describeUndecided(apiKey, after, style) };
  }
}
