import {
  CreateSecretCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { adminOn } from '../../lambda/admin';
import { checkOn } from '../../lambda/check';
import { reportOn } from '../../lambda/report';
import { rotateOn } from '../../lambda/rotate';
import type { Runtime } from '../../lib/adapters/runtime';
import { functionName } from '../../lib/contract/names';
import { clientConfig } from '../aws';
import type { VirtualClock } from '../clock';
import { claimsOf, timed, tokens } from '../stage';
import type { DeclaredSecret } from './deployment';
import type { Site } from './land';

/** Topics of the templates and topics that they only refer to; those have one listener already. */
export function declareTopics({ deployment, aws }: Site): void {
  const named = (arn: string) => arn.split(':').at(-1)!;
  for (const { topicArn, address, filter } of deployment.subscriptions)
    aws.sns.subscribeEmail(aws.sns.createTopic(named(topicArn)).arn, address, filter);
  const mentioned = [
    ...deployment.functions.flatMap(({ variables }) => variables.ROTATION_TOPIC_ARN ?? []),
    ...deployment.alarms.flatMap(({ AlarmActions = [], OKActions = [] }) => [...AlarmActions, ...OKActions]),
  ];
  for (const arn of new Set(mentioned)) {
    const topic = aws.sns.createTopic(named(arn));
    if (topic.subscriptions.length > 0) continue;
    const listener = `${topic.name}@topic.example`;
    aws.sns.subscribeEmail(topic.arn, listener);
    aws.sns.confirm(listener);
  }
}

const HANDLERS = { check: checkOn, rotate: rotateOn, report: reportOn, admin: adminOn } as const;

/** Registers the real handlers under the declared names, with the declared environment; only Anthropic's address is another one. */
export async function declareFunctions(site: Site, clock: VirtualClock): Promise<void> {
  const { deployment, aws, anthropic, telemetry } = site;
  for (const { name, variables } of deployment.functions) {
    const role = name.split('-').at(-1) as keyof typeof HANDLERS;
    const host: Runtime = {
      vars: {
        ...variables,
        ROTATION_ANTHROPIC_URL: anthropic.url,
        ROTATION_TOPIC_ARN: aws.sns.createTopic(variables.ROTATION_TOPIC_ARN!.split(':').at(-1)!).arn,
        ...(await adminKey(site, variables)),
      },
      clock,
      aws: clientConfig(aws, name),
      fetch: anthropic.fetch,
      newToken: tokens(name),
      random: () => 0.5,
      telemetry,
    };
    if (role === 'admin') allowFederation(site, variables);
    const run = timed(HANDLERS[role](host), clock);
    aws.lambda.register(name, async (event, context) => {
      try {
        return await run(event, context);
      } catch (error) {
        site.failures.push({ at: clock.now(), functionName: name });
        throw error;
      }
    });
  }
}

/** What a person sets up in the Console, so that the function may administer keys without a stored secret. */
function allowFederation({ anthropic, aws }: Site, variables: Readonly<Record<string, string>>): void {
  const ruleId = variables.ROTATION_FEDERATION_RULE;
  const serviceAccountId = variables.ROTATION_FEDERATION_SERVICE_ACCOUNT;
  if (!ruleId || !serviceAccountId) return;
  const accepts = (token: string) => claimsOf(token).iss === aws.sts.issuer;
  anthropic.allowFederation({ ruleId, serviceAccountId, accepts });
}

/** An Admin API key in a secret of its own, where the fleet chose that. */
async function adminKey({ aws, anthropic }: Site, variables: Readonly<Record<string, string>>) {
  const declared = variables.ROTATION_ADMIN_KEY_SECRET;
  if (!declared) return {};
  const Name = declared
    .split(':')
    .at(-1)!
    .replace(/-[A-Za-z0-9]{6}$/, '');
  const existing = aws.secretsManager.inspect(Name);
  if (existing) return { ROTATION_ADMIN_KEY_SECRET: existing.arn };
  const { ARN } = (await aws.secretsManager.perform('CreateSecret', {
    Name,
    SecretString: anthropic.createAdminKey(),
    ClientRequestToken: tokens(Name)(),
  })) as { ARN: string };
  return { ROTATION_ADMIN_KEY_SECRET: ARN };
}

/** Creates a secret as CloudFormation does, and attaches its rotation without rotating. */
export async function declareSecret({ aws, deployment }: Site, secret: DeclaredSecret): Promise<void> {
  const cloudFormation = new SecretsManagerClient(clientConfig(aws, 'cloudformation'));
  const token = tokens(`cloudformation/${secret.name}`);
  await cloudFormation.send(
    new CreateSecretCommand({
      Name: secret.name,
      SecretString: secret.value,
      ClientRequestToken: token(),
      Tags: Object.entries(secret.tags).map(([Key, Value]) => ({ Key, Value })),
    }),
  );
  await cloudFormation.send(
    new RotateSecretCommand({
      SecretId: secret.name,
      ClientRequestToken: token(),
      RotationLambdaARN: `arn:aws:lambda:${aws.region}:${aws.accountId}:function:${functionName(deployment.environment, 'rotate')}`,
      RotationRules: { AutomaticallyAfterDays: secret.rotationDays },
      RotateImmediately: false,
    }),
  );
  await aws.settle();
}
