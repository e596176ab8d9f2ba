import { HOUR } from '../../lib/domain/time';
import { operatorOn } from '../../local/cli/operator';
import { type Name, type Upgraded, upgrade } from './earlier-release';

let upgraded: Upgraded;
const told = new Map<Name, number>();

const secret = (name: Name) => upgraded.secrets.get(name)!;
const news = (name: Name) => secret(name).told.slice(told.get(name));
const check = async (hours: number) => {
  upgraded.environment.sandbox.clock.advance(hours * HOUR);
  for (const testKey of upgraded.secrets.values()) await testKey.check();
};
const begin = async () => {
  upgraded = await upgrade();
  for (const [name, { mails }] of upgraded.secrets) told.set(name, mails.length);
};

describe('an upgrade in place', () => {
  beforeAll(begin);
  afterAll(() => upgraded.environment.close());

  it('the first checks after an upgrade tell nothing twice, and lose nothing', async () => {
    await check(1);
    await check(1);
    expect(news('grace')).toEqual([]);
    expect(news('leaked')).toEqual([]);
    expect(news('undone')).toEqual([]);
    expect(news('zombie')).toEqual([]);
    expect(news('waiting')).toEqual(['zombie', 'rotated']);
    expect(secret('waiting').live).toBe(upgraded.keys[11]);
    expect(secret('grace').retiring.map(({ key }) => key)).toEqual([upgraded.keys[0]]);
    expect(secret('zombie').at('RETIRE_AFTER_20261124T181213Z_67efbc6a')).toBeDefined();
  });

  it('a leak that a tag tells of has a label, and is what it was', async () => {
    const { secret: stored, retiring, isLeaked } = secret('leaked');
    expect([2, 3].map((index) => isLeaked.call(secret('leaked'), upgraded.keys[index]!))).toEqual([
      true,
      true,
    ]);
    expect(stored.tags['anthropic-key-state:submission'] ?? '').not.toContain('leaked=');
    expect(retiring.map(({ key }) => key)).toEqual([upgraded.keys[2]]);
    await expect(secret('leaked').command({ verb: 'roll-back' })).rejects.toThrow('reported as leaked');
  });

  it('reminders go on, and each old key ends with the proof of its death', async () => {
    for (let day = 0; day < 8; day++) await check(24);
    for (const name of ['grace', 'zombie'] as const) expect(news(name)).toEqual(['zombie']);
    expect(news('leaked').sort()).toEqual(['contained', 'contained']);
    for (const index of [0, 2, 4, 9]) upgraded.environment.sandbox.anthropic.disable(upgraded.keys[index]!);
    await check(1);
    for (const name of ['grace', 'leaked', 'waiting', 'zombie'] as const)
      expect(news(name)).toContain('rotation-complete');
    await check(1);
    expect(secret('zombie').retiring).toEqual([]);
    expect(secret('leaked').isLeaked(upgraded.keys[2]!)).toBe(false);
    expect(secret('leaked').isLeaked(upgraded.keys[3]!)).toBe(true);
  });
});

describe('an upgrade behind a proxy that strips headers', () => {
  beforeAll(async () => {
    await begin();
    upgraded.environment.sandbox.anthropic.setManner({ stripsHeaders: true });
  });
  afterAll(() => upgraded.environment.close());

  it('is warned of by doctor before', async () => {
    const { shown } = await operatorOn(upgraded.environment.sandbox).run(['doctor']);
    expect(shown.replace(/\s+/g, ' ')).toMatch(/headers?.*(?:strip|without|missing)/i);
  });

  it('turns no key unknown without a word, moves none, and calls none dead', async () => {
    const live = new Map([...upgraded.secrets].map(([name, testKey]) => [name, testKey.live]));
    for (let day = 0; day < 3; day++) for (let hour = 0; hour < 24; hour += 6) await check(6);
    for (const [name, testKey] of upgraded.secrets) {
      expect(testKey.live).toBe(live.get(name));
      expect(news(name)).not.toEqual(expect.arrayContaining(['dead']));
      expect(news(name)).not.toEqual(expect.arrayContaining(['rotation-complete']));
      const [, kind, , , unknownSince] = testKey.secret.tags['anthropic-key-state:verdict']!.split('/');
      if (unknownSince !== '-' || kind === 'UNKNOWN') expect(news(name)).toContain('inconclusive');
      // One that was told of before stays told of.
      const remembered = testKey.secret.tags['anthropic-key-state:notices'];
      if (testKey.retiring.length > 0)
        expect(remembered).toMatch(/\b(?:zombie|unproven|contained|grace-over)\./);
    }
    expect(news('waiting')).toContain('submission-stuck');
  });
});
