import { createKeyProbe } from '../../lib/adapters/anthropic-probe';
import { prove, renderEstablished } from '../../lib/cli/prove';
import { type FakeAnthropic, openFakeAnthropic } from '../../local/anthropic/fake-anthropic';
import { VirtualClock } from '../../local/clock';

let clock: VirtualClock;
let fake: FakeAnthropic;
let value: string;

beforeEach(async () => {
  clock = new VirtualClock(new Date('2026-11-21T08:00:00Z'));
  fake = openFakeAnthropic({ clock });
  value = fake.createKey().value;
});
afterEach(() => fake.stop());

async function run(typed: string, atTheConsole: () => void) {
  const said: string[] = [];
  const prover = {
    hidden: async () => typed,
    enter: async () => atTheConsole(),
    say: (line: string) => void said.push(line),
  };
  const established = await prove(
    prover,
    createKeyProbe({ baseURL: fake.url, fetch: fake.fetch, clock }),
    clock,
  );
  return { established, text: [...said, established && renderEstablished(established)].join('\n') };
}

test('a disabled key is watched until it is refused, and what it showed is printed without the key', async () => {
  fake.setPropagation({ change: 42_000 });
  const { established, text } = await run(value, () => fake.disable(value));
  expect(established).toMatchObject({ propagation: 45_000, probesAgree: true, last: { kind: 'DEAD' } });
  expect(text).toMatch(/A disabled key +401 authentication_error/);
  expect(text).toMatch(/Its workspace header +absent/);
  expect(text).toMatch(/Time until refused +45 s/);
  expect(text.includes(value.slice(20, 40))).toBe(false);
});

test('an answer that nobody expected is reported as it is', async () => {
  const { established, text } = await run(value, () => fake.trouble('not-found', { key: value }));
  expect(established).toMatchObject({ last: { kind: 'UNKNOWN', reason: 'not-found' } });
  expect(text).toMatch(/A disabled key +404 not_found_error/);
  expect(text).toMatch(/Verdict +UNKNOWN: please report this output/);
});

test('a key that nobody disabled is said to live on', async () => {
  const { established, text } = await run(value, () => undefined);
  expect(established).not.toHaveProperty('propagation');
  expect(text).toContain('The key still answers as before.');
});

test('a key that does not work to begin with proves nothing', async () => {
  fake.disable(value);
  const { established, text } = await run(value, () => undefined);
  expect(established).toBeUndefined();
  expect(text).toContain('must be ALIVE to begin with');
});

test('a paste that is no key is named', async () => {
  const { established, text } = await run(`"${value}"`, () => undefined);
  expect(established).toBeUndefined();
  expect(text).toContain('quotes or punctuation');
  expect(fake.requests).toEqual([]);
});
