import { ApiKey, shortId } from '../../lib/domain/key';
import type { Policy } from '../../lib/domain/policy';
import { IllegalTransition } from '../../lib/workflows/errors';
import { CrashController, type CrashPoint } from '../fakes/crash';
import { Watch } from './invariants';
import { moveByHand } from './surroundings';
import { TestEnvironment, type TestKey } from './test-key';

/** One flow: what went before, what is done under threat of a crash, and how long it takes to come to rest. */
interface Flow {
  readonly adminAccess?: boolean;
  readonly policy?: Partial<Policy>;
  readonly before: (testKey: TestKey, keys: Record<string, string>) => Promise<unknown>;
  readonly act: (testKey: TestKey, keys: Record<string, string>) => Promise<unknown>;
  /** A human asked, and asks again when it failed: nothing else repeats it. */
  readonly asked?: boolean;
}

const automatic = { adminAccess: true, policy: { deactivate: 'automatic' as const } };

const promoteFirstKey = async (testKey: TestKey, keys: Record<string, string>) => {
  keys.first = await testKey.promoteFirstKey();
  await testKey.after(1);
};

const rotated = async (testKey: TestKey, keys: Record<string, string>) => {
  await promoteFirstKey(testKey, keys);
  keys.second = testKey.newKey();
  await testKey.submit(keys.second);
  await testKey.after(1);
};

/** Keys that people submit. */
const SUBMITTED: Record<string, Flow> = {
  'first key': {
    before: async (h, k) => Object.assign(k, { first: h.newKey() }),
    act: (h, k) => h.submit(k.first!),
  },
  rotation: {
    before: async (h, k) => {
      await promoteFirstKey(h, k);
      k.second = h.newKey();
    },
    act: (h, k) => h.submit(k.second!),
  },
  'plain put': {
    before: async (h, k) => {
      await promoteFirstKey(h, k);
      k.second = h.newKey();
      await h.put(k.second);
    },
    act: (h) => h.check(),
  },
  'wrong paste': { before: promoteFirstKey, act: (h) => h.submit('hunter2-is-not-a-key') },
  'refused key': {
    before: async (h, k) => {
      await promoteFirstKey(h, k);
      k.refused = h.newKey();
      h.sandbox.anthropic.trouble('permission', { key: k.refused });
    },
    act: (h, k) => h.submit(k.refused!),
  },
};

/** Values that people write over the live one. */
const EDITED: Record<string, Flow> = {
  'good direct edit': {
    before: async (h, k) => {
      await promoteFirstKey(h, k);
      k.second = h.newKey();
      await h.edit(k.second);
    },
    act: (h) => h.check(),
  },
  'bad direct edit': {
    before: async (h, k) => {
      await promoteFirstKey(h, k);
      k.foreign = h.newKey(h.otherWorkspace);
      await h.edit(k.foreign);
    },
    act: (h) => h.check(),
  },
  'KEYLESS in place of the key': {
    before: async (h, k) => {
      await (await h.neighbour()).promoteFirstKey();
      await rotated(h, k);
      await h.edit('KEYLESS');
    },
    act: (h) => h.check(),
  },
  'KEYLESS, and back': {
    asked: true,
    before: async (h, k) => {
      await promoteFirstKey(h, k);
      await h.edit('KEYLESS');
      await h.after(1);
    },
    act: (h) => h.command({ verb: 'roll-back' }),
  },
  'a key after KEYLESS': {
    before: async (h, k) => {
      await promoteFirstKey(h, k);
      await h.edit('KEYLESS');
      await h.after(1);
      k.second = h.newKey();
    },
    act: (h, k) => h.submit(k.second!),
  },
  'same key again': {
    before: async (h, k) => {
      await promoteFirstKey(h, k);
      await h.edit(k.first!);
    },
    act: (h) => h.check(),
  },
};

