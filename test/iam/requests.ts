import { sharedName } from '../../lib/contract/names';
import { ENVIRONMENT_TAG } from '../../lib/contract/policy-tags';
import type { FakeAws } from '../../local/aws';
import type { Call } from '../../local/aws/call';
import type { Request } from './condition';
import { ACCOUNT, KMS_KEY_ID, REGION } from './resolve';

type Context = Request['context'];
type Params = Readonly<Record<string, unknown>>;

/**
 * What IAM is asked when a call arrives, in the words of the Service Authorization Reference: the action, the resource, and the condition keys
 * that AWS sets for it. RotateSecret asks twice. `encrypted`: secrets and topic have a KMS key of the environment's own.
 */
export function requestsOf(call: Call, aws: FakeAws, encrypted: boolean): readonly Request[] {
  const { service, operation, params } = call;
  const resourceless = (context: Context = {}): Request => ({
    action: `${service}:${operation}`,
    resource: '*',
    context,
  });
  switch (service) {
    case 'secretsmanager':
      return operation === 'ListSecrets' ? [resourceless()] : onSecret(call, aws, encrypted);
    case 'sns': {
      const topic = { ...resourceless(), resource: String(params.TopicArn) };
      const publishes = operation === 'Publish' && encrypted;
      return publishes
        ? [topic, ...useOfKey(['GenerateDataKey', 'Decrypt'], 'sns', environmentIn(call.caller))]
        : [topic];
    }
    case 'events':
      if (operation === 'ListRules') return [resourceless()];
      if (operation === 'ListTargetsByRule')
        return [{ ...resourceless(), resource: arn('events', `rule/${String(params.Rule)}`) }];
      return (params.Entries as { EventBusName: string; Source: string }[]).map(
        ({ EventBusName, Source }) => ({
          ...resourceless({ 'events:source': Source }),
          resource: arn('events', `event-bus/${EventBusName}`),
        }),
      );
    case 'lambda':
      if (params.InvocationType === 'DryRun') return []; // Asks whether it may: no is an answer.
      return [invocationOf(arn('lambda', `function:${params.FunctionName}`))];
    case 'logs': {
      // AWS names the stream that is not asked for, too, and no group where it lists them.
      const group = String(params.logGroupName ?? '');
      return [{ ...resourceless(), resource: arn('logs', `log-group:${group}:log-stream:`) }];
    }
    case 'cloudtrail':
      return []; // A policy of AWS's own allows it, or the page says that it was not read.
    case 'sts':
      if (operation === 'GetCallerIdentity') return []; // Needs no permission.
      return [resourceless({ 'sts:IdentityTokenAudience': params.Audience as string[] })];
    default:
      throw new Error(`Nobody here should call ${service}:${operation}.`);
  }
}

const arn = (service: string, rest: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${rest}`;

/** Being allowed to invoke a function. */
export const invocationOf = (functionArn: string): Request => ({
  action: 'lambda:InvokeFunction',
  resource: functionArn,
  context: {},
});

function onSecret({ operation, params }: Call, aws: FakeAws, encrypted: boolean): readonly Request[] {
  const secret = aws.secretsManager.inspect(String(params.SecretId));
  if (!secret) throw new Error(`There is no secret ${params.SecretId} to ask about: ${operation}.`);
  const tags = Object.entries(secret.tags).map(([key, value]) => [`aws:ResourceTag/${key}`, value]);
  const context: Context = {
    'secretsmanager:SecretId': String(params.SecretId),
    ...Object.fromEntries(tags),
    ...(KEYS[operation]?.(params) ?? {}),
  };
  const asked: Request = { action: `secretsmanager:${operation}`, resource: secret.arn, context };
  const environment = secret.tags[ENVIRONMENT_TAG];
  const cryptography = encrypted && environment ? (CRYPTOGRAPHY[operation] ?? []) : [];
  return [
    asked,
    // The caller of RotateSecret must be allowed to invoke the function that rotates.
    ...(operation === 'RotateSecret' ? [invocationOf(secret.rotation!.functionArn)] : []),
    ...useOfKey(cryptography, 'secretsmanager', environment ?? ''),
  ];
}

/** Condition keys that an operation sets from its parameters, where they are given. */
const KEYS: Readonly<Record<string, (params: Params) => Context>> = {
  GetSecretValue: ({ VersionId, VersionStage }) =>
    present({ 'secretsmanager:VersionId': VersionId, 'secretsmanager:VersionStage': VersionStage }),
  UpdateSecretVersionStage: ({ VersionStage }) => present({ 'secretsmanager:VersionStage': VersionStage }),
  RotateSecret: ({ RotationLambdaARN }) => present({ 'secretsmanager:RotationLambdaARN': RotationLambdaARN }),
  TagResource: ({ Tags }) => {
    const tags = Tags as { Key: string; Value: string }[];
    const requested = tags.map(({ Key, Value }) => [`aws:RequestTag/${Key}`, Value]);
    return { 'aws:TagKeys': tags.map(({ Key }) => Key), ...Object.fromEntries(requested) };
  },
  UntagResource: ({ TagKeys }) => ({ 'aws:TagKeys': TagKeys as string[] }),
};

const present = (values: Readonly<Record<string, unknown>>): Context =>
  Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])),
  );

/** What Secrets Manager does with the secret's KMS key in the caller's name. */
const CRYPTOGRAPHY: Readonly<Record<string, readonly string[]>> = {
  GetSecretValue: ['Decrypt'],
  PutSecretValue: ['GenerateDataKey', 'Decrypt'],
};

/** Every environment has its KMS key, known by its alias. Only the deployed one's is in the template. */
function useOfKey(operations: readonly string[], via: string, environment: string): readonly Request[] {
  const id = environment === 'prod' ? KMS_KEY_ID : `${environment}-key`;
  return operations.map((operation) => ({
    action: `kms:${operation}`,
    resource: arn('kms', `key/${id}`),
    context: {
      'kms:ViaService': `${via}.${REGION}.amazonaws.com`,
      'kms:ResourceAliases': [`alias/${sharedName(environment)}`],
    },
  }));
}

/** Functions sign with their names, and publish to the topic of their own environment. */
const environmentIn = (caller: string) => /^anthropic-keys-([a-z]+)-/.exec(caller)?.[1] ?? 'prod';
