import fc from 'fast-check';
import { tagsTooMany } from '../../lib/contract/consumer-tags';
import {
  isTagText,
  PolicyTagsError,
  policyFromTags,
  policyToTags,
  readPolicyTags,
} from '../../lib/contract/policy-tags';
import { CONSUMER_KINDS, type Consumer } from '../../lib/domain/consumer';
import { DEFAULT_POLICY, type Policy } from '../../lib/domain/policy';

const KEY = { environment: 'prod', service: 'api-gateway', owner: 'gateway@acme.io' };

const days = fc.uniqueArray(fc.integer({ min: 1, max: 999 }), { maxLength: 10 });
const cronField = fc.constantFrom('*', '0', '0,30', '1-5', '*/15', '?', 'MON#2', 'L', '15W');
const unbounded: fc.Arbitrary<Policy> = fc.record(
  {
    maxAgeDays: fc.integer({ min: 1, max: 1000 }),
    warnDays: days.map((list) => list.sort((a, b) => b - a)),
    graceHours: fc.integer({ min: 0, max: 8760 }),
    checkEvery: fc.oneof(
      fc.integer({ min: 1, max: 99 }).map((n) => `rate(${n} hours)`),
      fc.array(cronField, { minLength: 6, maxLength: 6 }).map((fields) => `cron(${fields.join(' ')})`),
    ),
    healthProbe: fc.constantFrom('messages', 'count-tokens'),
    deactivate: fc.constantFrom('prompt', 'automatic'),
    maxGraceExtensions: fc.integer({ min: 0, max: 60 }),
    autoRollback: fc.boolean(),
    probeModel: fc.constantFrom('claude-haiku-4-5', 'us.anthropic.claude:1'),
    workingHours: fc.record({
      days: fc.constantFrom([1, 5] as const, [2, 2] as const, [7, 4] as const),
      hours: fc.constantFrom([9, 17] as const, [0, 24] as const, [22, 6] as const),
      timeZone: fc.constantFrom('Europe/Berlin', 'America/Argentina/Buenos_Aires', 'Etc/GMT+3', 'UTC'),
    }),
    allowLongAge: fc.constantFrom('A vendor tool that cannot reload', 'Prüfung 2027'),
  },
  {
    requiredKeys: [
      'maxAgeDays',
      'warnDays',
      'graceHours',
      'checkEvery',
      'healthProbe',
      'deactivate',
      'maxGraceExtensions',
      'autoRollback',
    ],
  },
);

/** What synthesis lets through. */
const policies = unbounded.map((policy): Policy => {
  const maxAgeDays = policy.allowLongAge ? policy.maxAgeDays : Math.min(policy.maxAgeDays, 90);
  return { ...policy, maxAgeDays, warnDays: policy.warnDays.filter((day) => day < maxAgeDays) };
});

test('any policy survives its tags, and AWS accepts every tag', () => {
  fc.assert(
    fc.property(policies, (policy) => {
      const tags = policyToTags(KEY, policy, { workspaceId: 'wrkspc_1' });
      expect(policyFromTags(tags)).toEqual({ key: KEY, policy });
      for (const value of Object.values(tags)) expect(isTagText(value)).toBe(true);
      expect(Object.keys(tags).length).toBeLessThanOrEqual(15);
    }),
  );
});

const LETTERS = 'abcXYZ019_./@-';
const names = fc
  .tuple(fc.constantFrom(...'aZ0'), fc.string({ unit: fc.constantFrom(...LETTERS), maxLength: 99 }))
  .map((parts) => parts.join(''));
const consumers = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constantFrom(...CONSUMER_KINDS),
      name: names,
      refresh: fc.oneof(fc.constant('restart' as const), fc.integer({ min: 1, max: 43_200 })),
    }),
    names.map((name): Consumer => ({ kind: 'ecs', name, refresh: 'restart', restarted: true })),
  ),
  { minLength: 1, maxLength: 40 },
);

test('consumers survive their tags in their order, as many as fit, and AWS accepts each of these', () => {
  fc.assert(
    fc.property(consumers, (all) => {
      const key = { ...KEY, consumers: all };
      if (tagsTooMany(all) > 0) {
        expect(() => policyToTags(key, DEFAULT_POLICY)).toThrow(RangeError);
        return;
      }
      const tags = policyToTags(key, DEFAULT_POLICY);
      expect(policyFromTags(tags)).toEqual({ key, policy: DEFAULT_POLICY });
      for (const value of Object.values(tags)) expect(isTagText(value)).toBe(true);
    }),
  );
});

test('consumers are readable in their tags, and a second one is begun only where the first is full', () => {
  const tagsOf = (consumers: readonly Consumer[]) =>
    Object.entries(policyToTags({ ...KEY, consumers }, DEFAULT_POLICY)).filter(([name]) =>
      name.startsWith('anthropic-key:consumers'),
    );
  expect(
    tagsOf([
      { kind: 'ecs', name: 'prod/gateway', refresh: 'restart' },
      { kind: 'ecs', name: 'prod/chat', refresh: 'restart', restarted: true },
      { kind: 'lambda', name: 'summaries', refresh: 5 },
    ]),
  ).toEqual([
    ['anthropic-key:consumers', 'ecs restart prod/gateway + ecs automatic prod/chat + lambda 5m summaries'],
  ]);
  const host = (length: number): Consumer => ({ kind: 'host', name: 'n'.repeat(length), refresh: 'restart' });
  // Two entries of 113 characters, and the separators, leave 11 for a third name.
  expect(tagsOf([host(100), host(100), host(11)]).map(([, value]) => value.length)).toEqual([256]);
  expect(tagsOf([host(100), host(100), host(12)]).map(([name, value]) => [name, value.length])).toEqual([
    ['anthropic-key:consumers', 229],
    ['anthropic-key:consumers-2', 25],
  ]);
  expect(tagsOf([])).toEqual([]);
});

