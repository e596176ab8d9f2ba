import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import type { Answer } from '../../lib/domain/probe/answer';
import { classify, isPassing } from '../../lib/domain/probe/classify';
import { DECISIVE } from '../../lib/domain/probe/outcomes';
import { keyText } from '../keys';
import { AS_TYPE, isKnownCode, NEVER_OURS } from './known-codes';

/** Status and code of every error class that the SDK has. */
const thrown = [
  ...readFileSync(require.resolve('@anthropic-ai/sdk/core/error-classes'), 'utf8').matchAll(
    /'(\d{3}) (\w+)'/g,
  ),
].map(([, status, code]) => ({ status: Number(status), code: code! }));

const asked = { at: new Date('2026-11-21T08:00:00Z'), probe: 'messages', model: 'claude-haiku-5-5' } as const;

const dead: Answer = {
  status: 401,
  type: 'authentication_error',
  headers: { 'request-id': 'req_011CVExample' },
  bodyKind: 'envelope',
};

const anyText = fc.option(
  fc.oneof(fc.string(), fc.constantFrom('invalid x-api-key', 'revoked', 'API key is disabled')),
  {
    nil: undefined,
  },
);
const anyAnswer: fc.Arbitrary<Answer> = fc.record({
  status: fc.option(fc.oneof(fc.constant(401), fc.integer({ min: 100, max: 599 })), { nil: undefined }),
  type: fc.oneof(anyText, fc.constantFrom('authentication_error', 'permission_error', 'not_found_error')),
  errorCode: fc.oneof(anyText, fc.constantFrom(...thrown.map(({ code }) => code))),
  message: anyText,
  headers: fc.record({
    'anthropic-workspace-id': fc.option(fc.string(), { nil: undefined }),
    'request-id': anyText,
  }),
  bodyKind: fc.constantFrom('envelope', 'message', 'token-count', 'other-json', 'not-json', 'empty'),
  transport: fc.option(fc.constantFrom('network', 'timeout', 'unreadable-body'), { nil: undefined }),
} as const);

describe('death', () => {
  test('needs a 401 authentication_error in an envelope without a workspace header, whatever else an answer says', () => {
    fc.assert(
      fc.property(anyAnswer, (answer) => {
        if (classify(answer, asked).kind !== 'DEAD') return;
        expect(answer).toMatchObject({ status: 401, type: 'authentication_error', bodyKind: 'envelope' });
        expect(answer.headers['anthropic-workspace-id']).toBeUndefined();
        expect(answer.transport).toBeUndefined();
      }),
      { numRuns: 3000 },
    );
  });

  test('is concluded where all of it is there', () => {
    expect(classify(dead, asked)).toMatchObject({
      kind: 'DEAD',
      evidence: { status: 401, requestId: 'req_011CVExample' },
    });
  });

  test.each<[string, Partial<Answer>]>([
    ['another status', { status: 403 }],
    ['another type', { type: 'permission_error' }],
    ['no envelope', { bodyKind: 'other-json' }],
    ['a workspace header', { headers: { ...dead.headers, 'anthropic-workspace-id': 'wrkspc_1' } }],
    ['an empty workspace header', { headers: { ...dead.headers, 'anthropic-workspace-id': '' } }],
    ['rate limits', { headers: { ...dead.headers, 'anthropic-ratelimit-requests-limit': '50' } }],
    ['a wish to be asked again', { headers: { ...dead.headers, 'x-should-retry': 'TRUE' } }],
    ['an age', { headers: { ...dead.headers, age: '60' } }],
    ['no request id', { headers: {} }],
    ['a request id of another shape', { headers: { 'request-id': 'req_1' } }],
    ['another request id in its body', { bodyRequestId: 'req_011CVAnother' }],
    ['a broken connection', { transport: 'unreadable-body' }],
  ])('is not concluded with %s', (_, part) => {
    expect(classify({ ...dead, ...part }, asked).kind).not.toBe('DEAD');
  });

  test.each([
    'x-api-key header is required',
    'Missing API key',
    'No API key provided',
    'Authentication credentials were not provided.',
    'You must provide an Authorization header',
    'Authorization header is missing',
    'The request has no bearer token',
    'Access denied without a valid credential',
    'x-api-key: header is empty',
    'We did not receive an API key',
    'The Authorization header was not sent',
    'Could not find an API key in the request',
    'Unable to read a credential in your headers',
    'Unauthorized: credentials were stripped',
    'Expected an API key, got none',
    'Header X-Api-Key lacks a value',
  ])('is not concluded where the answer says that no key arrived: %s', (message) => {
    expect(classify({ ...dead, message }, asked)).toMatchObject({ kind: 'UNKNOWN', reason: 'no-credential' });
  });

  test.each([
    'invalid x-api-key',
    'Invalid bearer token',
    'This API key has been disabled.',
    'API key is no longer valid',
    'API key expired',
    'The API key was revoked',
    'API key not found',
    'We could not find this API key',
    '',
    undefined,
  ])('does not depend on any other wording: %s', (message) => {
    expect(classify({ ...dead, message }, asked).kind).toBe('DEAD');
  });

  test('is not concluded from any wording', () => {
    const said = {
      status: 400,
      type: 'invalid_request_error',
      message: 'invalid x-api-key: this API key is revoked',
    };
    expect(classify({ ...said, headers: {}, bodyKind: 'envelope' }, asked).kind).toBe('UNKNOWN');
  });
});

