import type { ApiKey } from '../../domain/key';
import { shortId } from '../../domain/key';
import { REFUSALS } from '../../domain/refusal';
import { CALL } from '../../domain/wording/commands';
import { hours } from '../../domain/wording/text';
import { IllegalTransition } from '../../workflows/errors';
import { submitKey } from '../../workflows/submit-key';
import type { CliContext } from '../context';
import { EXIT, Interrupted, UsageError } from '../exit-code';
import { findKey, readKeyName } from '../find-key';
import { type ManagedKey, managedKey } from '../managed-key';
import { styleFor } from '../style';
import { introduce } from '../submit/introduce';
import { isLiveAlready, proveFromHere } from '../submit/pre-flight';
import type { SubmissionProgress } from '../submit/progress';
import { follow } from '../submit/progress';
import { newSubmission, submissionUnderWay } from '../submit/submission-token';
import { NOTHING_STORED, takeKey } from '../submit/take-key';
import { tellLive, tellUndecided } from '../submit/tell-outcome';
import type { Outcome, Verb } from '../verb';
import { waitFor } from '../wait';

export interface SubmitIntent {
  readonly key: string;
  readonly replace: boolean;
  readonly untested: boolean;
  /** Grace of the key that it replaces. @default the policy's; a leaked key gets none */
  readonly graceHours?: number;
}

/** Leads through a whole rotation. */
export const submit: Verb<SubmitIntent> = {
  name: 'submit',
  summary: 'hand in a new key: the whole rotation, step by step',
  about:
    'Shows where the key goes and how to create it, asks for it on a hidden prompt (or reads stdin), tests it, stores it beside the live one, starts the rotation and follows it until the new key is live. The old key stays valid for its grace. Ctrl-C at any moment leaves nothing half done; running it again with the same key goes on where it stopped.',
  argument: ['<key>', 'such as prod/api-gateway'],
  options: [
    ['--replace', 'take the place of a submission that still waits'],
    ['--untested', 'leave the test to the function, where this machine cannot reach Anthropic'],
  ],
  examples: ['submit prod/api-gateway', 'submit prod/api-gateway --json < key-from-a-vault'],
  seeAlso: ['show', 'rollback', 'extend', 'leak'],
  read: (key, { replace, untested }) => ({
    key: readKeyName(key),
    replace: replace === true,
    untested: untested === true,
  }),
  async prepare(intent, context) {
    const key = managedKey(await findKey(intent.key, context.store));
    refuseWithoutRotation(key);
    const { graceHours = key.policy.graceHours } = intent;
    return {
      steps: [
        `Ask for the new key of ${key.name}, judge it, and test it from here${intent.untested ? ' if possible' : ''}.`,
        `Store it in ${key.secret.name} under the label SUBMITTED${key.memory.verdict ? ', beside the live key' : ''} (PutSecretValue).`,
        'Start the rotation (RotateSecret). The deployed function tests the key again, and only then makes it live.',
        ...(key.memory.verdict && key.memory.verdict.kind !== 'DEAD' && graceHours > 0
          ? [`The key that is live now stays valid for ${hours(graceHours)}.`]
          : []),
      ],
      execute: () => leadThrough(key, intent, context),
    };
  },
};

function refuseWithoutRotation({ secret, name }: ManagedKey): void {
  if (secret.deletedAt) throw new UsageError(`${secret.name} is marked for deletion. Restore it first.`);
  if (secret.rotationEnabled) return;
  throw new UsageError(
    `Rotation is off for ${name}, so a submitted key would never be tested. Deploy again, or see \`doctor\`.`,
  );
}

