import { holderOf, LABEL, leaksIn } from '../contract/labels';
import type { SecretDescription, StoredValue } from '../contract/read-secret';
import { keyText } from '../contract/secret-value';
import { type ApiKey, parseApiKey, readStored } from '../domain/key';
import { leakedOn } from '../domain/memory';
import { type Verdict, whereabouts } from '../domain/probe/verdict';
import { refusedFor } from '../domain/probe/vote';
import { type FormatRefusal, isRefusal, MOST_RETIRING, type Refusal } from '../domain/refusal';
import { hasRoomForRotation } from '../domain/rotation/label-budget';
import { fingerprintOf, homeOf, isMisplaced, type Observation, type Retiring } from '../domain/secret';
import { DAY, elapsed } from '../domain/time';
import { checkKey } from './check';
import { abandon, RotationDeclined, RotationStopped, reject } from './end-rotation';
import { read, type SeenSecret } from './fetch-secret';
import { controlsFor } from './find-control';
import { judgeKeys, PATIENCE_WITH_NEW_KEYS } from './judge-keys';
import { heldElsewhere } from './key-holders';
import { newValue } from './new-value';
import type { Ports } from './ports';
import { countRotationFailure } from './rotation-failure';
import { moveLabels } from './write-secret';

/** How long a submission waits that is refused and cannot be proven dead. */
const WAITS = DAY;

/** Secrets Manager's event for one of the four steps of a rotation. */
export interface RotationEvent {
  readonly Step: string;
  readonly SecretId: string;
  readonly ClientRequestToken: string;
}

/** One step of Secrets Manager's rotation, the only way for a new key to become current. Every step can be repeated at any time. */
export async function rotateKey(event: RotationEvent, ports: Ports): Promise<void> {
  try {
    await runStep(event, ports);
  } catch (error) {
    if (!(error instanceof RotationDeclined)) await countRotationFailure(event.SecretId, ports);
    throw error;
  }
}

async function runStep(event: RotationEvent, ports: Ports): Promise<void> {
  const { Step: step, SecretId: secretId, ClientRequestToken: token } = event;
  // Nothing to set at Anthropic: a human created the key there. A rotation that has lost AWSPENDING meanwhile is stopped by the next step, which
  // follows at once, and no success is recorded before the last one.
  if (step === 'setSecret') return;
  const seen = await read(secretId, ports);
  const { secret, values } = seen;
  const labels = secret.stages[token] ?? [];
  if (labels.includes(LABEL.current)) return void (await checkKey(secret.arn, ports, values));
  // Returning would record this rotation as a success.
  if (!labels.includes(LABEL.pending)) throw lostPending(secret);
  switch (step) {
    case 'createSecret':
      return createSecret(seen, token, ports);
    case 'testSecret':
      return testSecret(seen, token, ports);
    case 'finishSecret':
      return finishSecret(seen, token, ports);
    default:
      throw new RotationStopped(
        `Unknown rotation step ${JSON.stringify(step)}: expected one of Secrets Manager's four.`,
      );
  }
}

/**
 * Exchanges the live key for the submitted one in a copy of the live value, which keeps all that is the team's. The version is empty but for an attempt
 * that died, so one look is enough: if that missed a value, putting the same again changes nothing, and Secrets Manager refuses another one.
 */
async function createSecret(seen: SeenSecret, token: string, ports: Ports): Promise<void> {
  const { secret, observation, values } = seen;
  if (values.has(token)) return;
  const submitted = await submittedIn(seen, ports);
  if (!submitted)
    return abandon(
      secret,
      token,
      `No key was submitted for ${secret.name}. A person has to create one in the Console and submit it.`,
      ports,
    );
  // AWS makes the first version of a secret current under whatever label: the check judges it as an edit by hand.
  if (submitted.versionId === holderOf(secret.stages, LABEL.current))
    return leaveToCheck(secret, token, ports);
  const judged = parseApiKey(submitted.value);
  if (!judged.ok) return reject(secret, token, submitted, reasonFor(judged.reason, submitted), ports);
  const refusal = await refusalOf(judged.key, observation, ports);
  if (refusal) return reject(secret, token, submitted, refusal, ports);
  const next = await newValue(seen, judged.key, ports);
  if (!next.ok) return reject(secret, token, submitted, next.reason, ports);
  await ports.store.put(secret.arn, { token, value: next.value, labels: [LABEL.pending] });
}

