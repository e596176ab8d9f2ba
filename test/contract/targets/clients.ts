import { ECSClient } from '@aws-sdk/client-ecs';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { ContractWorld } from '../world';

/** Endpoint of a server on this machine. */
interface Local {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** Clients and unused names for a server on this machine. `stop` ends the server. */
export function clientsOf(
  config: Local,
  stop: () => Promise<void>,
): Pick<ContractWorld, 'secrets' | 'topics' | 'queues' | 'events' | 'ecs' | 'patience' | 'name' | 'stop'> {
  const secrets = new SecretsManagerClient(config);
  const topics = new SNSClient(config);
  const queues = new SQSClient({ ...config, useQueueUrlAsEndpoint: false });
  const events = new EventBridgeClient(config);
  const ecs = new ECSClient(config);
  let made = 0;
  return {
    secrets,
    topics,
    queues,
    events,
    ecs,
    patience: 0,
    name: (kind) => `contract-${kind}-${++made}`,
    async stop() {
      for (const client of [secrets, topics, queues, events, ecs]) client.destroy();
      await stop();
    },
  };
}
