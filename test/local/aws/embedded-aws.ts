import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { clientConfig, type FakeAws, startFakeAws } from '../../../local/aws';
import { VirtualClock } from '../../../local/clock';

/** An embedded AWS of its own for each test of a file, with clients that are cleaned up. */
export interface EmbeddedAws {
  readonly aws: FakeAws;
  readonly clock: VirtualClock;
  readonly secrets: SecretsManagerClient;
  readonly topics: SNSClient;
  /** Makes any other client; it is destroyed with the test. */
  client<C extends { destroy(): void }>(
    make: new (config: ReturnType<typeof clientConfig>) => C,
    caller?: string,
  ): C;
}

/** Starts before and stops after every test; read the fields inside of tests only. */
export function embeddedAws(): EmbeddedAws {
  const clients: { destroy(): void }[] = [];
  const started: { aws?: FakeAws; clock?: VirtualClock; secrets?: SecretsManagerClient; topics?: SNSClient } =
    {};
  const client: EmbeddedAws['client'] = (Make, caller = 'test') => {
    const made = new Make(clientConfig(started.aws!, caller));
    clients.push(made);
    return made;
  };
  beforeEach(async () => {
    started.clock = new VirtualClock(new Date('2026-11-21T00:00:00Z'));
    started.aws = await startFakeAws({ clock: started.clock });
    started.secrets = client(SecretsManagerClient);
    started.topics = client(SNSClient);
  });
  afterEach(async () => {
    for (const one of clients.splice(0)) one.destroy();
    await started.aws!.close();
  });
  return {
    get aws() {
      return started.aws!;
    },
    get clock() {
      return started.clock!;
    },
    get secrets() {
      return started.secrets!;
    },
    get topics() {
      return started.topics!;
    },
    client,
  };
}
