import { createKeyProbe } from '../../lib/adapters/anthropic-probe';
import type { ProbeKind } from '../../lib/domain/probe/verdict';
import {
  type ErrorAnswer,
  MISBEHAVIOUR,
  type RawAnswer,
  TROUBLE,
  type TroubleName,
} from '../../local/anthropic/answers';
import { type FakeAnthropic, startFakeAnthropic } from '../../local/anthropic/fake-anthropic';
import { VirtualClock } from '../../local/clock';
import { keyOf, keyText } from '../keys';

const clock = new VirtualClock(new Date('2026-11-21T08:00:00Z'));
let fake: FakeAnthropic;
let value: string;

beforeAll(async () => {
  fake = await startFakeAnthropic({ clock });
  value = fake.createKey().value;
});
afterAll(() => fake.stop());

/** The verdict on a single answer, without retries. */
function judge(probe: ProbeKind = 'messages', attemptTimeout?: number) {
  const probing = createKeyProbe({ baseURL: fake.url, clock, attemptTimeout });
  return probing.probe(keyOf(value), { probe, within: 400 });
}

/** Every row of the taxonomy, from the fake's documented answers. */
const TAXONOMY: readonly (readonly [TroubleName, kind: string, reason: string | undefined])[] = [
  ['invalid-key', 'DEAD', undefined],
  ['organization-on-hold', 'BLOCKED', 'organization'],
  ['organization-disabled', 'BLOCKED', 'organization'],
  ['creator-left', 'BLOCKED', 'owner'],
  ['workspace-header-required', 'BLOCKED', 'workspace-config'],
  ['workspace-not-scoped', 'BLOCKED', 'workspace-config'],
  ['credit-balance', 'BLOCKED', 'billing'],
  ['no-billing', 'BLOCKED', 'billing'],
  ['spend-limit', 'BLOCKED', 'spend-limit'],
  ['encryption-key-disabled', 'BLOCKED', 'workspace-config'],
  ['encryption-key-blocked', 'BLOCKED', 'workspace-config'],
  ['profile-required', 'BLOCKED', 'workspace-config'],
  ['profile-not-found', 'BLOCKED', 'workspace-config'],
  ['review-off', 'BLOCKED', 'workspace-config'],
  ['bad-request', 'UNKNOWN', 'request-refused'],
  ['billing', 'BLOCKED', 'billing'],
  ['linked-billing', 'BLOCKED', 'billing'],
  ['linked-spend-limit', 'BLOCKED', 'billing'],
  ['permission', 'BLOCKED', 'permission'],
  ['ip-allowlist', 'BLOCKED', 'ip-allowlist'],
  ['profile-billing', 'BLOCKED', 'permission'],
  ['sandbox', 'UNKNOWN', 'sandbox'],
  ['workspace-not-found', 'BLOCKED', 'workspace-config'],
  ['not-found', 'UNKNOWN', 'not-found'],
  ['rate-limit', 'BLOCKED', 'rate-limit'],
  ['ramp-limit', 'BLOCKED', 'rate-limit'],
  ['enforced-spend-limit', 'BLOCKED', 'spend-limit'],
  ['contract-spend-limit', 'BLOCKED', 'spend-limit'],
  ['too-large', 'UNKNOWN', 'unclear-status'],
  ['api-error', 'UNKNOWN', 'server-trouble'],
  ['gateway-timeout', 'UNKNOWN', 'server-trouble'],
  ['overloaded', 'UNKNOWN', 'overloaded'],
  ['encryption-unreadable', 'UNKNOWN', 'encryption-trouble'],
  ['encryption-key-unreachable', 'UNKNOWN', 'encryption-trouble'],
];

