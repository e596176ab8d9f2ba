import { versionMark } from '../../lib/domain/key';
import { assess } from '../../lib/domain/rotation/assess';
import type { Observation } from '../../lib/domain/secret';
import {
  aKeyRef,
  alive,
  anObservation,
  aRememberedVerdict,
  aVersion,
  blocked,
  daysAgo,
  daysAhead,
  dead,
  NOW,
  unknown,
} from '../builders';

const told = (o: Observation) =>
  assess(o, NOW).notices.send.map(({ finding }) => `${finding.id}=${finding.reminder}`);
const kinds = (o: Observation) => assess(o, NOW).findings.map(({ kind }) => kind);

const aged = (days: number, verdict = alive()) =>
  anObservation({
    versions: [aVersion('current', { current: true, accepted: true, createdAt: daysAgo(days), verdict })],
  });

test.each([
  ['fresh', aged(40), []],
  ['just rotated', aged(2), ['rotated']],
  ['due', aged(80), ['due']],
  ['overdue', aged(95), ['overdue']],
  ['dead', aged(40, dead()), ['dead']],
  ['dead and overdue: the more urgent of the two', aged(95, dead()), ['dead']],
  ['blocked', aged(40, blocked('permission')), ['blocked']],
  ['without an answer for a moment', aged(40, unknown()), []],
])('a key that is %s', (_, observation, expected) => {
  expect(kinds(observation)).toEqual(expected);
});

test('a block of the whole organization is a finding that only the alarm reports', () => {
  const o = aged(40, blocked('billing'));
  expect(kinds(o)).toEqual(['blocked']);
  expect(told(o)).toEqual([]);
});

test.each([
  ['works', alive(), { kind: 'ALIVE' }],
  ['is blocked', blocked('ip-allowlist'), { kind: 'BLOCKED', reason: 'ip-allowlist' }],
  ['is without an answer', unknown(), { kind: 'UNKNOWN', unknownSince: NOW }],
])('what is due knows that the live key %s', (_, verdict, live) => {
  const due = assess(aged(80, verdict), NOW).findings.find(({ kind }) => kind === 'due');
  expect(due?.details).toMatchObject({ live });
});

test('a refusal before the first key says that there is none', () => {
  const submitted = aVersion('new', { submitted: true });
  const o = anObservation({
    versions: [aVersion('empty', { current: true, content: { kind: 'placeholder' } }), submitted],
  });
  const pendingRejection = { version: versionMark(submitted.id), reason: 'dead' } as const;
  const { findings } = assess({ ...o, memory: { ...o.memory, pendingRejection } }, NOW);
  expect(findings.find(({ kind }) => kind === 'rejected')?.details).toMatchObject({ live: { kind: 'NONE' } });
});

test('a reminder is sent once', () => {
  const o = aged(95);
  const [notice] = told(o);
  const [id, reminder] = notice!.split('=') as [string, string];
  expect(told({ ...o, memory: { ...o.memory, notices: { [id]: reminder } } })).toEqual([]);
  expect(told({ ...o, memory: { ...o.memory, notices: { [id]: '99' } } })).toEqual([notice]);
});

test('a snooze quiets what may wait and nothing else', () => {
  const snooze = { until: daysAhead(3), reason: 'freeze' };
  const quiet = (o: Observation) => told({ ...o, memory: { ...o.memory, snooze } });
  expect(quiet(aged(95))).toEqual([]);
  expect(quiet(aged(40, dead()))).toHaveLength(1);
  expect(
    told({ ...aged(95), memory: { ...aged(95).memory, snooze: { ...snooze, until: daysAgo(1) } } }),
  ).toHaveLength(1);
});

test('a doubt closes nothing that was open, and an answer does', () => {
  const fingerprint = aRememberedVerdict().fingerprint;
  const notices = { [`dead.${fingerprint.slice(0, 8)}`]: '0' };
  const verdict = aRememberedVerdict({ kind: 'DEAD' });
  const now = (o: Observation) => assess({ ...o, memory: { ...o.memory, notices, verdict } }, NOW).notices;
  expect(now(aged(40, unknown())).keep).toEqual(notices);
  expect(now(aged(40, unknown())).send).toEqual([]);
  expect(now(aged(40)).send.map(({ finding }) => finding.kind)).toEqual(['resolved']);
});

test('a day without answers is reported, and the last conclusive verdict is kept', () => {
  const verdict = aRememberedVerdict({ unknownSince: daysAgo(2) });
  const o = aged(40, unknown());
  const { findings, memory } = assess({ ...o, memory: { ...o.memory, verdict } }, NOW);
  expect(findings.map(({ kind }) => kind)).toEqual(['inconclusive']);
  expect(memory.verdict).toMatchObject({ kind: 'ALIVE', unknownSince: daysAgo(2) });
});

test('the record of an accepted key is kept while something else is live, so that its age survives', () => {
  const record = {
    fingerprint: aKeyRef('accepted').fingerprint,
    id: 'apikey_1',
    createdAt: daysAgo(80),
    personal: false,
    inspectedOn: '2026-11-20',
  };
  const accepted = aVersion('accepted', { id: 'first', accepted: true, previous: true });
  const stopped = aVersion('stop', { current: true, content: { kind: 'other', reason: 'stopped' } });
  const o = anObservation({ versions: [accepted, stopped] });
  const remembered = (known: typeof record) =>
    assess({ ...o, memory: { ...o.memory, record: known } }, NOW).memory.record;
  expect(remembered(record)).toEqual(record);
  expect(remembered({ ...record, fingerprint: aKeyRef('other').fingerprint })).toBeUndefined();
});
