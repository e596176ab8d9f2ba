import fc from 'fast-check';
import { memoryFromTags } from '../../lib/contract/memory-tags';
import { readWaiting } from '../../lib/domain/findings/repeat';
import { ApiKey } from '../../lib/domain/key';
import { noticeId } from '../../lib/domain/notices/notice';
import type { Policy } from '../../lib/domain/policy';
import { HOUR } from '../../lib/domain/time';
import { IllegalTransition } from '../../lib/workflows/errors';
import { FAULT } from '../../local/aws';
import type { CrashController } from '../fakes/crash';
import { Watch } from './invariants';
import {
  actStrangely,
  type Between,
  type ByHand,
  byHand,
  moveByHand,
  put,
  type Strange,
  strange,
} from './surroundings';
import type { TestEnvironment, TestKey } from './test-key';

/** What can happen to a key. `n` picks among what there is; it means nothing where there is no choice. */
export type Step =
  | { readonly do: 'tick'; readonly hours: number }
  | { readonly do: 'submit' | 'replace'; readonly what: Pasted }
  | { readonly do: 'put'; readonly what: Pasted }
  | { readonly do: 'edit'; readonly what: Pasted | Word }
  | {
      readonly do:
        | 'roll-back'
        | 'retire-now'
        | 'extend'
        | 'disable-old'
        | 'disable-live'
        | 'contain'
        | 'report-leak'
        | 'attest'
        | 'move-back'
        | 'use-old';
    }
  | { readonly do: 'crash'; readonly call: number; readonly side: 'before' | 'after' }
  | { readonly do: 'outage'; readonly trouble: Trouble; readonly times: number }
  | { readonly do: 'throttle' | 'refuse-mail'; readonly times: number }
  | { readonly do: 'twice' | 'at-once' | 'forget' | 'rotate' }
  | { readonly do: 'behind'; readonly what: Between; readonly hours: number; readonly act: Step }
  | { readonly do: 'strange'; readonly what: Strange }
  | { readonly do: 'by-hand'; readonly what: ByHand };

/** Words in place of a key, and the key that is there. */
type Word = 'same-key' | 'stop' | 'nothing' | 'keyless';
type Pasted = 'good' | 'dead' | 'foreign' | 'admin' | 'garbage';
/** What keeps answers away: of these nothing may be concluded of any key. */
const DOUBTS = [
  'captive page',
  'connection reset',
  'bad gateway',
  'gateway 401 in JSON',
  'body cut off',
] as const;
type Trouble = (typeof DOUBTS)[number] | 'billing' | 'rate-limit' | 'overloaded';

const pasted = fc.constantFrom<Pasted>('good', 'good', 'good', 'dead', 'foreign', 'admin', 'garbage');
const only = <S extends Step['do']>(...names: S[]) =>
  fc.constantFrom(...names).map((name) => ({ do: name }) as Step);

/** Any step, the usual ones more often. */
export const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('tick' as const),
      hours: fc.constantFrom(1, 1, 6, 24, 49, 24 * 20),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('submit' as const), what: pasted }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('put' as const, 'replace' as const), what: pasted }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('edit' as const),
      what: fc.oneof(pasted, fc.constantFrom<Word>('same-key', 'stop', 'nothing', 'keyless')),
    }),
  },
  {
    weight: 4,
    arbitrary: only('roll-back', 'retire-now', 'extend', 'disable-old', 'disable-live', 'contain', 'use-old'),
  },
  {
    weight: 2,
    arbitrary: only('report-leak', 'attest', 'move-back'),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('crash' as const),
      call: fc.integer({ min: 1, max: 30 }),
      side: fc.constantFrom('before' as const, 'after' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('outage' as const),
      trouble: fc.constantFrom<Trouble>(...DOUBTS, 'billing', 'rate-limit', 'overloaded'),
      times: fc.integer({ min: 1, max: 6 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom('throttle' as const, 'refuse-mail' as const),
      times: fc.integer({ min: 1, max: 4 }),
    }),
  },
  { weight: 2, arbitrary: only('twice', 'at-once', 'forget', 'rotate') },
);

/** What happens behind something that stands between here and Anthropic: a person does something, and time passes. */
export const behind = (what: Between): fc.Arbitrary<Step> =>
  fc.record({
    do: fc.constant('behind' as const),
    what: fc.constant(what),
    hours: fc.constantFrom(1, 6, 30),
    act: fc.oneof(
      fc.record({ do: fc.constantFrom('submit' as const, 'put' as const), what: pasted }),
      fc.record({ do: fc.constant('edit' as const), what: pasted }),
      only('roll-back', 'disable-old', 'disable-live', 'report-leak', 'retire-now', 'twice'),
    ),
  });

