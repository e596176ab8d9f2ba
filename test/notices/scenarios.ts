import type { Consumer } from '../../lib/domain/consumer';
import type { FindingKind } from '../../lib/domain/findings/catalogue';
import { ApiKey } from '../../lib/domain/key';
import type { Policy } from '../../lib/domain/policy';
import { DAY, HOUR, plus } from '../../lib/domain/time';
import type { StagedEnvironment } from '../../local/staged-environment';
import { keepFromAccepting } from '../lifecycle/surroundings';
import type { TestKey } from '../lifecycle/test-key';

/** A course that ends with a mail. */
export interface Scenario {
  /** @default the kind alone */
  readonly name?: string;
  /** @default false */
  readonly adminAccess?: StagedEnvironment['adminAccess'];
  readonly policy?: Partial<Policy>;
  /** Who reads the key: the commands that restart them are played, and no others. @default nobody is named */
  readonly consumers?: readonly Consumer[];
  /** Whether its commands depend on the grace, so that each is played with several. @default false */
  readonly onGrace?: boolean;
  /** Leads to the mail. A function that it returns is what comes between the mail and its commands: what their sentence says, or an end of trouble. */
  readonly reach: (testKey: TestKey, graceHours: number) => Promise<unknown>;
}

const fingerprint = (key: string) => new ApiKey(key).fingerprint;

/** Only an Admin API key may read who disabled a key. */
const BY_ADMIN_KEY = { keySecret: 'anthropic-admin' };

/** A live key, and another managed one that shows what is Anthropic's answer and what is the network's. */
async function live(testKey: TestKey): Promise<string> {
  await (await testKey.neighbour()).promoteFirstKey();
  return testKey.promoteFirstKey();
}

async function liveFor(days: number, testKey: TestKey): Promise<void> {
  await live(testKey);
  await testKey.after(days * 24);
}

/** A rotation: the old key has its grace. */
async function rotated(testKey: TestKey): Promise<{ old: string; current: string }> {
  const old = await live(testKey);
  const current = testKey.newKey();
  await testKey.submit(current);
  return { old, current };
}

const pastGrace = async (testKey: TestKey, graceHours: number) => {
  const keys = await rotated(testKey);
  await testKey.after(graceHours + 1);
  return keys;
};

/** One of each kind whose name says what to restart. */
const READERS: readonly Consumer[] = [
  { kind: 'ecs', name: 'c/s', refresh: 'restart' },
  { kind: 'kubernetes', name: 'web/deployment/search', refresh: 'restart' },
];

/** The same mail for a key whose readers keys.yaml names. */
const withReaders = (name: string, scenario: Scenario): Scenario => ({
  ...scenario,
  ...{ name: `${name}, with readers`, consumers: READERS, onGrace: false },
});

const undoneEdit: Scenario = {
  name: 'rolled back: a key in another field',
  async reach(testKey) {
    await live(testKey);
    await testKey.edit(JSON.stringify({ api_key: testKey.newKey() }));
    await testKey.after(1);
  },
};

/** The old key is used until its grace is over. */
const stillUsed: Scenario = {
  adminAccess: true,
  async reach(testKey, graceHours) {
    const { old } = await rotated(testKey);
    testKey.sandbox.clock.advance((graceHours - 1) * HOUR);
    testKey.sandbox.anthropic.recordUsage(old, { at: testKey.sandbox.clock.now(), requests: 20 });
    await until('extended', testKey);
  },
};

/** An old key that nobody switched off for a day. */
async function forgotten(testKey: TestKey, graceHours: number): Promise<void> {
  await pastGrace(testKey, graceHours);
  await testKey.after(25);
}

/** What waits for the digest comes with the daily report. */
async function theNextMorning(found: Promise<void>, testKey: TestKey): Promise<void> {
  await found;
  await testKey.report();
}

/** Checks until the mail is there: what follows it must not have happened yet. */
async function until(kind: FindingKind, testKey: TestKey, every = 1): Promise<void> {
  for (let hours = 0; hours < 200 && testKey.told.at(-1) !== kind; hours += every) await testKey.after(every);
}

/** Takes the old key's label off, and every version that holds it, as AWS does some time later. */
async function loseKey(key: string, testKey: TestKey): Promise<void> {
  const versions = testKey.secret.versions as unknown as { readonly id: string }[];
  const kept = versions.filter(({ id }) => testKey.keyOf(id) !== key);
  versions.splice(0, versions.length, ...kept);
  await testKey.after(1);
}

/**
 * How each kind of mail comes about, for every kind whose mail offers a command. A kind that is missing here does not compile; one that offers a
 * command although it says that it has none fails.
 */
