import { policyToTags } from '../../lib/contract/policy-tags';
import { rowOf } from '../../lib/domain/findings/catalogue';
import { METRIC } from '../../lib/domain/metrics';
import { DEFAULT_POLICY } from '../../lib/domain/policy';
import { DAY, elapsed, HOUR, MINUTE, plus } from '../../lib/domain/time';
import { Person, SecretView, unseen } from '../../local/person';
import { type StagedEnvironment, staged } from '../../local/staged-environment';
import { Sandbox } from '../../local/world';

// 24 keys for a hundred clean days, once with the daily digest and once without. People act by the calendar, whatever mails they get, so that nothing
// but the digest differs. Each key is checked once a day, at an hour of its own, before or after the report: in a clean course a check every hour
// finds the same, up to a day sooner. In weeks in which there is nothing to say it is checked once, before the weekly report.

const START = new Date('2026-11-21T05:50:00Z');
const DAYS = 100;
const ENVIRONMENTS = ['dev', 'staging', 'prod'] as const;
const SERVICES = Array.from({ length: 8 }, (_, n) => `service-${n}`);
const PLATFORM = 'platform@example.com';
const ON_CALL = 'on-call@example.com';
const ownerOf = (environment: string) => `${environment}-team@example.com`;

/** Kinds whose reminders may come in the digest. */
const KINDS = ['due', 'awaiting-first-key', 'expires-soon'] as const;

/** What happens when: the later of two things at one moment is the one that was entered later. */
type Calendar = { readonly at: Date; readonly act: () => Promise<unknown> }[];

interface Reported {
  readonly at: Date;
  readonly id: string;
  readonly kind: string;
  readonly secretArn: string;
  readonly details: { readonly daysLeft?: number };
}

interface Received {
  readonly at: Date;
  readonly to: string;
  readonly subject?: string;
  readonly body: string;
  readonly kind: string;
}

interface Course {
  readonly mails: readonly Received[];
  readonly events: readonly Reported[];
}

async function play(): Promise<Course> {
  const sandbox = await Sandbox.open({ start: START });
  const calendar: Calendar = [];
  const on = (day: number, hour: number, act: () => Promise<unknown>) =>
    calendar.push({ at: plus(START, day * DAY + hour * HOUR), act });
  for (const [index, environment] of ENVIRONMENTS.entries()) await furnish(sandbox, environment, index, on);
  const end = plus(START, DAYS * DAY);
  for (const { at, act } of calendar.sort((a, b) => a.at.getTime() - b.at.getTime())) {
    if (at >= end) break;
    if (at > sandbox.clock.now()) sandbox.clock.set(at);
    await act();
    await sandbox.settle();
  }
  expect(sandbox.deployed.flatMap(({ failures }) => failures)).toEqual([]);
  expect(sandbox.deployed.map(({ telemetry }) => telemetry.total(METRIC.keyUnwatched))).toEqual([0, 0, 0]);
  const mails = sandbox.aws.sns.delivered.map(({ at, endpoint, subject, body, attributes }) => ({
    ...{ at, to: endpoint, subject, body, kind: attributes.kind!.StringValue! },
  }));
  const events = sandbox.aws.events.received.map(({ at, detail }) => ({ ...(detail as Reported), at }));
  await sandbox.close();
  return { mails, events };
}

/**
 * Days on which something may be said: the first ones, the reminders, the rotations. On the others a key is checked on Sundays, for Monday's report:
 * no other check would find anything.
 */
const isBusy = (day: number, prod: boolean) =>
  day <= 9 || (day >= 84 && day <= 86) || day >= 91 || (prod && day >= 34 && day <= 41);

/** An environment with its eight keys, its schedules, and what its team does. Only prod has Admin access. */
async function furnish(
  sandbox: Sandbox,
  name: (typeof ENVIRONMENTS)[number],
  index: number,
  on: (day: number, hour: number, act: () => Promise<unknown>) => void,
): Promise<void> {
  const workspace = sandbox.anthropic.createWorkspace();
  const owner = ownerOf(name);
  const prod = name === 'prod';
  const policy = {
    ...DEFAULT_POLICY,
    checkEvery: 'rate(1 day)',
    deactivate: prod ? ('automatic' as const) : DEFAULT_POLICY.deactivate,
  };
  const deployment: StagedEnvironment = {
    name,
    home: { organizationId: sandbox.anthropic.organization.id, workspaceId: workspace },
    adminAccess: prod,
    subscriptions: [
      { address: PLATFORM },
      { address: owner, filter: { owner: [owner] } },
      { address: ON_CALL, filter: { severity: ['critical'] } },
    ],
    secrets: SERVICES.map((service) => ({
      name: `anthropic/${name}/${service}`,
      tags: policyToTags({ environment: name, service, owner }, policy),
    })),
  };
  await sandbox.deploy(staged(deployment, sandbox));
  for (const { address } of deployment.subscriptions) sandbox.aws.sns.confirm(address);
  // The report runs at 05:30.
  for (let day = 1; day <= DAYS; day++)
    if (isBusy(day - 1, prod) || day % 7 === 2) on(day, -1 / 3, () => sandbox.invoke(name, 'report', {}));
  for (const [n, { name: secretId }] of deployment.secrets.entries()) {
    let made = 0;
    const person = new Person({
      secretId,
      ask: unseen(sandbox.aws),
      newToken: () => `${index}${n}${String(++made).padStart(6, '0')}-0000-4000-8000-000000000000`,
    });
    const view = new SecretView(sandbox.aws, secretId);
    const submit = (expiresInDays?: number) => {
      const expiresAt =
        expiresInDays === undefined ? undefined : plus(sandbox.clock.now(), expiresInDays * DAY);
      return person.submit(sandbox.anthropic.createKey({ workspace, expiresAt }).value);
    };
    for (let day = 0; day <= DAYS; day++)
      if (isBusy(day, prod) || day % 7 === 1) on(day, n * 3 + index / 2, () => sandbox.check(name, secretId));
    // The first keys come in the second week. One of prod expires before its age is over, and is replaced in time.
    on(8, 4 + n / 8, () => submit(prod && n === 0 ? 40 : undefined));
    if (prod && n === 0) on(36, 5, () => submit());
    // The others are replaced a week after the reminder for 14 days, one in each environment only on the last day.
    else on(n === 2 ? 97 : 92, n === 2 ? 15 : 5 + n / 8, () => submit());
    // Without Admin access the old key is switched off on the day after its grace.
    const switchOff = async () => {
      for (const { key } of view.retiring) sandbox.anthropic.disable(key);
    };
    if (!prod) on(95, 4.5, switchOff);
  }
}

