import type { Alerts } from '../domain/notices/audience';
import type { Home } from '../domain/probe/verdict';
import { cliCommandFault } from '../domain/wording/cli-command';

/** A function's configuration from its deployment. No event or tag can change it. */
export interface FunctionEnv {
  readonly environment: string;
  readonly topicArn: string;
  /** EventBridge bus for transitions. */
  readonly eventBusName: string;
  readonly expectedHome: Home;
  /** Anthropic's base URL; https, or loopback in the embedded world. */
  readonly anthropicBaseUrl: string;
  /** Name or ARN of the function with Admin access; absent where Admin access is off. */
  readonly adminFunction?: string;
  readonly metricsNamespace: string;
  /** Day of the last human review of the workspace's spend limit, as attested in the fleet file. */
  readonly spendLimitReviewed?: string;
  /** Mailboxes for alerts. A notice that reaches neither one of them that hears it nor its owner counts as not sent. */
  readonly alerts?: Alerts;
  /** Format for https subscribers of the topic, instead of the notice's JSON. */
  readonly chat?: 'amazon-q';
  /** What stands before the verbs of the command line in mails. Absent for the usual one, and in deployments of earlier releases. */
  readonly cliCommand?: string;
  /** Where the repository with the command line is, and where docs/runbook.md is served: https URLs that mails link to. */
  readonly projectUrl?: string;
  readonly runbookUrl?: string;
}

/** The admin function's credential for Anthropic. Exactly one of the two is set. */
export interface AdminEnv {
  /** Workload Identity Federation: no secret is stored. */
  readonly federation?: {
    readonly ruleId: string;
    readonly organizationId: string;
    readonly serviceAccountId: string;
    readonly audience: string;
  };
  /** ARN of the secret that holds an Admin API key. */
  readonly adminKeySecretArn?: string;
}

type Encoded = Record<string, string>;

/** Deployment side. */
export function encodeEnv(env: FunctionEnv): Encoded {
  return dropAbsent({
    ROTATION_ENVIRONMENT: env.environment,
    ROTATION_TOPIC_ARN: env.topicArn,
    ROTATION_EVENT_BUS: env.eventBusName,
    ROTATION_HOME_ORGANIZATION: env.expectedHome.organizationId,
    ROTATION_HOME_WORKSPACE: env.expectedHome.workspaceId,
    ROTATION_ANTHROPIC_URL: env.anthropicBaseUrl,
    ROTATION_ADMIN_FUNCTION: env.adminFunction,
    ROTATION_METRICS_NAMESPACE: env.metricsNamespace,
    ROTATION_SPEND_LIMIT_REVIEWED: env.spendLimitReviewed,
    ROTATION_ALERT_ADDRESSES: env.alerts?.all.join(','),
    ROTATION_CRITICAL_ADDRESSES: env.alerts?.critical.join(',') || undefined,
    ROTATION_CHAT: env.chat,
    ROTATION_CLI_COMMAND: env.cliCommand,
    ROTATION_PROJECT_URL: env.projectUrl,
    ROTATION_RUNBOOK_URL: env.runbookUrl,
  });
}

/** Function side. @throws Error naming every missing variable at once. */
export function decodeEnv(vars: Readonly<Record<string, string | undefined>>): FunctionEnv {
  const read = reader(vars);
  const env: FunctionEnv = {
    environment: read.text('ROTATION_ENVIRONMENT'),
    topicArn: read.text('ROTATION_TOPIC_ARN'),
    eventBusName: read.text('ROTATION_EVENT_BUS'),
    expectedHome: {
      organizationId: read.optional('ROTATION_HOME_ORGANIZATION'),
      workspaceId: read.optional('ROTATION_HOME_WORKSPACE'),
    },
    anthropicBaseUrl: read.url('ROTATION_ANTHROPIC_URL'),
    adminFunction: read.optional('ROTATION_ADMIN_FUNCTION'),
    metricsNamespace: read.text('ROTATION_METRICS_NAMESPACE'),
    spendLimitReviewed: read.optional('ROTATION_SPEND_LIMIT_REVIEWED'),
    alerts: {
      all: read.optional('ROTATION_ALERT_ADDRESSES')?.split(',') ?? [],
      critical: read.optional('ROTATION_CRITICAL_ADDRESSES')?.split(',') ?? [],
    },
    chat: read.optional('ROTATION_CHAT') === 'amazon-q' ? 'amazon-q' : undefined,
    cliCommand: read.judged('ROTATION_CLI_COMMAND', cliCommandFault),
    projectUrl: read.link('ROTATION_PROJECT_URL'),
    runbookUrl: read.link('ROTATION_RUNBOOK_URL'),
  };
  read.done();
  return env;
}