describe('the taxonomy, from the wire through the SDK to the verdict', () => {
  test('has a row for every failure that the fake can produce', () => {
    expect(TAXONOMY.map(([name]) => name).sort()).toEqual(Object.keys(TROUBLE).sort());
  });

  test.each(['messages', 'count-tokens'] as const)(
    '200 on %s is ALIVE, with everything that proves it',
    async (probe) => {
      expect(await judge(probe)).toEqual({
        kind: 'ALIVE',
        advice: expect.any(String),
        evidence: {
          at: clock.now(),
          probe,
          model: 'claude-haiku-5-5',
          status: 200,
          requestId: expect.stringMatching(/^req_/),
          organizationId: fake.organization.id,
          workspaceId: expect.stringMatching(/^wrkspc_/),
        },
      });
    },
  );

  test.each(TAXONOMY)('%s is %s %s', async (name, kind, reason) => {
    const { status, type, details }: ErrorAnswer = TROUBLE[name];
    const solve = fake.trouble(name);
    const verdict = await judge();
    solve();
    expect(verdict).toMatchObject({ kind, ...(reason && { reason }) });
    expect(verdict.evidence).toMatchObject({
      status,
      errorType: type,
      requestId: expect.stringMatching(/^req_/),
    });
    expect(verdict.evidence.errorCode).toBe(details?.error_code);
  });

  test.each([408, 409, 412, 413, 422, 431, 499, 500, 502, 503, 599])('%i is UNKNOWN', async (status) => {
    const solve = fake.trouble({ status, type: 'api_error', message: 'trouble' });
    expect(await judge()).toMatchObject({ kind: 'UNKNOWN' });
    solve();
  });

  test('404 for every model is BLOCKED model', async () => {
    const solve = fake.trouble({ status: 404, type: 'not_found_error', message: 'model: claude-haiku-5-5' });
    expect(await judge()).toMatchObject({ kind: 'BLOCKED', reason: 'model' });
    solve();
  });

  test('a disabled, an archived and an expired key are DEAD', async () => {
    const [disabled, archived] = [fake.createKey(), fake.createKey()];
    const expired = fake.createKey({ expiresAt: clock.now() });
    fake.disable(disabled.id);
    fake.archive(archived.id);
    for (const { value: text } of [disabled, archived, expired]) {
      const probing = createKeyProbe({ baseURL: fake.url, clock });
      const verdict = await probing.probe(keyOf(text), { probe: 'count-tokens', within: 5_000 });
      expect(verdict.kind).toBe('DEAD');
      expect(verdict.evidence.workspaceId).toBeUndefined();
    }
  });
});

const REQUEST_ID = 'req_011CVExampleExample01';
const json = { 'content-type': 'application/json' };
const envelope = (type: string, extra: object = {}) =>
  JSON.stringify({
    type: 'error',
    error: { type, message: 'invalid x-api-key', ...extra },
    request_id: REQUEST_ID,
  });

