import { FUNCTION_ROLES, PEOPLE_POLICIES, type PeoplePolicy } from './names';

/** An action that AWS refused to a caller. */
export interface Denial {
  /** In IAM's words, such as `secretsmanager:PutSecretValue`. */
  readonly action: string;
  /** An ARN or the name of a function, where it is known. */
  readonly resource?: string;
  /** What rules it out whatever the caller's own policies allow, such as `service control policy`. */
  readonly ruledOutBy?: string;
}

/** Whose credentials read an environment: those of an AWS profile, or of a role that the caller assumes. */
export type ReadAs = { readonly profile: string } | { readonly role: string };

/** The least policy that allows each action on a secret. */
const ON_SECRETS = {
  'secretsmanager:DescribeSecret': 'reader',
  'secretsmanager:ListSecretVersionIds': 'reader',
  'secretsmanager:PutSecretValue': 'operator',
  'secretsmanager:UpdateSecretVersionStage': 'operator',
  'secretsmanager:RotateSecret': 'operator',
} as const satisfies Readonly<Record<string, PeoplePolicy>>;

/** What operators do with secrets: all that the commands need there. */
export const ACTIONS_ON_SECRETS: readonly string[] = Object.keys(ON_SECRETS);

/** The least policy that allows each action. Invoking depends on the function: see `leastPolicy`. */
export const LEAST_POLICY: Readonly<Record<string, PeoplePolicy>> = {
  ...ON_SECRETS,
  'secretsmanager:ListSecrets': 'reader',
  'sns:GetTopicAttributes': 'reader',
  'sns:ListSubscriptionsByTopic': 'reader',
  'scheduler:GetSchedule': 'reader',
  'logs:DescribeLogGroups': 'reader',
  'logs:FilterLogEvents': 'reader',
  'kms:GenerateDataKey': 'operator',
  'kms:Decrypt': 'operator',
};

/** The least policy that allows an action, or undefined if none of them does. `resource`: an ARN, or the name of a function. */
export function leastPolicy(action: string, resource = ''): PeoplePolicy | undefined {
  if (action !== 'lambda:InvokeFunction') return LEAST_POLICY[action];
  const role = FUNCTION_ROLES.find((each) => new RegExp(`-${each}(:|$)`).test(resource));
  return role === 'admin' ? 'responder' : 'operator';
}

/** The more powerful one of two policies. */
export const greaterPolicy = (one: PeoplePolicy, other: PeoplePolicy): PeoplePolicy =>
  PEOPLE_POLICIES.indexOf(one) >= PEOPLE_POLICIES.indexOf(other) ? one : other;

/** The environment that an ARN or a function's name belongs to, by our names. Undefined for an adopted secret. */
export const environmentIn = (resource: string): string | undefined =>
  /(?:secret:anthropic\/|anthropic-keys-)([a-z][a-z0-9-]*?)(?:\/|-(?:check|rotate|report|admin)\b|$)/.exec(
    resource,
  )?.[1];
