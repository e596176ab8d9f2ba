import { secretPrefix } from '../domain/policy';
import { CLI_COMMAND } from '../domain/wording/cli-command';
import type { DeployedNames } from '../domain/wording/sheet';
import type { FunctionEnv } from './env';

/** The functions of an environment. `admin` exists only where Admin access is on. */
export const FUNCTION_ROLES = ['check', 'rotate', 'report', 'admin'] as const;

export type FunctionRole = (typeof FUNCTION_ROLES)[number];

/** The release of Node.js on which functions run, and for which they are bundled. */
export const FUNCTION_NODE = 24;

/**
 * Minutes that an invocation may take. A check waits a minute for the second 401, probes with retries, and may wait for the admin function. The
 * rotation asks a refused key for eight minutes, and ends with a check.
 */
export const FUNCTION_TIMEOUTS: Readonly<Record<FunctionRole, number>> = {
  check: 10,
  rotate: 15,
  report: 10,
  admin: 10,
};

/** Name of a new managed secret, e.g. `anthropic/prod/api-gateway`. */
export const secretName = (environment: string, service: string) => `${secretPrefix(environment)}${service}`;

/** Whether an ARN has the environment's name prefix, so that its roles and its rule already cover the secret. */
export const isOwnSecret = (environment: string, secretArn: string) =>
  secretArn.split(':')[6]?.startsWith(secretPrefix(environment)) === true;

/** The name in a secret's complete ARN, which ends in a hyphen and six random characters. */
export const secretNameOf = (secretArn: string) => secretArn.split(':')[6]?.slice(0, -7) ?? '';

/** Prefix of all shared resources. Names are fixed, so that the CLI, policies and further stacks need no lookup or reference. */
export const sharedName = (environment: string) => `anthropic-keys-${environment}`;

/** Name of an environment's first stack, or of a further one, e.g. `AnthropicKeys-prod-second`. */
export const stackName = (environment: string, further?: string) =>
  ['AnthropicKeys', environment, ...(further === undefined ? [] : [further])].join('-');

/**
 * Which of so many further stacks holds a key: `1`, `2` and so on. It depends on the names of the key alone, so no other key moves with a new one.
 * NEVER CHANGE it: a deployed key cannot move to another stack. A test pins it.
 */
export const spreadOver = (stacks: number, environment: string, service: string) =>
  String(1 + (hashOf(secretName(environment, service)) % stacks));

/** FNV-1a with 32 bits, its bits mixed once more: alone, it spreads names that differ in their last character unevenly. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}

/** Name of a deployed function, e.g. `anthropic-keys-prod-check`. */
export const functionName = (environment: string, role: FunctionRole) => `${sharedName(environment)}-${role}`;

/** The Lambda alias through which people order what only they may order. The roles of functions cannot invoke it. */
export const ORDERS_ALIAS = 'orders';

/** Name of the door for people's orders, e.g. `anthropic-keys-prod-admin:orders`. */
export const ordersName = (environment: string) => `${functionName(environment, 'admin')}:${ORDERS_ALIAS}`;

/** The managed policies that an environment has for people, from the least to the most. Each allows all that those before it allow. */
export const PEOPLE_POLICIES = ['reader', 'operator', 'responder'] as const;

export type PeoplePolicy = (typeof PEOPLE_POLICIES)[number];

/** Name of a managed policy, e.g. `anthropic-keys-prod-operator`. */
export const policyName = (environment: string, policy: PeoplePolicy) =>
  `${sharedName(environment)}-${policy}`;

/** Name of the role that sees an environment's keys and no value, for whoever `readers` names. */
export const readerRoleName = (environment: string) => `${sharedName(environment)}-readers`;

/** How mails call the parts of an environment. */
export const deployedNames = ({
  environment,
  cliCommand = CLI_COMMAND,
  projectUrl,
  runbookUrl,
}: Pick<FunctionEnv, 'environment' | 'cliCommand' | 'projectUrl' | 'runbookUrl'>): DeployedNames => ({
  check: functionName(environment, 'check'),
  orders: ordersName(environment),
  policies: {
    operator: policyName(environment, 'operator'),
    responder: policyName(environment, 'responder'),
  },
  cliCommand,
  projectUrl,
  runbookUrl,
});

/** Whether the ARN that a function was invoked by is that of the door for orders. */
export const isOrdersArn = (invokedFunctionArn: string) =>
  invokedFunctionArn.split(':').slice(7).join(':') === ORDERS_ALIAS;

/** Name of the dead-letter queue, e.g. `anthropic-keys-prod-undelivered`. */
export const undeliveredQueueName = (environment: string) => `${sharedName(environment)}-undelivered`;

/** Prefix of the log groups that hold an environment's events. The rest of a name differs from stack to stack: removal keeps the log group. */
export const evidenceLogPrefix = (environment: string) => `/aws/events/${sharedName(environment)}/`;

/** EventBridge `source` of every event. */
export const EVENT_SOURCE = 'anthropic-key-rotation';

/** The pattern of names: lower-case letters, digits and single dashes. The JSON schema shows it to editors. */
export const KEBAB = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** Longest names, in characters: both are part of resource names, some of which AWS limits to 64. */
export const MOST_CHARACTERS = { environment: 24, service: 40 } as const;

/** Whether a text may name an environment, a service or a stack. */
export const isName = (text: string, max: number) => KEBAB.test(text) && text.length <= max;

/** EventBridge `detail-type` of the fleet report. Each notice has its own in the catalogue of findings. */
export const REPORT_EVENT_TYPE = 'Fleet Reported';
