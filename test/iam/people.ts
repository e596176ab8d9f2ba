import { LambdaClient } from '@aws-sdk/client-lambda';
import {
  DescribeSecretCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { createDeployedFunctions } from '../../lib/adapters/functions';
import { createSecretStore } from '../../lib/adapters/secrets-manager';
import { ENVIRONMENT_TAG } from '../../lib/contract/policy-tags';
import { ApiKey } from '../../lib/domain/api-key';
import { submitKey } from '../../lib/workflows/submit-key';
import { clientConfig } from '../../local/aws';
import { type Stage, tokens } from '../../local/stage';

/** A person at a terminal, with credentials that have one of the managed policies. */
export class Person {
  readonly #secrets: SecretsManagerClient;
  readonly #stage: Stage;
  readonly #newToken: () => string;
  /** The deployed functions, as this person may invoke them. */
  readonly functions: ReturnType<typeof createDeployedFunctions>;

  constructor(stage: Stage, name: 'reader' | 'operator' | 'responder') {
    this.#stage = stage;
    this.#secrets = new SecretsManagerClient(clientConfig(stage.aws, name));
    this.#newToken = tokens(name);
    this.functions = createDeployedFunctions(new LambdaClient(clientConfig(stage.aws, name)));
  }

  /** The block of commands that the mails print, call for call. */
  async pastesFromTheMail(secretId: string, key: string): Promise<void> {
    const put = { SecretId: secretId, VersionStages: ['SUBMITTED'], SecretString: key };
    await this.#secrets.send(new PutSecretValueCommand(put));
    await this.#secrets.send(new RotateSecretCommand({ SecretId: secretId }));
    await this.#stage.settle();
  }

  /** What a mail proposes for telling whether it is real. */
  async looks(secretId: string): Promise<void> {
    await this.#secrets.send(new DescribeSecretCommand({ SecretId: secretId }));
  }

  /** The fleet and one key, as listings show them. */
  async surveys(secretId: string): Promise<void> {
    const store = createSecretStore(this.#secrets, this.#stage.clock);
    await store.list({ tagKey: ENVIRONMENT_TAG });
    await store.listVersions(secretId, { deprecated: true });
    await store.describe(secretId);
  }

  /** The command line's way of handing a key in. */
  async submits(secretId: string, key: string, options: { replace?: boolean } = {}): Promise<void> {
    const store = createSecretStore(this.#secrets, this.#stage.clock);
    const desk = { store, clock: this.#stage.clock, newToken: this.#newToken };
    await submitKey(secretId, new ApiKey(key), { ...options, token: this.#newToken() }, desk);
    await this.#stage.settle();
  }
}
