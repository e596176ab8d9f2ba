import { ENVIRONMENT_TAG } from '../../contract/policy-tags';
import { readListing, type SecretDescription } from '../../contract/read-secret';
import { fleetOf } from '../../domain/fleet/fleet';
import { keyName } from '../../domain/policy';
import { CLI_COMMAND } from '../../domain/wording/cli-command';
import { KEEP_ONE } from '../../domain/wording/phrases';
import { StoreError } from '../../workflows/errors';
import type { CliContext } from '../context';
import { examineEnvironment } from '../doctor/environment';
import { about, type Diagnosis, examineHere, examinePart } from '../doctor/here';
import { examineKey, examineSurroundings } from '../doctor/key';
import { EXIT, type ExitCode } from '../exit-code';
import { environmentOf, findKey, readKeyName, usualSecretName } from '../find-key';
import { type ManagedKey, managedKey } from '../managed-key';
import { type Style, wrap } from '../style';
import { waitFor } from '../terminal';
import type { Verb } from '../verb';

interface Intent {
  readonly key?: string;
}

/** Up to how many keys each one gets calls of its own. Of larger fleets only the listing is examined. */
const SMALL_FLEET = 20;

/** Finds what could keep a rotation from working. */
export const doctor: Verb<Intent> = {
  name: 'doctor',
  summary: 'find what could keep a rotation from working',
  about:
    'Examines identity and permissions, functions, subscriptions, schedules, labels and tags, leftovers, secret names, the clock, and the connection to Anthropic. Every problem comes with its fix. What could not be examined is listed with the reason and the policy that would allow it, and the rest goes on. It changes nothing. Exit code 3 means that there is a problem.',
  argument: ['[key]', 'such as prod/api-gateway; default: all in this account and region'],
  examples: ['doctor', 'doctor prod/api-gateway', 'doctor --json'],
  seeAlso: ['status', 'check', 'show'],
  document: 'doctor/1',
  read: (key) => (key === undefined ? {} : { key: readKeyName(key) }),
  async prepare({ key }, context) {
    return {
      async execute() {
        const diagnoses = await waitFor(context.terminal, 'Examining', () => examine(key, context));
        return { exit: exitFor(diagnoses), json: { diagnoses }, text: (style) => render(diagnoses, style) };
      },
    };
  },
};

async function examine(wanted: string | undefined, context: CliContext): Promise<readonly Diagnosis[]> {
  const { secrets, failures, named } = await look(wanted, context);
  // After a first call, because its answer tells the endpoint and the time.
  const here = await examineHere(context);
  if (!here.signedIn) return [...here.diagnoses, NOTHING_ELSE];
  const { listed, unreadable, claimed } = readListing(secrets);
  const { twins } = fleetOf(listed, unreadable, context.clock.now());
  const readable = new Set(listed.map(({ key }) => key.secretArn));
  const keys = secrets.filter(({ arn }) => readable.has(arn)).map(managedKey);
  const managed = [...listed.map(({ key }) => key), ...unreadable];
  const environments = [
    ...new Set([...managed.map(({ environment }) => environment), ...(named ? [named] : [])]),
  ].sort();
  const closer = keys.length <= SMALL_FLEET ? keys : [];
  const ofKey = (work: typeof examineKey) => (key: ManagedKey) =>
    examinePart(key.name, 'It was not examined', () => work(key, context), key.identity);
  const parts = await Promise.all([
    ...environments.map((environment) => examineEnvironment(environment, context)),
    ...keys.map(ofKey(examineKey)),
    ...closer.map(ofKey(examineSurroundings)),
  ]);
  return [
    ...here.diagnoses,
    ...failures,
    ...parts.flat(),
    ...unreadable.map(({ secretName, faults }) =>
      about(secretName).problem(
        `Its policy tags cannot be used: ${faults.join('; ')}`,
        'Deploy again. For an adopted secret, run adopt again.',
      ),
    ),
    ...twins.map(({ name, secrets }) =>
      about(name).problem(
        `It is the name of ${secrets.join(' and ')}: commands that name it are refused`,
        KEEP_ONE,
      ),
    ),
    ...claimed.map((secret) =>
      about(secret.secretName).problem(
        `It is tagged as ${keyName(secret)}, but no deployment manages it`,
        `Add it to keys.yaml with existing: ${secret.secretArn}, and deploy. If it is none of yours, take its tags away.`,
      ),
    ),
    ...(managed.length > 0 || failures.length > 0 ? [] : [NO_KEY]),
  ];
}

interface Found {
  readonly secrets: readonly SecretDescription[];
  readonly failures: readonly Diagnosis[];
  /** An environment that can be examined although no key of it was found. */
  readonly named?: string;
}

/** The secrets to examine: all, or the one that is wanted, which may be described even where nothing may be listed. */
async function look(wanted: string | undefined, context: CliContext): Promise<Found> {
  const { store, profile } = context;
  let secrets: readonly SecretDescription[] = [];
  let denied = false;
  const named = wanted && environmentOf(wanted);
  const find = async () => {
    secrets = wanted ? [await findKey(wanted, context)] : await store.list({ tagKey: ENVIRONMENT_TAG });
  };
  const describe = async () => {
    secrets = [await store.describe(usualSecretName(wanted!))];
  };
  const part = (thing: string, what: string, work: () => Promise<void>) =>
    examinePart(
      thing,
      what,
      () =>
        work().then(
          () => [],
          (error: unknown) => {
            denied = error instanceof StoreError && error.denial !== undefined;
            throw error;
          },
        ),
      { profile, environment: named },
    );
  const failures = await part('here', 'The keys cannot be listed', find);
  if (!denied) return { secrets, failures };
  if (!wanted) return { secrets, failures: [...failures, NAME_ONE] };
  const undescribed = await part(wanted, 'It cannot be described', describe);
  return { secrets, failures: [...failures, ...undescribed], named };
}

const NOTHING_ELSE = about('here').unknown(
  'Environments and keys: nothing can be examined until AWS can be asked',
);

const NAME_ONE = about('here').unknown(
  'Environments and keys: which there are, only the listing says',
  `To examine one all the same, name it: ${CLI_COMMAND} doctor prod/api-gateway`,
);

const NO_KEY = about('here').problem(
  'There is no managed key in this account and region',
  'Deploy first, or check --profile and --region.',
);

const exitFor = (diagnoses: readonly Diagnosis[]): ExitCode =>
  diagnoses.some(({ state }) => state === 'problem') ? EXIT.attention : EXIT.fine;

function render(diagnoses: readonly Diagnosis[], style: Style): string {
  const mark = { fine: style.good('ok'), problem: style.bad('!!'), unknown: style.warn(' ?') } as const;
  const things = [...new Set(diagnoses.map((each) => each.about))];
  const blocks = things.map((thing) => {
    const lines = diagnoses
      .filter((each) => each.about === thing)
      .flatMap(({ state, what, fix }) => [
        `  ${mark[state]}  ${wrap(what, style.columns - 6, '      ')}`,
        ...(fix ? [`      ${wrap(fix, style.columns - 6, '      ')}`] : []),
      ]);
    return [style.bold(thing), ...lines].join('\n');
  });
  const count = (state: Diagnosis['state']) => diagnoses.filter((each) => each.state === state).length;
  const summary = `${count('problem')} to fix, ${count('unknown')} not examined, ${count('fine')} fine`;
  return [...blocks, '', summary].join('\n');
}
