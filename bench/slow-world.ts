import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { DAY, HOUR } from '../lib/domain/time';
import { TestEnvironment } from '../test/lifecycle/test-key';
import { startChild } from './child';

/** The embedded AWS and a fake Anthropic over HTTP in a process of their own, in which AWS can take its time. */
export interface SlowWorld {
  readonly aws: { readonly endpoint: string; readonly region: string };
  readonly anthropic: string;
  /** Environment variables of functions. */
  readonly variables: Readonly<Record<'check' | 'rotate', Record<string, string>>>;
  /** A secret with its first key, live and accepted. */
  newKey(): Promise<{ readonly secretId: string; readonly live: string }>;
  /** Submits another key, and begins a rotation whose steps nobody runs. */
  submit(secretId: string): Promise<{ readonly token: string }>;
  /** From now on, each call of AWS takes so many milliseconds more. */
  delay(milliseconds: number): Promise<void>;
  /** Whether that version is live and accepted. */
  isAccepted(secretId: string, versionId: string): Promise<boolean>;
  close(): void;
}

type Question = keyof Pick<SlowWorld, 'newKey' | 'submit' | 'delay' | 'isAccepted'>;

export async function openSlowWorld(): Promise<SlowWorld> {
  const child = startChild(__filename, 'The embedded world');
  const ask =
    (question: Question) =>
    <Answer>(...words: unknown[]) =>
      child.ask<Answer>({ question, words });
  return {
    ...(await child.answer<Pick<SlowWorld, 'aws' | 'anthropic' | 'variables'>>()),
    newKey: ask('newKey'),
    submit: ask('submit'),
    delay: ask('delay'),
    isAccepted: ask('isAccepted'),
    close: child.stop,
  };
}

/** Serves until the parent goes. */
async function serve(): Promise<void> {
  // Functions of another process go by the real time: what was done before lies behind them.
  const environment = await TestEnvironment.open({
    start: new Date(Date.now() - 2 * DAY),
    overHttp: true,
  });
  const { sandbox } = environment;
  const { aws, anthropic, clock } = sandbox;
  const { settings } = aws.secretsManager;
  let faster = () => {};
  const answers: Record<Question, (...words: never[]) => unknown> = {
    async newKey() {
      settings.rotationsStart = 'at-once';
      const testKey = await environment.key();
      clock.advance(HOUR);
      const live = await testKey.promoteFirstKey();
      clock.advance(HOUR);
      return { secretId: testKey.secretName, live };
    },
    async submit(secretId: string) {
      settings.rotationsStart = 'on-settle';
      const { value } = anthropic.createKey({ workspace: environment.workspace });
      await aws.secretsManager.perform('PutSecretValue', {
        ...{ SecretId: secretId, ClientRequestToken: randomUUID() },
        ...{ SecretString: value, VersionStages: ['SUBMITTED'] },
      });
      const token = randomUUID();
      await aws.secretsManager.perform('RotateSecret', { SecretId: secretId, ClientRequestToken: token });
      aws.secretsManager.dropWaitingRotations();
      return { token };
    },
    delay(milliseconds: number) {
      faster();
      const run = () => wait(milliseconds);
      faster =
        milliseconds > 0
          ? aws.faults.on({ times: Infinity }, { kind: 'meanwhile', when: 'before-effect', run })
          : () => {};
      return true;
    },
    isAccepted(secretId: string, versionId: string) {
      const version = aws.secretsManager.inspect(secretId)!.versions.find(({ id }) => id === versionId);
      return ['AWSCURRENT', 'ACCEPTED'].every((label) => version?.labels.includes(label));
    },
  };
  process.on('message', async ({ question, words }: { question: Question; words: never[] }) =>
    process.send!(await answers[question](...words)),
  );
  process.on('disconnect', () => process.exit(0));
  const { check, rotate } = sandbox.environment('prod').variables;
  const { endpoint, region } = aws;
  process.send!({ aws: { endpoint, region }, anthropic: anthropic.url, variables: { check, rotate } });
}

if (require.main === module) serve();