async function leadThrough(before: ManagedKey, intent: SubmitIntent, context: CliContext): Promise<Outcome> {
  const { terminal, clock } = context;
  const { graceHours = before.policy.graceHours } = intent;
  terminal.note(introduce(before, graceHours, await context.place(), clock.now(), styleFor(terminal)));
  const apiKey = await takeKey('New key (not shown):', context);
  const { arn } = before.secret;
  // Creating a key in the Console takes a while, and others may have been faster.
  const key = managedKey(await context.store.describe(arn));
  const { fingerprint } = apiKey;
  const resumed = await submissionUnderWay(apiKey, key, context);
  if (!resumed) {
    if (await isLiveAlready(apiKey, key, context)) return outcome({ at: 'live' }, apiKey, key, context);
    if (key.submittedVersion && !intent.replace) throw anotherWaits(key.name, key.submittedVersion);
    await proveFromHere(apiKey, key, intent.untested, context);
  }
  if (terminal.interrupted.aborted) throw new Interrupted(NOTHING_STORED);
  if (resumed) await takeUpAgain(key, resumed.inProgress, context);
  const token = resumed?.token ?? (await store(apiKey, key, intent.replace, context));
  const { stand, key: after } = await follow(
    key.name,
    arn,
    { token, fingerprint, before: key.currentVersion, first: !key.memory.verdict },
    context,
  );
  const dead = key.memory.verdict?.kind === 'DEAD' ? key.currentVersion : undefined;
  return outcome(stand, apiKey, after, context, dead);
}

const anotherWaits = (name: string, version: string) =>
  new IllegalTransition(
    'another-submission-waits',
    `Another key was handed in for ${name} and waits to be tested (version ${shortId(version)}). Let it finish (${CALL} check ${name}), or take its place with --replace. Nothing was stored.`,
  );

/** Ctrl-C is not heeded between put and rotate. A process that dies there does no harm: the next check starts the rotation. */
async function store(
  apiKey: ApiKey,
  key: ManagedKey,
  replace: boolean,
  context: CliContext,
): Promise<string> {
  const { arn } = key.secret;
  const versions = await context.store.listVersions(arn, { deprecated: true });
  const existing = versions.map(({ id }) => id);
  const token = newSubmission(arn, apiKey.fingerprint, existing);
  const progress = context.terminal.progress(
    key.memory.verdict ? 'Storing it beside the live key' : 'Storing it',
  );
  try {
    await submitKey(arn, apiKey, { token, replace }, context);
  } catch (error) {
    const stored = (await context.store.describe(arn)).stages[token];
    if (stored && error instanceof Error)
      error.message += ` The key is stored and waits: the next check starts its rotation. The live key has not changed.`;
    throw error;
  } finally {
    progress.stop();
  }
  return token;
}

/**
 * The check does whatever is left to do, wherever it stopped: it starts the rotation, or settles what follows a promotion. Not while Secrets
 * Manager is at it: the mail would come twice.
 */
async function takeUpAgain(
  { name, identity }: ManagedKey,
  inProgress: boolean,
  context: CliContext,
): Promise<void> {
  context.terminal.note(`This key was handed in for ${name} before. Going on where that stopped.`);
  if (inProgress) return;
  await waitFor(context.terminal, 'Having it taken up again', () =>
    context.functions.check(identity, { verb: 'check' }),
  );
}

function outcome(
  stand: SubmissionProgress,
  apiKey: ApiKey,
  after: ManagedKey,
  { clock }: CliContext,
  dead?: string,
): Outcome {
  const { name } = after;
  const json = {
    key: name,
    hint: apiKey.hint,
    fingerprint: apiKey.fingerprint,
    outcome: stand.at,
    retiring: after.retiring,
  };
  switch (stand.at) {
    case 'live':
      return { exit: EXIT.fine, json, text: (style) => tellLive(apiKey, after, clock.now(), style, dead) };
    case 'refused':
      throw new IllegalTransition(
        'refused',
        `${apiKey.hint} was refused: ${REFUSALS[stand.reason].says} The live key of ${name} has not changed. If nobody needs the refused key, disable it in the Console.`,
      );
    case 'gone':
      throw new IllegalTransition(
        'refused',
        `${apiKey.hint} is not live: another submission took its place, or it was refused. Look: ${CALL} show ${name}`,
      );
    default:
      return { exit: EXIT.attention, json, text: (style) => tellUndecided(apiKey, after, style) };
  }
}
