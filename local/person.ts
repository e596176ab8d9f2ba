import {
  DescribeSecretCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { LABEL, readLabels } from '../lib/contract/labels';
import { keyText } from '../lib/contract/secret-value';
import type { FakeAws } from './aws';
import type { Version } from './aws/secrets-manager';

const COMMANDS = {
  DescribeSecret: DescribeSecretCommand,
  PutSecretValue: PutSecretValueCommand,
  RotateSecret: RotateSecretCommand,
  UpdateSecretVersionStage: UpdateSecretVersionStageCommand,
} as const;

/** How a call of somebody gets to Secrets Manager. */
type Ask = (operation: keyof typeof COMMANDS, params: { SecretId: string }) => Promise<unknown>;

/** By the SDK, with the credentials of its client. */
export const asking =
  (client: SecretsManagerClient): Ask =>
  (operation, params) =>
    client.send(new (COMMANDS[operation] as typeof PutSecretValueCommand)(params));

/** Behind the back of `aws.calls` and `aws.faults`, for people that a test does not look at. */
export const unseen =
  (aws: FakeAws): Ask =>
  (operation, params) =>
    aws.secretsManager.perform(operation, params);

export interface PersonOptions {
  /** Name or ARN of the secret that they look after. */
  readonly secretId: string;
  readonly ask: Ask;
  /** Id of each version that they make. @default one of the SDK's */
  readonly newToken?: () => string;
  /** Until the rotation is over that they began. @default nobody waits */
  readonly settle?: () => Promise<void>;
}

/** Somebody who looks after one secret, and what they do with it by the commands of the mails and in the AWS console. */
export class Person {
  constructor(private readonly options: PersonOptions) {}

  /** The first of the two commands that the mails print: puts a value under SUBMITTED. */
  async put(value: string): Promise<void> {
    await this.#ask('PutSecretValue', {
      SecretString: value,
      VersionStages: [LABEL.submitted],
      ...this.#token(),
    });
  }

  /** The second one: begins a rotation. */
  async rotate(): Promise<void> {
    await this.#ask('RotateSecret', this.#token());
    await this.options.settle?.();
  }

  /** Both. */
  async submit(value: string): Promise<void> {
    await this.put(value);
    await this.rotate();
  }

  /** "Edit secret" of the AWS console: what is typed is live at once, untested. */
  async edit(text: string): Promise<void> {
    await this.#ask('PutSecretValue', { SecretString: text, ...this.#token() });
  }

  /** Moves AWSCURRENT from one version to another, as a mail's command does and the AWS console. */
  async moveCurrent(from: string | undefined, to: string | undefined): Promise<void> {
    const move = { VersionStage: LABEL.current, MoveToVersionId: to, RemoveFromVersionId: from };
    await this.#ask('UpdateSecretVersionStage', move);
  }

  /** What a mail proposes for telling whether it is real. */
  async look(): Promise<void> {
    await this.#ask('DescribeSecret', {});
  }

  #ask(operation: keyof typeof COMMANDS, params: object): Promise<unknown> {
    return this.options.ask(operation, { SecretId: this.options.secretId, ...params });
  }

  #token() {
    const { newToken } = this.options;
    return newToken ? { ClientRequestToken: newToken() } : {};
  }
}

/** What a secret of the embedded world holds, read without a call. */
export class SecretView {
  constructor(
    private readonly aws: FakeAws,
    private readonly secretName: string,
  ) {}

  get versions(): readonly Version[] {
    return this.aws.secretsManager.inspect(this.secretName)?.versions ?? [];
  }

  /** The id of the version with a label that begins so. */
  at(label: string): string | undefined {
    return this.versions.find(({ labels }) => labels.some((each) => each.startsWith(label)))?.id;
  }

  /** The stored text under a label. */
  text(label: string): string | undefined {
    const version = this.#with(label);
    return version && textOf(version);
  }

  /** The key under a label; empty where there is none. */
  key(label: string): string {
    const version = this.#with(label);
    return version ? keyTextOf(version) : '';
  }

  #with(label: string): Version | undefined {
    return this.versions.find(({ labels }) => labels.includes(label));
  }

  /** Superseded keys and when their grace ends, once for each of their labels. */
  get retiring(): readonly { readonly key: string; readonly until: Date }[] {
    return this.versions.flatMap((version) => {
      const { retire, leaks, current, accepted, submitted } = readLabels(version.labels);
      const reported = current || accepted || submitted ? [] : leaks.map(({ on }) => ({ until: on }));
      return [...retire, ...reported].map(({ until }) => ({ key: keyTextOf(version), until }));
    });
  }

  /** Refused keys that are followed. */
  get followed(): readonly string[] {
    return this.versions.filter(({ labels }) => readLabels(labels).followed.length > 0).map(keyTextOf);
  }
}

/** What a version holds. */
const textOf = ({ content }: Version): string => (content && 'text' in content ? content.text : '');

/** By what versions hold, which stays the same object when a label moves. */
const keyTexts = new WeakMap<NonNullable<Version['content']>, string>();

/** The key that a version holds, or the text in its place. Tests ask for it after every call, so it is read once. */
export function keyTextOf(version: Version): string {
  const { content } = version;
  if (!content) return '';
  const text = keyTexts.get(content) ?? keyText(textOf(version));
  keyTexts.set(content, text);
  return text;
}
