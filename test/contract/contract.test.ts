import { FLEET_CASES } from './cases/fleet';
import { LABEL_CASES } from './cases/labels';
import { ROTATION_CASES } from './cases/rotation';
import { RULE_CASES } from './cases/rules';
import { SERVICE_CASES } from './cases/services';
import { STORE_CASES } from './cases/store';
import { TOPIC_CASES } from './cases/topics';
import { VERSION_CASES } from './cases/versions';
import { EMBEDDED } from './targets/embedded';
import { MENDED_MOTO, MOTO } from './targets/moto';
import { REAL_ACCOUNT } from './targets/real-account';
import type { Case, ContractWorld, Target } from './world';

const CASES: readonly Case[] = [
  ...VERSION_CASES,
  ...LABEL_CASES,
  ...FLEET_CASES,
  ...ROTATION_CASES,
  ...STORE_CASES,
  ...TOPIC_CASES,
  ...RULE_CASES,
  ...SERVICE_CASES,
];

// `npm test` holds the embedded world to the contract, `npm run test:contract` everything that is at hand.
const wanted: readonly Target[] =
  process.env.CONTRACT === 'all' ? [EMBEDDED, MOTO, MENDED_MOTO, REAL_ACCOUNT] : [EMBEDDED];

for (const { name, unavailable } of wanted)
  if (unavailable) process.stderr.write(`${name}: ${unavailable}\n`);

describe.each(wanted.filter((target) => !target.unavailable))('on $name', (target) => {
  let world: ContractWorld;
  beforeAll(async () => {
    world = await target.start();
  });
  afterAll(async () => {
    await world.stop();
  });

  for (const one of CASES) {
    const difference = target.differences.find(({ contract }) => contract === one.sentence);
    const title = difference ? `differs from AWS: ${one.sentence}` : one.sentence;
    const proof = one.rotates && !target.rotates ? test.skip : test;
    proof(title, async () => {
      if (difference) await expect(one.prove(world)).rejects.toThrow();
      else await one.prove(world);
    });
  }

  test('every known difference is about a sentence of the contract', () => {
    const sentences = CASES.map(({ sentence }) => sentence);
    expect(target.differences.filter(({ contract }) => !sentences.includes(contract))).toEqual([]);
  });
});

test('no two sentences of the contract are the same', () => {
  expect(new Set(CASES.map(({ sentence }) => sentence)).size).toBe(CASES.length);
});
