import type { Around } from '../../lib/adapters/runtime';
import { HOUR, plus } from '../../lib/domain/time';
import { operatorOn } from '../../local/cli/operator';
import { keyOf } from '../keys';
import { TestKey } from '../lifecycle/test-key';

let testKey: TestKey;
let name: string;

afterEach(() => testKey.close());

const flat = (text: string) => text.replace(/\s+/g, ' ');

/** Two keys: one live, the older one in its grace. */
async function rotated(graceHours: number, around?: Around) {
  testKey = await TestKey.build({ policy: { graceHours, allowLongGrace: 'a test' }, around });
  name = testKey.secretName.replace('anthropic/', '');
  const old = await testKey.promoteFirstKey();
  await testKey.submit(testKey.newKey());
  return old;
}

const run = (line: string, script?: Parameters<ReturnType<typeof operatorOn>['run']>[1]) =>
  operatorOn(testKey.sandbox).run(
    line.match(/"[^"]*"|\S+/g)!.map((word) => word.replaceAll('"', '')),
    script,
  );

/** The end of the only old key's grace. */
const end = () => testKey.retiring[0]!.until;

/** The command that the last mail offers for more time, as somebody pastes it. */
function offered(): string {
  const { body } = testKey.mails.at(-1)!;
  return /npx --no -- anthropic-keys (extend (?:.*\\\n)*.*)/.exec(body)![1]!.replace(/\\\n/g, ' ');
}

describe.each([24, 48, 72, 336])('with %i hours of grace', (graceHours) => {
  test('the command of the mail adds the two days that it promises, and once', async () => {
    await rotated(graceHours);
    const before = end();
    expect(testKey.told.at(-1)).toBe('rotated');
    testKey.sandbox.clock.advance(5 * HOUR);
    for (let time = 0; time < 2; time++) {
      expect((await run(offered())).exit).toBe(0);
      expect(Math.abs(end().getTime() - plus(before, 48 * HOUR).getTime())).toBeLessThan(60_000);
    }
    expect(
      testKey.secret.versions.flatMap(({ labels }) => labels).filter((l) => /^RETIRE/.test(l)),
    ).toHaveLength(1);
  });
});

test.each([0, 24, 72, 336])(
  'after %i hours of grace the mail gives two days from when it was written',
  async (hours) => {
    await rotated(hours);
    await testKey.after(hours + 1);
    expect(testKey.told.at(-1)).toBe('grace-over');
    const written = testKey.sandbox.clock.now();
    testKey.sandbox.clock.advance(3 * HOUR);
    expect((await run(offered())).exit).toBe(0);
    expect(Math.abs(end().getTime() - plus(written, 48 * HOUR).getTime())).toBeLessThan(120_000);
  },
);

test('--hours adds to the present end, and to now once that is over', async () => {
  await rotated(48);
  const before = end();
  const ran = await run(`extend ${name} --hours 72`);
  expect(end()).toEqual(plus(before, 72 * HOUR));
  expect(ran.shown).toContain('(in 5 days)');
  testKey.sandbox.clock.advance(200 * HOUR);
  await run(`extend ${name} --hours 10`);
  expect(end().getTime() - testKey.sandbox.clock.now().getTime()).toBeGreaterThan(9.9 * HOUR);
});

test('nothing ends sooner unasked; --shorten asks, and a no changes nothing', async () => {
  const old = await rotated(72);
  const before = end();
  const sooner = plus(before, -24 * HOUR).toISOString();
  const refused = await run(`extend ${name} --until ${sooner}`);
  expect(refused.exit).toBe(1);
  expect(flat(refused.shown)).toContain(`The grace of ${keyOf(old).hint} (${keyOf(old).fingerprint}) ends`);
  expect(flat(refused.shown)).toContain('is sooner. Nothing was changed.');
  const no = await run(`extend ${name} --until ${sooner} --shorten`, { agrees: false });
  expect([no.exit, end()]).toEqual([1, before]);
  expect(flat(no.shown)).toContain('sooner? [y/N]');
  expect((await run(`extend ${name} --until ${sooner} --shorten`, { piped: '' })).exit).toBe(2);
  expect(end()).toEqual(before);
  const yes = await run(`extend ${name} --until ${sooner} --shorten`);
  expect([yes.exit, end()]).toEqual([0, new Date(sooner)]);
  expect(yes.shown).toContain('sooner than before');
});

test('a longer end is not asked about, also with --shorten', async () => {
  await rotated(48);
  expect((await run(`extend ${name} --hours 4 --shorten`, { piped: '' })).exit).toBe(0);
});

test('a dry run says when it would end, is refused as the real run is, and moves nothing', async () => {
  await rotated(48);
  const before = end();
  const fine = await run(`extend ${name} --hours 24 --dry-run`);
  expect(fine.exit).toBe(0);
  expect(flat(fine.shown)).toContain('to 2026-11-24 09:00 UTC (in 3 days). Now it ends 2026-11-23 09:00 UTC');
  const lines = ['2020-01-01T00:00Z', '2030-01-01T00:00Z'].map(
    (until) => `extend ${name} --until ${until} --shorten`,
  );
  for (const line of lines) {
    const [dry, real] = [await run(`${line} --dry-run`), await run(line)];
    expect(dry.exit).toBe(1);
    const [who, ...refusal] = dry.shown.split('\n');
    expect(real.shown.startsWith(`${who}\n`)).toBe(true);
    expect(real.shown.endsWith(`\n${refusal.join('\n')}`)).toBe(true);
  }
  expect(end()).toEqual(before);
});

