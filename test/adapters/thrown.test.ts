import { createHandler } from '../../lib/adapters/runtime';
import { encodeEnv } from '../../lib/contract/env';
import { IllegalTransition } from '../../lib/workflows/errors';
import { VirtualClock } from '../../local/clock';
import { Telemetry } from '../../local/telemetry';
import { keyText } from '../keys';

const KEY = keyText('thrown');
/** The part of the key that the beginning of every key does not tell. */
const SECRET = KEY.slice(20, 60);

const clock = new VirtualClock(new Date('2026-11-21T00:00:00Z'));
const vars = encodeEnv({
  environment: 'prod',
  topicArn: 'arn:aws:sns:eu-central-1:123456789012:notices',
  eventBusName: 'default',
  expectedHome: {},
  anthropicBaseUrl: 'https://api.anthropic.com',
  metricsNamespace: 'AnthropicKeyRotation',
  alerts: { all: [], critical: [] },
});

/** What leaves a handler whose work throws, all its texts together, and what it logged. */
async function leaving(thrown: unknown, request: object = {}) {
  const telemetry = new Telemetry(clock);
  const handler = createHandler({ vars, clock, telemetry }, 'check', async () => {
    throw thrown;
  });
  const error: unknown = await handler(request, {}).catch((error: unknown) => error);
  return { error, texts: textsOf(error) + JSON.stringify(telemetry.lines) };
}

function textsOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const names = [...Object.getOwnPropertyNames(value), 'name', 'message', 'stack'];
  return names.map((name) => textsOf(Reflect.get(value, name) as unknown)).join('\n');
}

const named = (error: Error, name: string) => Object.assign(error, { name });

test.each<[string, () => unknown]>([
  ['message and stack', () => new Error(`no such key ${KEY}`)],
  ['name', () => named(new Error('odd'), `Odd${KEY}`)],
  ['cause', () => new Error('outer', { cause: new Error('inner', { cause: new Error(KEY) }) })],
  ['cause that is a text', () => new Error('outer', { cause: KEY })],
  ['one of several errors', () => new AggregateError([new Error(KEY), KEY], 'all failed')],
  [
    'other field',
    () => Object.assign(new Error('odd'), { hint: KEY, $response: { headers: { auth: KEY } } }),
  ],
  ['frozen error', () => Object.freeze(new Error(KEY))],
  ['text', () => KEY],
  ['object', () => ({ toString: () => KEY })],
])('no key leaves a handler in its error: %s', async (_, make) => {
  const { texts } = await leaving(make());
  expect(texts).not.toContain(SECRET);
});

test('an error that is its own cause ends', async () => {
  const error = new Error('round');
  error.cause = error;
  await expect(leaving(error)).resolves.toMatchObject({ error: { message: 'round' } });
});

test('what an error quotes of its request is cut short, also where it does not look like a key', async () => {
  const rest = KEY.slice(13);
  const statement = `the "${rest}"`;
  const request = { secretId: 'anthropic/prod/api-gateway', command: { verb: rest, statement } };
  const error = new IllegalTransition(
    'refused',
    `${request.secretId}: ${rest}, ${JSON.stringify(statement)}`,
  );
  const { error: left, texts } = await leaving(error, request);
  expect(texts).not.toContain(SECRET);
  expect(left).toMatchObject({
    name: 'IllegalTransition',
    transition: 'refused',
    message: expect.stringMatching(/^anthropic\/prod\/api-gateway: \S{8}…, "the .{1,4}…"$/),
  });
});

test('a fingerprint that was asked for stays whole', async () => {
  const error = new IllegalTransition('no-such-key', 'No version holds a key 4f2c91aa03d7.');
  const { error: left } = await leaving(error, { command: { fingerprint: '4f2c91aa03d7' } });
  expect(left).toBe(error);
  expect(left).toMatchObject({ message: 'No version holds a key 4f2c91aa03d7.' });
});

test('every line of a handler carries the id of its invocation', async () => {
  const lines: string[] = [];
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    lines.push(String(chunk));
    return true;
  });
  try {
    const handler = createHandler({ vars, clock }, 'check', async (_: object, { log }) => log.info('Looked'));
    await handler({}, { awsRequestId: 'request-1' });
    await handler({}, { awsRequestId: 'request-2' });
  } finally {
    write.mockRestore();
  }
  const logged = lines.map((line) => JSON.parse(line)).filter(({ message }) => message === 'Looked');
  expect(logged.map((line) => line.function_request_id)).toEqual(['request-1', 'request-2']);
});
