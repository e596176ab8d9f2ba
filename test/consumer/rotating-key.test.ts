import { inspect } from 'node:util';
import Anthropic from '@anthropic-ai/sdk';
import { KeyUnavailableError, type RotatingKeyOptions, rotatingKey } from '../../consumer';
import { KEY_FIELD } from '../../lib/domain/refusal';
import { FAULT } from '../../local/aws';
import { keyText } from '../keys';
import { Application, SECRET } from './application';

const key = keyText('live');
const READS = { service: 'secretsmanager', operation: 'GetSecretValue' } as const;

describe('what a secret holds', () => {
  test.each([
    ['a plain key', key],
    ['a key with a line break', `${key}\n`],
    ['the document of a deployment', JSON.stringify({ [KEY_FIELD]: key })],
    ['a document with other fields', JSON.stringify({ REGION: 'eu', [KEY_FIELD]: ` ${key} ` }, null, 2)],
  ])('%s is read', async (_, text) => {
    await expect(new Application({}, text).key.get()).resolves.toBe(key);
  });

  test('a field of one’s own is read', async () => {
    const application = new Application({ field: 'token' }, JSON.stringify({ token: key, [KEY_FIELD]: '' }));
    await expect(application.key.get()).resolves.toBe(key);
  });

  const EXPECTED = `The secret ${SECRET} holds no Anthropic API key: expected sk-ant-… as its text, or in the field ANTHROPIC_API_KEY.`;
  test.each([
    [
      'the placeholder',
      '{"ANTHROPIC_API_KEY":""}',
      `The secret ${SECRET} holds no Anthropic API key yet: it is empty.`,
    ],
    ['a stop', '{"ANTHROPIC_API_KEY":"DISABLED"}', EXPECTED],
    ['a plain stop', 'DISABLED', EXPECTED],
    ['another field', JSON.stringify({ key }), EXPECTED],
    ['an object', JSON.stringify({ [KEY_FIELD]: { key } }), EXPECTED],
    ['a broken document', `{"ANTHROPIC_API_KEY":"${key}"`, EXPECTED],
    ['a key with a break in it', `${key.slice(0, 40)}\n${key.slice(40)}`, EXPECTED],
  ])('%s is refused by the name of the secret, and not quoted', async (_, text, message) => {
    const error = await new Application({}, text).key.get().catch((thrown) => thrown);
    expect(error).toBeInstanceOf(KeyUnavailableError);
    expect(error.message).toBe(message);
  });
});

test('reads the live version, and names no other', async () => {
  const application = new Application();
  await application.key.get();
  expect(application.aws.calls.by('application').map(({ params }) => params)).toEqual([{ SecretId: SECRET }]);
});

describe('how often it reads', () => {
  test('once within five minutes', async () => {
    const application = new Application();
    for (let second = 0; second < 300; second += 10) {
      await application.ask();
      application.after(10);
    }
    expect(application.reads).toBe(1);
    await application.ask();
    expect(application.reads).toBe(2);
  });

  test('once for all who wait, at the start and when the time is over', async () => {
    const application = new Application({ ttlSeconds: 60 });
    expect(await application.askAll(200)).toEqual({ 200: 200 });
    expect(application.reads).toBe(1);
    application.after(60);
    expect(await application.askAll(200)).toEqual({ 200: 200 });
    expect(application.reads).toBe(2);
  });

  test('again when the clock was put back, rather than never', async () => {
    let now = 1_000_000_000;
    const application = new Application({ now: () => now });
    await application.key.get();
    now -= 86_400_000;
    await application.key.get();
    expect(application.reads).toBe(2);
  });
});

