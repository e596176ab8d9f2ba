import { memoryToTags } from '../contract/memory-tags';
import type { SecretDescription } from '../contract/read-secret';
import { alarmsOf, beginningAlarmsOf } from '../domain/findings/catalogue';
import { rotationComplete } from '../domain/findings/kinds/rotation-complete';
import { keyCreatedAt } from '../domain/key-age';
import { EMPTY_MEMORY } from '../domain/memory';
import { begunOf, METRIC } from '../domain/metrics';
import { inShort, type Verdict } from '../domain/probe/verdict';
import { refusedFor } from '../domain/probe/vote';
import { type Assessment, assess } from '../domain/rotation/assess';
import { fingerprintOf, type Observation } from '../domain/secret';
import { daysBetween } from '../domain/time';
import { StoreError } from './errors';
import type { Values } from './fetch-secret';
import { type Observed, observe } from './observe';
import type { Ports } from './ports';
import { countRotationFailure } from './rotation-failure';
import { sendNotices } from './send-notices';
import { moveLabels, writeMemory } from './write-secret';

/** What a run found and did. `verdict` is the live key's answer in this run, if it was probed. */
interface CheckResult extends Assessment {
  readonly verdict?: Verdict;
}

/** Attempts of a run when another process moves a label meanwhile. */
const MAX_ATTEMPTS = 3;

/**
 * Checks one key: look, decide, act. It can run again at any moment and after any crash; it then does what is left and nothing twice.
 * The end of a rotation, schedules, events and operators all use it. `known`: values that this run has read before.
 */
export async function checkKey(secretId: string, ports: Ports, known?: Values): Promise<CheckResult> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await attemptCheck(secretId, ports, known);
    } catch (error) {
      const lostRace = error instanceof StoreError && error.failure === 'conflict';
      if (!lostRace || attempt === MAX_ATTEMPTS) throw error;
      ports.log.warn('A label moved meanwhile: looking again', { secretId, attempt });
    }
  }
}

async function attemptCheck(secretId: string, ports: Ports, known?: Values): Promise<CheckResult> {
  const observed = await observe(secretId, ports, known);
  const { secret, observation } = observed;
  const now = ports.clock.now();
  const wanted = assess(observation, now);
  // First, because nothing that fails later may keep an alarm from firing.
  for (const { metric } of wanted.notices.begun.flatMap(beginningAlarmsOf))
    ports.metrics.count(begunOf(metric));
  // A dead key must be counted for the alarms even if labels have run out or no tag can be written.
  const faults: StoreError[] = [];
  const orFault = (error: unknown) => {
    if (!(error instanceof StoreError && (error.failure === 'limit' || error.failure === 'denied')))
      throw error;
    faults.push(error);
  };
  const recorded = await recordChange(secret, wanted, ports);
  await moveLabels(secret, wanted.moves, ports).catch(orFault);
  countUndone(wanted, ports);
  // Nobody is told that a key was accepted and the old one is kept where the labels for it could not be moved.
  const assessment = faults.length > 0 ? assess(observation, now, []) : wanted;
  await announce({ ...observed, secret: recorded }, assessment, ports).catch(orFault);
  if (assessment.rotate) await startRotation(secret, ports);
  countKey(observation, assessment, ports);
  if (faults.length > 0) throw faults[0];
  // The live key may be another one now that labels have moved.
  const live = assessment.memory.verdict?.fingerprint;
  const { verdict } = observation.versions.find((v) => v.verdict && fingerprintOf(v) === live) ?? {};
  return { ...assessment, verdict };
}

/**
 * Remembers a change of the live key before the labels show it as done: a run that dies in between is repeated, and nothing but this tells later when
 * the key changed, or that it is told of as a promotion. A tag that may not be written holds nothing up.
 */
async function recordChange(
  secret: SecretDescription,
  { moves, memory }: Assessment,
  { store }: Ports,
): Promise<SecretDescription> {
  if (!moves.some((move) => move.do === 'accept')) return secret;
  const { timeline, retiringHints } = memory;
  const tags = memoryToTags({ ...EMPTY_MEMORY, timeline, retiringHints });
  try {
    await store.tag(secret.arn, tags);
  } catch (error) {
    if (!(error instanceof StoreError && (error.failure === 'limit' || error.failure === 'denied')))
      throw error;
    return secret;
  }
  return { ...secret, tags: { ...secret.tags, ...tags } };
}

