import { memoryFromTags } from '../../lib/contract/memory-tags';
import type { FindingKind } from '../../lib/domain/findings/catalogue';
import { ApiKey } from '../../lib/domain/key';
import { hoursOnceMore } from '../../lib/domain/policy';
import { DAY, HOUR, MINUTE, plus, utcDay } from '../../lib/domain/time';
import type { Verb } from '../../lib/domain/wording/commands';
import type { EcsServiceState } from '../../local/aws/ecs-service';
import { TestKey } from '../lifecycle/test-key';
import { asSent } from '../schema/golden-events';
import type { SentEvent } from '../schema/validator';
import { type MailStep, stepsIn } from './read-mail';
import { SCENARIOS, type Scenario } from './scenarios';
import { type Pasted, Terminal } from './terminal';

/** What a command does to something of the team's own, which the command line never does. */
const OF_THE_TEAM = {
  'restart an ECS service': /\baws ecs update-service\b/,
  'restart a workload': /\bkubectl rollout restart\b/,
} as const;

type OfTheTeam = keyof typeof OF_THE_TEAM;

const ofTheTeam = (block: string) =>
  (Object.keys(OF_THE_TEAM) as OfTheTeam[]).find((name) => OF_THE_TEAM[name].test(block));

/** One command of one mail, in one of its forms. */
export interface Offered {
  readonly verb: Verb | OfTheTeam;
  readonly form: 'plain AWS' | 'checkout' | 'of the team';
  readonly step: MailStep;
  readonly block: string;
}

const verbOf = (command: string) => /npx --no -- anthropic-keys (\S+)/.exec(command)?.[1] as Verb;

/** Every command of a mail in every form. Each of ours that needs no checkout has one that does, which names what it does. */
export const offeredBy = (mail: string): readonly Offered[] =>
  stepsIn(mail).flatMap((step): readonly Offered[] => [
    ...step.blocks.flatMap((block) => {
      const verb = ofTheTeam(block);
      return verb ? [{ step, block, form: 'of the team' as const, verb }] : [];
    }),
    ...step.blocks
      .filter((block) => !ofTheTeam(block))
      .map((block, at) => ({
        ...{ step, block, form: 'plain AWS' as const },
        verb: verbOf(step.inCheckout[at] ?? ''),
      })),
    ...step.inCheckout.map((block) => ({ step, block, form: 'checkout' as const, verb: verbOf(block) })),
  ]);

/** Those of a scenario that are played: where readers are named, what restarts them, since all else is as without. */
const playedOf = (mail: string, { consumers }: Scenario) =>
  offeredBy(mail).filter(({ form }) => !consumers || form === 'of the team');

/** A command that was run, and what was true before. */
export interface Ran extends Offered {
  readonly testKey: TestKey;
  readonly service: EcsServiceState;
  readonly scenario: Scenario;
  readonly graceHours: number;
  readonly pasted: Pasted;
  readonly typed: string;
  /** When it was run. */
  readonly at: Date;
  /** The key that the command names, or the accepted one. */
  readonly named: string;
  /** A submission that waited. */
  readonly displaced: string;
  readonly mails: number;
  readonly checks: number;
}

const NAME = 'Ada Lovelace-Smith';
const WHY = 'code freeze until then';

/** The service that scenarios with readers name. */
const SERVICE = 'arn:aws:ecs:eu-central-1:111122223333:service/c/s';

/** A scenario of a mail, with the grace that it is played with. */
interface Row {
  readonly kind: FindingKind;
  readonly scenario: Scenario;
  readonly graceHours: number;
}

/** Leads to the mail of a scenario, in a world of its own. */
async function reach({ kind, scenario, graceHours }: Row) {
  const { adminAccess = false, policy, consumers } = scenario;
  const testKey = await TestKey.build({ adminAccess, policy: { ...policy, graceHours }, consumers });
  const service = testKey.sandbox.aws.ecs.create(SERVICE, 1);
  const before = await scenario.reach(testKey, graceHours);
  const find = () => testKey.mails.findLast(({ attributes }) => attributes?.kind?.StringValue === kind);
  // Some reminders are left to the daily report, which sends a single one as the usual mail.
  if (!find()) await testKey.report();
  const mail = find();
  if (!mail) {
    await testKey.close();
    throw new Error(`No mail ${kind}: there are ${testKey.told.join(', ')}.`);
  }
  return { testKey, mail: mail.body, before, service };
}