/** A reminder that may wait for the digest, as ADR 19 says it. */
const waits = ({ kind, details }: Reported) =>
  (KINDS as readonly string[]).includes(kind) && (details.daysLeft ?? Number.POSITIVE_INFINITY) > 1;

const idIn = (body: string) => /AKR-\w{4}-\w{4}/.exec(body)![0];

/** Every mail that says no reminder which may wait: when, to whom, what, under which id. */
function others({ mails, events }: Course): readonly string[] {
  const reminders = new Set(events.filter(waits).map(({ id }) => id));
  return mails
    .filter(({ kind, body }) => kind !== 'digest' && !reminders.has(idIn(body)))
    .map(({ at, to, kind, subject, body }) => `${at.toISOString()} ${to} ${kind} ${idIn(body)} ${subject}`);
}

const perPerson = ({ mails }: Course) => {
  const months = ['2026-11', '2026-12', '2027-01', '2027-02', '2027-03'];
  const people = [PLATFORM, ON_CALL, ...ENVIRONMENTS.map(ownerOf)];
  return people.map((person) => {
    const theirs = mails.filter(({ to }) => to === person);
    const perMonth = months.map(
      (month) => theirs.filter(({ at }) => at.toISOString().startsWith(month)).length,
    );
    return [person.padEnd(26), ...[...perMonth, theirs.length].map((n) => String(n).padStart(7))].join(' ');
  });
};

const to = (person: string, { mails }: Course) => mails.filter((mail) => mail.to === person);

describe('24 keys for a hundred clean days', () => {
  let before: Course;
  let now: Course;

  beforeAll(async () => {
    for (const kind of KINDS) jest.replaceProperty(rowOf(kind), 'digest', undefined);
    before = await play();
    jest.restoreAllMocks();
    now = await play();
    const head = ['Nov', 'Dec', 'Jan', 'Feb', 'Mar', 'all'].map((word) => word.padStart(7)).join(' ');
    console.info(
      [
        `${'mails'.padEnd(26)} ${head}`,
        'each reminder by itself',
        ...perPerson(before),
        'with digests',
        ...perPerson(now),
      ].join('\n'),
    );
  });

  it('sends people who hear everything half of what it sent', () => {
    expect(to(PLATFORM, now).length).toBeLessThanOrEqual(171);
    expect(to(PLATFORM, before).length - to(PLATFORM, now).length).toBeGreaterThan(100);
    for (const owner of ENVIRONMENTS.map(ownerOf))
      expect(to(owner, now).length * 2).toBeLessThanOrEqual(to(owner, before).length);
  });

  it('tells whoever hears only what is critical nothing else', () => {
    expect(to(ON_CALL, before)).toEqual([]);
    expect(to(ON_CALL, now)).toEqual([]);
  });

  it('sends every other notice at the same instant as before', () => {
    expect(others(now)).toEqual(others(before));
    expect(others(now).filter((line) => / due /.test(line)).length).toBeGreaterThan(0);
    expect(others(now).length).toBeGreaterThan(200);
  });

  it('says every reminder within 26 hours, unless what it asks for was done by then', () => {
    const reminders = before.events.filter(waits);
    expect(new Set(reminders.map(({ kind }) => kind)).size).toBe(KINDS.length);
    const late = reminders.flatMap((reminder) => {
      const said = now.events.find(({ id }) => id === reminder.id);
      if (said) return [elapsed(reminder.at, said.at)];
      const done = now.events.find(
        ({ kind, secretArn, at }) =>
          kind === 'rotated' && secretArn === reminder.secretArn && at > reminder.at,
      );
      return [elapsed(reminder.at, done!.at)];
    });
    expect(Math.max(...late)).toBeLessThanOrEqual(26 * HOUR);
    expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
    expect(late.filter((wait) => wait > MINUTE).length).toBe(reminders.length);
    expect(now.events.filter(waits).every(({ id }) => reminders.some((one) => one.id === id))).toBe(true);
  });
});
