/** What something costs, in US dollars: so much for every `per` units beyond those that are free each month. */
export interface Price {
  readonly what: string;
  readonly usd: number;
  readonly per: number;
  /** Units a month that every account has free for good. @default none */
  readonly free?: number;
  readonly source: string;
  /** Where it was read: on a copy of the source itself, in another text that quotes it, or long ago. */
  readonly seen: 'at the source' | 'quoted elsewhere' | 'not verified again';
}

/** When the prices were looked up. */
export const PRICES_OF = '2026-11-29';

const MILLION = 1_000_000;
const GB = 1_000_000_000;

const SECRETS = 'https://aws.amazon.com/secrets-manager/pricing/';
const LAMBDA = 'https://aws.amazon.com/lambda/pricing/';
const CLOUDWATCH = 'https://aws.amazon.com/cloudwatch/pricing/';
const EVENTBRIDGE = 'https://aws.amazon.com/eventbridge/pricing/';
const SNS = 'https://aws.amazon.com/sns/pricing/';
const KMS = 'https://aws.amazon.com/kms/pricing/';
const HAIKU_5_5 = 'https://platform.claude.com/docs/en/models/haiku-5-5/overview';
const HAIKU_4_5 = 'https://platform.claude.com/docs/en/about-claude/pricing';

/** List prices of us-east-1 and of Anthropic. `npm run cost` writes docs/cost.md from them. */
export const PRICES = {
  secret: { what: 'secret, a month', usd: 0.4, per: 1, source: SECRETS, seen: 'quoted elsewhere' },
  secretCalls: {
    what: 'calls to Secrets Manager',
    usd: 0.05,
    per: 10_000,
    source: SECRETS,
    seen: 'quoted elsewhere',
  },
  invocations: {
    what: 'invocations of Lambda',
    usd: 0.2,
    per: MILLION,
    free: MILLION,
    source: LAMBDA,
    seen: 'quoted elsewhere',
  },
  gbSeconds: {
    what: 'GB-seconds of Lambda on ARM',
    usd: 0.0000133334,
    per: 1,
    free: 400_000,
    source: LAMBDA,
    seen: 'quoted elsewhere',
  },
  schedules: {
    what: 'invocations by EventBridge Scheduler',
    usd: 1,
    per: MILLION,
    free: 14 * MILLION,
    source: EVENTBRIDGE,
    seen: 'quoted elsewhere',
  },
  events: {
    what: 'events of EventBridge',
    usd: 1,
    per: MILLION,
    source: EVENTBRIDGE,
    seen: 'quoted elsewhere',
  },
  publishes: {
    what: 'messages to SNS',
    usd: 0.5,
    per: MILLION,
    free: MILLION,
    source: SNS,
    seen: 'not verified again',
  },
  mails: { what: 'mails by SNS', usd: 2, per: 100_000, free: 1000, source: SNS, seen: 'not verified again' },
  logBytes: {
    what: 'bytes taken in by CloudWatch Logs',
    usd: 0.5,
    per: GB,
    free: 5 * GB,
    source: CLOUDWATCH,
    seen: 'quoted elsewhere',
  },
  keptBytes: {
    what: 'bytes kept by CloudWatch Logs, a month',
    usd: 0.03,
    per: GB,
    source: CLOUDWATCH,
    seen: 'not verified again',
  },
  alarms: {
    what: 'metrics in alarms, a month',
    usd: 0.1,
    per: 1,
    free: 10,
    source: CLOUDWATCH,
    seen: 'quoted elsewhere',
  },
  metrics: {
    what: 'metrics of our own, a month',
    usd: 0.3,
    per: 1,
    free: 10,
    source: CLOUDWATCH,
    seen: 'quoted elsewhere',
  },
  kmsKey: {
    what: 'customer-managed KMS key, a month',
    usd: 1,
    per: 1,
    source: KMS,
    seen: 'not verified again',
  },
  kmsCalls: { what: 'calls to KMS', usd: 0.03, per: 10_000, source: KMS, seen: 'not verified again' },
  haikuInput: {
    what: 'tokens to `claude-haiku-5-5`',
    usd: 0.1,
    per: MILLION,
    source: HAIKU_5_5,
    seen: 'at the source',
  },
  haikuOutput: {
    what: 'tokens from `claude-haiku-5-5`',
    usd: 0.5,
    per: MILLION,
    source: HAIKU_5_5,
    seen: 'at the source',
  },
  olderHaikuInput: {
    what: 'tokens to `claude-haiku-4-5`',
    usd: 1,
    per: MILLION,
    source: HAIKU_4_5,
    seen: 'quoted elsewhere',
  },
  olderHaikuOutput: {
    what: 'tokens from `claude-haiku-4-5`',
    usd: 5,
    per: MILLION,
    source: HAIKU_4_5,
    seen: 'quoted elsewhere',
  },
} as const satisfies Record<string, Price>;

export type PriceName = keyof typeof PRICES;

/** What so many units cost, in dollars. */
export function costOf(name: PriceName, units: number, withFreeTier = false): number {
  const { usd, per, free = 0 }: Price = PRICES[name];
  return (Math.max(0, units - (withFreeTier ? free : 0)) * usd) / per;
}