/** What is ordered, or done by hand, while an old key retires. */
const RETIRING: Record<string, Flow> = {
  'rotation while one retires': {
    before: async (h, k) => {
      await rotated(h, k);
      k.third = h.newKey();
    },
    act: (h, k) => h.submit(k.third!),
  },
  'roll back': {
    asked: true,
    before: rotated,
    act: (h, k) => h.command({ verb: 'roll-back', fingerprint: new ApiKey(k.first!).fingerprint }),
  },
  extend: { asked: true, before: rotated, act: (h) => h.command({ verb: 'extend', hoursFromNow: 96 }) },
  'retire now': { asked: true, before: rotated, act: (h) => h.command({ verb: 'retire-now' }) },
  attested: {
    asked: true,
    before: async (h, k) => {
      await rotated(h, k);
      h.sandbox.anthropic.script('not-found', { key: k.first! });
    },
    act: (h) => h.command({ verb: 'attest', statement: 'Ada saw it disabled' }),
  },
  'deadline taken off by hand': {
    before: async (h, k) => {
      await rotated(h, k);
      await moveByHand('takes off the deadline', h);
    },
    act: (h) => h.check(),
  },
  'switched on again': {
    ...automatic,
    asked: true,
    before: async (h, k) => {
      await rotated(h, k);
      await h.days(3);
      const { fingerprint } = new ApiKey(k.first!);
      await h.command({ verb: 'extend', fingerprint, hoursFromNow: 48 });
    },
    act: (h, k) => h.admin({ verb: 'reactivate', key: k.first! }),
  },
};

/** Keys that somebody else may have. */
const LEAKED: Record<string, Flow> = {
  'leak reported': {
    asked: true,
    before: promoteFirstKey,
    act: (h, k) => h.command({ verb: 'report-leak', fingerprint: new ApiKey(k.first!).fingerprint }),
  },
  'leak reported of an old key': {
    asked: true,
    before: rotated,
    act: (h, k) => h.command({ verb: 'report-leak', fingerprint: new ApiKey(k.first!).fingerprint }),
  },
  'leak withdrawn': {
    asked: true,
    before: async (h, k) => {
      await rotated(h, k);
      await h.command({ verb: 'report-leak', fingerprint: new ApiKey(k.first!).fingerprint });
    },
    act: (h, k) => h.command({ verb: 'withdraw-leak', fingerprint: new ApiKey(k.first!).fingerprint }),
  },
  'leak of an earlier release': {
    before: async (h, k) => {
      await rotated(h, k);
      const mark = `leaked=${shortId(new ApiKey(k.first!).fingerprint)}@2026-11-21`;
      await h.sandbox.aws.secretsManager.perform('TagResource', {
        SecretId: h.secretName,
        Tags: [{ Key: 'anthropic-key-state:submission', Value: mark }],
      });
    },
    act: (h) => h.check(),
  },
  'leak contained': {
    ...automatic,
    asked: true,
    before: promoteFirstKey,
    act: (h, k) => h.contain(k.first!, 'a ticket'),
  },
};

/** Old keys at the end of their grace. */
const ENDING: Record<string, Flow> = {
  'end of grace, asking a human': { before: rotated, act: (h) => h.after(48) },
  'end of grace, automatic': { ...automatic, before: rotated, act: (h) => h.after(48) },
  'still in use': {
    ...automatic,
    before: async (h, k) => {
      await rotated(h, k);
      h.sandbox.anthropic.recordUsage(k.first!, {
        at: new Date(h.sandbox.clock.now().getTime() + 46 * 3_600_000),
        requests: 9,
      });
    },
    act: (h) => h.after(48),
  },
  'proof of death': {
    before: async (h, k) => {
      await rotated(h, k);
      h.sandbox.anthropic.disable(k.first!);
    },
    act: (h) => h.check(),
  },
};

/** Flows of a kind are in a file of their own, so that they share the cores. */
const FLOWS = { submitted: SUBMITTED, edited: EDITED, retiring: RETIRING, leaked: LEAKED, ending: ENDING };