type Reached = Awaited<ReturnType<typeof reach>>;

/** Runs one command of a mail as a person does who has just read it. */
async function run(
  { scenario, graceHours }: Row,
  { testKey, before, service }: Reached,
  offered: Offered,
): Promise<Ran> {
  if (typeof before === 'function') before();
  const terminal = await Terminal.open(testKey.sandbox);
  const fingerprint = /"fingerprint":"(\w+)"|--key (\w+)/.exec(offered.block)?.slice(1).find(Boolean);
  const named =
    testKey.sandbox.anthropic
      .everyKey()
      .find((key) => key.startsWith('sk-ant-api') && new ApiKey(key).fingerprint === fingerprint) ??
    testKey.accepted;
  const typed = offered.verb === 'submit' ? testKey.newKey() : offered.verb === 'snooze' ? WHY : NAME;
  const block =
    offered.form === 'checkout'
      ? offered.block.replace("'NAME ", `'${NAME} `).replace(' WHY', ` '${WHY}'`)
      : offered.block;
  const state = {
    displaced: testKey.waiting,
    at: testKey.sandbox.clock.now(),
    mails: testKey.mails.length,
    checks: checksOf(testKey),
  };
  const pasted = await terminal.paste(block, { typed });
  await terminal.close();
  return { ...offered, ...state, testKey, service, scenario, graceHours, pasted, typed, named };
}

const checksOf = ({ sandbox }: TestKey) =>
  sandbox.aws.lambda.invocations.filter(
    ({ functionName, error }) => functionName.endsWith('-check') && !error,
  ).length;

const deadlineOf = ({ testKey, named }: Ran) => testKey.retiring.find(({ key }) => key === named)?.until;

const isOff = ({ testKey, named }: Ran) => testKey.sandbox.anthropic.statusOf(named) !== 'active';

/** A moment to the second, which is all that a label holds. */
const within = (date: Date | undefined, wanted: Date) =>
  expect(Math.abs((date?.getTime() ?? 0) - wanted.getTime())).toBeLessThanOrEqual(5 * MINUTE);

/** What is true after a command, whichever mail offered it. A verb that is missing here does not compile. */
const EFFECTS: Readonly<
  Record<Verb | OfTheTeam, ((ran: Ran) => void | Promise<void>) | 'in no mail of a finding'>
