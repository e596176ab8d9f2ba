import { LABEL } from '../contract/labels';
import { memoryFromTags } from '../contract/memory-tags';
import { METRIC } from '../contract/metric-names';
import { keyText, mergeKey, PLACEHOLDER } from '../contract/secret-value';
import { type ApiKey, parseApiKey } from '../domain/api-key';
import { homeOf } from '../domain/home';
import { finding } from '../domain/make-finding';
import type { Observation } from '../domain/observation';
import { withRefusal } from '../domain/remember';
import { whereabouts } from '../domain/verdict';
import { currentOf, fingerprintOf, retiringOf } from '../domain/versions';
import { checkKey, remember } from './check';
import { heldElsewhere } from './held-elsewhere';
import { judgeKeys } from './judge-keys';
import { read } from './observe';
import type { SecretDescription, StoredValue } from './ports';
import { compose, deliver } from './tell';
import type { World } from './world';

/** What Secrets Manager sends, four times per rotation. */
export interface RotationEvent {
  readonly Step: string;
  readonly SecretId: string;
  readonly ClientRequestToken: string;
}

/** A rotation that must not go on, said to Secrets Manager and to whoever reads its log. */
class RotationStopped extends Error {
  override readonly name = 'RotationStopped';
}

/** One step of Secrets Manager's own rotation: the only way by which a new key becomes current. Every step may be repeated at any time. */
export async function rotateKey(event: RotationEvent, world: World): Promise<void> {
  const { SecretId: secretId, ClientRequestToken: token } = event;
  const secret = await world.store.describe(secretId);
  const labels = secret.stages[token] ?? [];
  if (labels.includes(LABEL.current)) return void (await checkKey(secret.arn, world));
  if (!labels.includes(LABEL.pending)) {
    world.log.warn('Abandoned: another write took AWSPENDING from this rotation', {
      secret: secret.name,
      step: event.Step,
    });
    return;
  }
  switch (event.Step) {
    case 'createSecret':
      return createSecret(secret, token, world);
    case 'setSecret':
      return; // Nothing to set at Anthropic: a human made the key there.
    case 'testSecret':
      return testSecret(secret, token, world);
    case 'finishSecret':
      return finishSecret(secret, token, world);
    default:
      throw new RotationStopped(
        `Unknown rotation step ${JSON.stringify(event.Step)}: expected one of Secrets Manager's four.`,
      );
  }
}

/** Merges the submitted key into a copy of the live document, so that a team's other fields live on. */
async function createSecret(secret: SecretDescription, token: string, world: World): Promise<void> {
  if (await world.store.read(secret.arn, { versionId: token })) return;
  const submitted = await world.store.read(secret.arn, { label: LABEL.submitted });
  if (!submitted) {
    await world.store.moveLabel(secret.arn, { label: LABEL.pending, from: token });
    throw new RotationStopped(
      `No key was submitted for ${secret.name}, so there is nothing to rotate to. A person creates the key in the Console and submits it.`,
    );
  }
  const judged = parseApiKey(submitted.value);
  if (!judged.ok) return reject(secret, token, submitted, judged.reason, world);
  const duplicate = await duplicateOf(judged.key, secret, world);
  if (duplicate) return reject(secret, token, submitted, duplicate, world);
  const current = await world.store.read(secret.arn);
  const value = mergeKey(current?.value ?? PLACEHOLDER, judged.key.reveal());
  await world.store.put(secret.arn, { token, value, labels: [LABEL.pending] });
}

/** Proves the key, exactly the stored bytes of it, on the call that the service will make. */
async function testSecret(secret: SecretDescription, token: string, world: World): Promise<void> {
  const [candidate, current, submitted] = await Promise.all([
    world.store.read(secret.arn, { versionId: token }),
    world.store.read(secret.arn),
    world.store.read(secret.arn, { label: LABEL.submitted }),
  ]);
  if (!candidate || isDeployTimeRun(candidate, current)) return;
  const judged = parseApiKey(candidate.value);
  if (!judged.ok) return reject(secret, token, submitted, judged.reason, world);
  const { observation } = await read(secret.arn, world);
  const [verdict] = await judgeKeys(
    [{ key: judged.key, probe: 'messages' }],
    observation.policy.probeModel,
    world,
  );
  switch (verdict!.kind) {
    case 'ALIVE': {
      const { organizationId, workspaceId } = verdict!.evidence;
      if (whereabouts(homeOf(observation), { organizationId, workspaceId }) !== 'elsewhere') return;
      return reject(secret, token, submitted, 'elsewhere', world);
    }
    case 'DEAD':
      return reject(secret, token, submitted, 'dead', world);
    case 'BLOCKED':
      if (ITS_OWN_FAULT.has(verdict!.reason)) return reject(secret, token, submitted, verdict!.reason, world);
  }
  world.metrics.count(METRIC.rotationFailed);
  throw new RotationStopped(
    `The submitted key could not be proven yet: ${verdict!.advice} It is tried again.`,
  );
}

