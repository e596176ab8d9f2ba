import { holderOf, LABEL, readLabels, retiringIn, toLabelUpdate } from '../contract/labels';
import type { SecretDescription } from '../contract/read-secret';
import { type ApiKey, versionInShort } from '../domain/key';
import { MOST_RETIRING } from '../domain/refusal';
import { hasRoomForRotation } from '../domain/rotation/label-budget';
import { graceFrom } from '../domain/secret';
import { IllegalTransition, StoreError } from './errors';
import type { OperatorStore } from './operator-ports';
import type { Ports } from './ports';

/** Only what an operator's own credentials allow: no stored value is read. */
type SubmitPorts = Pick<Ports, 'clock' | 'newToken'> & { readonly store: OperatorStore };

/** `token` is the version id: submitting it again changes nothing. */
export interface Submission {
  readonly token: string;
  readonly rotation: 'started' | 'already-running';
}

/**
 * Stores a key under SUBMITTED and starts the rotation that tests and promotes it. Refused while another submission waits, unless it is to be
 * replaced: the replaced key gets a deadline, so that it is not forgotten alive.
 */
export async function submitKey(
  secretId: string,
  key: ApiKey,
  options: { token: string; replace?: boolean },
  ports: SubmitPorts,
): Promise<Submission> {
  const { store } = ports;
  const secret = await store.describe(secretId);
  const { replaced } = refuseSubmission(secret, options);
  await store.put(secret.arn, { token: options.token, value: key.reveal(), labels: [LABEL.submitted] });
  // After a crash here, the next check finds the replaced key without a label and pins it.
  if (replaced !== undefined)
    await store.moveLabel(
      secret.arn,
      toLabelUpdate({ do: 'pin', versionId: replaced, until: graceFrom(ports.clock.now(), 0) }),
    );
  return { token: options.token, rotation: await startRotation(secret.arn, ports) };
}

/** What keeps a key from being submitted, whichever it is. Returns the submission that it replaces. @throws IllegalTransition */
export function refuseSubmission(
  secret: Pick<SecretDescription, 'name' | 'stages'>,
  { token, replace }: { readonly token?: string; readonly replace?: boolean },
): { readonly replaced?: string } {
  const waiting = holderOf(secret.stages, LABEL.submitted);
  const replaced = waiting === token ? undefined : waiting;
  if (replaced !== undefined && !replace)
    throw new IllegalTransition(
      'another-submission-waits',
      `Another key for ${secret.name} is waiting to be tested (version ${versionInShort(replaced)}). Let it finish, or replace it.`,
    );
  const retiring = retiringIn(secret.stages);
  const versions = Object.values(secret.stages).map(readLabels);
  if (retiring.length >= MOST_RETIRING || !hasRoomForRotation(versions))
    throw new IllegalTransition(
      'too-many-retiring',
      `${retiring.length} old keys are not yet proven dead, and AWS allows 20 labels per secret. Switch old keys off first, or remove labels that others put on it.`,
    );
  return { replaced };
}

async function startRotation(arn: string, { store, newToken }: SubmitPorts): Promise<Submission['rotation']> {
  try {
    await store.rotate(arn, newToken());
    return 'started';
  } catch (error) {
    if (error instanceof StoreError && error.failure === 'not-now') return 'already-running';
    throw error;
  }
}
