import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type RotatingKey, type RotatingKeyOptions, rotatingKey } from '../../consumer';
import { openFakeAnthropic } from '../../local/anthropic/fake-anthropic';
import { clientConfig, openFakeAws } from '../../local/aws';
import { VirtualClock } from '../../local/clock';
import type { Sandbox } from '../../local/world';

export const SECRET = 'anthropic/prod/api-1';

const MESSAGES = '/v1/messages';
const QUESTION = JSON.stringify({
  model: 'claude-haiku-5-5',
  max_tokens: 1,
  messages: [{ role: 'user', content: 'Hi' }],
});

/** An application beside a secret and an Anthropic, which rotates nothing: tests change the secret themselves. */
export class Application {
  readonly clock = new VirtualClock(new Date('2026-11-21T09:00:00Z'));
  readonly aws = openFakeAws({ clock: this.clock });
  readonly anthropic = openFakeAnthropic({ clock: this.clock });
  readonly key: RotatingKey;

  constructor(options: Partial<RotatingKeyOptions> = {}, text?: string) {
    this.aws.secretsManager.perform('CreateSecret', {
      Name: SECRET,
      ClientRequestToken: 'first'.padEnd(32, '-'),
      SecretString: text ?? this.newKey(),
    });
    this.key = rotatingKey({
      secretId: SECRET,
      client: readerOf(this.aws, 1),
      fetch: this.anthropic.fetch,
      now: () => this.clock.now().getTime(),
      ...options,
    });
  }

  newKey(): string {
    return this.anthropic.createKey().value;
  }

  /** Makes a value live, as a promotion does. */
  put(text: string): void {
    this.aws.secretsManager.perform('PutSecretValue', {
      SecretId: SECRET,
      ClientRequestToken: text.slice(-32).padEnd(32, '-'),
      SecretString: text,
    });
  }

  /** Switches the live key off without another one, as somebody in the Console does. */
  async disableLive(): Promise<string> {
    const key = await this.key.get();
    this.anthropic.disable(key);
    return key;
  }

  after(seconds: number): void {
    this.clock.advance(seconds * 1000);
  }

  /** Asks for a message through the helper. */
  async ask(init: RequestInit = {}): Promise<number> {
    const request = { method: 'POST', body: QUESTION, ...init };
    const { status } = await this.key.fetch(this.anthropic.url + MESSAGES, request);
    return status;
  }

  /** So many at once: how many were answered with each status. */
  async askAll(count: number): Promise<Record<number, number>> {
    const answers: Record<number, number> = {};
    for (const status of await Promise.all(Array.from({ length: count }, () => this.ask())))
      answers[status] = (answers[status] ?? 0) + 1;
    return answers;
  }

  /** Until a read is over for which nobody waited. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
  }

  /** How often the secret was read so far. */
  get reads(): number {
    return readsOf(this.aws);
  }
}

/** The name of the application in `aws.calls`. */
const APPLICATION = 'application';

/** The real client of the SDK, which tries so often. */
export const readerOf = (aws: Sandbox['aws'], attempts: number) =>
  new SecretsManagerClient(clientConfig(aws, APPLICATION, attempts));

/** How often an application read its secret. */
export const readsOf = (aws: Pick<Sandbox['aws'], 'calls'>) => aws.calls.by(APPLICATION).length;