/** Reasons that lie in the key or its workspace. The others pass, and the submission waits for that. */
const ITS_OWN_FAULT: ReadonlySet<string> = new Set([
  'owner',
  'workspace-config',
  'permission',
  'ip-allowlist',
]);

/** On deployment Secrets Manager calls this step alone, with a version that nobody submitted. */
function isDeployTimeRun(candidate: StoredValue, current: StoredValue | undefined): boolean {
  const text = keyText(candidate.value).trim();
  return text === '' || (current !== undefined && text === keyText(current.value).trim());
}

/** Moves AWSCURRENT, from the version that the new document was made from; then everything that follows is what every check does. */
async function finishSecret(secret: SecretDescription, token: string, world: World): Promise<void> {
  const [candidate, current] = await Promise.all([
    world.store.read(secret.arn, { versionId: token }),
    world.store.read(secret.arn),
  ]);
  const judged = candidate && parseApiKey(candidate.value);
  if (!judged?.ok || !current)
    throw new RotationStopped(`The tested version of ${secret.name} holds no key.`);
  if (mergeKey(current.value, judged.key.reveal()) !== candidate!.value) {
    await world.store.moveLabel(secret.arn, { label: LABEL.pending, from: token });
    throw new RotationStopped(
      `The live document of ${secret.name} changed after the new one was made from it. The next check starts the rotation anew.`,
    );
  }
  await world.store.moveLabel(secret.arn, { label: LABEL.current, to: token, from: current.versionId });
  await checkKey(secret.arn, world);
}

/** The same key is already in use somewhere it must not be shared with. */
async function duplicateOf(
  key: ApiKey,
  secret: SecretDescription,
  world: World,
): Promise<string | undefined> {
  const { observation } = await read(secret.arn, world);
  if (fingerprintOf(currentOf(observation)) === key.fingerprint) return 'duplicate-of-current';
  if (retiringOf(observation).some(({ ref }) => ref.fingerprint === key.fingerprint))
    return 'duplicate-of-retiring';
  return (await heldElsewhere(key.fingerprint, secret.arn, world))
    ? 'duplicate-of-another-secret'
    : undefined;
}

/**
 * Refuses a submission for good. Record, alert, then act: while the notice can't be sent the submission keeps its label, and the next check
 * tells and drops it.
 */
async function reject(
  secret: SecretDescription,
  token: string,
  submitted: StoredValue | undefined,
  reason: string,
  world: World,
): Promise<never> {
  if (submitted) await tellRejected(secret, submitted, reason, world);
  await world.store.moveLabel(secret.arn, { label: LABEL.pending, from: token });
  throw new RotationStopped(`The submitted key of ${secret.name} was refused: ${reason}.`);
}

async function tellRejected(
  secret: SecretDescription,
  submitted: StoredValue,
  reason: string,
  world: World,
): Promise<void> {
  const { observation, secret: fresh } = await read(secret.arn, world);
  const judged = parseApiKey(submitted.value);
  const fingerprint = judged.ok ? judged.key.fingerprint : undefined;
  const rejected = { version: submitted.versionId.slice(0, 8), reason };
  const memory = withRefusal(memoryFromTags(fresh.tags), rejected, fingerprint);
  await remember(fresh, memory, world);
  const what = judged.ok ? judged.key.hint : 'no usable key';
  const told = finding('rejected', '0', { version: submitted.versionId, reason, what }, submitted.versionId);
  const known: Observation = { ...observation, memory };
  const already = memory.notices[told.id] === told.rung;
  if (!already && !(await deliver(compose(known, told, world), world))) return;
  await remember(fresh, { ...memory, notices: { ...memory.notices, [told.id]: told.rung } }, world);
  await world.store.moveLabel(secret.arn, { label: LABEL.submitted, from: submitted.versionId });
}
