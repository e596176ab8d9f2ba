import { encodeAdminEnv, encodeEnv } from '../lib/contract/env';
import {
  EVENT_SOURCE,
  evidenceLogPrefix,
  FUNCTION_ROLES,
  FUNCTION_TIMEOUTS,
  functionName,
  ORDERS_ALIAS,
  sharedName,
} from '../lib/contract/names';
import { PLACEHOLDER } from '../lib/contract/secret-value';
import { METRICS_NAMESPACE } from '../lib/domain/metrics';
import type { Home } from '../lib/domain/probe/verdict';
import type { Deployment } from './deployment';
import type { Sandbox } from './world';

/** An environment that no template declares, in the few words that tests have for it. */
export interface StagedEnvironment {
  readonly name: string;
  readonly home?: Home;
  /** By federation, or by an Admin API key in a secret of that name. */
  readonly adminAccess?: boolean | { readonly keySecret: string };
  readonly subscriptions: readonly {
    readonly address: string;
    readonly filter?: Record<string, readonly string[]>;
  }[];
  readonly secrets: readonly StagedSecret[];
}

export interface StagedSecret {
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  /** @default the placeholder that every deployed secret starts with */
  readonly value?: string;
  /** Period of the rotation schedule. @default from the tag max-age-days */
  readonly rotationDays?: number;
}

/** What a template would say of it, in the account and for the organization that environments have which name none. */
export function staged(environment: StagedEnvironment, sandbox: Pick<Sandbox, 'aws' | 'anthropic'>) {
  const { name, home = {}, adminAccess = false, subscriptions, secrets } = environment;
  const { aws, anthropic } = sandbox;
  const topicArn = `arn:aws:sns:${aws.region}:${aws.accountId}:${sharedName(name)}`;
  const variables = encodeEnv({
    environment: name,
    topicArn,
    eventBusName: 'default',
    expectedHome: home,
    anthropicBaseUrl: anthropic.url,
    adminFunction: adminAccess ? functionName(name, 'admin') : undefined,
    metricsNamespace: METRICS_NAMESPACE,
    alerts: {
      all: subscriptions.flatMap(({ address, filter }) => (filter ? [] : [address])),
      critical: subscriptions.flatMap(({ address, filter }) => (filter?.severity ? [address] : [])),
    },
  });
  const administration = encodeAdminEnv(
    typeof adminAccess === 'object'
      ? {
          adminKeySecretArn: `arn:aws:secretsmanager:${aws.region}:${aws.accountId}:secret:${adminAccess.keySecret}-AbCdEf`,
        }
      : {
          federation: {
            ruleId: `fdrl_${name}`,
            organizationId: anthropic.organization.id,
            serviceAccountId: `svac_${name}`,
            audience: 'https://api.anthropic.com',
          },
        },
  );
  const roles = FUNCTION_ROLES.filter((role) => role !== 'admin' || adminAccess);
  return {
    environment: name,
    account: aws.accountId,
    region: aws.region,
    functions: roles.map((role) => ({
      name: functionName(name, role),
      aliases: role === 'admin' ? [ORDERS_ALIAS] : [],
      timeout: FUNCTION_TIMEOUTS[role] * 60,
      variables: role === 'admin' ? { ...variables, ...administration } : variables,
    })),
    secrets: secrets.map(({ value = PLACEHOLDER, rotationDays, ...secret }) => ({
      ...secret,
      value,
      rotationDays: rotationDays ?? Number(secret.tags['anthropic-key:max-age-days']),
    })),
    schedules: [],
    subscriptions: subscriptions.map((subscription) => ({ topicArn, ...subscription })),
    alarms: [],
    restarts: [],
    evidence: [
      {
        logGroup: `${evidenceLogPrefix(name)}5ac0de00`,
        retentionDays: 400,
        bus: 'default',
        pattern: { source: [EVENT_SOURCE], detail: { environment: [name] } },
      },
    ],
  } satisfies Deployment;
}