/** Answers that look like Anthropic's 401 for a dead key but are not. */
const HOSTILE: Readonly<Record<string, RawAnswer>> = {
  ...MISBEHAVIOUR,
  '401 without a body': { status: 401 },
  '401 with an empty document': { status: 401, headers: json, body: '{}' },
  '401 with null': { status: 401, headers: json, body: 'null' },
  '401 with a list': { status: 401, headers: json, body: `[${envelope('authentication_error')}]` },
  '401 with a string': { status: 401, headers: json, body: JSON.stringify(envelope('authentication_error')) },
  '401 with the error alone': {
    status: 401,
    headers: json,
    body: '{"error":{"type":"authentication_error"}}',
  },
  '401 with an error that is a string': {
    status: 401,
    headers: json,
    body: '{"type":"error","error":"authentication_error"}',
  },
  '401 with an error that is null': { status: 401, headers: json, body: '{"type":"error","error":null}' },
  '401 with a type that is a list': {
    status: 401,
    headers: json,
    body: '{"type":"error","error":{"type":["authentication_error"]}}',
  },
  '401 of another envelope': {
    status: 401,
    headers: json,
    body: '{"type":"failure","error":{"type":"authentication_error"}}',
  },
  '401 of another vendor': {
    status: 401,
    headers: json,
    body: '{"error":{"code":"invalid_api_key","message":"Incorrect API key"}}',
  },
  '401 with a longer type': { status: 401, headers: json, body: envelope('authentication_error_v2') },
  '401 with capitals': { status: 401, headers: json, body: envelope('AUTHENTICATION_ERROR') },
  '401 of type permission_error': { status: 401, headers: json, body: envelope('permission_error') },
  '401 of type not_found_error': { status: 401, headers: json, body: envelope('not_found_error') },
  '401 with a workspace header': {
    status: 401,
    headers: { ...json, 'anthropic-workspace-id': 'wrkspc_1' },
    body: envelope('authentication_error'),
  },
  '401 with rate limits': {
    status: 401,
    headers: { ...json, 'anthropic-ratelimit-requests-limit': '50' },
    body: envelope('authentication_error'),
  },
  '401 that asks for a retry': {
    status: 401,
    headers: { ...json, 'x-should-retry': 'true' },
    body: envelope('authentication_error'),
  },
  '401 out of a cache': {
    status: 401,
    headers: { ...json, age: '7' },
    body: envelope('authentication_error'),
  },
  '401 with two request ids': {
    status: 401,
    headers: { ...json, 'request-id': 'req_011CVExampleExample02' },
    body: envelope('authentication_error'),
  },
  '401 with a request id of another shape': {
    status: 401,
    headers: { ...json, 'request-id': '7f1f6f3c-30b5-4f6a-8b54-0d4b4c2f9a11' },
    body: envelope('authentication_error'),
  },
  '401 without a request id': {
    status: 401,
    headers: json,
    body: '{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}',
  },
  '401 with a short request id': {
    status: 401,
    headers: json,
    body: '{"type":"error","error":{"type":"authentication_error","message":"no"},"request_id":"req_1"}',
  },
  '401 that says that no key arrived': {
    status: 401,
    headers: json,
    body: envelope('authentication_error', { message: 'x-api-key header is required' }),
  },
  '401 as a sequence of JSON': {
    status: 401,
    headers: { 'content-type': 'application/json-seq' },
    body: envelope('authentication_error'),
  },
  '401 as problem JSON': {
    status: 401,
    headers: { 'content-type': 'application/problem+json' },
    body: envelope('authentication_error'),
  },
  '200 that nothing shows to be Anthropic’s': {
    status: 200,
    headers: json,
    body: '{"type":"message","role":"assistant","content":[],"usage":{}}',
  },
  '200 out of a cache': {
    status: 200,
    headers: { ...json, age: '1', 'request-id': REQUEST_ID },
    body: '{"id":"msg_011CVExample","type":"message","role":"assistant","content":[],"usage":{}}',
  },
  '401 without a content type': { status: 401, body: envelope('authentication_error') },
  '401 as HTML that holds an envelope': {
    status: 401,
    headers: { 'content-type': 'text/html' },
    body: envelope('authentication_error'),
  },
  '401 in a broken encoding': {
    status: 401,
    headers: { ...json, 'content-encoding': 'gzip' },
    body: envelope('authentication_error'),
  },
  '400 of type authentication_error': { status: 400, headers: json, body: envelope('authentication_error') },
  '402 of type authentication_error': { status: 402, headers: json, body: envelope('authentication_error') },
  '403 of type authentication_error': { status: 403, headers: json, body: envelope('authentication_error') },
  '404 of type authentication_error': { status: 404, headers: json, body: envelope('authentication_error') },
  '404 that calls the key revoked': {
    status: 404,
    headers: json,
    body: envelope('not_found_error', { message: 'API key revoked' }),
  },
  '407 of type authentication_error': { status: 407, headers: json, body: envelope('authentication_error') },
  '500 of type authentication_error': { status: 500, headers: json, body: envelope('authentication_error') },
  '302 of type authentication_error': {
    status: 302,
    headers: { ...json, location: '/v1/messages' },
    body: envelope('authentication_error'),
  },
  '200 of type authentication_error': { status: 200, headers: json, body: envelope('authentication_error') },
  '200 with a list': { status: 200, headers: json, body: '[]' },
  '200 with null': { status: 200, headers: json, body: 'null' },
  '200 with a number': { status: 200, headers: json, body: '1e400' },
  '200 as plain text': { status: 200, headers: { 'content-type': 'text/plain' }, body: 'OK' },
  '200 with a message that is HTML': {
    status: 200,
    headers: { 'content-type': 'text/html' },
    body: '{"type":"message","role":"assistant","content":[]}',
  },
  '200 for another question': { status: 200, headers: json, body: '{"input_tokens":8}' },
  '200 with a message for a tool': {
    status: 200,
    headers: json,
    body: '{"type":"message","role":"user","content":[]}',
  },
  '201 with a message': {
    status: 201,
    headers: json,
    body: '{"type":"message","role":"assistant","content":[]}',
  },
  '200 in a prototype': {
    status: 200,
    headers: json,
    body: '{"__proto__":{"type":"message","role":"assistant","content":[]}}',
  },
  'a reset in the middle of an envelope': {
    status: 401,
    headers: { ...json, 'content-length': '9999' },
    body: envelope('authentication_error'),
    ending: 'cut',
  },
  'an envelope that never ends': {
    status: 401,
    headers: json,
    body: envelope('authentication_error'),
    ending: 'hang',
  },
};

