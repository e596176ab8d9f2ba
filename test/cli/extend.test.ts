import { HOUR, plus } from '../../lib/domain/time';
import { operatorOn } from '../../local/cli/operator';
import { keyOf } from '../keys';
import { TestKey } from '../lifecycle/test-key';

let testKey: TestKey;
let name: string;

afterEach(() => testKey.close());

const flat = (text: string) => text.replace(/\s+/g, ' ');

/** Two keys: one live, the older one in its grace. */
async function rotated(graceHours: number) {
  testKey = await TestKey.build({ policy: { graceHours, allowLongGrace: 'a test' } });
  name = testKey.secretName.replace('anthropic/', '');
  const old = await testKey.promoteFirstKey();
  await testKey.submit(testKey.newKey());
  return old;
}

const run = (
  line: string,
  script?: Parameters<ReturnType<typeof operatorOn>['run']>[1],
  vars?: Record<string, string>,
) =>
  operatorOn(testKey.sandbox).run(
    line.match(/"[^"]*"|\S+/g)!.map((word) => word.replaceAll('"', '')),
    script,
    vars,
  );

/** The end of the only old key's grace. */
const end = () => testKey.retiring[0]!.until;

/** The command that the last mail offers for more time, as somebody pastes it. */
function offered(): string {
  const { body } = testKey.mails.at(-1)!;
  return /npm run keys -- (extend (?:.*\\\n)*.*)/.exec(body)![1]!.replace(/\\\n/g, ' ');
}

describe.each([24, 48, 72, 240])('with %i hours of grace', (graceHours) => {
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

test('where more time would end later than a function allows, the mail offers none', async () => {
  await rotated(336);
  expect(testKey.told.at(-1)).toBe('rotated');
  expect(testKey.mails.at(-1)!.body).not.toContain('keys -- extend');
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
    const [signedIn, ...refusal] = dry.shown.split('\n');
    // The question stands between them.
    expect(real.shown).toContain(signedIn);
    expect(real.shown).toContain(refusal.join('\n'));
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
    expect(end()).toEqual(before);
    await extend({ until: '2026-12-19T09:00:00Z' });
    expect(end()).toEqual(new Date('2026-12-19T09:00:00Z'));
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

describe('`npm run keys extend … -n`: to npm that is --no-yes, and it keeps the -n', () => {
  const vars = { npm_command: 'run', npm_config_yes: '' };

  test('nothing is moved before somebody agrees', async () => {
    await rotated(24);
    const before = end();
    const declined = await run(`extend ${name}`, { agrees: false }, vars);
    expect([declined.exit, end()]).toEqual([1, before]);
    expect(flat(declined.shown)).toContain('If you meant a dry run, say no and type -- first.');
    const unasked = await run(`extend ${name}`, { piped: '' }, vars);
    expect([unasked.exit, end()]).toEqual([2, before]);
    expect(flat(unasked.shown)).toContain('pass --yes to confirm, or --dry-run');
    expect((await run(`extend ${name}`, { agrees: true }, vars)).exit).toBe(0);
    expect(end()).not.toEqual(before);
  });

  test('what only looks, what says --yes and what says --dry-run is as always', async () => {
    await rotated(24);
    for (const line of [`show ${name}`, `extend ${name} --dry-run`, `extend ${name} --yes`]) {
      const { exit, shown } = await run(line, { piped: '' }, vars);
      expect(exit).toBe(0);
      expect(shown).not.toContain('npm was told');
    }
  });
});