/** What others do to the secret and around it. */
export const fromStrangers: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('strange' as const),
  what: strange,
});
export const byAnOperator: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('by-hand' as const),
  what: byHand,
});

/** Findings as the check returns them. */
interface Checked {
  readonly findings: readonly { readonly id: string; readonly rung: string }[];
}

/** Plays steps on one key and holds the invariants after each. */
export class Play {
  readonly #watch: Watch;
  readonly #byHuman = new Set<string>();
  readonly #offBefore = new Set<string>();
  /** The key that a person went back from in this step. */
  #left: string | undefined;

  constructor(
    private readonly testKey: TestKey,
    private readonly controller: CrashController,
  ) {
    this.#watch = new Watch(testKey);
    controller.afterEach = (call) => this.#watch.now(`after ${call}`);
    controller.arm();
  }

  static async on(
    testEnvironment: TestEnvironment,
    controller: CrashController,
    policy: Partial<Policy>,
  ): Promise<Play> {
    return new Play(await testEnvironment.key(policy), controller);
  }

  /** One step, the world put right again, and everything that must hold then. */
  async step(step: Step): Promise<void> {
    const { testKey } = this;
    await this.#do(step).catch(expected);
    await testKey.sandbox.settle();
    if (step.do === 'by-hand') this.#watch.pardon();
    this.#watch.now(JSON.stringify(step));
    this.#neverByMachine();
    testKey.sandbox.aws.faults.clear();
    for (const recover of this.#troubles.splice(0)) recover();
    await this.#comesToRest(step);
  }

  async end(): Promise<void> {
    this.controller.disarm();
    this.testKey.sandbox.aws.faults.clear();
    for (const recover of this.#troubles.splice(0)) recover();
    await this.testKey.tearDown();
  }

  readonly #troubles: (() => void)[] = [];

  async #do(step: Step): Promise<unknown> {
    const { testKey } = this;
    const { anthropic, aws } = testKey.sandbox;
    switch (step.do) {
      case 'tick':
        return testKey.after(step.hours);
      case 'submit':
        return testKey.submit(this.#paste(step.what));
      case 'put':
        return testKey.put(this.#paste(step.what));
      case 'replace': {
        const value = this.#paste(step.what);
        return testKey.isOurs(value) ? testKey.replace(value) : undefined;
      }
      case 'move-back':
        return testKey.moveBack();
      case 'attest':
        return testKey.command({ verb: 'attest', statement: 'Ada saw it disabled' });
      case 'report-leak': {
        const key = testKey.retiring[0]?.key ?? testKey.live;
        if (!testKey.isOurs(key)) return;
        return testKey.command({ verb: 'report-leak', fingerprint: new ApiKey(key).fingerprint });
      }
      case 'edit':
        return testKey.edit(this.#paste(step.what));
      case 'roll-back': {
        const left = testKey.live;
        await testKey.command({ verb: 'roll-back' });
        this.#left = left;
        return;
      }
      case 'retire-now':
        return testKey.command({ verb: 'retire-now' });
      case 'extend':
        return testKey.command({ verb: 'extend', hoursFromNow: 72 });
      case 'disable-old':
        return this.#disable(testKey.retiring[0]?.key);
      case 'disable-live':
        return this.#disable(testKey.live);
      case 'contain':
        return this.#contain();
      case 'use-old': {
        const old = testKey.retiring[0]?.key;
        if (old) anthropic.recordUsage(old, { at: testKey.sandbox.clock.now(), requests: 3 });
        return testKey.after(6);
      }
      case 'crash':
        this.controller.arm({ call: step.call, side: step.side });
        return testKey.check().finally(() => this.controller.arm());
      case 'outage': {
        const before = this.#labels();
        const mails = testKey.mails.length;
        const { trouble } = step;
        const known = trouble === 'billing' || trouble === 'rate-limit' || trouble === 'overloaded';
        this.#troubles.push(
          known ? anthropic.trouble(trouble) : anthropic.script(trouble, { times: Number.POSITIVE_INFINITY }),
        );
        await testKey.days(step.times / 4, 1).catch(expected);
        return known ? undefined : this.#nothingOnDoubt(before, mails);
      }
      case 'throttle':
        aws.faults.on({ service: 'secretsmanager', times: step.times * 3 }, FAULT.throttled);
        return testKey.check();
      case 'refuse-mail':
        aws.faults.on({ service: 'sns', operation: 'Publish', times: step.times * 3 }, FAULT.unavailable);
        return testKey.check();
      case 'twice':
        await testKey.check();
        return testKey.check();
      case 'at-once':
        return Promise.all([testKey.check(), testKey.check()]);
      case 'forget':
        return testKey.forgetEverything();
      case 'rotate':
        return testKey.rotate();
      case 'behind': {
        this.#troubles.push(put(step.what, testKey));
        await this.#do(step.act).catch(expected);
        return testKey.days(step.hours / 24, step.hours > 6 ? 6 : 1).catch(expected);
      }
      case 'strange':
        return actStrangely(step.what, testKey);
      case 'by-hand':
        return moveByHand(step.what, testKey);
    }
  }

  /** What somebody has in the clipboard. */
  #paste(what: Pasted | Word): string {
    const { testKey } = this;
    switch (what) {
      case 'good':
        return testKey.newKey();
      case 'foreign':
        return testKey.newKey(testKey.otherWorkspace);
      case 'dead': {
        const key = testKey.newKey();
        this.#disable(key);
        return key;
      }
      case 'admin':
        return testKey.sandbox.anthropic.createAdminKey();
      case 'garbage':
        return 'sk-ant-api03-abc...wxyz';
      case 'same-key':
        return testKey.live || testKey.newKey();
      case 'stop':
        return 'DISABLED';
      case 'keyless':
        return 'KEYLESS';
      case 'nothing':
        return '{"ANTHROPIC_API_KEY":""}';
    }
  }

  #disable(key: string | undefined): void {
    if (!key?.startsWith('sk-ant-api03-') || key.includes('...')) return;
    this.#byHuman.add(key);
    this.testKey.sandbox.anthropic.disable(key);
  }

  async #contain(): Promise<unknown> {
    const { testKey } = this;
    if (!testKey.live.startsWith('sk-ant-api03-') || testKey.live.includes('...')) return;
    this.#byHuman.add(testKey.live);
    return testKey.contain(testKey.live, 'found in a log');
  }

