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
import { type FunctionRole, functionName, ordersName } from '../lib/contract/names';
import type { Home } from '../lib/domain/probe/verdict';
import { adminKey, allowFederation } from './admin-access';
import {
  type FakeAnthropic,
  type FakeAnthropicOptions,
  openFakeAnthropic,
  startFakeAnthropic,
} from './anthropic/fake-anthropic';
import { clientConfig, type FakeAws, openFakeAws, startFakeAws } from './aws';
import type { Handler } from './aws/lambda';
import { VirtualClock } from './clock';
import type { DeclaredFunction, DeclaredSecret, Deployment } from './deployment';
import { installDeclared } from './restart-on-rotation';
import { snapshotOf } from './snapshot';
import { Telemetry } from './telemetry';
import { tokens } from './tokens';

/** An environment that is deployed: its account at AWS, its organization at Anthropic, and what its functions logged and counted. */
export interface Deployed {
  readonly deployment: Deployment;
  readonly aws: FakeAws;
  readonly anthropic: FakeAnthropic;
  readonly home: Required<Home>;
  readonly telemetry: Telemetry;
  /** When it was deployed. */
  readonly since: Date;
  /** Invocations that ended in an error. */
  readonly failures: { readonly at: Date; readonly functionName: string }[];
  readonly adminAccess: boolean;
  /** The environment variables that a function of it runs with. */
  readonly variables: Readonly<Partial<Record<FunctionRole, Variables>>>;
  /** Runs a function of it. @throws what the function throws */
  invoke(role: FunctionRole, event: object, invokedBy?: string): Promise<unknown>;
  /** Gives the function with Admin access a person's order. @throws what the function throws */
  order(request: object, invokedBy?: string): Promise<unknown>;
}

type Variables = Readonly<Record<string, string>>;

export interface SandboxOptions {
  readonly start: Date;
  /** The organization at Anthropic of environments that name none. */
  readonly organization?: Pick<FakeAnthropicOptions, 'seed' | 'organization'>;
  /** Stands between all workflows and their ports. */
  readonly around?: Around;
  /** Stands around each invocation of a function: one process. @default runs it */
  readonly process?: Process;
  /** Whether other processes reach it: AWS and Anthropic listen on ports of 127.0.0.1. @default false */
  readonly overHttp?: boolean;
}

export type Process = (run: () => Promise<unknown>) => Promise<unknown>;

/** The functions' own code, by role. */
export const HANDLERS = { check: checkOn, rotate: rotateOn, report: reportOn, admin: adminOn } as const;

/**
 * The whole system in this process: real handlers and SDKs, one embedded AWS per account and region, one fake Anthropic per organization,
 * and one clock. The one installer of demo and tests: it does what `cdk deploy` would do, from a declaration.
 */
export class Sandbox {
  readonly clock: VirtualClock;
  readonly #deployed = new Map<string, Deployed>();
  readonly #clouds = new Map<string, FakeAws>();
  readonly #organizations = new Map<string, FakeAnthropic>();

  private constructor(
    private readonly options: SandboxOptions,
    clock: VirtualClock,
    /** The account of environments that name no other one. */
    readonly aws: FakeAws,
    /** The organization of environments that name no other one. */
    readonly anthropic: FakeAnthropic,
  ) {
    this.clock = clock;
    this.#clouds.set(placeOf(aws), aws);
    this.#organizations.set(anthropic.organization.id, anthropic);
  }

  /** Opens it at a moment of one's choice, with nothing deployed. */
  static async open(options: SandboxOptions): Promise<Sandbox> {
    const clock = new VirtualClock(options.start);
    const { overHttp, organization } = options;
    const aws = overHttp ? await startFakeAws({ clock }) : openFakeAws({ clock });
    const anthropic = await anthropicOf({ clock, ...organization }, overHttp);
    return new Sandbox(options, clock, aws, anthropic);
  }

