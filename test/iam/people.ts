import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { clientConfig } from '../../local/aws';
import { operatorOn, type Ran } from '../../local/cli/operator';
import type { Script } from '../../local/cli/scripted-terminal';
import { asking, Person } from '../../local/person';
import type { Sandbox } from '../../local/world';

/** A person at a terminal, with credentials that have one of the managed policies. */
export class PolicyHolder {
  readonly #secrets: SecretsManagerClient;
  readonly #sandbox: Sandbox;
  readonly #terminal: ReturnType<typeof operatorOn>;

  constructor(sandbox: Sandbox, name: 'reader' | 'operator' | 'responder') {
    this.#sandbox = sandbox;
    this.#secrets = new SecretsManagerClient(clientConfig(sandbox.aws, name));
    this.#terminal = operatorOn(sandbox, name);
  }

  /** The block of commands that the mails print, call for call. */
  async pastesFromTheMail(secretId: string, key: string): Promise<void> {
    await this.#with(secretId).submit(key);
  }

  /** What a mail proposes for telling whether it is real. */
  async looks(secretId: string): Promise<void> {
    await this.#with(secretId).look();
  }

  /** A command of the command line, of which an exit code of 0 or 3 is expected: fine, or something needs attention. */
  async runs(argv: readonly string[], script?: Script): Promise<Ran> {
    const ran = await this.#terminal.run(argv, script);
    if (ran.exit !== 0 && ran.exit !== 3)
      throw new Error(`${argv.join(' ')}: exit ${ran.exit}\n${ran.shown}`);
    await this.#sandbox.settle();
    return ran;
  }

  #with(secretId: string): Person {
    const settle = () => this.#sandbox.settle();
    return new Person({ secretId, ask: asking(this.#secrets), settle });
  }
}
