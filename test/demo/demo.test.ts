import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toJson } from '../../lib/cli/html/page';
import { HOUR } from '../../lib/domain/time';
import { conclude, tell } from '../../local/demo/demo';
import { parseOptions } from '../../local/demo/options';
import { audit } from '../../local/demo/page';
import { jsonLine, mailFile, showEntry } from '../../local/demo/show';
import { summary } from '../../local/demo/summary';
import { asSent, goldenEvents, storedEvents } from '../schema/golden-events';
import { faultsOf } from '../schema/validator';
import { GOLDEN, goldenMails } from './golden';
import { deployed, Timeline } from './hundred-days';

const out = mkdtempSync(join(tmpdir(), 'demo-test-'));
const printed: string[] = [];
let demo: Timeline;
let again: Timeline;

beforeAll(async () => {
  const deployments = await deployed();
  const options = parseOptions(['--out', out]);
  const print = (text: string) => printed.push(text);
  demo = new Timeline(await tell(deployments, options, print));
  await conclude(demo.played, options, print);
  again = await Timeline.of(deployments, 25, true);
});

afterAll(async () => {
  await demo.played.close();
  await again.played.close();
  rmSync(out, { recursive: true });
});

const hours = (from: Date, to: Date) => (to.getTime() - from.getTime()) / HOUR;
const subjects = (mails: readonly { subject: string }[]) => mails.map(({ subject }) => subject);

test('a second run, over HTTP, tells the same to the last character', () => {
  const first = demo.played.journal.entries.slice(0, again.played.journal.entries.length);
  expect(again.played.journal.entries.map((entry) => showEntry(entry, true))).toEqual(
    first.map((entry) => showEntry(entry, true)),
  );
  expect(again.played.journal.entries.length).toBeGreaterThan(40);
});

test('no tick is skipped: nine keys are checked every six hours, but for the one whose schedule was off', () => {
  const off = demo.deed('disables the schedule').at;
  const on = demo.deed('enables the schedule again').at;
  const missed = Math.floor(on.getTime() / (6 * HOUR)) - Math.floor(off.getTime() / (6 * HOUR));
  expect(demo.played.checks).toBe(9 * 400 - missed);
});

test('every kind of notice occurs, and reports and alarms beside them', () => {
  expect([...new Set(demo.mails.map(({ kind }) => kind))].sort()).toEqual([
    'alarm',
    'awaiting-first-key',
    'blocked',
    'contained',
    'deactivating',
    'dead',
    'dies-with-its-owner',
    'digest',
    'direct-edit-refused',
    'due',
    'expires-soon',
    'extended',
    'foreign',
    'grace-over',
    'inconclusive',
    'misplaced',
    'not-a-key',
    'overdue',
    'rejected',
    'report',
    'resolved',
    'rolled-back',
    'rotated',
    'rotation-complete',
    'same-key-again',
    'submission-stuck',
    'unproven',
    'unwatched',
    'usage-spike',
    'zombie',
  ]);
});

test('the golden mails are what the flows write; `npm run golden` writes them anew', () => {
  const written = goldenMails(demo.mails);
  expect(readdirSync(GOLDEN).sort()).toEqual([...written.keys()].sort());
  for (const [name, text] of written) expect(text).toBe(readFileSync(join(GOLDEN, name), 'utf8'));
});

test('the negligent key goes due, then overdue, with the ladder’s count exactly', () => {
  expect(demo.kindsAbout('dev/notebooks')).toEqual([
    ...['awaiting-first-key', 'awaiting-first-key', 'awaiting-first-key', 'rotated'],
    ...['due', 'due', 'due', 'overdue', 'overdue', 'overdue', 'overdue'],
  ]);
  const [created] = demo.about('dev/notebooks', 'rotated');
  const days = demo
    .about('dev/notebooks')
    .filter(({ kind }) => kind === 'due' || kind === 'overdue')
    .map(({ at }) => Math.floor(hours(created!.at, at) / 24));
  expect(days).toEqual([61, 68, 74, 75, 78, 85, 92]);
});

test('a subscription that is confirmed three hours after deployment gets the first-key mail with the next digest', () => {
  const confirmed = demo.deed('notices of staging').at;
  expect(confirmed.toISOString()).toBe('2026-11-21T08:50:00.000Z');
  const [first] = demo.about('staging/api-gateway');
  expect([first!.kind, first!.at.toISOString()]).toEqual(['awaiting-first-key', '2026-11-22T05:30:00.000Z']);
  // Nothing was to be said before.
  expect(demo.alarms('staging-nobody-listens')).toEqual([]);
});

test('the weekly report names a key that nobody ever used, and one whose creator left', () => {
  const reports = demo.mails.filter(({ kind, subject }) => kind === 'report' && subject.startsWith('[prod]'));
  const texts = reports.map(({ body }) => body.replaceAll(/\s+/g, ' '));
  expect(texts.at(-1)).toMatch(/"workshop" \S+ never used, unmanaged, legacy;/);
  expect(texts.at(-1)).toMatch(/"robins-import" \S+ creator gone, no owner, idle, unmanaged, legacy;/);
  expect(texts.filter((text) => /"workshop": created on/.test(text))).toHaveLength(1);
});