test('ALIVE needs exactly the answer that was asked for', () => {
  const ok = (bodyKind: Answer['bodyKind'], probe: 'messages' | 'count-tokens') =>
    classify({ status: 200, headers: dead.headers, bodyKind }, { ...asked, probe }).kind;
  expect(ok('message', 'messages')).toBe('ALIVE');
  expect(ok('token-count', 'count-tokens')).toBe('ALIVE');
  expect(ok('token-count', 'messages')).toBe('UNKNOWN');
  expect(ok('envelope', 'messages')).toBe('UNKNOWN');
  expect(ok('not-json', 'messages')).toBe('UNKNOWN');
});

test.each<[string, Partial<Answer>, string]>([
  ['a request id', { headers: { 'request-id': 'any' } }, 'ALIVE'],
  ['a header of Anthropic', { headers: { 'anthropic-organization-id': 'org_1' } }, 'ALIVE'],
  ['the id of a message', { headers: {}, messageId: 'msg_011CVExample' }, 'ALIVE'],
  ['nothing', { headers: { server: 'cloudflare' } }, 'UNKNOWN'],
  ['a request id, out of a cache', { headers: { 'request-id': 'any', age: '1' } }, 'UNKNOWN'],
  ['a request id, fresh through a cache', { headers: { 'request-id': 'any', age: '0' } }, 'ALIVE'],
])('a success that shows %s', (_, part, kind) => {
  expect(classify({ status: 200, headers: {}, bodyKind: 'message', ...part }, asked).kind).toBe(kind);
});

test('every verdict says what to do, in one sentence that is not the server’s', () => {
  fc.assert(
    fc.property(anyAnswer, (answer) => {
      const { advice } = classify({ ...answer, message: `${answer.message} zzqq` }, asked);
      expect(advice).toMatch(/^[A-Z].{20,}\.$/);
      expect(advice).not.toContain('zzqq');
    }),
  );
});

test('evidence keeps ids of the expected shape and nothing that a hostile server echoes', () => {
  const echoed = keyText('echo');
  const verdict = classify(
    {
      ...dead,
      type: 'authentication_error',
      errorCode: echoed.slice(0, 30),
      message: echoed,
      headers: {
        'request-id': echoed,
        'anthropic-organization-id': `${echoed.slice(0, 40)}`,
        'retry-after': echoed,
      },
    },
    asked,
  );
  expect(verdict.evidence).toEqual({ ...asked, status: 401, errorType: 'authentication_error' });
  expect(JSON.stringify(verdict)).not.toContain('sk-ant');
});

