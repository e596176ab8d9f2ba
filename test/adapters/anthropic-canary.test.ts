import { inspect } from 'node:util';
import { createKeyProbe } from '../../lib/adapters/anthropic-probe';
import { parseApiKey, scrub } from '../../lib/domain/key';
import {
  MISBEHAVIOUR,
  type MisbehaviourName,
  type RawAnswer,
  TROUBLE,
  type TroubleName,
} from '../../local/anthropic/answers';
import { type FakeAnthropic, startFakeAnthropic } from '../../local/anthropic/fake-anthropic';
import { VirtualClock } from '../../local/clock';
import { keyOf } from '../keys';

/** Everything reachable from a value, printed in every possible way. */
function printed(value: unknown): string {
  const options = {
    depth: Number.POSITIVE_INFINITY,
    showHidden: true,
    maxStringLength: null,
    maxArrayLength: null,
  };
  return [
    inspect(value, options),
    inspect(value, { ...options, customInspect: false }),
    JSON.stringify(value),
    String(value),
  ].join('\n');
}

const json = { 'content-type': 'application/json' };

/** Hosts that return the key in every place where a server can put text. */
const ECHOES: Readonly<Record<string, RawAnswer>> = {
  'an echo in an error': {
    status: 400,
    headers: json,
    body: (key) =>
      JSON.stringify({
        type: 'error',
        error: { type: 'invalid_request_error', message: `bad key ${key}`, details: { error_code: key } },
        request_id: key,
      }),
  },
  'an echo as the type': {
    status: 403,
    headers: json,
    body: (key) => JSON.stringify({ type: 'error', error: { type: key, message: key } }),
  },
  'an echo as HTML': {
    status: 502,
    headers: { 'content-type': 'text/html' },
    body: (key) => `<h1>${key}</h1>`,
  },
  'an echo in a success': {
    status: 200,
    headers: json,
    body: (key) => JSON.stringify({ type: 'message', role: 'assistant', content: [key], model: key }),
  },
  'an echo in broken JSON': { status: 200, headers: json, body: (key) => `{"${key}` },
};

describe('a canary key', () => {
  const clock = new VirtualClock(new Date('2026-11-21T08:00:00Z'));
  const seen: string[] = [];
  const restore: (() => void)[] = [];
  let fake: FakeAnthropic;
  let canary: string;

  beforeAll(async () => {
    fake = await startFakeAnthropic({ clock, seed: 'canary' });
    canary = fake.createKey().value;
    process.env.ANTHROPIC_LOG = 'debug';
    for (const name of ['log', 'info', 'warn', 'error', 'debug'] as const) {
      const spy = jest.spyOn(console, name).mockImplementation((...said) => void seen.push(printed(said)));
      restore.push(() => spy.mockRestore());
    }
    for (const stream of [process.stdout, process.stderr]) {
      const spy = jest.spyOn(stream, 'write').mockImplementation((said) => seen.push(String(said)) > 0);
      restore.push(() => spy.mockRestore());
    }
  });
  afterAll(async () => {
    delete process.env.ANTHROPIC_LOG;
    for (const undo of restore) undo();
    await fake.stop();
  });

  /** No part of the key longer than its hint may appear. */
  const expectNothing = (text: string) => {
    for (let at = 16; at + 8 <= canary.length; at += 4)
      expect(text.includes(canary.slice(at, at + 8))).toBe(false);
  };

  const failing: readonly (MisbehaviourName | TroubleName | keyof typeof ECHOES)[] = [
    ...(Object.keys(TROUBLE) as TroubleName[]),
    ...(Object.keys(MISBEHAVIOUR) as MisbehaviourName[]),
    ...Object.keys(ECHOES),
  ];

  test.each(failing)('appears nowhere after %s', async (name) => {
    const takeBack = fake.script(ECHOES[name] ?? (name as TroubleName));
    const probing = createKeyProbe({ baseURL: fake.url, clock, attemptTimeout: 100 });
    const verdict = await probing.probe(keyOf(canary), { probe: 'messages', within: 400 });
    takeBack();
    expectNothing(printed({ verdict, probing, requests: fake.requests }));
    expectNothing(seen.join('\n'));
  });

  test('appears nowhere when the runtime itself fails on it', async () => {
    const fetch = async (_: unknown, init?: RequestInit) => {
      const headers = new Headers(init?.headers);
      throw new TypeError(`Headers.append: "${headers.get('authorization')}" is an invalid header value.`);
    };
    const probing = createKeyProbe({ baseURL: fake.url, clock, fetch: fetch as never });
    const verdict = await probing.probe(keyOf(canary), { probe: 'messages', within: 400 });
    expect(verdict.kind).toBe('UNKNOWN');
    expectNothing(printed({ verdict, probing }));
    expectNothing(seen.join('\n'));
  });

  test('with a line break inside never becomes a key, and the refusal does not show it', () => {
    const judgement = parseApiKey(`${canary.slice(0, 60)}\n${canary.slice(60)}`);
    expect(judgement.ok).toBe(false);
    expectNothing(printed(judgement));
  });

  test('is scrubbed from foreign texts', () => {
    expectNothing(scrub(printed({ headers: { authorization: `Bearer ${canary}` } })));
  });
});
