import type { Consumer } from '../../lib/domain/consumer';
import type { ReportedRow } from '../../lib/domain/fleet/triage';
import { inventoryOf, inWorkspace } from '../../lib/domain/inventory/inventory';
import { renderChatReport } from '../../lib/domain/notices/chat';
import { renderReport } from '../../lib/domain/notices/report';
import type { ReportInput as Fleet } from '../../lib/domain/notices/report-input';
import type { Phase } from '../../lib/domain/policy';
import { anOrganization, aRecord } from '../an-organization';
import { aKey, aKeyRef, daysAgo, daysAhead, HOME, NOW } from '../builders';
import { keyText } from '../keys';

type FleetRow = ReportedRow & { readonly phase: Phase };

/** A row's findings include those that follow from its phase and owner. */
const aRow = (
  service = 'api-gateway',
  { phase = 'fresh', findings = [], ...overrides }: Partial<FleetRow> = {},
): FleetRow => ({
  key: aKey({ service }),
  phase,
  findings: [
    ...findings,
    ...(phase === 'fresh' || phase === 'unknown' ? [] : [phase]),
    ...(overrides.personal ? (['dies-with-its-owner'] as const) : []),
  ],
  hint: aKeyRef(service).hint,
  ageDays: 10,
  maxAgeDays: 90,
  dueAt: daysAhead(80),
  verdict: { kind: 'ALIVE', since: daysAgo(10) },
  retiring: [],
  ...overrides,
});

const aFleet = (rows: readonly FleetRow[], overrides: Partial<Fleet> = {}): Fleet => ({
  environment: 'prod',
  now: NOW,
  topicArn: 'arn:aws:sns:eu-central-1:111122223333:anthropic-keys-prod',
  rows,
  subscriptions: [{ protocol: 'email', endpoint: 'platform@example.com', confirmed: true }],
  shared: [],
  spendLimitReview: { on: daysAgo(20), by: 'kim@example.com' },
  ...overrides,
});

const text = (rows: readonly FleetRow[], overrides?: Partial<Fleet>) =>
  renderReport(aFleet(rows, overrides)).text;

test('a fleet without trouble is said to be fine, in the subject', () => {
  expect(renderReport(aFleet([aRow(), aRow('batch')])).subject).toBe('[prod] Key report: all 2 keys fine');
});

describe('the subject', () => {
  const unreadable = [{ secretName: 'anthropic/prod/odd', faults: ['max-age-days is missing'] }];
  const quiet = aRow('quiet', {
    phase: 'overdue',
    ageDays: 120,
    snooze: { until: daysAhead(5), reason: 'freeze' },
  });
  const late = aRow('late', { phase: 'overdue', ageDays: 97 });
  test.each([
    ['one fine key', [aRow()], {}, 'the 1 key is fine'],
    ['one that needs someone', [late], {}, '1 of 1 key needs someone (1 overdue)'],
    ['one of two', [late, aRow()], {}, '1 of 2 keys needs someone (1 overdue)'],
    ['a snoozed one', [quiet], {}, '0 of 1 key fine (1 snoozed)'],
    [
      'a snoozed one among others',
      [quiet, aRow(), late],
      {},
      '1 of 3 keys needs someone (1 overdue) (1 snoozed)',
    ],
    ['secrets that cannot be read', [], { unreadable }, '1 of 1 key needs someone (1 unreadable)'],
    ['no key at all', [], {}, 'no keys'],
  ])('of %s', (_, rows, more, said) => {
    expect(renderReport(aFleet(rows, more)).subject).toBe(`[prod] Key report: ${said}`);
  });

  test('and the text agree: what is snoozed is not under "Fine", and says what it hides', () => {
    const said = text([quiet, aRow()]);
    expect(said.replace(/\s+/g, ' ')).toContain('2 in all, 1 fine, 1 snoozed, 0 need someone.');
    expect(said).toContain('prod/quiet (overdue, 120 of 90 days) until 2026-11-26');
    expect(said.slice(said.indexOf('Fine,'))).not.toContain('prod/quiet');
  });
});

test('a fine key has verdict and owner too', () => {
  expect(text([aRow()])).toContain('    ALIVE since 2026-11-11 | platform@example.com');
});

test('a chat gets the counts and the worst keys, in the shape that channels accept', () => {
  const rows = [
    aRow('late', { phase: 'overdue', ageDays: 97 }),
    aRow('dead', { findings: ['dead'] }),
    aRow(),
  ];
  const report = renderReport(aFleet(rows));
  const message = renderChatReport(report);
  expect(message).toMatchObject({ version: '1.0', source: 'custom', id: report.id });
  expect(message.content).toMatchObject({ textType: 'client-markdown', title: report.subject });
  expect(message.content.description).toContain('3 in all, 1 fine, 2 need someone: 1 DEAD, 1 overdue.');
  expect(message.content.nextSteps).toEqual([
    'prod/dead, DEAD: put in a new key.',
    'prod/late, overdue: rotate now.',
  ]);
});

