import { BaseAnthropic } from '@anthropic-ai/sdk/client';
import { Messages } from '@anthropic-ai/sdk/resources/messages/messages';
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { policyToTags } from '../lib/contract/policy-tags';
import { keyText } from '../lib/contract/secret-value';
import { DEFAULT_POLICY } from '../lib/domain/policy';
import { HOUR } from '../lib/domain/time';
import { clientConfig } from '../local/aws';
import { staged } from '../local/staged-environment';
import { type Deployed, Sandbox } from '../local/world';

const KEYS = 1000;
/** The compiler and the memory of the keys settle first. */
const WARM_UP = 2;
const ROUNDS = 4;

/** What the process tells whoever started it. */
export interface Storm {
  readonly failed: number;
  /** Checks of all keys at once, in each round. */
  readonly perCpuSecond: readonly number[];
  /** CPU of a round of checks over that of the same calls by the bare SDKs, right after it. */
  readonly overBare: readonly number[];
  /** Bytes in use after each round, once everything that is free was collected. */
  readonly heap: readonly number[];
}

async function main(): Promise<Storm> {
  const sandbox = await Sandbox.open({ start: new Date('2026-11-21T09:00:00Z') });
  const names = await deployKeys(sandbox);
  const deployed = sandbox.environment('prod');
  const failed: number[] = [];
  const perCpuSecond: number[] = [];
  const overBare: number[] = [];
  const heap: number[] = [];
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    sandbox.clock.advance(HOUR);
    const checks = await atOnce(names, (name) => sandbox.check('prod', name));
    const bare = await atOnce(names, bareCalls(deployed));
    failed.push(checks.failed + bare.failed);
    forgetCalls(deployed);
    global.gc!();
    if (round < WARM_UP) continue;
    perCpuSecond.push(KEYS / checks.seconds);
    overBare.push(checks.seconds / bare.seconds);
    heap.push(process.memoryUsage().heapUsed);
  }
  await sandbox.close();
  return { failed: failed.reduce((sum, one) => sum + one), perCpuSecond, overBare, heap };
}

/** Secrets that hold a key when they are deployed: the first check accepts it. */
async function deployKeys(sandbox: Sandbox): Promise<readonly string[]> {
  const { anthropic } = sandbox;
  const workspaceId = anthropic.createWorkspace();
  const secrets = Array.from({ length: KEYS }, (_, index) => {
    const service = `api-${index}`;
    const { value } = anthropic.createKey({ workspace: workspaceId });
    return {
      name: `anthropic/prod/${service}`,
      value: JSON.stringify({ ANTHROPIC_API_KEY: value }),
      tags: policyToTags({ environment: 'prod', service, owner: 'team@example.com' }, DEFAULT_POLICY),
    };
  });
  const environment = {
    name: 'prod',
    home: { organizationId: anthropic.organization.id, workspaceId },
    subscriptions: [{ address: 'platform@example.com' }],
    secrets,
  };
  await sandbox.deploy(staged(environment, sandbox));
  sandbox.aws.sns.confirm('platform@example.com');
  return secrets.map(({ name }) => name);
}

async function atOnce(names: readonly string[], work: (name: string) => Promise<unknown>) {
  const before = process.cpuUsage();
  const ends = await Promise.allSettled(names.map(work));
  const { user, system } = process.cpuUsage(before);
  return {
    failed: ends.filter(({ status }) => status === 'rejected').length,
    seconds: (user + system) / 1e6,
  };
}

/** The four calls of a steady check and nothing else: what no program in this language could save. */
function bareCalls({ aws, anthropic }: Deployed) {
  const client = new SecretsManagerClient(clientConfig(aws, 'bare'));
  return async (SecretId: string) => {
    const [{ SecretString }] = await Promise.all([
      client.send(new GetSecretValueCommand({ SecretId })),
      client.send(new DescribeSecretCommand({ SecretId })),
      client.send(new ListSecretVersionIdsCommand({ SecretId, IncludeDeprecated: true })),
    ]);
    const { url: baseURL, fetch } = anthropic;
    const sdk = new BaseAnthropic({ apiKey: keyText(SecretString!), baseURL, fetch, maxRetries: 0 });
    return new Messages(sdk).create({
      model: 'claude-haiku-5-5',
      max_tokens: 1,
      messages: [{ role: 'user', content: 'Hi' }],
    });
  };
}

/** What the embedded world writes down grows with every call, and would hide a leak. */
function forgetCalls({ aws, anthropic, telemetry }: Deployed): void {
  aws.calls.clear();
  for (const list of [aws.lambda.invocations, anthropic.requests, telemetry.lines, telemetry.counts])
    (list as unknown[]).length = 0;
}

main().then((storm) => console.info(JSON.stringify(storm)));
