import { type AuditReport, type AuditSources, auditOf } from '../../../lib/domain/audit/audit';
import { fleetOf } from '../../../lib/domain/fleet/fleet';
import type { HistoryEvent } from '../../../lib/domain/history-event';
import { inventoryOf } from '../../../lib/domain/inventory/inventory';
import type { ListedKey, UnreadableSecret } from '../../../lib/domain/listed-key';
import type { Memory } from '../../../lib/domain/memory';
import type { Policy } from '../../../lib/domain/policy';
import { HOUR, plus, utcDay } from '../../../lib/domain/time';
import { anOrganization, aRecord } from '../../an-organization';
import { aKey, aKeyRef, aPolicy, aRememberedVerdict, daysAgo, daysAhead, NOW } from '../../builders';
import { aListedKey, aMemory } from '../../fleet-listing';

const OWNERS = ['platform@example.com', 'search@example.com', 'data-science@example.com'];

interface Wanted {
  readonly age?: number;
  readonly verdict?: Parameters<typeof aRememberedVerdict>[0];
  readonly memory?: Partial<Memory>;
  readonly policy?: Partial<Policy>;
  readonly listed?: Partial<ListedKey>;
}

function key(environment: string, service: string, wanted: Wanted = {}): ListedKey {
  const { fingerprint, hint } = aKeyRef(`${environment}/${service}`);
  const verdict = aRememberedVerdict({
    fingerprint,
    hint,
    keyCreatedAt: daysAgo(wanted.age ?? 20),
    since: daysAgo(wanted.age ?? 20),
    ...wanted.verdict,
  });
  return aListedKey({
    key: aKey({ environment, service, owner: OWNERS[service.length % 3]! }),
    policy: aPolicy(wanted.policy),
    memory: aMemory({ verdict, ...wanted.memory }),
    ...wanted.listed,
  });
}

const old = aKeyRef('old').fingerprint;
const rotation = (days: number, more: Partial<Memory['timeline']> = {}): Memory['timeline'] => ({
  fingerprint: old,
  how: 'submitted',
  submittedAt: plus(daysAgo(days), -4 * 60_000),
  promotedAt: daysAgo(days),
  graceEndsAt: plus(daysAgo(days), 48 * HOUR),
  ...more,
});

const gateway = key('prod', 'api-gateway', {
  age: 34,
  memory: { timeline: rotation(34, { deactivatedAt: daysAgo(32), provenAt: plus(daysAgo(32), HOUR) }) },
});

/** A fleet in which something of everything is true. */
const listed: readonly ListedKey[] = [
  gateway,
  key('prod', 'search', { age: 81, memory: { timeline: rotation(81, { provenAt: daysAgo(78) }) } }),
  key('prod', 'billing-assistant', { age: 97 }),
  key('prod', 'chat', {
    age: 1,
    memory: { timeline: rotation(1) },
    listed: { retiring: [{ versionId: '5e0cbe3d-0000', until: daysAhead(1) }] },
  }),
  key('prod', 'moderation', {
    age: 12,
    memory: { timeline: rotation(12), notices: { 'zombie.0a1b2c3d': '7' } },
    listed: { retiring: [{ versionId: '77aa01c2-0000', until: daysAgo(10) }] },
  }),
  key('prod', 'vendor-crm', {
    age: 120,
    policy: { maxAgeDays: 180, allowLongAge: 'The vendor replaces keys twice a year: contract 4711.' },
  }),
  key('staging', 'api-gateway', { age: 55 }),
  key('staging', 'search', {
    age: 92,
    memory: { snooze: { until: daysAhead(12), reason: 'search is being moved to Bedrock' } },
  }),
  key('staging', 'notebooks', {
    age: 30,
    memory: {
      record: {
        fingerprint: aKeyRef('staging/notebooks').fingerprint,
        id: 'apikey_01NoteBooks',
        createdAt: daysAgo(30),
        expiresAt: daysAhead(60),
        personal: true,
        inspectedOn: utcDay(NOW),
      },
    },
  }),
  key('dev', 'playground', { age: 8, verdict: { kind: 'DEAD', since: daysAgo(2) } }),
  key('dev', 'evals', { age: 40, memory: { checkedOn: utcDay(daysAgo(3)) } }),
  key('dev', 'import', { memory: { verdict: undefined }, listed: { accepted: false } }),
];

const unreadable: readonly UnreadableSecret[] = [
  {
    environment: 'dev',
    secretName: 'anthropic/dev/experiments',
    secretArn: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:anthropic/dev/experiments-aB3dE6',
    owner: 'data-science@example.com',
    faults: ['anthropic-key:max-age-days is "ninety", expected days'],
  },
];

const trail: readonly HistoryEvent[] = [
  {
    at: plus(daysAgo(34), -4 * 60_000),
    step: 'submitted',
    sources: ['cloudtrail'],
    by: 'AWSReservedSSO_KeyOperator/kim@example.com',
    requestId: '6f2a1c9e-8e1b-4a57-9d52-3f0f8a1b2c3d',
  },
  {
    at: plus(daysAgo(32), HOUR),
    step: 'proven-dead',
    fingerprint: old,
    sources: ['event'],
    requestId: 'req_011CVB2YmExampleDead',
    note: 'refused twice, 60 seconds apart, while the new key worked',
  },
];

/** The audit of that fleet. */
export const anAudit = (sources: AuditSources = {}): AuditReport =>
  auditOf(fleetOf(listed, unreadable, NOW), {
    evidence: new Map([[gateway.key.secretArn, trail]]),
    inventory: inventoryOf(
      [
        anOrganization([
          aRecord({
            id: 'apikey_01Forgotten',
            name: 'old laptop',
            createdAt: daysAgo(400),
            createdBy: undefined,
          }),
          aRecord({
            id: 'apikey_02Orphan',
            name: 'batch-evaluation-of-the-search-team-2025',
            createdAt: daysAgo(200),
            createdBy: { kind: 'user', id: 'user_01Gone' },
            expiresAt: daysAhead(9),
            principal: undefined,
          }),
        ]),
      ],
      { rows: [], claimed: [], unreadable: [] },
      NOW,
    ),
    spendLimitReviewed: '2026-10-01',
    maker: {
      identity: 'arn:aws:sts::111122223333:assumed-role/auditor/kim@example.com',
      account: '111122223333',
      version: '0.1.0',
    },
    ...sources,
  });

/** The audit of one key with whatever a test is about. */
export const anAuditOf = (...keys: readonly Partial<ListedKey>[]): AuditReport =>
  auditOf(fleetOf(keys.map(aListedKey), [], NOW));

/** A fleet of a size. */
export const anAuditOfSize = (size: number): AuditReport =>
  auditOf(
    fleetOf(
      Array.from({ length: size }, (_, n) =>
        key(['prod', 'staging', 'dev'][n % 3]!, `service-${n}`, {
          age: (n * 7) % 95,
          memory:
            n % 2 ? { timeline: rotation((n * 7) % 95, { provenAt: daysAgo(((n * 7) % 95) - 3) }) } : {},
        }),
      ),
      [],
      NOW,
    ),
  );