test('a prompt team gets four mails a rotation, and the machine does the rest', () => {
  const rotation = ['due', 'rotated', 'deactivating', 'rotation-complete'];
  expect(demo.kindsAbout('prod/api-gateway')).toEqual([
    ...['awaiting-first-key', 'rotated', ...rotation, 'rolled-back', ...rotation],
  ]);
});

test('a leaked key that a scanner had disabled gives one critical notice at the next tick, which says that Anthropic did it', () => {
  const leak = demo.deed('public repository').at;
  const dead = demo.about('prod/support-bot', 'dead');
  expect(dead).toHaveLength(1);
  expect(dead[0]).toMatchObject({ severity: 'critical' });
  expect(dead[0]!.subject).toContain('LEAK: disabled by Anthropic');
  expect(hours(leak, dead[0]!.at)).toBeLessThan(3.1);
  expect(demo.kindsAbout('prod/support-bot').slice(2, 5)).toEqual(['dead', 'rotated', 'rotation-complete']);
});

test('a spike leads to a contained leak, without a second alarm about the death that was ordered', () => {
  expect(demo.kindsAbout('prod/support-bot').slice(5)).toEqual([
    ...['usage-spike', 'contained', 'rotated', 'rotation-complete'],
  ]);
});

test('a wrong paste is refused once and changes nothing; the right one is promoted', () => {
  const told = demo.kindsAbout('dev/playground');
  expect(told.slice(0, 3)).toEqual(['awaiting-first-key', 'rejected', 'rotated']);
  expect(demo.about('dev/playground', 'rejected')).toHaveLength(1);
});

test('a submission that Anthropic’s rate limit holds up is told after a day and promoted in the end', () => {
  const submitted = demo.deed('while Anthropic limits its rate').at;
  const [stuck] = demo.about('dev/playground', 'submission-stuck');
  const [, promoted] = demo.about('dev/playground', 'rotated');
  expect(hours(submitted, stuck!.at)).toBeGreaterThanOrEqual(24);
  expect(hours(stuck!.at, promoted!.at)).toBeLessThan(12);
});

test('an old key in use is extended while it is used, then deactivated and proven dead', () => {
  expect(demo.kindsAbout('prod/batch-summaries')).toEqual([
    ...['awaiting-first-key', 'rotated', 'due', 'rotated'],
    ...['extended', 'extended', 'deactivating', 'rotation-complete'],
  ]);
});

test('a forgotten old key is a zombie every day until somebody switches it off', () => {
  const kinds = demo.kindsAbout('staging/api-gateway');
  expect(kinds.slice(kinds.lastIndexOf('rotated'))).toEqual([
    ...['rotated', 'grace-over', 'zombie', 'zombie', 'zombie', 'rotation-complete'],
  ]);
});

test('a bad console edit is rolled back, or refused where the policy forbids that', () => {
  const edited = demo.deed('pastes a key that was switched off').at;
  const [undone] = demo.about('prod/api-gateway', 'rolled-back');
  expect(hours(edited, undone!.at)).toBeLessThan(2.1);
  expect(demo.about('staging/checkout-bot', 'direct-edit-refused')).toHaveLength(1);
});

test('out of credit is told by one alarm per environment, not by a mail per key', () => {
  for (const environment of ['staging', 'prod'])
    expect(demo.alarms(`${environment}-blocked-billing`)).toEqual([
      `ALARM: "anthropic-keys-${environment}-blocked-billing"`,
      `OK: "anthropic-keys-${environment}-blocked-billing"`,
    ]);
  expect(demo.mails.filter(({ kind }) => kind === 'blocked')).toHaveLength(1);
  expect(demo.about('staging/checkout-bot', 'blocked')).toHaveLength(1);
});

test('billing, expiry, a spike and an allowlist are told apart by their subjects alone', () => {
  expect(subjects(demo.about('prod/invoices', 'expires-soon'))).toEqual([
    expect.stringMatching(/expires .*13 days left/),
    expect.stringMatching(/expires .*6 days left/),
  ]);
  expect(subjects(demo.about('prod/support-bot', 'usage-spike'))).toEqual([expect.stringMatching(/spike/i)]);
  expect(subjects(demo.about('staging/checkout-bot', 'blocked'))).toEqual([
    expect.stringMatching(/allowlist/),
  ]);
});

test('nothing dies in a billing block, an outage or behind a firewall', () => {
  expect(demo.mails.filter(({ kind }) => kind === 'dead')).toHaveLength(1);
});

