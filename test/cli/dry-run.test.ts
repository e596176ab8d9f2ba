import { operatorOn } from '../../local/cli/operator';
import type { Script } from '../../local/cli/scripted-terminal';
import { keyOf } from '../keys';
import { TestEnvironment, TestKey } from '../lifecycle/test-key';

let testKey: TestKey;

afterEach(() => testKey.close());

const flat = (text: string) => text.replace(/\s+/g, ' ');

function run(line: string, script?: Script) {
  const name = testKey.secretName.replace('anthropic/', '');
  const words = line.replace('KEY', name).match(/"[^"]*"|\S+/g)!;
  return operatorOn(testKey.sandbox).run(
    words.map((word) => word.replaceAll('"', '')),
    script,
  );
}

/** Everything that a command could change. */
const state = () =>
  JSON.stringify([
    testKey.secret.versions.map(({ labels, ...version }) => ({ ...version, labels: [...labels].sort() })),
    testKey.secret.tags,
    testKey.mails.length,
  ]);

async function rotated(times = 1): Promise<string[]> {
  const keys = [await testKey.promoteFirstKey()];
  for (let time = 0; time < times; time++) {
    const next = testKey.newKey();
    await testKey.submit(next);
    keys.push(next);
  }
  return keys;
}

/** Runs dry, holds that nothing changed, and returns what was said. */
async function dry(line: string) {
  const before = state();
  const ran = await run(`${line} --dry-run`);
  expect([line, state() === before]).toEqual([line, true]);
  expect(ran.shown).not.toContain('[y/N]');
  return ran;
}

/** The real run is refused in the same words, and nobody was asked to agree. */
async function refusedAlike(line: string, why: string, script?: Script) {
  const [tried, real] = [await dry(line), await run(line, script)];
  expect([line, tried.exit, real.exit]).toEqual([line, 1, 1]);
  expect(flat(tried.shown)).toContain(why);
  // Between the two the real run shows its steps and asks.
  const [who, ...refusal] = tried.shown.split('\n');
  expect(real.shown.startsWith(`${who}\n`)).toBe(true);
  expect(real.shown.endsWith(`\n${refusal.join('\n')}`)).toBe(true);
}

async function fineAlike(line: string, exit = 0) {
  const tried = await dry(line);
  expect([line, tried.exit]).toEqual([line, 0]);
  const real = await run(line);
  expect([line, real.exit]).toEqual([line, exit]);
  return tried;
}

describe('without Admin access', () => {
  beforeEach(async () => {
    testKey = await TestKey.build();
  });

  test('what is refused is refused as the real run would be', async () => {
    const [old, live] = await rotated();
    await refusedAlike('extend KEY --until 2026-11-21T12:00Z', 'is sooner. Nothing was changed');
    await refusedAlike('extend KEY --until 2027-11-21T12:00Z', 'at most 14 days are added at once');
    await refusedAlike('rollback KEY --key ffffffff', 'No old key has the fingerprint ffffffff');
    await refusedAlike('retire KEY --attest "Ada saw it deleted"', 'still answers');
    await refusedAlike('snooze KEY --until 2027-11-21 --reason x', '90 days at most');
    await refusedAlike('leak KEY --key ffffffffffff --reason x', 'holds a key ffffffffffff');
    await refusedAlike(
      `reactivate KEY --key ${keyOf(old!).fingerprint}`,
      'There is no Admin access from here',
    );
    testKey.sandbox.anthropic.disable(old!);
    await refusedAlike('rollback KEY', `${keyOf(old!).hint} is DEAD, so nothing was rolled back`);
    await testKey.put(testKey.newKey());
    await refusedAlike('submit KEY', 'waits to be tested', { pastes: [testKey.newKey()] });
    expect(testKey.live).toBe(live);
  });

  test.each<[line: string, exit: number]>([
    ['extend KEY --hours 24', 0],
    ['rollback KEY', 0],
    ['retire KEY', 3],
    ['snooze KEY --until 2026-12-01 --reason freeze', 0],
  ])('what is fine is fine in the real run, too: %s', async (line, exit) => {
    const [old] = await rotated();
    const { shown } = await fineAlike(line, exit);
    if (!line.startsWith('snooze')) expect(flat(shown)).toContain(keyOf(old!).hint);
  });

  test('that nothing can be switched off from here is known before', async () => {
    await rotated();
    expect(flat((await dry('retire KEY')).shown)).toContain(
      'by a person. This deployment has no Admin access',
    );
    expect((await dry('retire KEY --deactivate')).exit).toBe(1);
  });

  test('a dry run of what is no such command is refused', async () => {
    await testKey.promoteFirstKey();
    for (const change of [undefined, { verb: 'check' }, { verb: 'dry-run' }, { verb: 'nonsense' }])
      await expect(testKey.command({ verb: 'dry-run', of: change } as never)).rejects.toThrow(
        'has no command',
      );
  });
});