/** What is to go live. A listing may lag behind a submission, so one that shows none is not believed. */
async function submittedIn({ secret, observation, values }: SeenSecret, { store }: Ports) {
  const listed = observation.submitted && values.get(observation.submitted.id);
  return listed ?? (await store.read(secret.arn, { label: LABEL.submitted }));
}

/**
 * What createSecret has put. That was a moment ago, so a version that seems empty is looked for again: else a key would pass untested for the rotation
 * of a deployment.
 */
const candidateIn = async ({ secret, values }: SeenSecret, token: string, { store }: Ports) =>
  values.get(token) ?? (await store.read(secret.arn, { versionId: token }));

/** An empty field is not all that a document holds whose key stands elsewhere. */
const reasonFor = (reason: FormatRefusal, { value }: StoredValue): FormatRefusal =>
  reason === 'empty' && readStored(value).key ? 'json' : reason;

/** Proves the stored key with the same call that the service will make. */
async function testSecret(seen: SeenSecret, token: string, ports: Ports): Promise<void> {
  const { secret, observation, keys, values } = seen;
  const candidate = await candidateIn(seen, token, ports);
  const current = observation.live && values.get(observation.live.id);
  if (!candidate || isDeployTimeRun(candidate, current)) return;
  const submitted = await submittedIn(seen, ports);
  if (submitted && keyText(submitted.value).trim() !== keyText(candidate.value).trim())
    return abandon(
      secret,
      token,
      `Another key was submitted for ${secret.name} in the meantime. The next check starts its rotation.`,
      ports,
    );
  const { key } = readStored(candidate.value);
  if (!key) return reject(secret, token, submitted, 'unknown', ports);
  if (leakedOn(observation, key.fingerprint)) return reject(secret, token, submitted, 'leaked', ports);
  const { probeModel } = observation.policy;
  const home = homeOf(observation);
  const controls = controlsFor(observation, keys, ports);
  const {
    verdicts: [verdict],
  } = await judgeKeys(
    [{ key, probe: 'messages' }],
    { model: probeModel, home, controls, patience: PATIENCE_WITH_NEW_KEYS },
    ports,
  );
  switch (verdict!.kind) {
    case 'ALIVE': {
      const where = whereabouts(home, verdict!.evidence);
      if (where === 'home') return;
      if (where === 'elsewhere') return reject(secret, token, submitted, 'elsewhere', ports);
      throw new RotationStopped(
        "The submitted key works, but Anthropic's answer does not name its organization and workspace, which keys.yaml requires. A proxy may strip the anthropic-* headers.",
      );
    }
    case 'DEAD':
      return reject(secret, token, submitted, 'dead', ports);
    case 'BLOCKED':
      // All other reasons are temporary, and the submission waits.
      if (isRefusal(verdict!.reason)) return reject(secret, token, submitted, verdict!.reason, ports);
      break;
    case 'UNKNOWN':
      if (refusedFor(verdict)) return postpone(secret, token, submitted, verdict!, ports);
  }
  throw new RotationStopped(`The submitted key is not proven yet: ${verdict!.advice} The test is repeated.`);
}

/**
 * A key that is refused without proof waits for a control, or for Anthropic to know it: the next check starts its rotation again. After a day it
 * is withdrawn.
 */
async function postpone(
  secret: SecretDescription,
  token: string,
  submitted: StoredValue | undefined,
  { advice }: Verdict,
  ports: Ports,
): Promise<never> {
  const since = await submittedAt(secret, submitted, ports);
  if (since && elapsed(since, ports.clock.now()) >= WAITS)
    return reject(secret, token, submitted, 'not-proven', ports);
  await countRotationFailure(secret.arn, ports);
  return abandon(
    secret,
    token,
    `The submitted key of ${secret.name} is refused, and not proven dead. ${advice} The next check tests it again.`,
    ports,
  );
}