> = {
  'restart an ECS service'({ service, pasted }) {
    expect([service.deployments, pasted.screen, pasted.code]).toEqual([2, 's\n', 0]);
  },
  // No cluster is embedded: the words are those of kubectl's reference.
  'restart a workload'({ pasted }) {
    const words = ['rollout', 'restart', 'deployment/search', '--namespace', 'web'];
    expect(pasted.runs.map(({ tool, argv }) => [tool, argv])).toEqual([['kubectl', words]]);
    expect(pasted.code).toBe(0);
  },
  keyless: 'in no mail of a finding',
  show: 'in no mail of a finding',
  submit: async ({ testKey, typed, pasted, displaced }) => {
    // A rotation of the submission before was under way, and the step says what comes then.
    if (/previous rotation|has no result/.test(pasted.screen)) await testKey.after(1);
    if (displaced && testKey.sandbox.anthropic.statusOf(displaced) === 'active')
      expect([...testKey.followed, ...testKey.retiring.map(({ key }) => key)]).toContain(displaced);
    expect(testKey.live).toBe(typed);
    expect(testKey.told).toContain('rotated');
  },
  check: ({ testKey, checks, pasted, form }) => {
    expect(checksOf(testKey)).toBe(checks + 1);
    if (form === 'plain AWS') expect(pasted.screen).toContain('"verdict"');
  },
  doctor: ({ pasted }) => expect(pasted.screen).toContain('here\n'),
  extend(ran) {
    const says = /until (\d{4}-\d\d-\d\d \d\d:\d\d) UTC/.exec(ran.step.says)?.[1];
    const wanted = says ? new Date(`${says.replace(' ', 'T')}Z`) : plus(ran.at, hoursOnceMore(ran) * HOUR);
    within(deadlineOf(ran), wanted);
  },
  retire(ran) {
    expect(isOff(ran)).toBe(true);
    expect(deadlineOf(ran)?.getTime() ?? 0).toBeLessThanOrEqual(ran.testKey.sandbox.clock.now().getTime());
  },
  reactivate(ran) {
    expect(isOff(ran)).toBe(false);
    expect(ran.testKey.isLeaked(ran.named)).toBe(false);
    if (ran.testKey.live !== ran.named) within(deadlineOf(ran), plus(ran.at, hoursOnceMore(ran) * HOUR));
  },
  rollback: ({ testKey, named }) => expect(testKey.live).toBe(named),
  leak(ran) {
    expect(ran.testKey.isLeaked(ran.named)).toBe(true);
    expect(isOff(ran)).toBe(Boolean(ran.scenario.adminAccess));
  },
  snooze: ({ testKey, at }) =>
    expect(memoryFromTags(testKey.secret.tags).snooze).toEqual({
      until: new Date(utcDay(plus(at, 14 * DAY))),
      reason: WHY,
    }),
};

/** Of a person's word there is no command of its own in a checkout: `retire` takes it. */
function attested({ testKey, mails, named }: Ran): void {
  const [mail] = testKey.mails.slice(mails);
  expect(mail?.attributes?.kind?.StringValue).toBe('rotation-complete');
  expect(mail?.body.replace(/\s+/g, ' ')).toContain(`"${NAME} saw it switched off`);
  expect(testKey.retiring.map(({ key }) => key)).not.toContain(named);
}

/** Every scenario, with the kind of its mail. */
export const ROWS = (Object.keys(SCENARIOS) as FindingKind[]).flatMap((kind) => {
  const scenarios = SCENARIOS[kind];
  return scenarios === 'offers no command' ? [] : scenarios.map((scenario) => ({ kind, scenario }));
});

/** The name of a scenario in a test's name. */
export const nameOf = ({ kind, scenario }: (typeof ROWS)[number]) => scenario.name ?? kind;

/** Plays every command of a scenario's mail, each from the moment when the mail was read. Returns them, and the events that were sent before. */
export async function playAll(
  { kind, scenario }: (typeof ROWS)[number],
  graceHours: number,
): Promise<{ readonly verbs: readonly string[]; readonly events: readonly SentEvent[] }> {
  const row = { kind, scenario, graceHours };
  const reached = await reach(row);
  try {
    const events = reached.testKey.sandbox.aws.events.received.map(asSent);
    const goBack = reached.testKey.sandbox.snapshot();
    const offered = playedOf(reached.mail, scenario);
    for (const each of offered) {
      goBack();
      await judge(row, reached, each);
    }
    return { verbs: offered.map(({ verb, form }) => `${verb} (${form})`), events };
  } finally {
    await reached.testKey.close();
  }
}

async function judge(row: Row, reached: Reached, offered: Offered): Promise<void> {
  const ran = await run(row, reached, offered);
  const { verb, form, block, pasted, testKey, graceHours } = ran;
  try {
    if (form === 'plain AWS' && !/secretsmanager/.test(block))
      expect([pasted.screen, pasted.code]).toEqual([expect.stringMatching(/\nDONE\n$/), 0]);
    const effect = /attest/.test(block) ? attested : EFFECTS[verb];
    expect(effect).toBeInstanceOf(Function);
    await (effect as (ran: Ran) => void | Promise<void>)(ran);
  } catch (error) {
    throw new Error(
      `${verb} (${form}), grace ${graceHours} h: ${(error as Error).message}\n${block}\nThe screen shows:\n${pasted.screen}\nTold: ${testKey.told.join(', ')}`,
    );
  }
}
