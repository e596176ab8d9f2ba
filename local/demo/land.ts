import { type FunctionRole, functionName } from '../../lib/contract/names';
import type { Home } from '../../lib/domain/probe/verdict';
import { type FakeAnthropic, openFakeAnthropic, startFakeAnthropic } from '../anthropic/fake-anthropic';
import { type FakeAws, openFakeAws, startFakeAws } from '../aws';
import { VirtualClock } from '../clock';
import { Telemetry } from '../telemetry';
import type { Collected, Datum } from './alarm';
import { declareFunctions, declareSecret, declareTopics } from './declare';
import type { Deployment } from './deployment';

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

  constructor(
    start: Date,
    /** Whether AWS and Anthropic listen on ports of 127.0.0.1, instead of being called. */
    private readonly overHttp = false,
  ) {
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
    const props = { clock: this.clock, accountId: account, region };
    const aws = this.#clouds.get(place) ?? (this.overHttp ? await startFakeAws(props) : openFakeAws(props));
    this.#clouds.set(place, aws);
    return aws;
  }

  async #organization(id: string): Promise<FakeAnthropic> {
    const options = { clock: this.clock, seed: id, organization: { id, name: 'Example Ltd' } };
    const anthropic =
      this.#organizations.get(id) ??
      (this.overHttp ? await startFakeAnthropic(options) : openFakeAnthropic(options));
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
