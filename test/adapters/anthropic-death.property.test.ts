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
    undefined,
  ),
  workspace: fc.option(fc.constantFrom('wrkspc_1', ''), { nil: undefined }),
  body: fc.oneof(
    fc.constant(genuine),
    envelope.map((document) => JSON.stringify(document)),
    fc.json(),
    fc.string(),
  ),
});

test('of all possible answers only a 401 authentication_error without a workspace header is DEAD', async () => {
  let deaths = 0;
  await fc.assert(
    fc.asyncProperty(wire, async ({ status, contentType, workspace, body }) => {
      const headers = new Headers();
      if (contentType !== undefined) headers.set('content-type', contentType);
      if (workspace !== undefined) headers.set('anthropic-workspace-id', workspace);
      const bodiless = status === 204 || status === 205 || status === 304;
      const fetch = async () => new Response(bodiless ? null : body, { status, headers });
      const probing = createKeyProbe({ baseURL: 'https://anthropic.invalid', clock, fetch });
      const { kind } = await probing.probe(key, { probe: 'messages', within: 400 });
      if (kind !== 'DEAD') return;
      deaths += 1;
      expect({ status, workspace }).toEqual({ status: 401, workspace: undefined });
      expect(contentType).toMatch(/^application\/json\b/);
      expect(JSON.parse(body)).toMatchObject({ type: 'error', error: { type: 'authentication_error' } });
    }),
    { numRuns: 1500, seed: 20261121 },
  );
  expect(deaths).toBeGreaterThan(0);
});
