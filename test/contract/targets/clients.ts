import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { ContractWorld } from '../world';

/** Where a world that is a process on this machine answers. */
interface Local {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** The part that worlds on this machine share: clients of one endpoint, and names that nobody has used. `stop` ends the world behind them. */
export function clientsOf(
  config: Local,
  stop: () => Promise<void>,
): Pick<ContractWorld, 'secrets' | 'topics' | 'queues' | 'patience' | 'name' | 'stop'> {
  const secrets = new SecretsManagerClient(config);
  const topics = new SNSClient(config);
  const queues = new SQSClient({ ...config, useQueueUrlAsEndpoint: false });
  let made = 0;
  return {
    secrets,
    topics,
    queues,
    patience: 0,
    name: (kind) => `contract-${kind}-${++made}`,
    async stop() {
      for (const client of [secrets, topics, queues]) client.destroy();
      await stop();
    },
  };
}
