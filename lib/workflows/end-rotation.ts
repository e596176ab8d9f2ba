import type { SecretDescription, StoredValue } from '../contract/read-secret';
import { rejected } from '../domain/findings/kinds/rejected';
import { readStored, versionMark } from '../domain/key';
import { withRefusal } from '../domain/memory';
import type { Refusal } from '../domain/refusal';
import { refuse } from '../domain/rotation/refuse';
import { liveStateOf, withRoles } from '../domain/secret';
import { read } from './fetch-secret';
import type { Ports } from './ports';
import { compose, tellFirst } from './send-notices';
import { moveLabels, writeMemory } from './write-secret';

/** Ends a rotation as failed in Secrets Manager, with the reason in the log. */
export class RotationStopped extends Error {
  override readonly name = 'RotationStopped';
}

/** Ends one that cannot succeed and is no fault: nothing was submitted, its submission was refused or replaced, or it was ended before. */
export class RotationDeclined extends RotationStopped {}

/** Refuses a submission for good. Record, alert, then act: it keeps its label until the notice is sent, maybe by the next check. */
export async function reject(
  secret: SecretDescription,
  token: string,
  submitted: StoredValue | undefined,
  reason: Refusal,
  ports: Ports,
): Promise<never> {
  if (submitted) await announceRejection(secret, submitted, reason, ports);
  return abandon(secret, token, `The submitted key of ${secret.name} was refused: ${reason}.`, ports);
}

/** Ends this rotation and removes AWSPENDING, which would block the next one. */
export async function abandon(
  secret: SecretDescription,
  token: string,
  why: string,
  ports: Ports,
  Stopped: typeof RotationStopped = RotationDeclined,
): Promise<never> {
  await moveLabels(secret, [{ do: 'clear-pending', versionId: token }], ports);
  throw new Stopped(why);
}

async function announceRejection(
  secret: SecretDescription,
  submitted: StoredValue,
  reason: Refusal,
  ports: Ports,
): Promise<void> {
  const { observation, secret: fresh } = await read(secret.arn, ports);
  const { content: holds, key } = readStored(submitted.value);
  const content = (holds.kind === 'placeholder' && holds.besides) || holds;
  const version = versionMark(submitted.versionId);
  const refusal = { version, reason };
  const memory = withRefusal(observation.memory, refusal, key?.fingerprint);
  const recorded = await writeMemory(fresh, memory, ports);
  const live = liveStateOf(observation, memory.verdict);
  const details = { version: submitted.versionId, reason, content, live };
  const finding = rejected.find(details, { about: version });
  const known = withRoles({ ...observation, memory });
  const told = await tellFirst(compose(known, finding, ports), finding, memory, ports);
  await writeMemory(recorded, told.memory, ports);
  // The next check does it, when it has told whoever is left.
  if (!told.heard || !told.emitted) return;
  await moveLabels(secret, refuse(known, details, ports.clock.now()), ports);
}
