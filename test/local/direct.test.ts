import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CreateTopicCommand, GetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import { createKeyProbe } from '../../lib/adapters/anthropic-probe';
import { ApiKey } from '../../lib/domain/key';
import {
  MISBEHAVIOUR,
  type MisbehaviourName,
  TROUBLE,
  type TroubleName,
} from '../../local/anthropic/answers';
import {
  type FakeAnthropic,
  openFakeAnthropic,
  startFakeAnthropic,
} from '../../local/anthropic/fake-anthropic';
import { clientConfig, FAULT, type FakeAws, type Fault, openFakeAws, startFakeAws } from '../../local/aws';
import { VirtualClock } from '../../local/clock';

// What reaches the embedded services without a socket comes out as it does over one.

const START = new Date('2026-11-21T08:00:00Z');

describe('Anthropic', () => {
  const direct = openFakeAnthropic({ clock: new VirtualClock(START) });
  let served: FakeAnthropic;
  beforeAll(async () => {
    served = await startFakeAnthropic({ clock: new VirtualClock(START) });
  });
  afterAll(() => served.stop());

  const both = <T>(of: (fake: FakeAnthropic) => Promise<T>): Promise<[T, T]> =>
    Promise.all([of(direct), of(served)]);

  test.each(Object.keys({ ...MISBEHAVIOUR, ...TROUBLE }) as (MisbehaviourName | TroubleName)[])(
    '%s',
    async (name) => {
      const [here, there] = await both(async (fake) => {
        const { value } = fake.createKey();
        const solve = fake.script(name, { key: value });
        // Long enough for a slow machine; only a body that never ends has to be given up.
        const attemptTimeout = name === 'slow body' ? 200 : 10_000;
        const answer = await ask(fake, value, { signal: AbortSignal.timeout(attemptTimeout) });
        const clock = new VirtualClock(START);
        const probing = createKeyProbe({
          ...{ baseURL: fake.url, fetch: fake.fetch, clock },
          ...{ random: () => 0.5, attemptTimeout },
        });
        const verdict = await probing.probe(new ApiKey(value), { probe: 'messages', within: 60_000 });
        solve();
        return { answer, verdict, at: clock.now() };
      });
      expect(here).toEqual(there);
    },
  );

  test('a request that is given up before it is sent', async () => {
    const signal = AbortSignal.abort(new Error('given up'));
    const [here, there] = await both((fake) => ask(fake, 'sk-ant-nobody', { signal }));
    expect(here).toEqual(there);
    expect(here).toBe('Error: given up');
  });

  test('a request that can’t be read', async () => {
    const [here, there] = await both((fake) => ask(fake, 'sk-ant-nobody', { body: '{' }));
    expect(here).toBe('TypeError: fetch failed');
    expect(here).toEqual(there);
  });

  test('what was asked', () => {
    expect(direct.requests.length).toBeGreaterThan(100);
    expect(direct.requests).toEqual(served.requests);
  });
});

/** Headers that a connection has and an answer has not. */
const OF_THE_CONNECTION = ['connection', 'content-length', 'date', 'keep-alive', 'transfer-encoding'];

async function ask({ url, fetch: own = fetch }: FakeAnthropic, key: string, init: RequestInit = {}) {
  try {
    const response = await own(`${url}/v1/messages`, {
      ...{ method: 'POST', redirect: 'manual' },
      headers: { authorization: `Bearer ${key}` },
      body: JSON.stringify({ model: 'claude-haiku-5-5', max_tokens: 1, messages: [{}] }),
      ...init,
    });
    const { status } = response;
    const headers = [...response.headers].filter(([name]) => !OF_THE_CONNECTION.includes(name));
    return { status, headers, body: await response.text() };
  } catch (error) {
    return String(error);
  }
}

describe('AWS', () => {
  const both = async <T>(of: (aws: FakeAws) => Promise<T>): Promise<[T, T]> => {
    const direct = openFakeAws({ clock: new VirtualClock(START) });
    const served = await startFakeAws({ clock: new VirtualClock(START) });
    try {
      return [await of(direct), await of(served)];
    } finally {
      await served.close();
    }
  };

  const outcome = (sent: Promise<object>) =>
    sent.then(
      (answer) => answer,
      // The SDK wraps an error of Node's own, which is of another realm than Jest's.
      ({ message, $metadata }) => ({ message: message.replace(/^AWS SDK .+ for \w+: /, ''), $metadata }),
    );

  const faults = Object.entries({ ...FAULT, delayed: { kind: 'delay', milliseconds: 1500 } as Fault });
  test.each(faults.flatMap(([name, fault]) => [1, 3].map((attempts) => ({ name, fault, attempts }))))(
    'a call that is $name, and the next one, of a client that tries $attempts times',
    async ({ fault, attempts }) => {
      const [here, there] = await both(async (aws) => {
        const client = new SecretsManagerClient(clientConfig(aws, 'check', attempts));
        aws.faults.on({ operation: 'ListSecrets' }, fault);
        const outcomes = [
          await outcome(client.send(new ListSecretsCommand({}))),
          await outcome(client.send(new ListSecretsCommand({}))),
        ];
        return { outcomes, calls: aws.calls.all() };
      });
      expect(here).toEqual(there);
    },
  );

  test('each protocol', async () => {
    const [here, there] = await both(async (aws) => {
      const functions = new LambdaClient(clientConfig(aws, 'check'));
      const topics = new SNSClient(clientConfig(aws, 'check'));
      aws.lambda.register('echo', async (event, { invokedFunctionArn }) => ({ event, invokedFunctionArn }));
      aws.lambda.addAlias('echo', 'orders');
      aws.lambda.register('broken', async () => {
        throw new Error('broken');
      });
      const Payload = JSON.stringify({ text: 'ü “quoted” & <plain>' });
      const { TopicArn } = await topics.send(new CreateTopicCommand({ Name: 'notices' }));
      const outcomes = [
        await outcome(functions.send(new InvokeCommand({ FunctionName: 'echo', Payload }))),
        await outcome(functions.send(new InvokeCommand({ FunctionName: 'echo:orders', Payload }))),
        await outcome(
          functions.send(new InvokeCommand({ FunctionName: 'echo', Qualifier: 'orders', Payload })),
        ),
        await outcome(functions.send(new InvokeCommand({ FunctionName: 'broken', Payload }))),
        await outcome(functions.send(new InvokeCommand({ FunctionName: 'nobody', Payload }))),
        await outcome(topics.send(new GetTopicAttributesCommand({ TopicArn }))),
        await outcome(topics.send(new GetTopicAttributesCommand({ TopicArn: `${TopicArn}-2` }))),
        await outcome(topics.send(new GetTopicAttributesCommand({ TopicArn: undefined }))),
      ];
      return { outcomes, calls: aws.calls.all() };
    });
    expect(here).toEqual(there);
    expect(here.calls.length).toBeGreaterThanOrEqual(6);
  });
});
