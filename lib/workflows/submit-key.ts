import { holderOf, LABEL, MOST_RETIRING, retiringIn, toLabelUpdate } from '../contract/labels';
import type { ApiKey } from '../domain/key';
import { shortId } from '../domain/key';
import { graceFrom } from '../domain/secret';
import { IllegalTransition, StoreError } from './errors';
import type { OperatorStore } from './operator-ports';
import type { Ports } from './ports';

/** No more than an operator's own credentials allow: nothing stored is read. */
type SubmitPorts = Pick<Ports, 'clock' | 'newToken'> & { readonly store: OperatorStore };

/** Where a submission stands. `token` is its version id: the same one again changes nothing. */
export interface Submission {
  readonly token: string;
  readonly rotation: 'started' | 'already-running';
}

/**
 * Puts a key under SUBMITTED and starts the rotation that tests and promotes it. The live key is not touched. Refused while another
 * submission waits, unless it is to be replaced: the displaced key is then pinned, so that it is not forgotten alive.
 */
export async function submitKey(
  secretId: string,
  key: ApiKey,
  options: { token: string; replace?: boolean },
  ports: SubmitPorts,
): Promise<Submission> {
  const { store } = ports;
  const secret = await store.describe(secretId);
  const waiting = holderOf(secret.stages, LABEL.submitted);
  const displaced = waiting === options.token ? undefined : waiting;
  if (displaced !== undefined && !options.replace)
    throw new IllegalTransition(
      'another-submission-waits',
      `Another key was submitted for ${secret.name} and waits to be tested (version ${shortId(displaced)}). Let it finish, or replace it.`,
    );
  const retiring = retiringIn(secret.stages);
  if (retiring.length >= MOST_RETIRING)
    throw new IllegalTransition(
      'too-many-retiring',
      `${retiring.length} superseded keys wait for their end, and AWS allows 20 labels per secret. Switch the old keys off first.`,
    );
  await store.put(secret.arn, { token: options.token, value: key.reveal(), labels: [LABEL.submitted] });
  // Where this is never reached, the next check finds the displaced key without a label and pins it.
  if (displaced !== undefined)
    await store.moveLabel(
      secret.arn,
      toLabelUpdate({ do: 'pin', versionId: displaced, until: graceFrom(ports.clock.now(), 0) }),
    );
  return { token: options.token, rotation: await startRotation(secret.arn, ports) };
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
