import { inspect } from 'node:util';
import Anthropic from '@anthropic-ai/sdk';
import { type RotatingKeyOptions, rotatingKey } from '../../consumer';
import { keyText } from '../keys';
import { Application, SECRET } from './application';

const SERVER = 'https://anthropic.invalid/v1/messages';
const [first, second] = [keyText('first'), keyText('second')];

/** A secret, and a server that accepts its live key alone, or answers with one status. */
class World {
  live = first;
  reads = 0;
  seconds = 1_000_000_000;
  /** Holds reads back while it is unresolved. */
  gate: Promise<void> | undefined;
  readonly sent: (string | null)[] = [];
  readonly key;

  constructor(options: Partial<RotatingKeyOptions> = {}, status?: number) {
    this.key = rotatingKey({
      secretId: SECRET,
      client: {
        send: async () => {
          this.reads += 1;
          await this.gate;
          return { SecretString: this.live };
        },
      },
      fetch: async (input, init) => {
        const given = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
        const sent = given.get('x-api-key');
        this.sent.push(sent);
        return new Response('{}', { status: status ?? (sent === this.live ? 200 : 401) });
      },
      now: () => this.seconds * 1000,
      ...options,
    });
  }

  async ask(input: Parameters<typeof fetch>[0] = SERVER, init?: RequestInit): Promise<number> {
    return (await this.key.fetch(input, init)).status;
  }
}

/** A gate that somebody opens. */
function gate() {
  let open = () => {};
  const closed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { closed, open };
}

describe('whoever gives up while the secret is read', () => {
  const requests: Record<string, (signal: AbortSignal) => Parameters<typeof fetch>> = {
    'by its options': (signal) => [SERVER, { signal }],
    'by its Request': (signal) => [new Request(SERVER, { signal })],
  };

  test.each(Object.entries(requests))('%s: waits no longer, and nobody else fails', async (_, request) => {
    const world = new World();
    const { closed, open } = gate();
    world.gate = closed;
    const givesUp = new AbortController();
    const gone = world.key.fetch(...request(givesUp.signal));
    const others = Array.from({ length: 20 }, () => world.ask());
    givesUp.abort(new Error('too slow'));
    // The read has not ended, and never would if this waited for it.
    await expect(gone).rejects.toThrow('too slow');
    open();
    expect(await Promise.all(others)).toEqual(Array(20).fill(200));
    expect(world.reads).toBe(1);
    expect(world.sent).toHaveLength(20);
  });

  test('after a refusal: the same', async () => {
    const world = new World();
    await world.ask();
    const { closed, open } = gate();
    world.gate = closed;
    world.live = second;
    const givesUp = new AbortController();
    const gone = world.ask(SERVER, { signal: givesUp.signal });
    const others = Array.from({ length: 20 }, () => world.ask());
    while (world.reads < 2) await new Promise(setImmediate);
    givesUp.abort(new Error('too slow'));
    await expect(gone).rejects.toThrow('too slow');
    open();
    expect(await Promise.all(others)).toEqual(Array(20).fill(200));
  });

  test('before it asks: nothing is sent', async () => {
    const world = new World();
    const signal = AbortSignal.abort(new Error('too late'));
    await expect(world.ask(SERVER, { signal })).rejects.toThrow('too late');
    expect(world.sent).toEqual([]);
  });

  test('a signal that outlives 1,000 requests keeps no listener of any', async () => {
    const world = new World();
    const { signal } = new AbortController();
    const [added, removed] = ['addEventListener', 'removeEventListener'].map((name) =>
      jest.spyOn(signal, name as 'addEventListener'),
    );
    for (let n = 0; n < 1000; n++) await world.ask(SERVER, { signal });
    expect(added!.mock.calls).toHaveLength(1000);
    expect(removed!.mock.calls.map(([, listener]) => listener)).toEqual(
      added!.mock.calls.map(([, listener]) => listener),
    );
  });
});

describe('a secret that changes again and again', () => {
  test('each change while its old key works is followed within the time, whatever came before', async () => {
    const world = new World();
    const seen: number[] = [];
    for (const live of [first, second, first, second]) {
      world.live = live;
      world.seconds += 300;
      seen.push(await world.ask());
    }
    expect(seen).toEqual([200, 200, 200, 200]);
    expect(world.reads).toBe(4);
  });

  test('two that revoke the old key at once: the second is followed within the time, by one read', async () => {
    const world = new World();
    await world.ask();
    world.live = second;
    expect(await world.ask()).toBe(200);
    world.live = first;
    expect(await world.ask()).toBe(401);
    world.seconds += 300;
    expect(await world.ask()).toBe(200);
    expect(world.reads).toBe(3);
  });
});

