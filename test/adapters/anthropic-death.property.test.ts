import fc from 'fast-check';
import { createKeyProbe } from '../../lib/adapters/anthropic-probe';
import { VirtualClock } from '../../local/clock';
import { keyOf, keyText } from '../keys';

const clock = new VirtualClock(new Date('2026-11-21T08:00:00Z'));
const key = keyOf(keyText('property'));

const errorType = fc.constantFrom(
  'authentication_error',
  'permission_error',
  'invalid_request_error',
  '',
  null,
  7,
);
const envelope = fc.record(
  {
    type: fc.constantFrom('error', 'message', null),
    error: fc.record({ type: errorType, message: fc.string() }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
);
const genuine = JSON.stringify({
  type: 'error',
  error: { type: 'authentication_error', message: 'invalid' },
  request_id: 'req_011CVExample',
});
const wire = fc.record({
  status: fc.oneof(
    { weight: 3, arbitrary: fc.constant(401) },
    { weight: 2, arbitrary: fc.integer({ min: 200, max: 599 }) },
  ),
  contentType: fc.constantFrom(
    'application/json',
    'application/json; charset=utf-8',
    'text/html',
    'application/jsonx',
    'application/json-seq',
    undefined,
  ),
  workspace: fc.option(fc.constantFrom('wrkspc_1', ''), { nil: undefined }),
  extra: fc.option(
    fc.constantFrom(
      ['anthropic-ratelimit-tokens-remaining', '0'],
      ['x-should-retry', 'true'],
      ['x-should-retry', 'false'],
      ['request-id', 'req_011CVExample'],
      ['request-id', 'req_011CVAnother'],
      ['request-id', 'req_1'],
      ['anthropic-organization-id', 'org_01Example'],
      ['anthropic-organization-id', 'org_02Other'],
      ['age', '3'],
    ),
    { nil: undefined },
  ),
  body: fc.oneof(
    fc.constant(genuine),
    envelope.map((document) => JSON.stringify(document)),
    fc.json(),
    fc.string(),
  ),
});

test('of all possible answers only an undisputed 401 authentication_error of Anthropic is a vote for DEAD', async () => {
  let deaths = 0;
  await fc.assert(
    fc.asyncProperty(wire, async ({ status, contentType, workspace, extra, body }) => {
      const headers = new Headers();
      if (contentType !== undefined) headers.set('content-type', contentType);
      if (workspace !== undefined) headers.set('anthropic-workspace-id', workspace);
      if (extra !== undefined) headers.set(extra[0]!, extra[1]!);
      const bodiless = status === 204 || status === 205 || status === 304;
      const fetch = async () => new Response(bodiless ? null : body, { status, headers });
      const probing = createKeyProbe({ baseURL: 'https://anthropic.invalid', clock, fetch });
      const { kind } = await probing.probe(key, {
        probe: 'messages',
        home: { organizationId: 'org_01Example' },
        within: 400,
      });
      if (kind !== 'DEAD') return;
      deaths += 1;
      expect({ status, workspace }).toEqual({ status: 401, workspace: undefined });
      expect(['application/json', 'application/json; charset=utf-8']).toContain(contentType);
      expect(JSON.parse(body)).toMatchObject({ type: 'error', error: { type: 'authentication_error' } });
      expect(extra?.join(' ') ?? '').not.toMatch(/ratelimit|true|Another|req_1|Other|age/);
    }),
    { numRuns: 3000, seed: 20261121 },
  );
  expect(deaths).toBeGreaterThan(0);
});
