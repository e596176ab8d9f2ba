import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { renderFault } from '../../lib/config/fault';
import { loadFleet } from '../../lib/config/load';
import { fleetJsonSchema } from '../../lib/config/schema';
import { readSource } from '../../lib/config/source';

const faults = (yaml: string) => loadFleet(yaml, 'keys.yaml').errors.map(renderFault);
const keysOf = (yaml: string) => {
  const { fleet, errors } = loadFleet(yaml, 'keys.yaml');
  return fleet ? fleet.environments.flatMap(({ keys }) => keys) : errors.map(renderFault);
};

/** A fleet whose mailboxes are these, in YAML. */
const alerts = (list: string) =>
  `environments:\n  prod:\n    alerts: ${list}\n    keys:\n      api: { owner: b@acme.io }\n`;

const REFUSED: [what: string, yaml: string, fault: string][] = [
  [
    'an alias without an anchor',
    alerts('[a@acme.io, *oncall]'),
    'keys.yaml:3: environments.prod.alerts[1] is *oncall: expected an anchor &oncall above it, and there is none',
  ],
  [
    'an alias above its anchor',
    `${alerts('[*oncall]')}      bot: { owner: &oncall c@acme.io }\n`,
    'keys.yaml:3: environments.prod.alerts[0] is *oncall: expected its anchor &oncall above it, not below',
  ],
  [
    'an alias within its own anchor',
    alerts('&mails [a@acme.io, *mails]'),
    'keys.yaml:3: environments.prod.alerts[1] is *mails: expected a value that does not contain itself: it stands within &mails',
  ],
  [
    'a mapping that merges itself',
    'environments: &all\n  prod:\n    <<: *all\n',
    'keys.yaml:3: environments.prod.<< is *all: expected a value that does not contain itself: it stands within &all',
  ],
  [
    'a merge of what has no fields',
    `x-team: &team t@acme.io\n${alerts('[a@acme.io]')}      bot: { <<: *team }\n`,
    'keys.yaml:7: environments.prod.keys.bot.<< is <<: *team: expected fields to merge: the alias of a mapping, or a list of such aliases',
  ],
  [
    'a merge of nothing',
    `${alerts('[a@acme.io]')}      bot:\n        <<:\n`,
    'keys.yaml:7: environments.prod.keys.bot.<< is <<: null: expected fields to merge',
  ],
  [
    'one tab, however many lines it spoils',
    'environments:\n\tprod:\n\t\talerts: [a@acme.io]\n\t\tkeys:\n\t\t\tapi: { owner: b@acme.io }\n',
    'keys.yaml:2: this line is indented with a tab: expected spaces, as YAML wants',
  ],
  [
    'a field of an anchored block, told once, where it was written',
    `x-key: &key\n  owner: b@acme.io\n  ownr: b@acme.io\n${alerts('[a@acme.io]')}      bot: *key\n      cat: { <<: *key }\n`,
    'keys.yaml:3: environments.prod.keys.bot.ownr is not a known field',
  ],
  [
    'a bad address behind many aliases, told once, where it was written',
    `x-team: &team bee\n${alerts('[a@acme.io]')}      bot: { owner: *team }\n      cat: { owner: *team }\n`,
    'keys.yaml:1: environments.prod.keys.bot.owner is "bee": expected an e-mail address',
  ],
];

test.each(REFUSED)('%s is refused with its line', (_, yaml, fault) => {
  expect(faults(yaml)).toEqual([expect.stringContaining(fault)]);
});

test('a bomb of aliases is refused, and does not go off', () => {
  const nine = (of: string) => `[${Array(9).fill(of).join(',')}]`;
  const bomb = ['b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']
    .map((name, index) => `x-${name}: &${name} ${nine(`*${'abcdefgh'[index]}`)}`)
    .join('\n');
  expect(faults(`x-a: &a ${nine('x')}\n${bomb}\nenvironments: *i\n`)).toEqual([
    'keys.yaml:10: environments is *i: expected fewer values: with all its aliases the file has more than 200000',
  ]);
});

test('an anchor may be used a thousand times', () => {
  const keys = Array.from({ length: 1000 }, (_, n) => `      k${n}: { owner: *team }\n`).join('');
  const found = keysOf(`x-team: &team t@acme.io\n${alerts('[a@acme.io]')}${keys}`);
  expect(found).toHaveLength(1001);
  expect(found[1000]).toMatchObject({ service: 'k999', owner: 't@acme.io' });
});

const ANCHORED = `
x-policy: &policy { maxAgeDays: 60 }
x-team: &team
  owner: team@acme.io
  policy: &strict { graceHours: 24 }
environments:
  x-alerts: &alerts [a@acme.io]
  x-base: &base
    alerts: *alerts
    policy: *policy
  prod:
    <<: *base
    x-note: what only people read
    keys:
      api: *team
      bot:
        <<: [{ owner: bot@acme.io }, *team]
        policy: { <<: *strict, maxAgeDays: 30 }
  dev:
    <<: *base
    keys: { api: *team }
`;

test('merge keys and blocks that hold anchors are taken as people write them', () => {
  expect(keysOf(ANCHORED)).toMatchObject([
    { service: 'api', owner: 'team@acme.io', policy: { maxAgeDays: 60, graceHours: 24 } },
    { service: 'bot', owner: 'bot@acme.io', policy: { maxAgeDays: 30, graceHours: 24 } },
    { service: 'api', owner: 'team@acme.io', policy: { maxAgeDays: 60, graceHours: 24 } },
  ]);
});

test('an environment may be named x-…: it has keys', () => {
  const { fleet } = loadFleet(alerts('[a@acme.io]').replace('prod:', 'x-prod:'), 'keys.yaml');
  expect(fleet?.environments.map(({ environment }) => environment)).toEqual(['x-prod']);
});

test('editors take what the loader takes', () => {
  const schema = z.fromJSONSchema(JSON.parse(fleetJsonSchema()));
  const block = { 'x-block': [1, { anything: true }] };
  const prod = { ...block, alerts: ['a@acme.io'], keys: { api: { owner: 'b@acme.io' } } };
  expect(schema.safeParse({ ...block, environments: { ...block, prod } }).error).toBeUndefined();
});

test('uses of an anchor do not share what is refused in one of them', () => {
  const { data } = readSource('x-a: &a { b: 1 }\nenvironments: { c: *a, d: *a }\n', 'keys.yaml');
  const { environments } = data as { environments: Record<string, object> };
  expect(environments.c).toEqual(environments.d);
  expect(environments.c).not.toBe(environments.d);
});

test('the example of docs/configure.md is taken', () => {
  const text = readFileSync(join(__dirname, '../../docs/configure.md'), 'utf8');
  const example = /```yaml\n(x-team:.*?)```/s.exec(text)?.[1] ?? '';
  expect(keysOf(example)).toMatchObject([
    { service: 'api-gateway', owner: 'platform@acme.io', policy: { maxAgeDays: 90 } },
    { service: 'batch', owner: 'platform@acme.io', policy: { maxAgeDays: 60 } },
  ]);
});

test('a second document is a fault at its line, in words for people', () => {
  const { errors } = loadFleet('environments: {}\n---\nenvironments: {}\n', 'keys.yaml');
  expect(errors.map(renderFault)).toEqual([
    'keys.yaml:2: this line is the beginning of a second document: expected one document',
  ]);
});