describe('the function, whatever command line asks', () => {
  const extend = (wanted: object) => testKey.command({ verb: 'extend', ...wanted } as never);

  test('refuses a deadline that somebody moved meanwhile, unless it is the wanted one', async () => {
    await rotated(48);
    const seen = end();
    await extend({ until: plus(seen, 24 * HOUR), expected: seen });
    const lost = extend({ until: plus(seen, 48 * HOUR), expected: seen });
    await expect(lost).rejects.toThrow(
      /changed meanwhile. It ends 2026-11-24 09:00 UTC. Nothing was changed/,
    );
    expect(end()).toEqual(plus(seen, 24 * HOUR));
    await extend({ until: plus(seen, 24 * HOUR), expected: seen });
    expect(end()).toEqual(plus(seen, 24 * HOUR));
  });

  test('refuses a sooner end without `shorten`, in both forms, and says when it ends', async () => {
    await rotated(72);
    const before = end();
    for (const wanted of [{ until: plus(before, -HOUR) }, { hoursFromNow: 48 }])
      await expect(extend(wanted)).rejects.toThrow(
        /ends 2026-11-24 09:00 UTC.*is sooner. Nothing was changed/,
      );
    expect(end()).toEqual(before);
    await extend({ hoursFromNow: 96 });
    await extend({ until: before, shorten: true });
    expect(end()).toEqual(before);
  });

  test('refuses what is no date, is over, or is more than 14 days further', async () => {
    await rotated(336);
    const before = end();
    for (const [until, why] of [
      ['soon', 'is not a date'],
      ['2026-11-20T00:00:00Z', 'is over'],
      ['2026-12-19T10:02:00Z', 'at most 14 days are added at once, so until 2026-12-19 09:00 UTC'],
    ])
      await expect(extend({ until, shorten: true })).rejects.toThrow(why);
    await expect(extend({ until: null })).rejects.toThrow('is not a date');
    expect(end()).toEqual(before);
    await extend({ until: '2026-12-19T09:00:00Z' });
    expect(end()).toEqual(new Date('2026-12-19T09:00:00Z'));
  });

  test('gives a key that was proven dead no later end, but time to whoever switches it on again', async () => {
    const fingerprint = keyOf(await rotated(24)).fingerprint;
    testKey.sandbox.anthropic.disable(testKey.retiring[0]!.key);
    await testKey.after(25);
    expect(testKey.told.at(-1)).toBe('rotation-complete');
    const until = plus(testKey.sandbox.clock.now(), 24 * HOUR);
    await expect(extend({ fingerprint, until })).rejects.toThrow(
      /was proven dead .* its rotation is complete.* Nothing was changed/,
    );
    const ran = await run(`extend ${name} --key ${fingerprint} --until ${until.toISOString()}`);
    expect([ran.exit, flat(ran.shown)]).toEqual([1, expect.stringContaining('was proven dead')]);
    expect(testKey.retiring).toEqual([]);
    expect((await run(`extend ${name} --key ${fingerprint} --hours 24`)).exit).toBe(0);
    expect(testKey.retiring).toHaveLength(1);
  });

  test('of two at the same moment the same end is fine, a later one holds, and a sooner one is told that it lost', async () => {
    let meanwhile: (() => Promise<unknown>) | undefined;
    const race: Around = (name, port) =>
      name === 'store'
        ? new Proxy(port, {
            get(target, call) {
              const method = Reflect.get(target, call);
              if (call !== 'moveLabel') return method;
              return async (...wanted: unknown[]) => {
                const act = meanwhile;
                meanwhile = undefined;
                await act?.();
                return (method as (...wanted: unknown[]) => unknown)(...wanted);
              };
            },
          })
        : port;
    await rotated(48, race);
    // Of several labels the latest counts.
    const latest = () => new Date(Math.max(...testKey.retiring.map(({ until }) => until.getTime())));
    const [first, second, third, fourth] = [24, 48, 72, 96].map((hours) => plus(end(), hours * HOUR));
    meanwhile = () => extend({ until: first });
    await extend({ until: first });
    expect(end()).toEqual(first);
    meanwhile = () => extend({ until: second });
    await extend({ until: third });
    expect(latest()).toEqual(third);
    meanwhile = () => extend({ until: plus(fourth!, HOUR) });
    await expect(extend({ until: fourth })).rejects.toThrow(
      /at the same moment. It ends 2026-11-27 10:00 UTC/,
    );
    expect(latest()).toEqual(plus(fourth!, HOUR));
  });

  test('still ends a grace now, and gives a leaked key no time', async () => {
    const old = await rotated(72);
    await testKey.command({ verb: 'retire-now' });
    expect(end().getTime()).toBeLessThanOrEqual(testKey.sandbox.clock.now().getTime());
    await testKey.command({ verb: 'report-leak', fingerprint: keyOf(old).fingerprint });
    await expect(extend({ until: plus(testKey.sandbox.clock.now(), HOUR) })).rejects.toThrow(
      'was reported as leaked',
    );
  });
});