/**
 * Variables that make Node.js 24 use a proxy for Anthropic but not for AWS. Older runtimes ignore them and call directly. `awsSuffix` ends the host
 * names of AWS, such as `amazonaws.com`.
 */
export const encodeProxy = (proxyUrl: string | undefined, awsSuffix: string): Encoded =>
  dropAbsent({
    NODE_USE_ENV_PROXY: proxyUrl && '1',
    HTTPS_PROXY: proxyUrl,
    NO_PROXY: proxyUrl && `.${awsSuffix},.api.aws`,
  });

/** Deployment side of Admin access. */
export function encodeAdminEnv(env: AdminEnv): Encoded {
  return dropAbsent({
    ROTATION_FEDERATION_RULE: env.federation?.ruleId,
    ROTATION_FEDERATION_ORGANIZATION: env.federation?.organizationId,
    ROTATION_FEDERATION_SERVICE_ACCOUNT: env.federation?.serviceAccountId,
    ROTATION_FEDERATION_AUDIENCE: env.federation?.audience,
    ROTATION_ADMIN_KEY_SECRET: env.adminKeySecretArn,
  });
}

/** Function side of Admin access. @throws Error naming every missing variable. */
export function decodeAdminEnv(vars: Readonly<Record<string, string | undefined>>): AdminEnv {
  const read = reader(vars);
  const adminKeySecretArn = read.optional('ROTATION_ADMIN_KEY_SECRET');
  if (adminKeySecretArn) return { adminKeySecretArn };
  const federation = {
    ruleId: read.text('ROTATION_FEDERATION_RULE'),
    organizationId: read.text('ROTATION_FEDERATION_ORGANIZATION'),
    serviceAccountId: read.text('ROTATION_FEDERATION_SERVICE_ACCOUNT'),
    audience: read.text('ROTATION_FEDERATION_AUDIENCE'),
  };
  read.done();
  return { federation };
}

function reader(vars: Readonly<Record<string, string | undefined>>) {
  const faults: string[] = [];
  const optional = (name: string) => vars[name]?.trim() || undefined;
  const text = (name: string) => {
    const value = optional(name);
    if (value === undefined) faults.push(`${name} is missing`);
    return value ?? '';
  };
  const url = (name: string) => {
    const value = text(name);
    if (value !== '' && !isSafeUrl(value))
      faults.push(`${name} is ${JSON.stringify(value)}: expected an https URL`);
    return value;
  };
  /** `fault` says what was expected instead of a value that will not do. */
  const judged = (name: string, fault: (value: string) => string | undefined) => {
    const value = optional(name);
    const expected = value === undefined ? undefined : fault(value);
    if (expected !== undefined) faults.push(`${name} is ${JSON.stringify(value)}: expected ${expected}`);
    return value;
  };
  const link = (name: string) => judged(name, (value) => (isLink(value) ? undefined : 'an https URL'));
  const done = () => {
    if (faults.length > 0) throw new Error(`The function's environment is incomplete: ${faults.join('; ')}.`);
  };
  return { optional, text, url, judged, link, done };
}

function dropAbsent(vars: Record<string, string | undefined>): Encoded {
  return Object.fromEntries(
    Object.entries(vars).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Whether a URL's host is this machine. */
export const isLoopback = (hostname: string) => LOOPBACK.has(hostname);

/** Whether a key may be sent there: https, or http that stays on this machine. */
export function isSafeUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
}

/** Whether a text may be printed as a link in a mail: an https URL of plain characters, without a password. */
export function isLink(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url?.protocol === 'https:' && url.username + url.password === '' && /^[!-~]{1,500}$/.test(text);
}
