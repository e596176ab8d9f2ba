import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { clientConfig, startFakeAws } from '../../../local/aws';
import { VirtualClock } from '../../../local/clock';
import type { Target } from '../world';

/** The world that demo and tests live in. */
export const EMBEDDED: Target = {
  name: 'the embedded world',
  differences: [],
  rotates: true,
  async start() {
    const clock = new VirtualClock(new Date('2026-11-21T00:00:00Z'));
    const aws = await startFakeAws({ clock });
    const config = clientConfig(aws, 'contract');
    const secrets = new SecretsManagerClient(config);
    const topics = new SNSClient(config);
    const queues = new SQSClient({ ...config, useQueueUrlAsEndpoint: false });
    let made = 0;
    return {
      secrets,
      topics,
      queues,
      clock,
      rotationFunction: aws.lambda.register('rotate', async () => undefined),
      patience: 0,
      name: (kind) => `contract-${kind}-${++made}`,
      async stop() {
        for (const client of [secrets, topics, queues]) client.destroy();
        await aws.close();
      },
    };
  },
};
