import { randomUUID } from 'node:crypto';
import {
  DeleteClusterCommand,
  DeleteServiceCommand,
  DeregisterTaskDefinitionCommand,
  ECSClient,
} from '@aws-sdk/client-ecs';
import { DeleteRuleCommand, EventBridgeClient, RemoveTargetsCommand } from '@aws-sdk/client-eventbridge';
import { DeleteSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DeleteTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { DeleteQueueCommand, GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { ContractWorld, Target } from '../world';
import { WALL_CLOCK } from './wall-clock';

/** A real AWS account, which decides over the other targets. It creates and removes its own secrets, topics and queues. */
export const REAL_ACCOUNT: Target = {
  name: 'a real account',
  unavailable:
    process.env.AWS_E2E === '1'
      ? undefined
      : 'AWS_E2E is not 1, so the contract is not held against a real account (it costs less than $0.10 there).',
  differences: [],
  rotates: false,
  async start() {
    const secrets = new SecretsManagerClient({});
    const topics = new SNSClient({});
    const queues = new SQSClient({});
    const events = new EventBridgeClient({});
    const ecs = new ECSClient({});
    const sts = new STSClient({});
    const { Account } = await sts.send(new GetCallerIdentityCommand({}));
    const region = await secrets.config.region();
    const prefix = `contract-${randomUUID().slice(0, 8)}`;
    process.stderr.write(
      `Account ${Account}, ${region}: about 45 secrets, 15 topics, 15 queues, 5 rules and 6 empty ECS clusters named ${prefix}-* are made and removed again. ` +
        `Nothing else is touched. Secrets are billed by the hour, $0.40 a month each: less than $0.10 in all.\n`,
    );
    const made: Record<Parameters<ContractWorld['name']>[0], string[]> = {
      secret: [],
      topic: [],
      queue: [],
      rule: [],
      cluster: [],
    };
    return {
      secrets,
      topics,
      queues,
      events,
      ecs,
      clock: WALL_CLOCK,
      patience: 20,
      name(kind) {
        const name = `${prefix}-${kind}-${made[kind].length + 1}`;
        made[kind].push(name);
        return name;
      },
      async stop() {
        for (const SecretId of made.secret) {
          await gone(secrets.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true })));
        }
        for (const name of made.topic) {
          await gone(
            topics.send(new DeleteTopicCommand({ TopicArn: `arn:aws:sns:${region}:${Account}:${name}` })),
          );
        }
        for (const QueueName of made.queue) {
          await gone(
            queues
              .send(new GetQueueUrlCommand({ QueueName }))
              .then(({ QueueUrl }) => queues.send(new DeleteQueueCommand({ QueueUrl }))),
          );
        }
        for (const Name of made.rule) {
          await gone(events.send(new RemoveTargetsCommand({ Rule: Name, Ids: ['Restart'] })));
          await gone(events.send(new DeleteRuleCommand({ Name })));
        }
        for (const cluster of made.cluster) {
          await gone(ecs.send(new DeleteServiceCommand({ cluster, service: 'gateway', force: true })));
          await gone(ecs.send(new DeleteClusterCommand({ cluster })));
          await gone(ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: `${cluster}:1` })));
        }
        for (const client of [secrets, topics, queues, events, ecs, sts]) client.destroy();
      },
    };
  },
};

/** A name that was never used must not stop the cleanup. */
async function gone(removal: Promise<unknown>): Promise<void> {
  await removal.catch((error: Error) => {
    if (!/NotFound|NonExistent|DoesNotExist/.test(error.name))
      process.stderr.write(`Not removed: ${error.message}\n`);
  });
}