  /** Labels of ours and the live one: AWS takes AWSPENDING and versions without labels by itself. */
  #labels(): string {
    const ours = (label: string) => label !== 'AWSPENDING';
    const rows = this.testKey.secret.versions.map(({ id, labels }) => [
      id.slice(0, 8),
      ...labels.filter(ours).sort(),
    ]);
    return JSON.stringify(rows.filter((row) => row.length > 1).sort());
  }

  /** While Anthropic gives no answer that proves anything, no label of ours moves and nobody is told of a death. */
  #nothingOnDoubt(labels: string, mails: number): void {
    if (this.#labels() !== labels)
      throw new Error(`A doubt moved labels: ${labels} became ${this.#labels()}`);
    const told = this.testKey.told.slice(mails);
    const deaths = told.filter((kind) => ['dead', 'rotation-complete', 'deactivating'].includes(kind));
    if (deaths.length > 0) throw new Error(`A doubt was told as ${deaths.join()}`);
  }

  /** A machine never switches off what is live, nor what nothing replaces. */
  #neverByMachine(): void {
    const { testKey } = this;
    const live = testKey.live;
    const off = new Set(
      [...this.#watch.everAccepted].filter(
        (key) => !this.#byHuman.has(key) && testKey.sandbox.anthropic.statusOf(key) !== 'active',
      ),
    );
    // A key that was switched off before, and that a person made live again by its label, is for the check to undo.
    if (off.has(live) && !this.#offBefore.has(live)) throw new Error('A machine switched off the live key');
    if (live === 'KEYLESS' && [...off].some((key) => !this.#offBefore.has(key)))
      throw new Error('A machine switched off a key that no other one replaces');
    for (const key of off) this.#offBefore.add(key);
  }

  /** With nothing in the way, a few checks bring the secret to rest: the last one says and moves nothing. */
  async #comesToRest(step: Step): Promise<void> {
    const { testKey } = this;
    const moment = `at rest after ${JSON.stringify(step)}`;
    let checked: Checked = { findings: [] };
    const history: string[] = [];
    const state = () => `${this.#labels()} ${testKey.mails.length} ${testKey.pending}`;
    // Old keys are switched off one an hour, and each is then proven dead.
    const most = 8 + 2 * testKey.retiring.length;
    do {
      if (history.length === most)
        throw new Error(
          `${moment}: never comes to rest:\n${history.join('\n')}\n${testKey.sandbox.aws.secretsManager.rotations.at(-1)?.errors.join('\n')}`,
        );
      history.push(`${state()} ${testKey.told.slice(-2).join()}`);
      testKey.sandbox.clock.advance(31 * 60_000);
      this.#checkedAt = testKey.sandbox.clock.now().getTime();
      checked = (await testKey.sandbox.check('prod', testKey.secretName)) as Checked;
      await testKey.sandbox.settle();
    } while (!history.at(-1)!.startsWith(`${state()} `) || testKey.pending);
    this.#watch.afterCheck(moment, checked.findings);
    this.#waitsAnew(step);
    this.#isTold(checked, moment);
    this.#watch.ageHolds(moment);
    this.#badEditIsUndone(moment);
    this.#neverByMachine();
    if (testKey.live === this.#left) throw new Error(`${moment}: a rollback was overruled`);
    this.#left = undefined;
  }

  /** Since when each reminder waits for the digest, as last seen, and how many mails of its kind there were then. */
  readonly #waiting = new Map<string, { readonly since: Date; readonly mails: number }>();
  /** When the last check began: a rotation that it starts takes minutes, and sends nothing of what waits. */
  #checkedAt = 0;
  #checksRead = 0;

  /** Everything that is true and not quieted has been said, or waits for the digest, which nobody sends here: for 26 hours, and not again. */
  #isTold({ findings }: Checked, moment: string): void {
    const { testKey } = this;
    const told = new Set(testKey.mails.map(({ body }) => /AKR-\w{4}-\w{4}/.exec(body)?.[0]));
    for (const { id, rung } of findings) {
      if (/^blocked\.(billing|spend-limit|organization)$/.test(id)) continue;
      const announced = /^(?:dead|refused)\./.test(id) && [id.replace(/^\w+/, 'contained'), 'off'];
      const notices = [[id, rung], ...(announced ? [announced] : [])] as [string, string][];
      if (notices.some(([about, at]) => told.has(noticeId(testKey.secret.arn, about, at)))) {
        this.#waiting.delete(id);
        continue;
      }
      if (!this.#waits(id, rung, moment)) throw new Error(`${moment}: ${id}=${rung} was never told`);
    }
  }

  #waits(id: string, rung: string, moment: string): boolean {
    const { testKey } = this;
    const waiting = readWaiting(memoryFromTags(testKey.secret.tags).notices[id]);
    if (!/^(due\.|expires-soon\.|awaiting-first-key$)/.test(id) || waiting?.reminder !== rung) return false;
    const known = this.#waiting.get(id);
    const mails = testKey.told.filter((kind) => id.split('.')[0] === kind).length;
    // Once one was sent, the next one waits anew.
    if (known && waiting.since > known.since && mails === known.mails)
      throw new Error(`${moment}: ${id}=${rung} waits all over again`);
    this.#waiting.set(id, { since: waiting.since, mails });
    return this.#checkedAt - waiting.since.getTime() < 26 * HOUR;
  }

  /** What a check did not find any more, and what is forgotten, may wait anew. */
  #waitsAnew(step: Step): void {
    if (step.do === 'forget') this.#waiting.clear();
    const checks = this.testKey.checks;
    for (const found of checks.slice(this.#checksRead))
      for (const id of this.#waiting.keys())
        if (!found.some((finding) => finding.startsWith(`${id}=`))) this.#waiting.delete(id);
    this.#checksRead = checks.length;
  }

  #badEditIsUndone(moment: string): void {
    const { testKey } = this;
    const { live, accepted } = testKey;
    if (
      live === accepted ||
      !testKey.isOurs(accepted) ||
      testKey.sandbox.anthropic.statusOf(accepted) !== 'active'
    )
      return;
    if (live === '' || live === 'DISABLED') return;
    if (testKey.isLeaked(accepted)) return;
    throw new Error(`${moment}: a bad value stands over an alive accepted key`);
  }
}

/** What a step may run into: a crash, a refusal, an outage. Anything else is a fault. */
function expected(error: Error): void {
  const fine =
    error instanceof IllegalTransition ||
    ['Crash', 'StoreError', 'RotationStopped', 'AwsError', 'AdminError', 'ThrottlingException'].includes(
      error.name,
    ) ||
    /kept changing/.test(error.message);
  if (!fine) throw error;
}