describe('answers that are not what they look like', () => {
  test('are at least thirty', () => {
    expect(Object.keys(HOSTILE).length).toBeGreaterThanOrEqual(30);
  });

  test.each(Object.entries(HOSTILE))('%s: UNKNOWN, neither dead nor alive', async (_, answer) => {
    const takeBack = fake.script(answer);
    const verdict = await judge('messages', answer.ending === 'hang' ? 100 : undefined);
    takeBack();
    expect(verdict.kind).toBe('UNKNOWN');
  });

  test.each([
    ['a host that does not exist', 'https://anthropic.invalid'],
    ['a port where nobody listens', 'http://127.0.0.1:1'],
  ])('%s: UNKNOWN', async (_, baseURL) => {
    const probing = createKeyProbe({ baseURL, clock });
    expect((await probing.probe(keyOf(value), { probe: 'messages', within: 500 })).kind).toBe('UNKNOWN');
  });

  test.each(['http://api.anthropic.com', 'ftp://127.0.0.1', 'api.anthropic.com', ''])(
    'a base URL like %j is refused',
    async (baseURL) => {
      expect(() => createKeyProbe({ baseURL, clock })).toThrow('must be an https URL');
    },
  );
});

test('a key unknown to every organization is DEAD', async () => {
  const probing = createKeyProbe({ baseURL: fake.url, clock });
  const verdict = await probing.probe(keyOf(keyText('stranger')), { probe: 'messages', within: 500 });
  expect(verdict.kind).toBe('DEAD');
});

/** What a proxy, a new release or another kind of death may add to a genuine refusal: all must stay provable. */
const GENUINE: Readonly<Record<string, RawAnswer>> = {
  'with its id in the body alone': { headers: json, body: envelope('authentication_error') },
  'with its id in the header alone': {
    headers: { ...json, 'request-id': REQUEST_ID },
    body: '{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}',
  },
  'with parameters of its type': {
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: envelope('authentication_error'),
  },
  'with an unknown code': {
    headers: json,
    body: envelope('authentication_error', { details: { error_code: 'key_disabled_by_owner' } }),
  },
  'with headers that nobody knows': {
    headers: { ...json, 'anthropic-key-status': 'inactive', 'x-should-retry': 'false', age: '0' },
    body: envelope('authentication_error'),
  },
  'with an organization, where no home is known': {
    headers: { ...json, 'anthropic-organization-id': 'org_01Example' },
    body: envelope('authentication_error'),
  },
};

test.each(Object.entries(GENUINE))('a refusal %s is a vote', async (_, answer) => {
  const takeBack = fake.script({ status: 401, ...answer });
  const verdict = await judge();
  takeBack();
  expect(verdict).toMatchObject({ kind: 'DEAD', evidence: { requestId: REQUEST_ID } });
});

test('the organization of the home vetoes nothing, a foreign one does', async () => {
  const takeBack = fake.script({
    status: 401,
    headers: { ...json, 'anthropic-organization-id': 'org_01Example' },
    body: envelope('authentication_error'),
  });
  const judgeAt = (organizationId: string) =>
    createKeyProbe({ baseURL: fake.url, clock }).probe(keyOf(value), {
      probe: 'messages',
      home: { organizationId },
      within: 400,
    });
  expect(await judgeAt('org_01Example')).toMatchObject({ kind: 'DEAD' });
  expect(await judgeAt('org_02Other')).toMatchObject({
    kind: 'UNKNOWN',
    reason: 'vetoed-401',
    evidence: { veto: 'anthropic-organization-id' },
  });
  takeBack();
});

describe('behind a proxy that strips every header', () => {
  const bare = (body: object): RawAnswer => ({ status: 200, headers: json, body: JSON.stringify(body) });

  test('a message shows by its id and usage that it is Anthropic’s', async () => {
    const usage = { input_tokens: 8, output_tokens: 1 };
    const message = { id: 'msg_011CVExample', type: 'message', role: 'assistant', content: [], usage };
    const takeBack = fake.script(bare(message));
    expect(await judge()).toMatchObject({ kind: 'ALIVE' });
    takeBack();
  });

  test('a token count shows nothing', async () => {
    const takeBack = fake.script(bare({ input_tokens: 8 }));
    expect(await judge('count-tokens')).toMatchObject({ kind: 'UNKNOWN', reason: 'unexpected-success' });
    takeBack();
  });
});
