import {
  CreateSecretCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { adminOn } from '../lambda/admin';
import { checkOn } from '../lambda/check';
import { reportOn } from '../lambda/report';
import { rotateOn } from '../lambda/rotate';
import type { Around, Runtime } from '../lib/adapters/runtime';
import { uuidFrom } from '../lib/cli/submit/submission-token';
import { encodeAdminEnv, encodeEnv, type FunctionEnv } from '../lib/contract/env';
import { type FunctionRole, functionName, sharedName } from '../lib/contract/names';
import { PLACEHOLDER } from '../lib/contract/secret-value';
import { METRICS_NAMESPACE } from '../lib/domain/metrics';
import type { Home } from '../lib/domain/probe/verdict';
import { type FakeAnthropic, openFakeAnthropic, startFakeAnthropic } from './anthropic/fake-anthropic';
import { clientConfig, type FakeAws, openFakeAws, startFakeAws } from './aws';
import type { Handler } from './aws/lambda';
import { VirtualClock } from './clock';
import { Telemetry } from './telemetry';

/** An environment to set up: what a deployed stack would declare. */
export interface StagedEnvironment {
  readonly name: string;
  readonly home?: Home;
  readonly adminAccess?: boolean;
  readonly subscriptions: readonly {
    readonly address: string;
    readonly filter?: Record<string, readonly string[]>;
  }[];
  readonly secrets: readonly StagedSecret[];
}

export interface StagedSecret {
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  /** @default the placeholder that every deployed secret starts with */
  readonly value?: string;
  /** Period of the rotation schedule. @default from the tag max-age-days */
  readonly rotationDays?: number;
}

/** The function names, topic and figures of an environment that stands. */
export interface StandingEnvironment {
  readonly name: string;
  readonly env: FunctionEnv;
  readonly telemetry: Telemetry;
}

/** The whole system in one process: real handlers and SDKs, on a clock of its own. */
export interface Stage {
  readonly clock: VirtualClock;
  readonly aws: FakeAws;
  readonly anthropic: FakeAnthropic;
  readonly environments: ReadonlyMap<string, StandingEnvironment>;
  /** Puts up an environment; again, it adds what is new. */
  deploy(environment: StagedEnvironment): Promise<StandingEnvironment>;
  /** Runs the check of a secret as its schedule does. @throws what the function throws */
  check(environment: string, secretName: string): Promise<unknown>;
  invoke(environment: string, role: FunctionRole, event: object): Promise<unknown>;
  /** Until no rotation runs any more. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

export interface StageOptions {
  readonly start: Date;
  /** Same seed, same keys. */
  readonly seed?: string;
  /** Stands between all workflows and their ports. */
  readonly around?: Around;
  /** Stands around each invocation of a function: one process. @default runs it */
  readonly process?: Process;
  /** Whether other processes reach it: AWS and Anthropic listen on ports of 127.0.0.1. @default false */
  readonly overHttp?: boolean;
}

export type Process = (run: () => Promise<unknown>) => Promise<unknown>;

/** Milliseconds that the embedded Lambda gives an invocation. */
const INVOCATION_LASTS = 300_000;

/** Opens an empty stage at a moment of one's choice. */
export async function openStage(options: StageOptions): Promise<Stage> {
  const clock = new VirtualClock(options.start);
  const { seed, overHttp } = options;
  const aws = overHttp ? await startFakeAws({ clock }) : openFakeAws({ clock });
  const anthropic = overHttp ? await startFakeAnthropic({ clock, seed }) : openFakeAnthropic({ clock, seed });
  const environments = new Map<string, StandingEnvironment>();
  const invoke = async (environment: string, role: FunctionRole, event: object) =>
    aws.lambda.run(functionName(environment, role), event, 'scheduler.amazonaws.com');
  return {
    clock,
    aws,
    anthropic,
    environments,
    async deploy(wanted) {
      const standing = environments.get(wanted.name) ?? setUp(wanted, { clock, aws, anthropic }, options);
      environments.set(wanted.name, standing);
      for (const secret of wanted.secrets) await create(secret, wanted.name, aws);
      return standing;
    },
    invoke,
    check: (environment, secretId) => invoke(environment, 'check', { secretId }),
    settle: () => aws.settle(),
    async close() {
      await aws.close();
      await anthropic.stop();
    },
  };
}

type World = Pick<Stage, 'clock' | 'aws' | 'anthropic'>;

function setUp(
  wanted: StagedEnvironment,
  { clock, aws, anthropic }: World,
  { around, process = (run) => run() }: Pick<StageOptions, 'around' | 'process'>,
): StandingEnvironment {
  const topic = aws.sns.createTopic(sharedName(wanted.name));
  for (const { address, filter } of wanted.subscriptions) aws.sns.subscribeEmail(topic.arn, address, filter);
  const env: FunctionEnv = {
    environment: wanted.name,
    topicArn: topic.arn,
    eventBusName: 'default',
    expectedHome: wanted.home ?? {},
    anthropicBaseUrl: anthropic.url,
    adminFunction: wanted.adminAccess ? functionName(wanted.name, 'admin') : undefined,
    metricsNamespace: METRICS_NAMESPACE,
    alertAddresses: wanted.subscriptions.flatMap(({ address, filter }) => (filter ? [] : [address])),
  };
  const telemetry = new Telemetry(clock);
  const host = (role: FunctionRole, more: Record<string, string> = {}): Runtime => ({
    vars: { ...encodeEnv(env), ...more },
    clock,
    aws: clientConfig(aws, functionName(wanted.name, role)),
    fetch: anthropic.fetch,
    telemetry,
    around,
    newToken: tokens(`${wanted.name}/${role}`),
    random: () => 0.5,
  });
  const put = (role: FunctionRole, handler: (event: never, context: object) => Promise<unknown>) =>
    aws.lambda.register(
      functionName(wanted.name, role),
      timed((event, context) => process(() => handler(event, context)), clock),
    );
  put('check', checkOn(host('check')));
  put('rotate', rotateOn(host('rotate')));
  put('report', reportOn(host('report')));
  if (wanted.adminAccess)
    put('admin', adminOn(host('admin', federation(wanted.name, { aws, anthropic, clock }))));
  return { name: wanted.name, env, telemetry };
}

/** Version ids that are the same in every run, so that what is printed of them is too. */
export function tokens(seed: string): () => string {
  let count = 0;
  return () => uuidFrom(`${seed}/${++count}`);
}

/** Gives each invocation the context that Lambda gives it: the time that is left, by the clock of this world. */
export function timed(
  handler: (event: never, context: object) => Promise<unknown>,
  clock: VirtualClock,
): Handler {
  return (event) => {
    const end = clock.now().getTime() + INVOCATION_LASTS;
    return handler(event as never, { getRemainingTimeInMillis: () => end - clock.now().getTime() });
  };
}

/** What a human sets up in the Console so that the function may administer keys without a stored secret. */
function federation(environment: string, { aws, anthropic }: World): Record<string, string> {
  const rule = {
    ruleId: `fdrl_${environment}`,
    organizationId: anthropic.organization.id,
    serviceAccountId: `svac_${environment}`,
    audience: 'https://api.anthropic.com',
  };
  const accepts = (token: string) => claimsOf(token).iss === aws.sts.issuer;
  anthropic.allowFederation({ ruleId: rule.ruleId, serviceAccountId: rule.serviceAccountId, accepts });
  return encodeAdminEnv({ federation: rule });
}

/** What a token says of itself. */
export const claimsOf = (token: string): { iss?: string } =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8') || '{}');

/** Creates a secret as CloudFormation does, and attaches its rotation without rotating: AWS then runs testSecret alone. */
async function create(secret: StagedSecret, environment: string, aws: FakeAws): Promise<void> {
  if (aws.secretsManager.inspect(secret.name)) return;
  const cloudFormation = new SecretsManagerClient(clientConfig(aws, 'cloudformation'));
  const tags = Object.entries(secret.tags).map(([Key, Value]) => ({ Key, Value }));
  await cloudFormation.send(
    new CreateSecretCommand({ Name: secret.name, SecretString: secret.value ?? PLACEHOLDER, Tags: tags }),
  );
  await cloudFormation.send(
    new RotateSecretCommand({
      SecretId: secret.name,
      RotationLambdaARN: `arn:aws:lambda:${aws.region}:${aws.accountId}:function:${functionName(environment, 'rotate')}`,
      RotationRules: {
        AutomaticallyAfterDays: secret.rotationDays ?? Number(secret.tags['anthropic-key:max-age-days']),
      },
      RotateImmediately: false,
    }),
  );
  await aws.settle();
}
