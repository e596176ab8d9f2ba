/** A number that the simulation rests on, and where it comes from. */
export interface Assumption {
  readonly says: string;
  readonly value: number;
  /** A document that states it, or `assumed`. */
  readonly source: string;
}

const QUOTAS = 'https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html';
const ASYNCHRONOUS = 'https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html';
const RATE_LIMITS = 'https://platform.claude.com/docs/en/api/rate-limits';

/** What holds in every scenario. Read in November 2026, on copies of these pages or in texts that quote them; nobody has measured any of it on a real fleet. */
export const ASSUMED = {
  readsPerSecond: {
    says: 'DescribeSecret and GetSecretValue a second, together',
    value: 10_000,
    source: QUOTAS,
  },
  listsPerSecond: {
    says: 'ListSecrets and ListSecretVersionIds a second, together: what older editions of the page say',
    value: 50,
    source: QUOTAS,
  },
  tagsPerSecond: { says: 'TagResource and UntagResource a second, together', value: 50, source: QUOTAS },
  firstThrottlePause: {
    says: 'milliseconds before an asynchronous invocation is tried again that found no free Lambda environment; it doubles',
    value: 1_000,
    source: ASYNCHRONOUS,
  },
  longestThrottlePause: {
    says: 'milliseconds, the longest such pause',
    value: 300_000,
    source: ASYNCHRONOUS,
  },
  invocationAge: {
    says: 'milliseconds after which an invocation is given up and goes to the dead-letter queue',
    value: 3_600_000,
    source: 'lib/constructs/functions/check.ts',
  },
  requestBurst: {
    says: "seconds of Anthropic's limit that may come at once: the page says that 60 a minute may be enforced as 1 a second",
    value: 1,
    source: RATE_LIMITS,
  },
  awsCall: {
    says: 'milliseconds of a call to AWS, from half to half as much again',
    value: 40,
    source: 'assumed',
  },
  probe: {
    says: 'milliseconds of a probe that is answered, from half to half as much again',
    value: 800,
    source: 'assumed',
  },
  refusal: { says: 'milliseconds of a 429', value: 100, source: 'assumed' },
  coldStart: { says: 'milliseconds that a new Lambda environment takes', value: 600, source: 'assumed' },
  ownWork: { says: 'milliseconds of our own work in a check, at 512 MB', value: 60, source: 'assumed' },
} as const satisfies Record<string, Assumption>;

/** Requests a minute for one model in Anthropic's usage tiers. What other applications of the organization ask of the model comes off. */
export const REQUESTS_PER_MINUTE = {
  evaluation: {
    says: 'of an organization without history',
    value: 50,
    source: 'the former tier 1; now unpublished',
  },
  start: { says: 'of the tier Start, as it is quoted for another model', value: 1_000, source: RATE_LIMITS },
  scale: {
    says: 'of the tier Scale, as it is quoted for another model; the newest Haiku is said to have more',
    value: 4_000,
    source: RATE_LIMITS,
  },
} as const satisfies Record<string, Assumption>;

const CONCURRENCY = 'https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html';

/** Lambda environments of an account and region at once. */
export const CONCURRENT = {
  usual: { says: 'by default', value: 1_000, source: CONCURRENCY },
  newAccount: { says: 'in many new accounts', value: 10, source: CONCURRENCY },
} as const satisfies Record<string, Assumption>;
