import { memoryToTags } from '../contract/memory-tags';
import type { SecretDescription } from '../contract/read-secret';
import { rotationComplete } from '../domain/findings/kinds/rotation-complete';
import { EMPTY_MEMORY } from '../domain/memory';
import { METRIC } from '../domain/metrics';
import type { Verdict } from '../domain/probe/verdict';
import { type Assessment, assess } from '../domain/rotation/assess';
import { fingerprintOf } from '../domain/secret';
import { countKey } from './count-key';
import { StoreError } from './errors';
import { type Look, observe } from './observe';
import type { Ports } from './ports';
import { sendNotices } from './send-notices';
import { moveLabels, writeMemory } from './write-secret';

/** What a run found and did. `verdict` is the live key's answer in this run, where it was asked. */
export interface Checkup extends Assessment {
  readonly verdict?: Verdict;
}

/** How often a run starts over because somebody else moved a label under it. */
const ATTEMPTS = 3;

/**
 * Checks one key: look, decide, act. Running it again at any moment, after any crash, does what is left to do and nothing twice.
 * The end of a rotation, a schedule, an event and an operator all come through here.
 */
export async function checkKey(secretId: string, ports: Ports): Promise<Checkup> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await lookAndAct(secretId, ports);
    } catch (error) {
      const lostRace = error instanceof StoreError && error.failure === 'conflict';
      if (!lostRace || attempt === ATTEMPTS) throw error;
      ports.log.warn('A label moved meanwhile: looking again', { secretId, attempt });
    }
  }
}

async function lookAndAct(secretId: string, ports: Ports): Promise<Checkup> {
  const look = await observe(secretId, ports);
  const assessment = assess(look.observation, ports.clock.now());
  // The alarms must speak of a dead key even where labels have run out or no tag can be written.
  const faults: StoreError[] = [];
  const orFault = (error: unknown) => {
    if (!(error instanceof StoreError && (error.failure === 'limit' || error.failure === 'denied')))
      throw error;
    faults.push(error);
  };
  await moveLabels(look.secret, assessment.moves, ports).catch(orFault);
  await announce(look, assessment, ports).catch(orFault);
  if (assessment.rotate) await startRotation(look, ports);
  countKey(look.observation, assessment, ports);
  if (faults.length > 0) throw faults[0];
  return { ...assessment, verdict: answerOf(look, assessment) };
}

/** The answer of the key that is live now that the labels have moved. */
const answerOf = ({ observation }: Look, { memory }: Assessment) =>
  observation.versions.find((v) => v.verdict && fingerprintOf(v) === memory.verdict?.fingerprint)?.verdict;

/** Tells, remembers, and does what may be done only when people know why: record, alert, then act. */
async function announce(look: Look, assessment: Assessment, ports: Ports): Promise<void> {
  const { secret, observation } = look;
  const { findings, notices, memory, releases, deactivate } = assessment;
  if (notices.send.length > 0) await proveWritable(secret, memory, ports);
  const told = await sendNotices(observation, findings, notices, ports);
  await writeMemory(secret, { ...memory, notices: told.notices, sent: told.sent }, ports);
  const released = releases.filter(({ findingId }) => told.ids.has(findingId));
  for (const { moves } of released) await moveLabels(secret, moves, ports);
  logProofs(secret.name, findings, told.ids, ports);
  for (const fingerprint of deactivate) await askToDeactivate(look, fingerprint, ports);
}

/** The lasting record of how a key's death was established: what the secret remembers of it is overwritten by the next rotation. */
function logProofs(
  secret: string,
  findings: Assessment['findings'],
  told: ReadonlySet<string>,
  { log }: Ports,
): void {
  for (const finding of findings)
    if (rotationComplete.is(finding) && told.has(finding.id)) {
      const { retired, proof } = finding.details;
      log.info('Key proven dead', { secret, retired, proof });
    }
}

/** What can't be remembered would be told again at every check: then it is not told at all, and the alarm for failed checks speaks. */
async function proveWritable(secret: SecretDescription, memory: Assessment['memory'], { store }: Ports) {
  const { checkedOn, sent } = memory;
  await store.tag(secret.arn, memoryToTags({ ...EMPTY_MEMORY, checkedOn, sent }));
}

/** A submission waits and nobody works on it: a plain put is enough, and a laptop may die at any moment. */
async function startRotation({ secret }: Look, ports: Ports): Promise<void> {
  try {
    await ports.store.rotate(secret.arn, ports.newToken());
  } catch (error) {
    const busy = error instanceof StoreError && (error.failure === 'not-now' || error.failure === 'conflict');
    ports.log.warn('Rotation not started', { secret: secret.name, error: String(error) });
    if (!busy) ports.metrics.count(METRIC.rotationFailed);
  }
}

/** The other function derives target and reason itself; what it refuses is asked again at the next check. */
async function askToDeactivate({ secret }: Look, fingerprint: string, ports: Ports): Promise<void> {
  try {
    const answer = await ports.admin?.ask({ verb: 'deactivate', secretId: secret.arn, fingerprint });
    ports.log.info('Deactivation asked for', { secret: secret.name, fingerprint, ...answer });
  } catch (error) {
    ports.log.error('Deactivation not answered', { secret: secret.name, fingerprint, error: String(error) });
  }
}
