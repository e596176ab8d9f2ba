import { sharedName, stackName } from '../../contract/names';
import { CREATED_AT_TAG, POLICY_PREFIX, policyToTags } from '../../contract/policy-tags';
import type { SecretDescription } from '../../contract/read-secret';
import { ROTATION_STALE } from '../../domain/rotation/reconcile';
import { DAY, elapsed, plus, utcDay } from '../../domain/time';
import { CLI_COMMAND } from '../../domain/wording/cli-command';
import { KEEP_ONE } from '../../domain/wording/phrases';
import { absolute } from '../../domain/wording/text';
import type { CliContext } from '../context';
import { keyOption, type ManagedKey, oldKeyName } from '../managed-key';
import { because } from '../words';
import { scheduleDiagnosis } from './environment';
import { about, type Diagnosis, notExamined } from './here';

/** One key by its labels and tags: what is left over, late, or off. */
export async function examineKey(key: ManagedKey, context: CliContext): Promise<readonly Diagnosis[]> {
  const found = [
    ...stateOf(key, context.clock.now()),
    ...(await leftOvers(key, context)),
    ...(await againstFile(key, context)),
  ];
  return found.length > 0 ? found : [about(key.name).fine('Labels, tags and deadlines are in order')];
}

/** What costs further calls, and so is left out for large fleets. */
export async function examineSurroundings(
  managed: ManagedKey,
  { examiner, clock, configured }: CliContext,
): Promise<readonly Diagnosis[]> {
  const { name, identity: key, secret } = managed;
  const inFile = (await configured(key))?.found?.key;
  const further = inFile?.existing === undefined ? (deployedIn(managed) ?? inFile) : inFile;
  const group = [sharedName(key.environment), ...(further?.stack ? [further.stack] : [])].join('-');
  const [schedule, replicas] = await Promise.all([
    examiner.schedule(group, key.service),
    examiner.brokenReplicas(secret.arn),
  ]);
  const say = about(name);
  return [
    'known' in schedule && schedule.known === 'missing' && isChecked(managed, clock.now())
      ? scheduledElsewhere(name, group)
      : scheduleDiagnosis(name, 'its check', schedule, key.environment),
    ...('unknown' in replicas
      ? [notExamined(name, 'Its replicas', replicas, { environment: key.environment })]
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

/** Only a fleet file says which further stack an adopted secret is in. */
function scheduledElsewhere(name: string, group: string): Diagnosis {
  return about(name).unknown(
    `The schedule of its check: not in ${group}, but the key is checked`,
    `It may be in the group of a further stack, if another fleet file than this one was deployed. Otherwise deploy again.`,
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
    !acceptedVersion && ['It waits for its first key', `${CLI_COMMAND} submit ${name}`],
    !memory.checkedOn && ['It was never checked', `${CLI_COMMAND} check ${name}, and look at the schedule.`],
    ...retiring
      .filter(({ until }) => until <= now)
      .map((old): readonly [string, string] => [
        `The grace of its old key ${oldKeyName(old)} ended ${absolute(old.until)}, but it is not proven dead`,
        `${CLI_COMMAND} retire ${name}${keyOption(old)}`,
      ]),
    verdict !== undefined &&
      verdict.kind !== 'ALIVE' && [
        `Its live key is ${verdict.kind}${because(verdict.reason)}`,
        `${CLI_COMMAND} check ${name}`,
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
      ? [
          say.problem(
            'A dead rotation left AWSPENDING on a version',
            `${CLI_COMMAND} check ${name} removes it.`,
          ),
        ]
      : []),
    ...(isOlder(submittedVersion, DAY)
      ? [
          say.problem(
            'A submitted key has waited for more than a day',
            `${CLI_COMMAND} check ${name}, or submit another with --replace.`,
          ),
        ]
      : []),
  ];
}

/** What the fleet file says of the key, where it has its environment. A file with faults is for `cdk synth` to refuse. */
async function againstFile(key: ManagedKey, context: CliContext): Promise<readonly Diagnosis[]> {
  const { name, identity, secret, memory } = key;
  const { file = '', found } = (await context.configured(identity)) ?? {};
  if (!found) return [];
  const say = about(name);
  if (!found.key) {
    const live = memory.verdict
      ? `its live key ${memory.verdict.hint} was ${memory.verdict.kind}`
      : 'no check has seen its key';
    return [
      say.problem(
        `${file} does not have it any more, so nothing checks it, and ${live}`,
        `Put it back with existing: ${secret.arn}, and deploy. Or switch its key off, then delete ${secret.name}. If another file was deployed, name it by ROTATION_KEYS_FILE.`,
      ),
    ];
  }
  const { existing, owner, stack, consumers } = found.key;
  const elsewhere = existing === undefined ? deployedElsewhere(key, file, stack) : [];
  if (elsewhere.length > 0) return elsewhere;
  if (existing !== undefined && existing !== secret.arn)
    return [say.problem(`${file} names another secret for it: ${existing}`, KEEP_ONE)];
  const wanted = policyToTags({ ...identity, owner, consumers }, found.policy, found.home);
  const differences = differencesOf(secret.tags, wanted);
  return differences.length === 0
    ? []
    : [
        say.problem(
          `Its tags are not what ${file} says: ${differences.join(', ')}`,
          existing ? `${CLI_COMMAND} adopt ${secret.name}` : 'Deploy again: a deployment writes these tags.',
        ),
      ];
}

/** The stack that created the secret, where it is one of this environment. An app of one's own may name its stacks otherwise. */
function deployedIn({ identity, secret }: ManagedKey): { readonly stack?: string } | undefined {
  const ours = new RegExp(`(?:^|-)${stackName(identity.environment)}(?:-(?<stack>[a-z0-9-]+))?$`);
  const match = ours.exec(secret.tags['aws:cloudformation:stack-name'] ?? '');
  return match ? { stack: match.groups?.stack } : undefined;
}

/** A deployed key that the fleet file would move. */
function deployedElsewhere(key: ManagedKey, file: string, stack: string | undefined): readonly Diagnosis[] {
  const { environment } = key.identity;
  const deployed = deployedIn(key);
  if (deployed === undefined || deployed.stack === stack) return [];
  return [
    about(key.name).problem(
      `Its secret is in the stack ${stackName(environment, deployed.stack)}, but ${file} puts it into ${stackName(environment, stack)}`,
      `Do not deploy: a deployed key cannot move. Make \`stack\` of the key, and \`stacks\` of ${environment}, what they were.`,
    ),
  ];
}

function differencesOf(
  tags: SecretDescription['tags'],
  wanted: SecretDescription['tags'],
): readonly string[] {
  const names = [...new Set([...Object.keys(tags), ...Object.keys(wanted)])];
  return names
    .filter((tag) => tag.startsWith(POLICY_PREFIX) && tag !== CREATED_AT_TAG && tags[tag] !== wanted[tag])
    .map(
      (tag) =>
        `${tag.slice(POLICY_PREFIX.length)} ${tags[tag] ?? 'none'} instead of ${wanted[tag] ?? 'none'}`,
    );
}