test.each([
  ['no consumer', ''],
  ['another kind', 'ec2 restart a'],
  ['no name', 'ecs restart'],
  ['a blank in a name', 'ecs restart a b'],
  ['no refresh', 'ecs a'],
  ['a refresh of none', 'lambda 0m a'],
  ['a refresh of years', 'lambda 99999m a'],
  ['another kind that is restarted', 'host automatic a'],
  ['a good one and a bad one', 'host restart a + host'],
  ['a link', 'host restart https://evil.example'],
])('%s is a fault: nothing is switched off by itself, and mails name nobody', (_, value) => {
  const tags = {
    ...policyToTags(
      { ...KEY, consumers: [{ kind: 'host', name: 'a', refresh: 5 }] },
      { ...DEFAULT_POLICY, deactivate: 'automatic' },
    ),
    'anthropic-key:consumers-2': value,
  };
  const { key, policy, faults } = readPolicyTags(tags);
  expect(faults).toEqual([
    `anthropic-key:consumers-2 is ${JSON.stringify(value)}, expected such as "ecs restart prod/gateway + lambda 5m summaries"`,
  ]);
  expect(policy.deactivate).toBe('prompt');
  expect(key).toEqual(KEY);
});

test('tags of others on the same secret do not matter', () => {
  const tags = {
    ...policyToTags(KEY, DEFAULT_POLICY),
    team: 'x',
    'anthropic-key-state:checked': '2026-11-21',
  };
  expect(policyFromTags(tags).policy).toEqual(DEFAULT_POLICY);
});

test('every missing or unreadable tag is named at once, and none is replaced silently', () => {
  const tags: Record<string, string> = {
    ...policyToTags(KEY, DEFAULT_POLICY),
    'anthropic-key:grace-hours': 'two days',
    'anthropic-key:deactivate': 'maybe',
    'anthropic-key:working-hours': '1-5 9-9 UTC',
    'anthropic-key:max-age-days': '0',
  };
  delete tags['anthropic-key:owner'];
  delete tags['anthropic-key:auto-rollback'];
  let faults: readonly string[] = [];
  try {
    policyFromTags(tags);
  } catch (error) {
    if (error instanceof PolicyTagsError) faults = error.faults;
  }
  expect(faults).toEqual([
    'anthropic-key:owner is missing',
    'anthropic-key:max-age-days is 0, expected 1 to 90 days',
    'anthropic-key:warn-days is "14/7/1", expected at most 10 days below 1',
    'anthropic-key:grace-hours is "two days", expected hours',
    'anthropic-key:deactivate is "maybe", expected prompt or automatic',
    'anthropic-key:auto-rollback is missing',
    'anthropic-key:working-hours is "1-5 9-9 UTC", expected such as "1-5 9-17 Europe/Berlin"',
  ]);
});

describe('the bounds of keys.yaml hold for tags', () => {
  const read = (changed: Record<string, string>) =>
    readPolicyTags({
      ...policyToTags(KEY, { ...DEFAULT_POLICY, deactivate: 'automatic' }),
      ...Object.fromEntries(Object.entries(changed).map(([name, value]) => [`anthropic-key:${name}`, value])),
    });

  test.each([
    ['max-age-days', '999999', { maxAgeDays: 90 }],
    ['max-age-days', '12345678901234', { maxAgeDays: 90 }],
    ['max-age-days', 'for ever', { maxAgeDays: 90 }],
    ['grace-hours', '999999', { graceHours: 8760 }],
    ['grace-hours', '-1', { graceHours: 48 }],
    ['max-grace-extensions', '1000', { maxGraceExtensions: 60 }],
    ['warn-days', '120/14', { warnDays: [14] }],
    ['warn-days', '14/13/12/11/10/9/8/7/6/5/4', { warnDays: [14, 13, 12, 11, 10, 9, 8, 7, 6, 5] }],
    ['auto-rollback', 'yes', { autoRollback: false }],
    ['check-every', 'never', { checkEvery: 'rate(1 hour)' }],
  ])('%s %s is brought into them, named, and switches nothing off by itself', (name, value, policy) => {
    const tagged = read({ [name]: value });
    expect(tagged.policy).toMatchObject({ ...policy, deactivate: 'prompt' });
    expect(tagged.faults).toEqual([expect.stringContaining(`anthropic-key:${name} is`)]);
  });

  test('a long age with its reason is within them, up to their end', () => {
    const reason = { 'allow-long-age': 'A vendor tool' };
    expect(read({ ...reason, 'max-age-days': '365' })).toMatchObject({
      policy: { maxAgeDays: 365, deactivate: 'automatic' },
      faults: [],
    });
    expect(read({ ...reason, 'max-age-days': '1001' }).policy.maxAgeDays).toBe(1000);
  });
});

test('a schedule that is neither a rate nor a cron expression is not written to a tag', () => {
  expect(() => policyToTags(KEY, { ...DEFAULT_POLICY, checkEvery: 'at(2026-11-21T00:00:00)' })).toThrow(
    RangeError,
  );
});