test('an unknown error code is judged by its bare type', () => {
  const answer = (status: number, type: string): Answer => ({
    status,
    type,
    errorCode: 'made_up_tomorrow',
    headers: dead.headers,
    bodyKind: 'envelope',
  });
  expect(classify(answer(429, 'rate_limit_error'), asked)).toMatchObject({
    kind: 'BLOCKED',
    reason: 'rate-limit',
  });
  expect(classify(answer(403, 'permission_error'), asked)).toMatchObject({
    kind: 'BLOCKED',
    reason: 'permission',
  });
  expect(classify(answer(400, 'invalid_request_error'), asked)).toMatchObject({ kind: 'UNKNOWN' });
  expect(classify(answer(401, 'authentication_error'), asked)).toMatchObject({ kind: 'DEAD' });
});

test('asking again soon is worth it only for passing trouble', () => {
  const kinds = (answer: Partial<Answer>) => isPassing(classify({ ...dead, ...answer }, asked));
  expect(kinds({})).toBe(false);
  expect(kinds({ status: 429, type: 'rate_limit_error' })).toBe(true);
  expect(kinds({ status: 429, type: 'rate_limit_error', errorCode: 'contract_spend_limit_reached' })).toBe(
    false,
  );
  expect(kinds({ status: 529, type: 'overloaded_error' })).toBe(true);
  expect(kinds({ transport: 'network' })).toBe(true);
  expect(kinds({ status: 400, type: 'invalid_request_error' })).toBe(false);
});

const RESOURCES = dirname(require.resolve('@anthropic-ai/sdk/resources/shared'));
const declared = codesDeclaredIn(RESOURCES);

describe('the error codes of the SDK', () => {
  const codes = [...declared.values()];

  test('are found in its declarations', () => {
    expect(codes.length).toBeGreaterThan(90);
    expect(codes).toContain('organization_on_hold');
  });

  test('have each been decided on', () => {
    expect(codes.filter((code) => !isKnownCode(code))).toEqual([]);
  });

  test('are decided under the status that the SDK gives them', () => {
    expect(thrown.length).toBeGreaterThan(90);
    expect(thrown.filter(({ status, code }) => !isKnownCode(code, status))).toEqual([]);
  });

  test('that may answer a call of ours are decided as such, and no others', () => {
    const ours = codesOfOurCalls();
    expect(ours).toContain('image_dimensions_too_large');
    expect(ours.filter((code) => NEVER_OURS.has(code))).toEqual([]);
    expect([...AS_TYPE].filter((code) => !ours.includes(code))).toEqual([]);
  });

  test('are decided on once, and are still declared', () => {
    const decided = [...Object.keys(DECISIVE).map((row) => row.split(' ')[1]!), ...AS_TYPE, ...NEVER_OURS];
    expect(decided).toHaveLength(new Set(decided).size);
    expect(decided.filter((code) => !codes.includes(code))).toEqual([]);
  });
});

/** The calls of a probe and of the Admin API. The SDK names no code for the listings that we read. */
const OUR_CALLS: readonly (readonly [file: string, ...methods: string[]])[] = [
  ['messages/messages', 'create', 'countTokens'],
  ['models', 'list'],
  ['organization/api-keys', 'list', 'update'],
];

/** What the SDK says that each of them throws. */
function codesOfOurCalls(): readonly string[] {
  return OUR_CALLS.flatMap(([file, ...methods]) => {
    const text = readFileSync(join(RESOURCES, `${file}.d.ts`), 'utf8');
    return methods.flatMap((method) => {
      const [, comment] = text.match(new RegExp(`/\\*\\*((?:(?!\\*/)[^])*)\\*/\\s*${method}\\(`))!;
      return [...comment!.matchAll(/@throws \{(?:Beta)?(\w+)Error\}/g)].map(
        ([, name]) => declared.get(name!)!,
      );
    });
  });
}

/** Each code by the name that its types begin with. */
function codesDeclaredIn(folder: string): ReadonlyMap<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.d.ts'),
  );
  const text = files.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
  return new Map(
    [...text.matchAll(/interface (?:Beta)?(\w+)ErrorDetails \{[^}]*error_code: '([^']+)'/g)].map(
      ([, name, code]) => [name!, code!],
    ),
  );
}