describe('a key that is refused', () => {
  test('is exchanged at once where the secret holds another: nobody’s request fails, and one read is enough', async () => {
    const application = new Application();
    const old = await application.key.get();
    application.put(application.newKey());
    application.anthropic.disable(old);
    expect(await application.askAll(200)).toEqual({ 200: 200 });
    expect(application.reads).toBe(2);
  });

  test('and unchanged makes one read per five minutes, however many fail', async () => {
    const application = new Application();
    await application.disableLive();
    expect(await application.askAll(200)).toEqual({ 401: 200 });
    for (let second = 0; second < 290; second += 10) {
      application.after(10);
      expect(await application.askAll(3)).toEqual({ 401: 3 });
    }
    expect(application.reads).toBe(2);
    // One because the time is over, and one because the key is refused then.
    application.after(10);
    expect(await application.askAll(200)).toEqual({ 401: 200 });
    expect(application.reads).toBe(4);
  });

  test('makes those wait who come while it is read again', async () => {
    const application = new Application();
    const old = await application.key.get();
    const next = application.newKey();
    application.anthropic.disable(old);
    const asked: Promise<number>[] = [];
    application.aws.faults.on(READS, {
      kind: 'meanwhile',
      when: 'before-effect',
      run: async () => {
        application.put(next);
        for (let n = 0; n < 50; n++) asked.push(application.ask());
      },
    });
    expect(await application.ask()).toBe(200);
    expect(await Promise.all(asked)).toEqual(Array(50).fill(200));
    expect(application.reads).toBe(2);
    const asBefore = application.anthropic.requests.filter(({ status }) => status === 401);
    expect(asBefore).toHaveLength(1);
  });

  test('is read again by one of many who waited for a read that came too early', async () => {
    const application = new Application();
    const old = await application.key.get();
    application.anthropic.disable(old);
    application.after(300);
    // While the old value is under way, its key is refused to those who hold it already, and the secret changes.
    const holders: Promise<number>[] = [];
    application.aws.faults.on(READS, {
      kind: 'meanwhile',
      when: 'after-effect',
      run: async () => {
        for (let n = 0; n < 50; n++) holders.push(application.ask({ headers: { 'x-api-key': old } }));
        // Each is refused before the old value arrives.
        while (application.anthropic.requests.length < 50) await new Promise(setImmediate);
        application.put(application.newKey());
      },
    });
    expect(await application.key.get()).toBe(old);
    expect(await Promise.all(holders)).toEqual(Array(50).fill(200));
    expect(application.reads).toBe(3);
  });

  test('is not sent twice in a body that is gone once it was sent, and the next request has the new key', async () => {
    const application = new Application();
    const old = await application.disableLive();
    application.put(application.newKey());
    const stream = new ReadableStream({ start: (body) => body.close() });
    expect(await application.ask({ body: stream, duplex: 'half' } as RequestInit)).toBe(401);
    expect(application.anthropic.requests).toHaveLength(1);
    expect(await application.ask({ headers: { 'x-api-key': old } })).toBe(200);
    expect(application.reads).toBe(2);
  });

  test.each([
    ['text', () => 'text'],
    ['bytes', () => new TextEncoder().encode('bytes')],
    ['a buffer', () => new ArrayBuffer(8)],
    ['a form', () => new FormData()],
    ['a blob', () => new Blob(['blob'])],
    ['parameters', () => new URLSearchParams({ a: 'b' })],
  ])('is exchanged with %s as the body', async (_, body) => {
    const sent: Sent[] = [];
    const { application, next } = await exchanging(sent);
    await application.key.fetch('https://anthropic.invalid/', { method: 'POST', body: body() });
    expect(sent.map(({ headers }) => headers.get('x-api-key'))).toEqual([expect.anything(), next]);
  });

  test('is not sent again for somebody who gave up meanwhile', async () => {
    const application = new Application();
    const old = await application.key.get();
    application.put(application.newKey());
    application.anthropic.disable(old);
    const giveUp = new AbortController();
    const run = async () => giveUp.abort();
    application.aws.faults.on(READS, { kind: 'meanwhile', when: 'before-effect', run });
    await expect(application.ask({ signal: giveUp.signal })).rejects.toThrow('aborted');
    expect(application.anthropic.requests).toHaveLength(1);
  });

  test('is not sent twice in the stream of a Request', async () => {
    const sent: Sent[] = [];
    const { application } = await exchanging(sent);
    const request = new Request('https://anthropic.invalid/', { method: 'POST', body: 'read once' });
    expect((await application.key.fetch(request)).status).toBe(401);
    expect(sent).toHaveLength(1);
  });
});

