import { type FunctionRole, functionName } from '../../lib/contract/names';
import { HOUR } from '../../lib/domain/time';
import { clientConfig } from '../../local/aws';
import type { HandlerContext } from '../../local/aws/lambda';
import type { VirtualClock } from '../../local/clock';
import { tokens } from '../../local/tokens';
import { type Deployed, HANDLERS } from '../../local/world';
import type { Usage } from './counted';

type Handler = (event: never, context: HandlerContext) => Promise<unknown>;

/** Reads the meters of an environment whose functions print to stdout, as they do on AWS. They may run only while it listens. */
export class Meter {
  #printed: string[] = [];
  #metrics = new Set<string>();
  #waited = 0;
  #invocations = 0;

  constructor(
    private readonly deployed: Deployed,
    private readonly clock: VirtualClock,
  ) {
    for (const role of Object.keys(deployed.variables) as FunctionRole[]) this.#register(role);
  }

  /** What is used while something is done. */
  async during(work: () => Promise<unknown>): Promise<Usage> {
    const { aws, anthropic } = this.deployed;
    const seen = {
      calls: aws.calls.all().length,
      requests: anthropic.requests.length,
      mails: aws.sns.delivered.length,
      events: aws.events.received.length,
      evidence: aws.logs.messages().length,
    };
    this.#printed = [];
    this.#metrics = new Set();
    this.#waited = 0;
    this.#invocations = 0;
    await this.#listen(work);
    const functions = Object.keys(this.deployed.variables).map((role) =>
      functionName(this.deployed.deployment.environment, role as FunctionRole),
    );
    const calls = aws.calls
      .all()
      .slice(seen.calls)
      .filter(({ caller }) => functions.includes(caller));
    const secrets = calls.filter(({ service }) => service === 'secretsmanager');
    const bytes = (texts: readonly string[]) => texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    return {
      secretCalls: secrets.length,
      valueReads: secrets.filter(({ operation }) => operation === 'GetSecretValue').length,
      invocations: this.#invocations,
      waited: this.#waited / 1000,
      messages: anthropic.requests.slice(seen.requests).filter(({ path }) => path === '/v1/messages').length,
      logLines: this.#printed.length,
      logBytes: bytes(this.#printed),
      publishes: calls.filter(({ operation }) => operation === 'Publish').length,
      mails: aws.sns.delivered.length - seen.mails,
      events: aws.events.received.length - seen.events,
      evidenceBytes: bytes(aws.logs.messages().slice(seen.evidence)),
      metricHours: this.#metrics.size,
    };
  }

  /** Replaces a function by one that prints, in the same environment. */
  #register(role: FunctionRole): void {
    const { aws, anthropic, deployment, variables } = this.deployed;
    const name = functionName(deployment.environment, role);
    const handler = HANDLERS[role]({
      vars: variables[role]!,
      clock: this.clock,
      aws: clientConfig(aws, name),
      fetch: anthropic.fetch,
      newToken: tokens(name),
      random: () => 0.5,
    }) as Handler;
    const ids = tokens(`${name}/invocation`);
    aws.lambda.register(name, (event, context) => {
      this.#invocations += 1;
      const began = this.clock.now().getTime();
      // Lambda's ids are UUIDs, and stand in every line.
      return handler(event as never, { ...context, awsRequestId: ids() }).finally(() => {
        this.#waited += this.clock.now().getTime() - began;
      });
    });
  }

  /** Keeps what is printed meanwhile from the screen. */
  async #listen(work: () => Promise<unknown>): Promise<void> {
    const { write } = process.stdout;
    process.stdout.write = (text: string | Uint8Array) => {
      this.#keep(String(text));
      return true;
    };
    try {
      await work();
    } finally {
      process.stdout.write = write;
    }
  }

  #keep(text: string): void {
    for (const line of text.split('\n').filter((one) => one !== '')) {
      this.#printed.push(line);
      const { _aws } = JSON.parse(line) as Partial<EmbeddedMetrics>;
      for (const { Name } of _aws?.CloudWatchMetrics.flatMap(({ Metrics }) => Metrics) ?? [])
        this.#metrics.add(`${Name} in hour ${Math.floor(this.clock.now().getTime() / HOUR)}`);
    }
  }
}

/** Metrics as CloudWatch reads them from a log line. */
interface EmbeddedMetrics {
  readonly _aws: { readonly CloudWatchMetrics: readonly { readonly Metrics: readonly { Name: string }[] }[] };
}
