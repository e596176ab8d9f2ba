import {
  CreateSecretCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { adminOn } from '../../lambda/admin';
import { checkOn } from '../../lambda/check';
import { reportOn } from '../../lambda/report';
import { rotateOn } from '../../lambda/rotate';
import type { Host } from '../../lib/adapters/host';
import { type FunctionRole, functionName } from '../../lib/contract/names';
import type { Home } from '../../lib/domain/verdict';
import { type FakeAnthropic, startFakeAnthropic } from '../anthropic/fake-anthropic';
import { clientConfig, type FakeAws, startFakeAws } from '../aws';
import { VirtualClock } from '../clock';
import { claimsOf, timed, tokens } from '../stage';
import { Telemetry } from '../telemetry';
import type { Collected, Datum } from './alarm';
import type { DeclaredSecret, Deployment } from './deployment';

/** An environment that stands: its account at AWS, its organization at Anthropic, and what its functions counted. */
export interface Site {
  readonly deployment: Deployment;
  readonly aws: FakeAws;
  readonly anthropic: FakeAnthropic;
  readonly home: Required<Home>;
  readonly telemetry: Telemetry;
  /** When it was deployed. */
  readonly since: Date;
  /** Invocations that ended in an error. */
  readonly failures: { readonly at: Date; readonly functionName: string }[];
  readonly collected: Collected;
  readonly adminAccess: boolean;
  /** Runs a function of it. @throws what the function throws */
  invoke(role: FunctionRole, event: object, invokedBy?: string): Promise<unknown>;
}

/** A whole fleet in this process: one embedded AWS per account and region, one fake Anthropic per organization, one clock. */
export class Land {
  readonly clock: VirtualClock;
  readonly sites: Site[] = [];
  readonly #clouds = new Map<string, FakeAws>();
  readonly #organizations = new Map<string, FakeAnthropic>();

  constructor(start: Date) {
    this.clock = new VirtualClock(start);
  }

  get clouds(): readonly FakeAws[] {
    return [...this.#clouds.values()];
  }

  get organizations(): readonly FakeAnthropic[] {
    return [...this.#organizations.values()];
  }

  /** Does what `cdk deploy` of the environment's stacks would do, from their templates. */
  async deploy(deployment: Deployment): Promise<Site> {
    const aws = await this.#cloud(deployment);
    const variables = deployment.functions[0]?.variables ?? {};
    const home = {
      organizationId: variables.ROTATION_HOME_ORGANIZATION ?? 'org-demo',
      workspaceId: variables.ROTATION_HOME_WORKSPACE ?? `wrkspc_${deployment.environment}`,
    };
    const anthropic = await this.#organization(home.organizationId);
    const site = this.#site(deployment, aws, anthropic, home);
    declareTopics(site);
    await declareFunctions(site, this.clock);
    for (const secret of deployment.secrets) await declareSecret(site, secret);
    this.sites.push(site);
    return site;
  }

  async settle(): Promise<void> {
    for (const aws of this.clouds) await aws.settle();
  }

  async close(): Promise<void> {
    await Promise.all([
      ...this.clouds.map((aws) => aws.close()),
      ...this.organizations.map((one) => one.stop()),
    ]);
  }

  #site(deployment: Deployment, aws: FakeAws, anthropic: FakeAnthropic, home: Required<Home>): Site {
    const telemetry = new Telemetry(this.clock);
    const failures: Site['failures'] = [];
    const name = (role: FunctionRole) => functionName(deployment.environment, role);
    return {
      deployment,
      aws,
      anthropic,
      home,
      telemetry,
      since: this.clock.now(),
      failures,
      collected: collectedBy(telemetry, failures),
      adminAccess: deployment.functions.some((one) => one.name === name('admin')),
      invoke: (role, event, invokedBy = 'scheduler.amazonaws.com') =>
        aws.lambda.run(name(role), event, invokedBy),
    };
  }

  async #cloud({ account, region }: Deployment): Promise<FakeAws> {
    const place = `${account}/${region}`;
    const aws =
      this.#clouds.get(place) ?? (await startFakeAws({ clock: this.clock, accountId: account, region }));
    this.#clouds.set(place, aws);
    return aws;
  }

  async #organization(id: string): Promise<FakeAnthropic> {
    const organization = { id, name: 'Example Ltd' };
    const anthropic =
      this.#organizations.get(id) ??
      (await startFakeAnthropic({ clock: this.clock, seed: id, organization }));
    this.#organizations.set(id, anthropic);
    return anthropic;
  }
}