describe('which credentials a request has', () => {
  test('one key in all places, in each attempt', async () => {
    const sent: Sent[] = [];
    const { application, old, next } = await exchanging(sent);
    const headers = { 'x-api-key': old, authorization: `Bearer ${old}` };
    await application.key.fetch('https://anthropic.invalid/', { headers });
    expect(sent.map(credentials)).toEqual([
      [old, `Bearer ${old}`],
      [next, `Bearer ${next}`],
    ]);
    // The provider gave a key that was live then; a header is older still.
    await application.key.fetch('https://anthropic.invalid/', { headers: { ...headers, 'x-api-key': next } });
    expect(sent.slice(2).map(credentials)).toEqual([[next, `Bearer ${next}`]]);
  });

  test('those of somebody else are left alone, and their refusal reads nothing', async () => {
    const sent: Sent[] = [];
    const { application } = await exchanging(sent);
    const reads = application.reads;
    const headers = { authorization: 'Bearer somebody-else' };
    expect((await application.key.fetch('https://anthropic.invalid/', { headers })).status).toBe(401);
    expect(sent.map(credentials)).toEqual([[null, 'Bearer somebody-else']]);
    expect(application.reads).toBe(reads);
  });

  test('a key that the helper adds follows no redirect', async () => {
    const sent: Sent[] = [];
    const { application, old } = await exchanging(sent);
    await application.key.fetch('https://anthropic.invalid/');
    await application.key.fetch('https://anthropic.invalid/', {
      headers: { authorization: `Bearer ${old}` },
    });
    expect(sent.map(({ redirect }) => redirect)).toEqual(['error', 'error', undefined]);
  });
});

describe('while Secrets Manager fails', () => {
  test('the key that is known serves on, and reads become rarer: after 1, 2, 4, 8, 16, 30, 30 seconds', async () => {
    const application = new Application();
    await application.key.get();
    application.after(300);
    const end = application.aws.faults.on({ ...READS, times: Infinity }, FAULT.throttled);
    const tried: number[] = [];
    for (let second = 0; second < 100; second++) {
      const before = application.reads;
      expect(await application.askAll(3)).toEqual({ 200: 3 });
      await application.settle();
      if (application.reads > before) tried.push(second);
      application.after(1);
    }
    expect(tried).toEqual([0, 1, 3, 7, 15, 31, 61, 91]);
    end();
    application.after(30);
    const reads = application.reads;
    expect(await application.askAll(200)).toEqual({ 200: 200 });
    await application.settle();
    expect(application.reads).toBe(reads + 1);
  });

  test('nobody waits for a read after one that failed, while a key is known', async () => {
    const answers = [
      () => Promise.resolve({ SecretString: live }),
      () => Promise.reject(new Error('connection lost')),
      () => new Promise<never>(() => {}),
    ];
    const application = new Application({ client: { send: () => answers.shift()!() } });
    const live = application.newKey();
    for (let read = 0; read < 3; read++) {
      expect(await application.askAll(200)).toEqual({ 200: 200 });
      application.after(301);
    }
    expect(await application.askAll(200)).toEqual({ 200: 200 });
    expect(answers).toEqual([]);
  });

  test('a refused key stays refused, without a storm, and is exchanged as soon as a read succeeds', async () => {
    const application = new Application();
    const old = await application.key.get();
    application.put(application.newKey());
    application.anthropic.disable(old);
    const end = application.aws.faults.on({ ...READS, times: Infinity }, FAULT.throttled);
    expect(await application.askAll(200)).toEqual({ 401: 200 });
    expect(application.reads).toBe(2);
    end();
    expect(await application.ask()).toBe(401);
    application.after(1);
    expect(await application.askAll(200)).toEqual({ 200: 200 });
    expect(application.reads).toBe(3);
  });

  test('a first read that fails says why, to all who wait, and not at every request', async () => {
    const application = new Application();
    application.aws.faults.on(READS, FAULT.denied);
    const message = `The secret ${SECRET} cannot be read: AccessDeniedException: User is not authorized to perform this action.`;
    const asked = await Promise.allSettled(Array.from({ length: 200 }, () => application.ask()));
    expect(new Set(asked.map((one) => one.status === 'rejected' && one.reason.message))).toEqual(
      new Set([message]),
    );
    await expect(application.key.get()).rejects.toThrow(message);
    expect(application.reads).toBe(1);
    application.after(1);
    expect(await application.ask()).toBe(200);
  });

  test('a read has a limit in time', async () => {
    const signals: (AbortSignal | undefined)[] = [];
    const client = {
      send: async (_: never, options?: { abortSignal?: AbortSignal }) => {
        signals.push(options?.abortSignal);
        return { SecretString: key };
      },
    };
    await rotatingKey({ secretId: SECRET, client }).get();
    expect(signals).toEqual([expect.any(AbortSignal)]);
  });
});

