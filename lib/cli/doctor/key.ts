import { sharedName } from '../../contract/names';
import { ROTATION_STALE } from '../../domain/rotation/reconcile';
import { DAY, elapsed, plus, utcDay } from '../../domain/time';
import { CALL } from '../../domain/wording/commands';
import { absolute } from '../../domain/wording/text';
import type { CliContext } from '../context';
import type { ManagedKey } from '../managed-key';
import { scheduleDiagnosis } from './environment';
import { about, type Diagnosis } from './here';

/** One key by its labels and tags: what is left over, late, or off. */
export async function examineKey(key: ManagedKey, context: CliContext): Promise<readonly Diagnosis[]> {
  const found = [...stateOf(key, context.clock.now()), ...(await leftOvers(key, context))];
  return found.length > 0 ? found : [about(key.name).fine('Labels, tags and deadlines are in order')];
}

/** What costs further calls, and so is left out for large fleets. */
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
            'Replicas are read-only copies. Remove that region and add it again.',
          ),
        )),
  ];
}

/** Checked today or yesterday: then some schedule runs, even if none is found under the shared names. */
const isChecked = ({ memory }: ManagedKey, now: Date) =>
  memory.checkedOn !== undefined && memory.checkedOn >= utcDay(plus(now, -DAY));

/** Only the fleet file says which keys are in another stack; the secret does not. */
function scheduledElsewhere({ name, identity: key }: ManagedKey): Diagnosis {
  const group = sharedName(key.environment);
  return about(name).unknown(
    `The schedule of its check: not in ${group}, but the key is checked`,
    `With \`stack: x\` in the fleet file it is in ${group}-x. Otherwise deploy again.`,
  );
}

function stateOf(
  { name, memory, retiring, secret, acceptedVersion }: ManagedKey,
  now: Date,
): readonly Diagnosis[] {
  const { verdict } = memory;
  const problems: (readonly [what: string, fix: string] | false)[] = [
    !secret.rotationEnabled && [
      'Its rotation is off: a submitted key would never be tested',
      'Deploy again.',
    ],
    !acceptedVersion && ['It waits for its first key', `${CALL} submit ${name}`],
    !memory.checkedOn && ['It was never checked', `${CALL} check ${name}, and look at the schedule.`],
    ...retiring
      .filter(({ until }) => until <= now)
      .map(({ until }): readonly [string, string] => [
        `The grace of an old key ended ${absolute(until)}, but it is not proven dead`,
        `${CALL} retire ${name}`,
      ]),
    verdict !== undefined &&
      verdict.kind !== 'ALIVE' && [
        `Its live key is ${verdict.kind}${verdict.reason ? ` (${verdict.reason})` : ''}`,
        `${CALL} check ${name}`,
      ],
  ];
  return problems.filter((problem) => problem !== false).map((problem) => about(name).problem(...problem));
}

/** A submission or rotation that was not finished. Lists the versions only if there may be one. */
async function leftOvers(
  { name, secret, submittedVersion, pendingVersion }: ManagedKey,
  { store, clock }: CliContext,
): Promise<readonly Diagnosis[]> {
  if (!submittedVersion && !pendingVersion) return [];
  const say = about(name);
  const now = clock.now();
  const versions = await store.listVersions(secret.arn);
  const isOlder = (id: string | undefined, age: number) =>
    versions.some((version) => version.id === id && elapsed(version.createdAt, now) > age);
  return [
    ...(isOlder(pendingVersion, ROTATION_STALE)
      ? [say.problem('A dead rotation left AWSPENDING on a version', `${CALL} check ${name} removes it.`)]
      : []),
    ...(isOlder(submittedVersion, DAY)
      ? [
          say.problem(
            'A submitted key has waited for more than a day',
            `${CALL} check ${name}, or submit another with --replace.`,
          ),
        ]
      : []),
  ];
}