  get deployed(): readonly Deployed[] {
    return [...this.#deployed.values()];
  }

  /** Accounts in which something is deployed. */
  get clouds(): readonly FakeAws[] {
    return [...new Set(this.deployed.map(({ aws }) => aws))];
  }

  /** Organizations that something is deployed for. */
  get organizations(): readonly FakeAnthropic[] {
    return [...new Set(this.deployed.map(({ anthropic }) => anthropic))];
  }

  /** @throws Error where nothing of that name is deployed */
  environment(name: string): Deployed {
    const found = this.#deployed.get(name);
    if (!found) throw new Error(`No environment ${name} is deployed.`);
    return found;
  }

  /** Deploys an environment; again, it adds the secrets that are new. */
  async deploy(deployment: Deployment): Promise<Deployed> {
    const deployed = this.#deployed.get(deployment.environment) ?? (await this.#install(deployment));
    this.#deployed.set(deployment.environment, deployed);
    for (const secret of deployment.secrets) await createSecret(deployed, secret);
    return deployed;
  }

  invoke(environment: string, role: FunctionRole, event: object): Promise<unknown> {
    return this.environment(environment).invoke(role, event);
  }

  /** Runs the check of a secret as its schedule does. @throws what the function throws */
  check(environment: string, secretId: string): Promise<unknown> {
    return this.invoke(environment, 'check', { secretId });
  }

  /** Until no rotation runs any more. */
  async settle(): Promise<void> {
    for (const aws of this.#clouds.values()) await aws.settle();
  }

  /**
   * Remembers the time, all secrets, what was mailed, services of ECS, and the keys of every organization with their use and their troubles. Returns what
   * goes back there, as often as it is called. Logs, events and counts go on, and so do scripts and faults.
   */
  snapshot(): () => void {
    const clouds = [...this.#clouds.values()];
    return snapshotOf([
      this.clock,
      ...clouds.flatMap(({ secretsManager, sns, ecs }) => [secretsManager, sns, ecs]),
      ...this.#organizations.values(),
    ]);
  }

  async close(): Promise<void> {
    await Promise.all([
      ...[...this.#clouds.values()].map((aws) => aws.close()),
      ...[...this.#organizations.values()].map((one) => one.stop()),
    ]);
  }

  async #install(deployment: Deployment): Promise<Deployed> {
    const { environment, functions, subscriptions } = deployment;
    const aws = await this.#cloud(deployment);
    const told = functions[0]?.variables ?? {};
    const anthropic = await this.#organization(told.ROTATION_HOME_ORGANIZATION);
    const variables: Partial<Record<FunctionRole, Variables>> = {};
    const name = (role: FunctionRole) => functionName(environment, role);
    const deployed: Deployed = {
      ...{ deployment, aws, anthropic, variables },
      home: {
        organizationId: anthropic.organization.id,
        workspaceId: told.ROTATION_HOME_WORKSPACE ?? `wrkspc_${environment}`,
      },
      telemetry: new Telemetry(this.clock),
      since: this.clock.now(),
      failures: [],
      adminAccess: functions.some((one) => one.name === name('admin')),
      invoke: (role, event, invokedBy = 'scheduler.amazonaws.com') =>
        aws.lambda.run(name(role), event, invokedBy),
      order: (request, invokedBy = 'ada') => aws.lambda.run(ordersName(environment), request, invokedBy),
    };
    for (const { topicArn, address, filter } of subscriptions)
      aws.sns.subscribeEmail(topicOf(topicArn, aws), address, filter);
    for (const { logGroup, retentionDays, ...rule } of deployment.evidence) {
      aws.logs.createGroup(logGroup, retentionDays);
      aws.events.addRule({ ...rule, deliver: (event) => aws.logs.write(logGroup, event) });
    }
    for (const restart of deployment.restarts)
      await installDeclared({ aws, clock: this.clock, log: deployed.telemetry.log }, restart);
    for (const one of functions) {
      const role = one.name.split('-').at(-1) as FunctionRole;
      variables[role] = await variablesHere(one, deployed);
      if (role === 'admin') allowFederation(deployed, one.variables);
      this.#register(role, one, deployed);
    }
    return deployed;
  }

  /** Registers the real handler under the declared name. */
  #register(role: FunctionRole, { name, aliases, timeout }: DeclaredFunction, deployed: Deployed): void {
    const { clock } = this;
    const { around, process = (run) => run() } = this.options;
    const { aws, anthropic, telemetry, failures } = deployed;
    const runtime: Runtime = {
      vars: deployed.variables[role]!,
      clock,
      aws: clientConfig(aws, name),
      fetch: anthropic.fetch,
      newToken: tokens(name),
      random: () => 0.5,
      telemetry,
      around,
    };
    const handler = HANDLERS[role](runtime) as Timed;
    const run = timed((event, context) => process(() => handler(event, context)), timeout, clock);
    aws.lambda.register(name, async (event, context) => {
      try {
        return await run(event, context);
      } catch (error) {
        failures.push({ at: clock.now(), functionName: name });
        throw error;
      }
    });
    for (const alias of aliases) aws.lambda.addAlias(name, alias);
  }

  async #cloud({ account: accountId, region }: Deployment): Promise<FakeAws> {
    const place = placeOf({ accountId, region });
    const props = { clock: this.clock, accountId, region };
    const aws =
      this.#clouds.get(place) ?? (this.options.overHttp ? await startFakeAws(props) : openFakeAws(props));
    this.#clouds.set(place, aws);
    return aws;
  }

  async #organization(id = this.anthropic.organization.id): Promise<FakeAnthropic> {
    const options = { clock: this.clock, seed: id, organization: { id, name: 'Example Ltd' } };
    const anthropic = this.#organizations.get(id) ?? (await anthropicOf(options, this.options.overHttp));
    this.#organizations.set(id, anthropic);
    return anthropic;
  }
}

const placeOf = ({ accountId, region }: { accountId: string; region: string }) => `${accountId}/${region}`;

const anthropicOf = async (options: FakeAnthropicOptions, overHttp = false) =>
  overHttp ? await startFakeAnthropic(options) : openFakeAnthropic(options);

/** The topic of that name in this world. */
const topicOf = (arn: string, aws: FakeAws) => aws.sns.createTopic(arn.split(':').at(-1)!).arn;

/** The declared environment of a function; only what the embedded world gives another address or ARN is another one. */
async function variablesHere({ variables }: DeclaredFunction, deployed: Deployed): Promise<Variables> {
  return {
    ...variables,
    ROTATION_ANTHROPIC_URL: deployed.anthropic.url,
    ROTATION_TOPIC_ARN: topicOf(variables.ROTATION_TOPIC_ARN!, deployed.aws),
    ...(await adminKey(deployed, variables)),
  };
}

type Timed = (event: never, context: object) => Promise<unknown>;

/** Gives each invocation the context that Lambda gives it: the time that is left, by the clock of this world. */
function timed(handler: Timed, timeout: number, clock: VirtualClock): Handler {
  return (event, context) => {
    const end = clock.now().getTime() + timeout * 1000;
    const getRemainingTimeInMillis = () => end - clock.now().getTime();
    return handler(event as never, { ...context, getRemainingTimeInMillis });
  };
}

/** Creates a secret as CloudFormation does, and attaches its rotation without rotating: AWS then runs testSecret alone. */
async function createSecret({ aws, deployment }: Deployed, secret: DeclaredSecret): Promise<void> {
  if (aws.secretsManager.inspect(secret.name)) return;
  const cloudFormation = new SecretsManagerClient(clientConfig(aws, 'cloudformation'));
  const token = tokens(`cloudformation/${secret.name}`);
  await cloudFormation.send(
    new CreateSecretCommand({
      Name: secret.name,
      SecretString: secret.value,
      ClientRequestToken: token(),
      Tags: Object.entries(secret.tags).map(([Key, Value]) => ({ Key, Value })),
    }),
  );
  await cloudFormation.send(
    new RotateSecretCommand({
      SecretId: secret.name,
      ClientRequestToken: token(),
      RotationLambdaARN: `arn:aws:lambda:${aws.region}:${aws.accountId}:function:${functionName(deployment.environment, 'rotate')}`,
      RotationRules: { AutomaticallyAfterDays: secret.rotationDays },
      RotateImmediately: false,
    }),
  );
  await aws.settle();
}