async function submittedAt(secret: SecretDescription, submitted: StoredValue | undefined, { store }: Ports) {
  const versions = await store.listVersions(secret.arn);
  return versions.find(({ id }) => id === submitted?.versionId)?.createdAt;
}

/** On deployment Secrets Manager calls only this step, with a version that nobody submitted. */
function isDeployTimeRun(candidate: StoredValue, current: StoredValue | undefined): boolean {
  const text = keyText(candidate.value).trim();
  return text === '' || (current !== undefined && text === keyText(current.value).trim());
}

/** Moves AWSCURRENT away from the version that the new document was made from. A check does the rest. */
async function finishSecret(seen: SeenSecret, token: string, ports: Ports): Promise<void> {
  const { secret, observation, values } = seen;
  const candidate = await candidateIn(seen, token, ports);
  const { live } = observation;
  const key = candidate && readStored(candidate.value).key;
  if (!key || !live) throw new RotationStopped(`The tested version of ${secret.name} holds no key.`);
  const next = await newValue(seen, key, ports);
  if (!next.ok || next.value !== candidate.value)
    return abandon(
      secret,
      token,
      `The live value of ${secret.name} was changed during the rotation. The next check starts it again.`,
      ports,
      RotationStopped,
    );
  await requireWanted(secret, token, key, ports);
  await moveLabels(secret, [{ do: 'make-current', versionId: token, from: live.id }], ports);
  await checkKey(secret.arn, ports, values);
}

/** Looks once more right before the move: a person may have gone back, withdrawn the submission, replaced it, or reported it as leaked. */
async function requireWanted(
  secret: SecretDescription,
  token: string,
  key: ApiKey,
  ports: Ports,
): Promise<void> {
  const latest = await ports.store.describe(secret.arn);
  if (!latest.stages[token]?.includes(LABEL.pending)) throw lostPending(secret);
  if (leakedOn({ leaks: leaksIn(latest.stages) }, key.fingerprint))
    return abandon(secret, token, `The tested key of ${secret.name} was reported as leaked.`, ports);
  const submitted = await ports.store.read(secret.arn, { label: LABEL.submitted });
  if (!submitted || readStored(submitted.value).key?.fingerprint !== key.fingerprint)
    return abandon(
      secret,
      token,
      `The submission of ${secret.name} was withdrawn or replaced while it was tested.`,
      ports,
    );
}

const lostPending = ({ name }: SecretDescription) =>
  new RotationDeclined(`Abandoned: this rotation of ${name} has lost AWSPENDING. Nothing was changed.`);

/** Ends a rotation that has nothing to do, and then checks: while a rotation runs, a check moves no label. */
async function leaveToCheck(secret: SecretDescription, token: string, ports: Ports): Promise<never> {
  await moveLabels(secret, [{ do: 'clear-pending', versionId: token }], ports);
  await checkKey(secret.arn, ports);
  throw new RotationDeclined(`The first version of ${secret.name} is live already.`);
}

/** Why a key is refused before it is tested: it leaked, is already in use, or the labels would run out. */
async function refusalOf(key: ApiKey, observation: Observation, ports: Ports): Promise<Refusal | undefined> {
  if (leakedOn(observation, key.fingerprint)) return 'leaked';
  if (fingerprintOf(observation.live) === key.fingerprint) return 'duplicate-of-current';
  if (
    observation.retiring.some(
      (old) => old.ref.fingerprint === key.fingerprint && !wasMisplaced(old, observation),
    )
  )
    return 'duplicate-of-retiring';
  if (await heldElsewhere(key.fingerprint, observation.key.secretArn, ports))
    return 'duplicate-of-another-secret';
  const { retiring, versions } = observation;
  return retiring.length >= MOST_RETIRING || !hasRoomForRotation(versions) ? 'too-many-retiring' : undefined;
}

/** It was undone for where it stood, and may be submitted to stand where services look. */
const wasMisplaced = ({ version }: Retiring, { live }: Observation) =>
  isMisplaced(version) && !(live && isMisplaced(live));