/** What has to be the same with and without a crash. Numbers of mails may differ: a crash may repeat one. */
function finalState(testKey: TestKey, keys: Record<string, string>) {
  const named = (value: string) => Object.entries(keys).find(([, key]) => key === value)?.[0] ?? value;
  return {
    live: named(testKey.live),
    accepted: named(testKey.accepted),
    retiring: testKey.retiring.map(({ key }) => named(key)).sort(),
    leaked: Object.entries(keys).flatMap(([name, key]) => (testKey.isLeaked(key) ? name : [])),
    followed: testKey.followed.map(named).sort(),
    submitted: testKey.submitted,
    pending: testKey.pending,
    status: Object.fromEntries(
      Object.entries(keys).map(([name, key]) => [name, testKey.sandbox.anthropic.statusOf(key)]),
    ),
    told: [...new Set(testKey.told)].sort(),
  };
}

/** Hours of checks after a flow, until nothing changes any more. */
const REST = 2;

/** A key for which everything has happened that goes before its flow. */
interface Prepared {
  readonly testKey: TestKey;
  readonly keys: Record<string, string>;
}

async function prepare(flow: Flow, testEnvironment: TestEnvironment): Promise<Prepared> {
  const testKey = await testEnvironment.key(flow.policy);
  const keys: Record<string, string> = {};
  await testKey.check();
  await flow.before(testKey, keys);
  return { testKey, keys };
}

async function run(flow: Flow, { testKey, keys }: Prepared, controller: CrashController, point?: CrashPoint) {
  const watch = new Watch(testKey);
  const moment = point ? `crash ${point.side} call ${point.call}` : 'no crash';
  controller.afterEach = (call) => watch.now(`${moment}, after ${call}`);
  controller.arm(point);
  await flow.act(testKey, keys).catch(async (error: Error) => {
    if (!point) throw error;
    if (flow.asked) await flow.act(testKey, keys).catch(refusal);
  });
  await testKey.sandbox.settle();
  const calls = [...controller.calls];
  for (let hour = 1; hour <= REST; hour++) {
    await testKey.after(1);
    watch.afterCheck(`${moment}, check ${hour}`);
  }
  controller.disarm();
  return { calls, state: finalState(testKey, keys) };
}

/** What was asked for had been done already. */
function refusal(error: Error): void {
  if (!(error instanceof IllegalTransition)) throw error;
}

const SIDES = ['before', 'after'] as const;

/** A crash after a call that only asks is the crash before the next one. */
const leavesNothing = (call: string) =>
  /^(?:store\.(?:describe|read|list|listVersions)|probe\.probe|board\.subscriptions|api\.(?:organization|records|usage|spike))$/.test(
    call,
  );

/** Declares the tests of the flows of a kind. */
export function playCrashes(kind: keyof typeof FLOWS): void {
  let points = 0;
  afterAll(() => console.info(`${points} crash points, keys ${kind}`));
  test.each(Object.entries(FLOWS[kind]))(
    '%s converges from a crash before and after every call',
    async (_, flow) => {
      points += await crashEverywhere(flow);
    },
  );
}

/** Plays the flow once undisturbed, then once more per crash point, each time from the same moment. Returns how many points there were. */
async function crashEverywhere(flow: Flow): Promise<number> {
  const controller = new CrashController();
  const { around, process } = controller;
  const testEnvironment = await TestEnvironment.open({ adminAccess: flow.adminAccess, around, process });
  let points = 0;
  try {
    const prepared = await prepare(flow, testEnvironment);
    const goBack = testEnvironment.sandbox.snapshot();
    const { calls, state } = await run(flow, prepared, controller);
    for (let call = 1; call <= calls.length; call++) {
      for (const side of leavesNothing(calls[call - 1]!) ? (['before'] as const) : SIDES) {
        goBack();
        const crashed = await run(flow, prepared, controller, { call, side });
        points += 1;
        const at = `${side} call ${call}, ${calls[call - 1]}`;
        expect({ at, ...crashed.state }).toEqual({ at, ...state });
      }
    }
  } finally {
    await testEnvironment.close();
  }
  return points;
}