test('the worst comes first, and the subject counts those that need someone', () => {
  const report = renderReport(
    aFleet([
      aRow('due', { phase: 'due', ageDays: 80 }),
      aRow('fine'),
      aRow('dead', { findings: ['dead'], verdict: { kind: 'DEAD', since: daysAgo(1) } }),
      aRow('late', { phase: 'overdue', ageDays: 97 }),
    ]),
  );
  expect(report.subject).toBe('[prod] Key report: 3 of 4 keys need someone (1 DEAD, ...)');
  const order = ['prod/dead', 'prod/late', 'prod/due', 'prod/fine'].map((name) => report.text.indexOf(name));
  expect(order).toEqual([...order].sort((a, b) => a - b));
  expect(order).not.toContain(-1);
  expect(report.data.needSomeone).toEqual({ dead: 1, overdue: 1, due: 1 });
});

test('its commands are called as the deployment says', () => {
  const rows = Array.from({ length: 60 }, (_, index) => aRow(`late-${index}`, { phase: 'overdue' }));
  const called = text(rows, { cliCommand: 'pnpm exec anthropic-keys' });
  expect(called).toContain('Next: rotate now: pnpm exec anthropic-keys submit prod/late-0\n');
  expect(called).toContain('more: pnpm exec anthropic-keys status\n');
  expect(called).toContain('`pnpm exec anthropic-keys report`');
  expect(called).not.toContain('npx');
});

test('a key that needs someone has age, verdict, deadline, owner and the next step', () => {
  const row = aRow('late', { phase: 'overdue', ageDays: 97, dueAt: daysAgo(7) });
  expect(text([row])).toContain('97 of 90 days');
  expect(text([row])).toContain('ALIVE since 2026-11-11 | due 2026-11-14 | platform@example.com');
  expect(text([row])).toContain('npx --no -- anthropic-keys submit prod/late');
});

test('a report without recipients says so in capitals, and names unconfirmed addresses', () => {
  const subscriptions = [{ protocol: 'email', endpoint: 'web@example.com', confirmed: false }];
  expect(text([aRow()], { subscriptions })).toMatch(
    /NOBODY receives[\s\S]*Not confirmed: email web@example\.com/,
  );
});

test('Console keys, shared, personal, expiring and snoozed keys and keys in grace have their own sections', () => {
  const said = text(
    [
      aRow('a', { personal: true, expiresAt: daysAhead(9) }),
      aRow('b', { snooze: { until: daysAhead(5), reason: 'freeze until release' } }),
      aRow('c', { retiring: [{ hint: aKeyRef('old').hint, versionId: 'v', until: daysAhead(1) }] }),
    ],
    {
      shared: [{ fingerprint: aKeyRef().fingerprint, secrets: ['anthropic/prod/a', 'anthropic/prod/b'] }],
      inventory: inWorkspace(
        inventoryOf(
          [
            anOrganization([
              aRecord({ name: 'test of kim', hint: 'sk-ant-api03-abc...xyAA', createdAt: daysAgo(400) }),
            ]),
          ],
          { rows: [], claimed: [], unreadable: [] },
          NOW,
        ),
        HOME.workspaceId,
      ),
    },
  );
  expect(said).toContain('"test of kim" sk-ant-api03-abc…xyAA: unmanaged; created');
  expect(said).toContain('anthropic/prod/a and anthropic/prod/b');
  expect(said).toMatch(/Personal keys[\s\S]*- prod\/a/);
  expect(said).toContain('prod/a: 2026-11-30 14:00 UTC (in 9 days)');
  expect(said).toContain('prod/b until 2026-11-26: "freeze until release"');
  expect(said).toContain(`prod/c ${aKeyRef('old').hint}: 2026-11-22 14:00 UTC`);
});

test('a review of the spend limit counts for 180 days, and is never called verified', () => {
  expect(text([aRow()])).not.toContain('Spend limit');
  const old = text([aRow()], { spendLimitReview: { on: daysAgo(181), by: 'kim@example.com' } });
  expect(old).toContain('attested, not verified');
  expect(text([aRow()], { spendLimitReview: undefined })).toMatch(
    /Nobody has recorded a review[\s\S]*set spendLimitReviewed: 2026-11-21 in keys\.yaml and deploy/,
  );
});

test('a thousand keys stay readable: counts for all, then the ones that need someone', () => {
  const rows = Array.from({ length: 1000 }, (_, n) =>
    aRow(`service-${n}`, n % 10 === 0 ? { phase: 'overdue', ageDays: 91 + n } : {}),
  );
  const { text: said, subject } = renderReport(aFleet(rows));
  expect(subject).toContain('100 of 1000 keys need someone');
  expect(said.split('\n').length).toBeLessThan(320);
  expect(said).toContain('and 60 more');
  expect(said).toContain('and 860 more');
});