describe('with Admin access', () => {
  const open = async (policy = {}) => {
    testKey = await TestKey.build({ adminAccess: true, policy });
  };
  const statusOf = (key: string) => testKey.sandbox.anthropic.statusOf(key);

  test('it asks the function that would do it, and leaves the key on', async () => {
    await open();
    const [old, live] = await rotated();
    for (const line of [
      'retire KEY',
      `leak KEY --key ${keyOf(old!).fingerprint} --reason x`,
      'leak KEY --reason x',
    ]) {
      const { exit, shown } = await dry(line);
      expect([line, exit]).toEqual([line, 0]);
      expect(flat(shown)).toMatch(/Nothing holds back switching it off \(record \w+\)/);
    }
    expect([statusOf(old!), statusOf(live!)]).toEqual(['active', 'active']);
    await fineAlike('retire KEY');
    await fineAlike(`reactivate KEY --key ${keyOf(old!).fingerprint}`);
    expect(statusOf(old!)).toBe('active');
  });

  test('a guard that would hold back says so', async () => {
    // The world begins on a Saturday.
    await open({ workingHours: { days: [1, 5], hours: [9, 17], timeZone: 'UTC' } });
    await rotated();
    const why = 'It was refused: it is outside the working hours of the policy.';
    expect(flat((await dry('retire KEY')).shown)).toContain(why);
    expect(flat((await run('retire KEY')).shown)).toContain(why);
  });

  test('a key that stays off for good is not promised to be switched on', async () => {
    await open();
    const [old] = await rotated();
    testKey.sandbox.anthropic.archive(old!);
    await refusedAlike(`reactivate KEY --key ${keyOf(old!).fingerprint}`, 'that is archived');
  });
});

describe('with several old keys', () => {
  let keys: string[];

  beforeEach(async () => {
    testKey = await TestKey.build();
    keys = await rotated(2);
  });

  test('each is told apart, by hint and fingerprint', async () => {
    const [first, second] = keys.map(keyOf);
    const { shown } = await run('show KEY');
    for (const { hint, fingerprint } of [first!, second!])
      expect(flat(shown)).toContain(`Old key ${hint}, fingerprint ${fingerprint}, version`);
    expect((await run('status')).shown).toContain('2 old keys work, the last until');
  });

  test('a command that names none is refused before anybody is asked, and names them', async () => {
    const [first, second] = keys.map(keyOf);
    for (const line of ['rollback KEY', 'extend KEY', 'extend KEY --until 2026-12-01T08:00Z', 'retire KEY']) {
      await refusedAlike(line, `${first!.fingerprint} (${first!.hint})`);
      const { shown } = await run(line);
      expect(flat(shown)).toContain(`${second!.fingerprint} (${second!.hint})`);
      expect(shown).not.toContain('[y/N]');
    }
  });

  test('every command that is suggested works as it is printed', async () => {
    const next = testKey.newKey();
    const submitted = await run('submit KEY', { pastes: [next] });
    expect(submitted.exit).toBe(0);
    await testKey.sandbox.settle();
    const again = await run('submit KEY', { pastes: [keys[0]!] });
    testKey.sandbox.clock.advance(49 * 3_600_000);
    await testKey.check();
    const outputs = [submitted, again, await run('show KEY'), await run('doctor KEY'), await run('status')];
    const printed = outputs.flatMap(({ shown }) => [
      ...flat(shown).matchAll(
        /npx --no -- anthropic-keys ((?:rollback|retire|extend|reactivate) \S+(?: --key [0-9a-f]+)?(?: --hours \d+)?)/g,
      ),
    ]);
    const lines = [...new Set(printed.map(([, line]) => line!))];
    expect(lines.filter((line) => line.startsWith('rollback'))).toHaveLength(3);
    expect(lines.filter((line) => line.startsWith('retire'))).toHaveLength(3);
    expect(lines.filter((line) => line.startsWith('extend'))).toHaveLength(1);
    for (const line of lines) expect([line, (await dry(line)).exit]).toEqual([line, 0]);
  });

  test('one is extended by its own deadline, and the other one stays', async () => {
    const [first] = keys.map(keyOf);
    const before = testKey.retiring;
    expect((await run(`extend KEY --hours 24 --key ${first!.fingerprint}`)).exit).toBe(0);
    const end = (of: typeof before, key: string) => of.find((old) => old.key === key)!.until.getTime();
    expect(end(testKey.retiring, keys[0]!) - end(before, keys[0]!)).toBe(24 * 3_600_000);
    expect(end(testKey.retiring, keys[1]!)).toBe(end(before, keys[1]!));
  });
});

test('where memory has no room for all old keys, the others are still reached by their fingerprint', async () => {
  const environment = await TestEnvironment.open();
  testKey = await environment.key();
  const keys = await rotated(6);
  const { shown } = await run('show KEY');
  const named = keys.slice(0, -1).filter((key) => shown.includes(keyOf(key).fingerprint));
  expect(named.length).toBeGreaterThanOrEqual(4);
  expect(named.length).toBeLessThan(6);
  const unnamed = keys.slice(0, -1).find((key) => !named.includes(key))!;
  const { fingerprint } = keyOf(unnamed);
  expect((await run(`extend KEY --hours 24 --key ${fingerprint}`)).exit).toBe(2);
  const until = '2026-11-29T08:00Z';
  expect((await run(`extend KEY --until ${until} --key ${fingerprint}`)).exit).toBe(0);
  expect(testKey.retiring.find(({ key }) => key === unnamed)!.until).toEqual(new Date(until));
  expect((await run(`rollback KEY --key ${fingerprint} --dry-run`)).exit).toBe(0);
});