test.each([403, 407, 429, 500, 529])('an answer of %d reads nothing and repeats nothing', async (status) => {
  const world = new World({}, status);
  for (let n = 0; n < 10; n++) expect(await world.ask()).toBe(status);
  expect(world.reads).toBe(1);
  expect(world.sent).toHaveLength(10);
});

test('a proxy that answers 401 to everything costs one read', async () => {
  const world = new World({}, 401);
  for (let n = 0; n < 50; n++) expect(await world.ask()).toBe(401);
  expect(world.reads).toBe(2);
  expect(world.sent).toHaveLength(50);
});

test.each<[string, () => Parameters<typeof fetch>]>([
  ['a list of headers', () => [SERVER, { headers: [['X-Api-Key', first]] }]],
  ['a Request', () => [new Request(SERVER, { headers: { 'X-API-KEY': first } })]],
  ['a URL', () => [new URL(SERVER)]],
  ['no body', () => [SERVER, { method: 'POST', body: null }]],
])('a refused request given as %s is sent again with the other key', async (_, request) => {
  const world = new World();
  await world.ask();
  world.live = second;
  expect(await world.ask(...request())).toBe(200);
  expect(world.sent.slice(1)).toEqual([first, second]);
});

test('two for one secret: a key that the other one gave is replaced, too', async () => {
  const [one, other] = [new World(), new World()];
  await Promise.all([one.ask(), other.ask()]);
  one.live = other.live = second;
  await other.ask();
  expect(await one.ask(SERVER, { headers: { 'x-api-key': first } })).toBe(200);
});

test.each([
  ['a year ahead', 31_536_000],
  ['a year back', -31_536_000],
])('a clock that jumps %s costs one read', async (_, jump) => {
  const world = new World();
  await world.ask();
  world.seconds += jump;
  for (let n = 0; n < 10; n++) expect(await world.ask()).toBe(200);
  expect(world.reads).toBe(2);
});

test.each<[string, () => Promise<{ SecretString?: string }>, string]>([
  ['a binary secret', async () => ({ SecretBinary: new Uint8Array(1) }) as object, 'the answer has no text'],
  ['no answer at all', async () => undefined as never, 'cannot be read'],
  [
    'a client that throws at once',
    () => {
      throw new Error('no region');
    },
    'no region',
  ],
])('%s is a key that is not there, with a reason', async (_, send, says) => {
  await expect(rotatingKey({ secretId: SECRET, client: { send } }).get()).rejects.toThrow(says);
});

test.each<[string, unknown]>([
  ['errors within an error', new AggregateError([new Error(first)], `several: ${first}`)],
  ['a cause', new Error('no answer', { cause: new Error(first) })],
  ['a name', Object.assign(new Error('no answer'), { name: first })],
  ['a field', Object.assign(new Error('no answer'), { $response: { body: first } })],
])('a key in %s of a client reaches no error of ours', async (_, thrown) => {
  const client = { send: () => Promise.reject(thrown) };
  const error: unknown = await rotatingKey({ secretId: SECRET, client })
    .get()
    .catch((one) => one);
  for (const text of [inspect(error, { depth: 9, showHidden: true }), JSON.stringify(error)])
    expect(text).not.toContain(first.slice(14, 40));
});

test('a request that never reached anybody fails without the key', async () => {
  const client = { send: async () => ({ SecretString: first }) };
  const key = rotatingKey({ secretId: SECRET, client });
  const error: unknown = await key.fetch('http://127.0.0.1:1/').catch((one) => one);
  expect(error).toMatchObject({ message: expect.any(String) });
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(first.slice(14, 40));
});

test('the retries of the SDK and the exchange of a key add up to no failed message', async () => {
  const application = new Application();
  const { url: baseURL } = application.anthropic;
  const { get, fetch } = application.key;
  const anthropic = new Anthropic({ baseURL, apiKey: get, fetch, maxRetries: 2 });
  const messages = [{ role: 'user', content: 'Hi' } as const];
  const ask = () => anthropic.messages.create({ model: 'claude-haiku-5-5', max_tokens: 1, messages });
  await ask();
  await application.disableLive();
  application.put(application.newKey());
  const asked = await Promise.allSettled(Array.from({ length: 100 }, ask));
  expect(asked.filter(({ status }) => status === 'rejected')).toEqual([]);
  expect(application.reads).toBe(2);
});