test('no line is wider than 80 columns, and nothing that looks like a key is printed', () => {
  const key = keyText('reason');
  const rows = [
    aRow('a-service-with-a-name-that-takes-more-room-than-there-is', { phase: 'overdue', ageDays: 1000 }),
    aRow('b', { snooze: { until: daysAhead(1), reason: `${key} ${'long '.repeat(60)}` } }),
  ];
  const lines = text(rows).split('\n');
  expect(lines.filter((line) => line.length > 80 && !line.includes('npm run'))).toEqual([]);
  expect(lines.join('')).not.toContain(key);
});

describe('a message of 256 KB holds the report', () => {
  const long = (text: string) => text.padEnd(250, `-${text}`);
  const many = <T>(of: (n: number) => T) => Array.from({ length: 400 }, (_, n) => of(n));
  const rows = many((n) =>
    aRow(long(`service-${n}`), {
      phase: n % 2 ? 'overdue' : 'fresh',
      key: aKey({ service: long(`service-${n}`), owner: `${long(`team-${n}`)}@example.com` }),
      snooze: n % 4 === 1 ? { until: daysAhead(5), reason: long('freeze') } : undefined,
      retiring: many((old) => ({ versionId: String(old), until: daysAhead(old) })),
      expiresAt: daysAhead(3),
      personal: true,
    }),
  );
  const report = renderReport(
    aFleet(rows, {
      unreadable: many((n) => ({ secretName: long(`broken-${n}`), faults: many(() => long('fault')) })),
      subscriptions: many((n) => ({ protocol: 'email', endpoint: long(`m-${n}`), confirmed: false })),
      shared: many((n) => ({ fingerprint: String(n), secrets: many(() => long('shared')) })),
      twins: many((n) => ({ name: long(`name-${n}`), secrets: many(() => long('twin')) })),
      claimed: many((n) => aKey({ service: long(`claimed-${n}`), secretName: long(`mallory-${n}`) })),
      inventory: inWorkspace(
        inventoryOf(
          [
            anOrganization(
              many((n) => aRecord({ id: `apikey_${n}`, name: long(`key-${n}`), createdAt: daysAgo(1) })),
            ),
          ],
          { rows: [], claimed: [], unreadable: [] },
          NOW,
        ),
        HOME.workspaceId,
      ),
    }),
  );
  const size = (text: string) => Buffer.byteLength(JSON.stringify(text));

  test('however many keys, subscriptions and long tags there are', () => {
    expect(2 * size(report.text) + 5 * size(JSON.stringify(report.data))).toBeLessThan(256 * 1024);
  });

  test('and says what it left out', () => {
    expect(report.text).toMatch(
      /Need someone, worst first[\s\S]*\.\.\. and \d+ more: npx --no -- anthropic-keys status/,
    );
    expect(report.data.rows.length + report.data.omitted).toBe(
      Object.values(report.data.needSomeone).reduce((sum, keys) => sum + keys, 0),
    );
  });
});

test('names with several secrets and tagged secrets that are not deployed are said, and spoil the all-clear', () => {
  const more = {
    twins: [{ name: 'prod/a', secrets: ['anthropic/prod/a', 'legacy/a'] }],
    claimed: [aKey({ service: 'search', secretName: 'legacy/claude' })],
  };
  const report = renderReport(aFleet([aRow()], more));
  expect(report.subject).toBe('[prod] Key report: the 1 key is fine, 1 name taken twice');
  expect(report.text).toContain('prod/a: anthropic/prod/a and legacy/a');
  expect(report.text).toContain('legacy/claude, tagged as prod/search');
  expect(report.data).toMatchObject({ keys: 1, twins: 1, claimed: 1 });
});

describe('keys that could do without', () => {
  const on = (day: string) => ({ now: new Date(`2026-12-${day}T06:00:00Z`) });
  const ecs = { kind: 'ecs', name: 'prod/gateway', refresh: 'restart' } as const;
  const read = (service: string, ...consumers: Consumer[]) =>
    aRow(service, { key: aKey({ service, consumers }) });
  const HEADING = 'Could do without a key';

  test('are named last, with the command, in the first report of a month', () => {
    const said = text([read('api', ecs)], on('07'));
    expect(said).toContain(`${HEADING}: all that reads them runs on AWS`);
    expect(said).toContain('npx --no -- anthropic-keys keyless prod/api');
    expect(text([read('api', ecs)], on('14'))).not.toContain(HEADING);
  });

  test.each([
    ['nobody says who reads it', aRow('api')],
    ['a vendor reads it, too', read('api', ecs, { kind: 'other', name: 'vendor', refresh: 5 })],
    ['nobody knows whether a host has a role', read('api', { kind: 'host', name: 'batch', refresh: 5 })],
    ['it is gone already', { ...read('api', ecs), verdict: undefined, findings: ['keyless' as const] }],
  ])('are not named where %s', (_, row) => {
    expect(text([row], on('07'))).not.toContain(HEADING);
  });

  test('are a few lines, however many they are', () => {
    const rows = Array.from({ length: 50 }, (_, index) => read(`api-${index}`, ecs));
    const section = text(rows, on('07')).split(HEADING)[1]!.split('\n\n')[1]!;
    expect(section.split('\n').length).toBeLessThanOrEqual(7);
    expect(section).toContain('and 47 more');
  });
});