test('a stop in the place of the key ends its use, and a key afterwards is taken up within seconds', async () => {
  const application = new Application();
  const old = await application.key.get();
  application.put('{"ANTHROPIC_API_KEY":"DISABLED"}');
  application.after(300);
  await expect(application.ask()).rejects.toThrow('holds no Anthropic API key');
  await expect(application.key.get()).rejects.toThrow(KeyUnavailableError);
  expect(application.reads).toBe(2);
  application.put(old);
  application.after(1);
  expect(await application.ask()).toBe(200);
});

describe('a key is never shown', () => {
  test('by whatever prints the helper', async () => {
    const application = new Application();
    const live = await application.key.get();
    const { key: printed } = application;
    for (const text of [
      inspect(printed, { depth: 9, showHidden: true }),
      JSON.stringify(printed),
      String(printed),
    ])
      expect(text).not.toContain(live.slice(0, 20));
  });

  test.each([
    ['a parser that quotes', new SyntaxError(`Unexpected end of "${key}"`)],
    ['a middle that is quoted', new SyntaxError(`..."${key.slice(30, 50)}"... is not valid JSON`)],
    ['a chatty client', new Error(`could not decode ${key}`)],
    ['no error at all', key],
  ])('by the error of %s', async (_, thrown) => {
    const client = { send: () => Promise.reject(thrown) };
    const error = await rotatingKey({ secretId: SECRET, client })
      .get()
      .catch((one) => one);
    expect(error.message).toContain(`The secret ${SECRET} cannot be read: `);
    for (const part of [key.slice(14, 30), key.slice(30, 50)]) expect(inspect(error)).not.toContain(part);
  });
});

test.each([
  [{ secretId: '' }, 'secretId is "": expected the name or ARN of a secret.'],
  [{ secretId: undefined }, 'secretId is undefined: expected the name or ARN of a secret.'],
  [{ secretId: key }, 'secretId is an API key: expected the name or ARN of the secret that holds it.'],
  [{ secretId: SECRET, ttlSeconds: 0 }, 'ttlSeconds is 0: expected 1 to 3600 seconds.'],
  [{ secretId: SECRET, ttlSeconds: 300_000 }, 'ttlSeconds is 300000: expected 1 to 3600 seconds.'],
  [{ secretId: SECRET, ttlSeconds: Number.NaN }, 'ttlSeconds is NaN: expected 1 to 3600 seconds.'],
])('%j is refused', (options, message) => {
  const make = () => rotatingKey(options as RotatingKeyOptions);
  expect(make).toThrow(TypeError);
  expect(make).toThrow(message);
});

test('serves the SDK, which asks for the key at every attempt', async () => {
  const application = new Application();
  const { url: baseURL } = application.anthropic;
  const anthropic = new Anthropic({
    baseURL,
    apiKey: application.key.get,
    fetch: application.key.fetch,
    maxRetries: 0,
  });
  const ask = () =>
    anthropic.messages.create({
      model: 'claude-haiku-5-5',
      max_tokens: 1,
      messages: [{ role: 'user', content: 'Hi' }],
    });
  await ask();
  const old = await application.disableLive();
  application.put(application.newKey());
  await expect(ask()).resolves.toMatchObject({ role: 'assistant' });
  application.put('DISABLED');
  application.after(300);
  await expect(ask()).rejects.toThrow(`The secret ${SECRET} holds no Anthropic API key`);
  expect(old).not.toBe('');
});

interface Sent {
  readonly headers: Headers;
  readonly redirect?: string;
}

const credentials = ({ headers }: Sent) => [headers.get('x-api-key'), headers.get('authorization')];

/** An application whose key was exchanged just now: whatever it sends is noted, and refused unless it has the new key. */
async function exchanging(sent: Sent[]) {
  const application = new Application({
    fetch: async (_, { headers, redirect } = {}) => {
      const noted = { headers: new Headers(headers), redirect };
      sent.push(noted);
      return new Response('{}', {
        status: credentials(noted).some((text) => text?.includes(next)) ? 200 : 401,
      });
    },
  });
  const old = await application.key.get();
  const next = application.newKey();
  application.put(next);
  return { application, old, next };
}