/** CloudWatch's view: errors of functions, and what functions counted, in one series per metric. */
function collectedBy({ counts }: Telemetry, failures: Site['failures']): Collected {
  const series = new Map<string, Datum[]>();
  let read = 0;
  return (namespace, name, dimension) => {
    if (namespace === 'AWS/Lambda')
      return failures.flatMap(({ at, functionName: of }) => (of === dimension ? { at, value: 1 } : []));
    for (; read < counts.length; read += 1) {
      const { name: counted, at, value } = counts[read]!;
      const data = series.get(counted) ?? [];
      data.push({ at, value });
      series.set(counted, data);
    }
    return series.get(name) ?? [];
  };
}

/** Topics of the templates and topics that they only refer to; those have one listener already. */
function declareTopics({ deployment, aws }: Site): void {
  const named = (arn: string) => arn.split(':').at(-1)!;
  for (const { topicArn, address, filter } of deployment.subscriptions)
    aws.sns.subscribeEmail(aws.sns.createTopic(named(topicArn)).arn, address, filter);
  const mentioned = [
    ...deployment.functions.flatMap(({ variables }) => variables.ROTATION_TOPIC_ARN ?? []),
    ...deployment.alarms.flatMap(({ AlarmActions = [], OKActions = [] }) => [...AlarmActions, ...OKActions]),
  ];
  for (const arn of new Set(mentioned)) {
    const topic = aws.sns.createTopic(named(arn));
    if (topic.subscriptions.length > 0) continue;
    const listener = `${topic.name}@topic.example`;
    aws.sns.subscribeEmail(topic.arn, listener);
    aws.sns.confirm(listener);
  }
}

const HANDLERS = { check: checkOn, rotate: rotateOn, report: reportOn, admin: adminOn } as const;

/** Registers the real handlers under the declared names, with the declared environment; only Anthropic's address is another one. */
async function declareFunctions(site: Site, clock: VirtualClock): Promise<void> {
  const { deployment, aws, anthropic, telemetry } = site;
  for (const { name, variables } of deployment.functions) {
    const role = name.split('-').at(-1) as keyof typeof HANDLERS;
    const { ROTATION_PROXY_URL: _, ...declared } = variables;
    const host: Host = {
      vars: {
        ...declared,
        ROTATION_ANTHROPIC_URL: anthropic.url,
        ROTATION_TOPIC_ARN: aws.sns.createTopic(variables.ROTATION_TOPIC_ARN!.split(':').at(-1)!).arn,
        ...(await adminKey(site, variables)),
      },
      clock,
      aws: clientConfig(aws, name),
      newToken: tokens(name),
      random: () => 0.5,
      telemetry,
    };
    if (role === 'admin') allowFederation(site, variables);
    const run = timed(HANDLERS[role](host), clock);
    aws.lambda.register(name, async (event, context) => {
      try {
        return await run(event, context);
      } catch (error) {
        site.failures.push({ at: clock.now(), functionName: name });
        throw error;
      }
    });
  }
}

/** What a person sets up in the Console, so that the function may administer keys without a stored secret. */
function allowFederation({ anthropic, aws }: Site, variables: Readonly<Record<string, string>>): void {
  const ruleId = variables.ROTATION_FEDERATION_RULE;
  const serviceAccountId = variables.ROTATION_FEDERATION_SERVICE_ACCOUNT;
  if (!ruleId || !serviceAccountId) return;
  const accepts = (token: string) => claimsOf(token).iss === aws.sts.issuer;
  anthropic.allowFederation({ ruleId, serviceAccountId, accepts });
}

/** An Admin API key in a secret of its own, where the fleet chose that. */
async function adminKey({ aws, anthropic }: Site, variables: Readonly<Record<string, string>>) {
  const declared = variables.ROTATION_ADMIN_KEY_SECRET;
  if (!declared) return {};
  const Name = declared
    .split(':')
    .at(-1)!
    .replace(/-[A-Za-z0-9]{6}$/, '');
  const existing = aws.secretsManager.inspect(Name);
  if (existing) return { ROTATION_ADMIN_KEY_SECRET: existing.arn };
  const { ARN } = (await aws.secretsManager.perform('CreateSecret', {
    Name,
    SecretString: anthropic.createAdminKey(),
    ClientRequestToken: tokens(Name)(),
  })) as { ARN: string };
  return { ROTATION_ADMIN_KEY_SECRET: ARN };
}

/** Creates a secret as CloudFormation does, and attaches its rotation without rotating. */
async function declareSecret({ aws, deployment }: Site, secret: DeclaredSecret): Promise<void> {
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