/** Counts each time, while people hear of the same edit again ever more rarely. */
function countUndone({ moves }: Assessment, { metrics }: Ports): void {
  for (const move of moves) if (move.do === 'make-current') metrics.count(METRIC.editUndone);
}

/** Sends notices, remembers them, and then takes the steps that people must know of first: alert, record, then act. */
async function announce({ secret, observation }: Observed, assessment: Assessment, ports: Ports) {
  const { findings, notices, memory, releases, afterwards, deactivate } = assessment;
  const known = notices.send.length > 0 ? await rememberFirst(secret, memory, ports) : secret;
  const { reported, emitted, ...sent } = await sendNotices(observation, findings, notices, ports);
  await writeMemory(known, { ...memory, ...sent }, ports);
  const now = ports.clock.now();
  const released = releases.filter(({ findingId, eventUntil }) => {
    const waits = eventUntil !== undefined && now < eventUntil && !emitted.has(findingId);
    return reported.has(findingId) && !waits;
  });
  for (const { moves } of released) await moveLabels(secret, moves, ports);
  await moveLabels(secret, afterwards, ports);
  for (const finding of findings)
    if (rotationComplete.is(finding) && released.some(({ findingId }) => findingId === finding.id)) {
      const { retired, proof } = finding.details;
      // The log keeps the proof of death for good; the next rotation overwrites it on the secret.
      ports.log.info('Key proven dead', { secret: secret.name, retired, proof });
    }
  for (const fingerprint of deactivate) await askToDeactivate(secret, fingerprint, ports);
}

/**
 * Writes all but the notices, so that whoever repeats one after a crash says the same. Sends nothing if no tag can be written, because it would be sent
 * again at every check. The alarm for failed checks fires instead.
 */
async function rememberFirst(
  secret: SecretDescription,
  memory: Assessment['memory'],
  { store }: Ports,
): Promise<SecretDescription> {
  const tags = memoryToTags({ ...memory, notices: {} });
  await store.tag(secret.arn, tags);
  return { ...secret, tags: { ...secret.tags, ...tags } };
}

/** Starts the rotation of a waiting submission: whoever put the key may not have started it. */
async function startRotation(secret: SecretDescription, ports: Ports): Promise<void> {
  try {
    await ports.store.rotate(secret.arn, ports.newToken());
  } catch (error) {
    const busy = error instanceof StoreError && (error.failure === 'not-now' || error.failure === 'conflict');
    ports.log.warn('Rotation not started', { secret: secret.name, error: String(error) });
    if (!busy) await countRotationFailure(secret.arn, ports);
  }
}

/** The admin function derives target and reason itself. What it refuses is requested again at the next check. */
async function askToDeactivate(secret: SecretDescription, fingerprint: string, ports: Ports) {
  try {
    const answer = await ports.admin?.ask({ verb: 'deactivate', secretId: secret.arn, fingerprint });
    ports.log.info('Deactivation asked for', { secret: secret.name, fingerprint, ...answer });
  } catch (error) {
    ports.log.error('Deactivation not answered', { secret: secret.name, fingerprint, error: String(error) });
  }
}

/** Adds one checked key to the metrics of its environment, for alarms and dashboard, and logs it. */
function countKey(o: Observation, { findings }: Assessment, { metrics, clock, log }: Ports): void {
  const verdict = o.live?.verdict;
  const answer = verdict && inShort(verdict);
  const createdAt = keyCreatedAt(o);
  const ageDays = createdAt && daysBetween(createdAt, clock.now());
  metrics.count(METRIC.checkCompleted);
  for (const { metric } of findings.flatMap(alarmsOf)) metrics.count(metric);
  if (verdict?.kind === 'UNKNOWN' && !refusedFor(verdict)) metrics.count(METRIC.keyUnknown);
  if (verdict?.kind === 'BLOCKED') metrics.count(METRIC.keyBlocked);
  if (ageDays !== undefined) metrics.count(METRIC.oldestKeyAgeDays, ageDays);
  log.info('Key checked', {
    key: `${o.key.environment}/${o.key.service}`,
    verdict: verdict?.kind,
    reason: answer?.reason,
    status: answer?.status,
    requestId: answer?.requestId,
    ageDays,
    findings: findings.map(({ id, reminder }) => `${id}=${reminder}`),
  });
}