test('the course is told in lines, a few mails are shown whole, and the end says where everything is', () => {
  const lines = printed.join('\n').split('\n');
  expect(lines.filter((line) => /^-- mail \d+ - /.test(line))).toHaveLength(3);
  expect(readdirSync(join(out, 'mails'))).toHaveLength(demo.mails.length);
  const ofEightyDays = printed.filter((text) => !/^[ *] day +(8[1-9]|9\d|100) /.test(text));
  expect(ofEightyDays.length).toBeLessThan(printed.length);
  expect(ofEightyDays.join('\n').split('\n').length).toBeLessThan(620);
  expect(lines.slice(-2)).toEqual([
    `Every mail as it would arrive:   ${join(out, 'mails')}`,
    `The same as a page for auditors: ${join(out, 'fleet.html')}`,
  ]);
  const page = readFileSync(join(out, 'fleet.html'), 'utf8');
  expect(page).toContain('The keys of the organization were compared with the secrets.');
  expect(page).toContain('prod: the spend limit of the workspace was reviewed on 2026-10-01');
  expect(page).toContain('The evidence log of dev, staging, prod was read back to 2026-11-21.');
  expect(page.match(/AWS CloudTrail of \d{12}, eu-central-1 was read back to/g)).toHaveLength(3);
  expect(page).toContain('dev: nobody has attested a review');
});

test('the page for auditors is made from what is deployed: who did what, and what was reported', async () => {
  const { histories, trail, logs } = await audit(demo.played);
  expect([trail, ...logs!].map((source) => source?.readable)).toEqual([true, true, true, true]);
  const since = trail?.readable ? trail.since : new Date(0);
  const events = histories.flatMap(({ events }) => events);
  const byPeople = events.filter(({ step, at }) => step === 'submitted' && at > since);
  expect(byPeople.length).toBeGreaterThan(5);
  for (const { by } of byPeople) expect(by).toMatch(/^KeyOperator\/.+@example\.com$/);
  const old = events.filter(({ step, at }) => step === 'promoted' && at < since);
  expect(old.length).toBeGreaterThan(5);
  for (const { sources } of old) expect(sources).toContain('event');
  expect(events.filter(({ unconfirmed }) => unconfirmed)).toEqual([]);
});

test('its inventory joins every key of the organization with the secrets of the three accounts', async () => {
  const { inventory, inventoryNotRead } = await audit(demo.played);
  const { rows, organizations, notRead } = inventory!;
  const flagsOf = (wanted: string) => rows.find(({ name }) => name === wanted)?.flags;
  expect(flagsOf('workshop')).toEqual(['never-used', 'unmanaged', 'legacy']);
  expect(flagsOf('robins-import')).toEqual(['creator-gone', 'no-owner', 'idle', 'unmanaged', 'legacy']);
  const holding = rows.flatMap(({ flags, held }) => (flags.includes('managed') ? held : []));
  expect([...new Set(holding.map(({ key }) => key.split('/')[0]))].sort()).toEqual([
    'dev',
    'prod',
    'staging',
  ]);
  expect([organizations.length, notRead]).toEqual([1, []]);
  // Their secrets are compared, too; that they are of the same organization nobody said.
  expect(inventoryNotRead).toEqual(
    ['dev', 'staging'].map(
      (name) => `${name} could not list its organization: It is deployed without Admin access to Anthropic.`,
    ),
  );
});

test('every event is as the schema says, and the golden events are the first of each type', () => {
  const { clouds } = demo.played.sandbox;
  const sent = clouds.flatMap(({ events }) => events.received.map(asSent));
  expect(sent.length).toBeGreaterThan(100);
  expect(sent.flatMap((event) => faultsOf(event).map((fault) => [event['detail-type'], fault]))).toEqual([]);
  const stored = storedEvents();
  for (const [, event] of goldenEvents(clouds)) expect(stored.get(event['detail-type'])).toEqual(event);
});

test('no key is in anything that was printed, logged, mailed, tagged or emitted', async () => {
  const { sandbox, journal } = demo.played;
  const everything = [
    ...printed,
    ...journal.entries.map((entry) => showEntry(entry, true)),
    ...demo.mails.flatMap((mail) => [jsonLine(mail), mailFile(mail)]),
    summary(demo.played),
    toJson(await audit(demo.played)),
    ...sandbox.clouds.flatMap(({ logs }) => logs.messages()),
    ...sandbox.deployed.map(({ telemetry }) => JSON.stringify([telemetry.lines, telemetry.counts])),
    ...sandbox.clouds.map(({ events, calls, secretsManager }) =>
      JSON.stringify([events.received, calls.all(), secretsManager.rotations]),
    ),
    ...sandbox.clouds.flatMap(({ secretsManager }) =>
      secretsManager.all().map(({ tags }) => JSON.stringify(tags)),
    ),
  ].join('\n');
  const keys = sandbox.organizations.flatMap((organization) => organization.everyKey());
  expect(keys.length).toBeGreaterThan(20);
  for (const key of keys) {
    const found = everything.includes(key) || everything.includes(key.slice(20, 60));
    expect(found).toBe(false);
  }
});

test('each line of JSON is one notice with six fields', () => {
  for (const mail of demo.mails) {
    const line = jsonLine(mail);
    expect(line).not.toContain('\n');
    expect(Object.keys(JSON.parse(line) as object)).toEqual([
      ...['at', 'kind', 'environment', 'service', 'severity', 'subject'],
    ]);
  }
});
