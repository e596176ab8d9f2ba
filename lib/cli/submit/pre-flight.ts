import type { ApiKey } from '../../domain/key';
import { leakedOn } from '../../domain/memory';
import { type Home, type Verdict, whereabouts } from '../../domain/probe/verdict';
import { refusedFor } from '../../domain/probe/vote';
import { REFUSALS } from '../../domain/refusal';
import { elapsed, HOUR } from '../../domain/time';
import { CLI_COMMAND } from '../../domain/wording/cli-command';
import { IllegalTransition } from '../../workflows/errors';
import { judgeKeys } from '../../workflows/judge-keys';
import { heldElsewhere } from '../../workflows/key-holders';
import type { CliContext } from '../context';
import { expectedHome, type ManagedKey } from '../managed-key';
import { waitFor } from '../terminal';
import { reasonInWords } from '../words';
import { NOTHING_STORED } from './take-key';

/** Tests a key from here before anything is stored, so that a wrong paste stays out of the secret. The function tests it again before it goes live. */
export async function proveFromHere(
  apiKey: ApiKey,
  key: ManagedKey,
  untested: boolean,
  context: CliContext,
): Promise<Verdict> {
  const remaining = () => Number.POSITIVE_INFINITY;
  const {
    verdicts: [verdict],
  } = await waitFor(
    context.terminal,
    `Testing ${apiKey.hint} (a minute longer if Anthropic does not know it yet)`,
    () =>
      judgeKeys(
        [{ key: apiKey, probe: 'messages' }],
        { model: key.policy.probeModel, home: expectedHome(key) },
        { ...context, remaining },
      ),
    NOTHING_STORED,
  );
  const refusal = refusalOf(verdict!, expectedHome(key), untested);
  if (refusal) throw new IllegalTransition('key-not-alive', `${apiKey.hint}: ${refusal} Nothing was stored.`);
  return verdict!;
}

function refusalOf(verdict: Verdict, home: Home, untested: boolean): string | undefined {
  const { organizationId, workspaceId } = verdict.evidence;
  if (verdict.kind === 'ALIVE' && whereabouts(home, { organizationId, workspaceId }) === 'elsewhere')
    return `It works, but in ${workspaceId ?? organizationId}; this environment expects ${home.workspaceId ?? home.organizationId}. Create a key there.`;
  if (verdict.kind === 'ALIVE' || untested) return undefined;
  // No other key is at hand here that could show that the refusal is about this one.
  if (verdict.kind === 'DEAD' || refusedFor(verdict))
    return 'Anthropic refuses it, twice within a minute. Was it copied whole? If it was, --untested leaves the test to the function, which asks for longer.';
  return `${verdict.advice} (${verdict.kind}${verdict.reason ? `: ${reasonInWords(verdict.reason)}` : ''}.) If only this machine cannot reach Anthropic, --untested leaves the test to the function.`;
}

/** Refuses a key that is in use already. True if it has just become the live key of this secret: then nothing is left to do. */
export async function isLiveAlready(apiKey: ApiKey, key: ManagedKey, context: CliContext): Promise<boolean> {
  const { memory, name, secret } = key;
  const { fingerprint } = apiKey;
  if (leakedOn(key, fingerprint))
    throw new IllegalTransition('refused', `${REFUSALS.leaked.says} Nothing was stored.`);
  if (memory.verdict?.fingerprint === fingerprint) {
    const since = memory.timeline.promotedAt;
    if (since && elapsed(since, context.clock.now()) < HOUR) return true;
    throw alreadyManaged('This is the live key already. A rotation needs a new one.');
  }
  if (key.retiring.some((old) => old.fingerprint === fingerprint))
    throw alreadyManaged(
      `This is an old key of ${name}, which is about to be switched off. To go back to it: ${CLI_COMMAND} rollback ${name} --key ${fingerprint}`,
    );
  const holder = await heldElsewhere(fingerprint, secret.arn, context);
  if (holder) throw alreadyManaged(`${holder} uses this key already. Each service needs a key of its own.`);
  return false;
}

const alreadyManaged = (why: string) =>
  new IllegalTransition('already-managed', `Nothing was stored. ${why}`);