export const SCENARIOS: Readonly<Record<FindingKind, readonly Scenario[] | 'offers no command'>> = {
  'awaiting-first-key': [{ reach: (testKey) => theNextMorning(testKey.check(), testKey) }],
  due: [{ reach: (testKey) => theNextMorning(liveFor(80, testKey), testKey) }],
  overdue: [{ reach: (testKey) => liveFor(91, testKey) }],
  dead: [
    {
      name: 'dead, with an old key that works',
      onGrace: true,
      async reach(testKey) {
        const { current } = await rotated(testKey);
        testKey.sandbox.anthropic.disable(current);
        await testKey.after(1);
      },
    },
    {
      name: 'dead, disabled by Anthropic',
      adminAccess: BY_ADMIN_KEY,
      async reach(testKey) {
        const { current } = await rotated(testKey);
        testKey.sandbox.anthropic.disabledByAnthropic(current);
        await testKey.after(1);
      },
    },
  ],
  refused: [
    {
      name: 'refused, with an old key that works',
      onGrace: true,
      async reach(testKey) {
        const { current } = await rotated(testKey);
        testKey.sandbox.anthropic.setManner({ headers: { 'x-should-retry': 'true' } });
        testKey.sandbox.anthropic.disable(current);
        await testKey.after(1);
        return () => testKey.sandbox.anthropic.setManner({});
      },
    },
    {
      name: 'refused, disabled by Anthropic',
      adminAccess: BY_ADMIN_KEY,
      async reach(testKey) {
        const { current } = await rotated(testKey);
        testKey.sandbox.anthropic.setManner({ headers: { 'x-should-retry': 'true' } });
        testKey.sandbox.anthropic.disabledByAnthropic(current);
        await testKey.after(1);
        return () => testKey.sandbox.anthropic.setManner({});
      },
    },
  ],
  blocked: [
    {
      name: 'blocked: permission',
      async reach(testKey) {
        testKey.sandbox.anthropic.trouble('permission', { key: await live(testKey) });
        await testKey.after(1);
      },
    },
  ],
  inconclusive: [
    {
      async reach(testKey) {
        const recover = testKey.sandbox.anthropic.trouble('overloaded', { key: await live(testKey) });
        await testKey.days(1.5);
        return recover;
      },
    },
  ],
  'expires-soon': [
    {
      adminAccess: true,
      async reach(testKey) {
        const { anthropic, clock } = testKey.sandbox;
        const expiresAt = plus(clock.now(), 10 * DAY);
        await testKey.submit(anthropic.createKey({ workspace: testKey.workspace, expiresAt }).value);
        await theNextMorning(testKey.after(1), testKey);
      },
    },
  ],
  'dies-with-its-owner': [
    {
      adminAccess: true,
      async reach(testKey) {
        const { anthropic } = testKey.sandbox;
        await testKey.submit(anthropic.createKey({ workspace: testKey.workspace, personal: true }).value);
        await testKey.after(1);
      },
    },
  ],
  'usage-spike': [
    {
      adminAccess: true,
      async reach(testKey) {
        const { anthropic, clock } = testKey.sandbox;
        const key = await live(testKey);
        for (let hour = 30; hour >= 1; hour--)
          anthropic.recordUsage(key, { at: plus(clock.now(), -hour * HOUR), requests: 20 });
        await testKey.days(1);
        anthropic.recordUsage(key, { at: clock.now(), requests: 5_000 });
        await until('usage-spike', testKey);
      },
    },
  ],
  foreign: [
    {
      async reach(testKey) {
        await testKey.edit(testKey.newKey(testKey.otherWorkspace));
        await testKey.after(1);
      },
    },
  ],
  'not-a-key': [
    {
      async reach(testKey) {
        await live(testKey);
        await testKey.edit('DISABLED');
        await testKey.after(1);
      },
    },
  ],
  keyless: [
    {
      async reach(testKey) {
        await live(testKey);
        await testKey.edit('KEYLESS');
        await testKey.after(1);
      },
    },
  ],
  misplaced: 'offers no command',
  'same-key-again': 'offers no command',
  rejected: [
    {
      async reach(testKey) {
        await live(testKey);
        await testKey.submit(testKey.newKey(testKey.otherWorkspace));
      },
    },
  ],
  unaccepted: [
    {
      async reach(testKey) {
        await live(testKey);
        testKey.sandbox.anthropic.setManner({ stripsHeaders: true });
        await testKey.edit(testKey.newKey());
        await testKey.days(1);
      },
    },
  ],
  'refused-key-works': [
    {
      async reach(testKey) {
        await live(testKey);
        const key = testKey.newKey();
        testKey.sandbox.anthropic.disable(key);
        await testKey.submit(key);
        testKey.sandbox.anthropic.enable(key);
        await testKey.after(1);
      },
    },
  ],
  'lost-track': [
    {
      async reach(testKey) {
        const { old } = await rotated(testKey);
        await loseKey(old, testKey);
      },
    },
  ],
  'submission-stuck': [
    {
      async reach(testKey) {
        await live(testKey);
        const key = testKey.newKey();
        testKey.sandbox.anthropic.trouble('overloaded', { key });
        await testKey.submit(key);
        await until('submission-stuck', testKey, 6);
      },
    },
  ],
  'rolled-back': [
    undoneEdit,
    withReaders('rolled back', undoneEdit),
    {
      name: 'rolled back: submitted and gone bad',
      async reach(testKey) {
        await live(testKey);
        const key = testKey.newKey();
        const stop = keepFromAccepting(testKey);
        await testKey.submit(key);
        stop();
        testKey.sandbox.anthropic.disable(key);
        await testKey.after(1);
      },
    },
  ],
  'direct-edit-refused': [
    {
      policy: { autoRollback: false },
      async reach(testKey) {
        await live(testKey);
        await testKey.edit(JSON.stringify({ api_key: testKey.newKey() }));
        await testKey.after(1);
      },
    },
  ],
  rotated: [
    { onGrace: true, reach: async (testKey) => void (await rotated(testKey)) },
    withReaders('rotated', { reach: async (testKey) => void (await rotated(testKey)) }),
    withReaders('first key', { reach: async (testKey) => void (await live(testKey)) }),
  ],
  'grace-over': [
    ...[false, true].map(
      (adminAccess): Scenario => ({
        name: `grace-over${adminAccess ? ', with Admin access' : ''}`,
        adminAccess,
        onGrace: true,
        reach: async (testKey, graceHours) => void (await pastGrace(testKey, graceHours)),
      }),
    ),
    withReaders('grace-over', {
      reach: async (testKey, graceHours) => void (await pastGrace(testKey, graceHours)),
    }),
  ],
  extended: [withReaders('extended', stillUsed)],
  deactivating: [
    {
      adminAccess: true,
      policy: { deactivate: 'automatic' },
      onGrace: true,
      async reach(testKey, graceHours) {
        await rotated(testKey);
        testKey.sandbox.clock.advance(graceHours * HOUR);
        for (let hours = 0; hours < 100 && !testKey.told.includes('deactivating'); hours += 1)
          await testKey.after(1);
      },
    },
  ],
  zombie: [
    ...[false, true].map(
      (adminAccess): Scenario => ({
        name: `zombie${adminAccess ? ', with Admin access' : ''}`,
        adminAccess,
        onGrace: true,
        reach: forgotten,
      }),
    ),
    withReaders('zombie', { reach: forgotten }),
  ],
  unproven: [false, true].map(
    (adminAccess): Scenario => ({
      name: `unproven${adminAccess ? ', with Admin access' : ''}`,
      adminAccess,
      onGrace: true,
      async reach(testKey, graceHours) {
        const { old } = await rotated(testKey);
        testKey.sandbox.anthropic.trouble('overloaded', { key: old });
        await testKey.after(graceHours + 26);
      },
    }),
  ),
  'rotation-complete': [false, true].map(
    (adminAccess): Scenario => ({
      name: `rotation-complete${adminAccess ? ', with Admin access' : ''}`,
      adminAccess,
      onGrace: true,
      async reach(testKey, graceHours) {
        const { old } = await pastGrace(testKey, graceHours);
        testKey.sandbox.anthropic.disable(old);
        await testKey.after(1);
        return adminAccess ? undefined : () => testKey.sandbox.anthropic.enable(old);
      },
    }),
  ),
  contained: [
    {
      name: 'leaked, with Admin access, being switched off',
      adminAccess: true,
      onGrace: true,
      reach: async (testKey) => void (await testKey.contain(await live(testKey))),
    },
    {
      name: 'leaked old key, with Admin access, being switched off',
      adminAccess: true,
      onGrace: true,
      reach: async (testKey) => void (await testKey.contain((await rotated(testKey)).old)),
    },
    ...[false, true].map(
      (adminAccess): Scenario => ({
        name: `leaked and still works${adminAccess ? ', with Admin access' : ''}`,
        adminAccess,
        async reach(testKey) {
          await testKey.command({ verb: 'report-leak', fingerprint: fingerprint(await live(testKey)) });
        },
      }),
    ),
  ],
  unwatched: [
    {
      async reach(testKey) {
        await live(testKey);
        testKey.sandbox.clock.advance(3 * DAY);
        await testKey.sandbox.invoke('prod', 'report', {});
      },
    },
  ],
  resolved: 'offers no command',
};
