import { type FakeAnthropic, startFakeAnthropic } from '../../local/anthropic/fake-anthropic';
import { VirtualClock } from '../../local/clock';

let clock: VirtualClock;
let fake: FakeAnthropic;

beforeEach(async () => {
  clock = new VirtualClock(new Date('2026-11-21T08:00:00Z'));
  fake = await startFakeAnthropic({ clock });
});
afterEach(() => fake.stop());

const question = { model: 'claude-haiku-5-5', max_tokens: 1, messages: [{ role: 'user', content: 'Hi' }] };

async function ask(headers: Record<string, string>, body: object = question) {
  const response = await fetch(`${fake.url}/v1/messages`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  };
}
const bearer = (value: string) => ({ authorization: `Bearer ${value}` });

test('takes a key in either header', async () => {
  const { value } = fake.createKey();
  expect((await ask(bearer(value))).status).toBe(200);
  expect((await ask({ 'x-api-key': value })).status).toBe(200);
  expect(fake.requests.map(({ credential }) => credential)).toEqual(['bearer', 'x-api-key']);
});

test('names organization and workspace to a good key only', async () => {
  const { value } = fake.createKey();
  const good = await ask(bearer(value));
  expect(good.headers.get('anthropic-organization-id')).toBe(fake.organization.id);
  expect(good.headers.get('anthropic-workspace-id')).toMatch(/^wrkspc_/);
  const bad = await ask(bearer('sk-ant-nobody'));
  expect(bad.status).toBe(401);
  expect(bad.headers.get('request-id')).toMatch(/^req_/);
  expect(bad.headers.get('anthropic-workspace-id')).toBeNull();
});

test('asks a key that is not bound to a workspace which one it means', async () => {
  const { value } = fake.createKey({ scope: 'organization' });
  expect((await ask(bearer(value))).body).toMatchObject({ error: { type: 'invalid_request_error' } });
  expect((await ask({ ...bearer(value), 'anthropic-workspace-id': 'wrkspc_1' })).status).toBe(200);
});

test('lets a disabled key work until the news has spread, and a new one only then', async () => {
  fake.setPropagation({ change: 60_000, arrival: 10_000 });
  const { value } = fake.createKey();
  expect((await ask(bearer(value))).status).toBe(401);
  clock.advance(10_000);
  expect((await ask(bearer(value))).status).toBe(200);
  fake.disable(value);
  expect(fake.statusOf(value)).toBe('inactive');
  clock.advance(59_999);
  expect((await ask(bearer(value))).status).toBe(200);
  clock.advance(1);
  expect((await ask(bearer(value))).status).toBe(401);
  fake.enable(value);
  clock.advance(60_000);
  expect((await ask(bearer(value))).status).toBe(200);
});

test('ends a key at its expiry', async () => {
  const { value } = fake.createKey({ expiresAt: new Date('2026-11-21T11:00:00Z') });
  clock.advance(3 * 3_600_000 - 1);
  expect((await ask(bearer(value))).status).toBe(200);
  clock.advance(1);
  expect((await ask(bearer(value))).status).toBe(401);
  expect(fake.statusOf(value)).toBe('expired');
});

test.each([
  ['temperature', { temperature: 1 }, 400],
  ['top_p', { top_p: 1 }, 400],
  ['no max_tokens', { max_tokens: undefined }, 400],
  ['no messages', { messages: [] }, 400],
  ['an unknown model', { model: 'claude-2' }, 404],
])('refuses %s', async (_, part, status) => {
  const { value } = fake.createKey();
  expect((await ask(bearer(value), { ...question, ...part })).status).toBe(status);
});

test('has troubles for one workspace or key and not for others', async () => {
  const workspace = fake.createWorkspace();
  const [there, here] = [fake.createKey({ workspace }), fake.createKey()];
  const solve = fake.trouble('spend-limit', { workspace });
  expect((await ask(bearer(there.value))).status).toBe(400);
  expect((await ask(bearer(here.value))).status).toBe(200);
  solve();
  expect((await ask(bearer(there.value))).status).toBe(200);
});

test('counts scripted answers down, for one path and key', async () => {
  const [one, other] = [fake.createKey(), fake.createKey()];
  fake.script('overloaded', { times: 2, path: '/v1/messages', key: one.value });
  expect((await ask(bearer(other.value))).status).toBe(200);
  expect((await ask(bearer(one.value))).status).toBe(529);
  expect((await ask(bearer(one.value))).status).toBe(529);
  expect((await ask(bearer(one.value))).status).toBe(200);
});

test('makes the same keys for the same seed, and shows none in its log', async () => {
  const again = await startFakeAnthropic({ clock });
  const stranger = await startFakeAnthropic({ clock, seed: 'other' });
  const [first, second, third] = [fake.createKey(), again.createKey(), stranger.createKey()];
  expect(second).toEqual(first);
  expect(third.value).not.toBe(first.value);
  expect(first.value).toMatch(/^sk-ant-api03-[\w-]{93}AA$/);
  await ask(bearer(first.value));
  expect(JSON.stringify(fake.requests)).not.toContain('sk-ant');
  expect(fake.requests).toMatchObject([{ keyId: first.id, path: '/v1/messages', status: 200 }]);
  await again.stop();
  await stranger.stop();
});
