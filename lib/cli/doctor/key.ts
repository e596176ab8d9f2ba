import { sharedName } from '../../contract/names';
import { ROTATION_STALE } from '../../domain/rotation/reconcile';
import { DAY, elapsed, plus, utcDay } from '../../domain/time';
import { CALL } from '../../domain/wording/commands';
import { absolute } from '../../domain/wording/text';
import type { CliContext } from '../context';
import type { ManagedKey } from '../managed-key';
import { about, type Diagnosis } from './diagnosis';
import { scheduleDiagnosis } from './environment';

/** One key by its labels and tags: what is left over, late, or off. */
export async function examineKey(key: ManagedKey, context: CliContext): Promise<readonly Diagnosis[]> {
  const found = [...stateOf(key, context.clock.now()), ...(await leftOvers(key, context))];
  return found.length > 0 ? found : [about(key.name).fine('Labels, tags and deadlines are in order')];
}

/** What costs further calls: for a single key, or a small fleet. */
export async function examineSurroundings(
  managed: ManagedKey,
  { examiner, clock }: CliContext,
): Promise<readonly Diagnosis[]> {
  const { name, identity: key, secret } = managed;
  const [schedule, replicas] = await Promise.all([
    examiner.schedule(sharedName(key.environment), key.service),
    examiner.brokenReplicas(secret.arn),
  ]);
  const say = about(name);
  return [
    'known' in schedule && schedule.known === 'missing' && isChecked(managed, clock.now())
      ? scheduledElsewhere(managed)
      : scheduleDiagnosis(name, 'its check', schedule),
    ...('unknown' in replicas
      ? [say.unknown(`Its replicas: ${replicas.unknown}`)]
      : replicas.known.map((region) =>
          say.problem(
            `Its replica in ${region} is out of step`,
            'Replicas are read-only copies. Remove and add that region again.',
          ),
        )),
  ];
}

/** Today or yesterday: then something checks it, whatever is found under the shared names. */
const isChecked = ({ memory }: ManagedKey, now: Date) =>
  memory.checkedOn !== undefined && memory.checkedOn >= utcDay(plus(now, -DAY));

/** The file says which keys are in a further stack; nothing on the secret does. */
function scheduledElsewhere({ name, identity: key }: ManagedKey): Diagnosis {
  const group = sharedName(key.environment);
  return about(name).unknown(
    `The schedule of its check: not in ${group}, and the key is checked`,
    `With \`stack: x\` in the fleet file it is in ${group}-x. Otherwise deploy again.`,
  );
}

function stateOf(
  { name, memory, retiring, secret, acceptedVersion }: ManagedKey,
  now: Date,
): readonly Diagnosis[] {
  const say = about(name);
  const late = retiring.filter(({ until }) => until <= now);
  return [
    ...(secret.rotationEnabled
      ? []
      : [say.problem('Its rotation is off: a submitted key would never be tested', 'Deploy again.')]),
    ...(acceptedVersion ? [] : [say.problem('It waits for its first key', `${CALL} submit ${name}`)]),
    ...(memory.checkedOn
      ? []
      : [say.problem('It was never checked', `${CALL} check ${name}, and look at the schedule.`)]),
    ...late.map(({ until }) =>
      say.problem(
        `The grace of an old key ended ${absolute(until)}, and it is not proven dead`,
        `${CALL} retire ${name}`,
      ),
    ),
    ...(memory.verdict && memory.verdict.kind !== 'ALIVE'
      ? [
          say.problem(
            `Its live key is ${memory.verdict.kind}${memory.verdict.reason ? ` (${memory.verdict.reason})` : ''}`,
            `${CALL} check ${name}`,
          ),
        ]
      : []),
  ];
}

/** A submission or rotation that nobody finished. Only then are the versions listed. */
async function leftOvers(
  { name, secret, submittedVersion, pendingVersion }: ManagedKey,
  { store, clock }: CliContext,
): Promise<readonly Diagnosis[]> {
  if (!submittedVersion && !pendingVersion) return [];
  const say = about(name);
  const now = clock.now();
  const versions = await store.listVersions(secret.arn);
  const age = (id: string | undefined) => {
    const version = versions.find((each) => each.id === id);
    return version ? elapsed(version.createdAt, now) : 0;
  };
  return [
    ...(pendingVersion && age(pendingVersion) > ROTATION_STALE
      ? [
          say.problem(
            'A rotation has died: AWSPENDING is left on a version',
            `${CALL} check ${name} clears it away.`,
          ),
        ]
      : []),
    ...(submittedVersion && age(submittedVersion) > DAY
      ? [
          say.problem(
            'A submitted key waits for more than a day',
            `${CALL} check ${name}, or submit another with --replace.`,
          ),
        ]
      : []),
  ];
}
