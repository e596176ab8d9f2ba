import { deployedNames } from '../lib/contract/names';
import { type DetailsOf, type Finding, type FindingKind, rowOf } from '../lib/domain/findings/catalogue';
import type { Content, KeyRef } from '../lib/domain/key';
import { EMPTY_MEMORY, type RememberedVerdict } from '../lib/domain/memory';
import { DEFAULT_POLICY, type KeyIdentity, type Policy } from '../lib/domain/policy';
import type { BlockedReason, UnknownReason } from '../lib/domain/probe/outcomes';
import type { Evidence, Verdict } from '../lib/domain/probe/verdict';
import { type KeyVersion, type Observation, withRoles } from '../lib/domain/secret';
import { DAY, HOUR, MINUTE, plus } from '../lib/domain/time';
import type { NoticeContext } from '../lib/domain/wording/sheet';
import { keyOf, keyText } from './keys';

/** The moment of tests that don't care about time. */
export const NOW = new Date('2026-11-21T14:00:00Z');

export const daysAgo = (days: number, now = NOW) => plus(now, -days * DAY);
export const daysAhead = (days: number, now = NOW) => plus(now, days * DAY);

export const HOME = { organizationId: 'org_01Example', workspaceId: 'wrkspc_01Example' };

export function aKey(overrides: Partial<KeyIdentity> = {}): KeyIdentity {
  const environment = overrides.environment ?? 'prod';
  const service = overrides.service ?? 'api-gateway';
  const secretName = overrides.secretName ?? `anthropic/${environment}/${service}`;
  return {
    environment,
    service,
    owner: 'platform@example.com',
    secretName,
    secretArn: `arn:aws:secretsmanager:eu-central-1:111122223333:secret:${secretName}-aB3dE6`,
    ...overrides,
  };
}

export const aPolicy = (overrides: Partial<Policy> = {}): Policy => ({ ...DEFAULT_POLICY, ...overrides });

/** A version id in Secrets Manager's form, from the seed alone. */
export const versionId = (seed: string) =>
  keyOf(keyText(seed)).fingerprint.replace(/^(.{8})(.{4})$/, '$1-$2-4000-8000-0000$1');

/** The key made from the seed, as people are told of it. */
export function aKeyRef(seed = 'current'): KeyRef {
  const { fingerprint, hint } = keyOf(keyText(seed));
  return { versionId: versionId(seed), fingerprint, hint };
}

const aKeyContent = (seed = 'current'): Content => {
  const { fingerprint, hint } = aKeyRef(seed);
  return { kind: 'key', fingerprint, hint };
};

const anEvidence = (overrides: Partial<Evidence> = {}): Evidence => ({
  at: plus(NOW, -2 * MINUTE),
  probe: 'messages',
  model: 'claude-haiku-5-5',
  status: 200,
  requestId: 'req_011CVExample',
  ...overrides,
});

export const alive = (overrides: Partial<Evidence> = {}): Verdict => ({
  kind: 'ALIVE',
  evidence: anEvidence({ ...HOME, ...overrides }),
  advice: 'Nothing to do: the key works.',
});

export const dead = (overrides: Partial<Evidence> = {}): Verdict => ({
  kind: 'DEAD',
  evidence: anEvidence({ status: 401, errorType: 'authentication_error', ...overrides }),
  advice: 'Put in a new key.',
});

export const blocked = (reason: BlockedReason, overrides: Partial<Evidence> = {}): Verdict => ({
  kind: 'BLOCKED',
  reason,
  evidence: anEvidence({ status: 400, errorType: 'invalid_request_error', ...HOME, ...overrides }),
  advice: 'Ask an administrator.',
});

export const unknown = (reason: UnknownReason = 'network', overrides: Partial<Evidence> = {}): Verdict => ({
  kind: 'UNKNOWN',
  reason,
  evidence: anEvidence({ status: undefined, requestId: undefined, ...overrides }),
  advice: 'Check the network path from the function to Anthropic.',
});

/** A version that holds the key made from `seed`, without labels. */
export function aVersion(seed = 'current', overrides: Partial<KeyVersion> = {}): KeyVersion {
  return {
    id: versionId(seed),
    createdAt: daysAgo(10),
    labels: 1,
    current: false,
    previous: false,
    pending: false,
    submitted: false,
    accepted: false,
    retire: [],
    leaks: [],
    followed: [],
    content: aKeyContent(seed),
    ...(overrides.verdict?.kind === 'ALIVE' ? { whereabouts: 'home' as const } : {}),
    ...overrides,
  };
}

export const aRememberedVerdict = (overrides: Partial<RememberedVerdict> = {}): RememberedVerdict => {
  const { fingerprint, hint } = aKeyRef();
  return { fingerprint, hint, keyCreatedAt: daysAgo(10), kind: 'ALIVE', since: daysAgo(10), ...overrides };
};

/** A healthy key: live, accepted, ten days old. */
export function anObservation(overrides: Partial<Observation> = {}): Observation {
  return withRoles({
    key: aKey(),
    policy: aPolicy(),
    versions: [aVersion('current', { current: true, accepted: true, verdict: alive() })],
    memory: EMPTY_MEMORY,
    createdAt: daysAgo(200),
    expectedHome: HOME,
    adminAccess: false,
    inspections: [],
    consumers: [],
    ...overrides,
  });
}

export const aNoticeContext = (overrides: Partial<NoticeContext> = {}): NoticeContext => ({
  key: aKey(),
  policy: aPolicy(),
  now: NOW,
  home: HOME,
  adminAccess: false,
  deployed: deployedNames({ environment: 'prod' }),
  ...overrides,
});

const refused = () => dead().evidence;

/** Details of each kind when a test doesn't care; of several forms, the one that says the most. */
const DETAILS: { readonly [K in FindingKind]: () => DetailsOf<K> } = {
  'awaiting-first-key': () => ({ since: daysAgo(3) }),
  due: () => ({
    current: aKeyRef(),
    createdAt: daysAgo(76),
    dueAt: daysAhead(14),
    daysLeft: 14,
    live: { kind: 'ALIVE' },
  }),
  overdue: () => ({
    current: aKeyRef(),
    createdAt: daysAgo(93),
    dueAt: daysAgo(3),
    daysOver: 3,
    live: { kind: 'ALIVE' },
  }),
  dead: () => ({
    current: aKeyRef(),
    since: plus(NOW, -HOUR),
    evidence: refused(),
    onPurpose: false,
    fallback: aKeyRef('old'),
  }),
  refused: () => ({
    current: aKeyRef(),
    since: plus(NOW, -HOUR),
    evidence: refused(),
    because: 'uncontrolled-401',
    onPurpose: false,
    alarmTells: false,
    fallback: aKeyRef('old'),
  }),
  blocked: () => ({
    current: aKeyRef(),
    reason: 'permission',
    since: daysAgo(1),
    advice: 'Check what this key may do.',
    evidence: anEvidence({ status: 403, errorType: 'permission_error', ...HOME }),
  }),
  inconclusive: () => ({
    current: aKeyRef(),
    since: daysAgo(2),
    reason: 'network',
    advice: 'Check the network path from the function to Anthropic: no connection came about.',
  }),
  'expires-soon': () => ({ current: aKeyRef(), expiresAt: daysAhead(7), daysLeft: 7 }),
  'dies-with-its-owner': () => ({ current: aKeyRef(), recordId: 'apikey_01Example' }),
  'usage-spike': () => ({
    current: aKeyRef(),
    spike: { hour: plus(NOW, -2 * HOUR), requests: 5300, medianPerHour: 40 },
  }),
  foreign: () => ({
    current: aKeyRef(),
    seen: { organizationId: HOME.organizationId, workspaceId: 'wrkspc_02Other' },
    expected: HOME,
  }),
  'not-a-key': () => ({
    content: { kind: 'other', reason: 'stopped' },
    accepted: aKeyRef('old'),
    version: versionId('stop'),
  }),
  keyless: () => ({
    version: versionId('stop'),
    retiring: [{ key: aKeyRef('old'), until: daysAhead(2) }],
  }),
  misplaced: () => ({ current: aKeyRef(), stands: { at: 'field', name: 'api_key' }, works: true }),
  'same-key-again': () => ({ current: aKeyRef(), createdAt: daysAgo(30) }),
  rejected: () => ({
    version: versionId('new'),
    reason: 'elsewhere',
    content: aKeyContent('new'),
    live: { kind: 'ALIVE' },
  }),
  unaccepted: () => ({
    current: aKeyRef('new'),
    accepted: aKeyRef('old'),
    expected: HOME,
    evidence: anEvidence({ organizationId: undefined, workspaceId: undefined }),
  }),
  'refused-key-works': () => ({ refused: aKeyRef('new'), evidence: anEvidence(HOME) }),
  'lost-track': () => ({ fingerprint: aKeyRef('old').fingerprint, until: daysAgo(2), pinned: false }),
  'submission-stuck': () => ({
    submitted: aKeyRef('new'),
    since: daysAgo(2),
    live: { kind: 'ALIVE' },
  }),
  'rolled-back': () => ({ restored: aKeyRef(), removed: aKeyContent('new'), cause: 'dead' }),
  'direct-edit-refused': () => ({
    current: aKeyContent('new'),
    accepted: aKeyRef(),
    cause: 'elsewhere',
    version: versionId('new'),
  }),
  rotated: () => ({
    current: aKeyRef('new'),
    how: 'submitted',
    retiring: [{ key: aKeyRef('old'), until: daysAhead(2), leaked: false }],
  }),
  'grace-over': () => ({
    retiring: aKeyRef('old'),
    since: plus(NOW, -HOUR),
    why: 'This deployment has no Admin access to Anthropic, so only a person can switch a key off.',
  }),
  extended: () => ({
    retiring: aKeyRef('old'),
    until: daysAhead(1),
    usage: {
      kind: 'in-use',
      from: daysAgo(2),
      to: NOW,
      refreshedAt: plus(NOW, -10 * MINUTE),
      requests: 312,
      lastUsed: plus(NOW, -HOUR),
      models: ['claude-haiku-5-5'],
    },
    extension: 1,
    most: 7,
  }),
  deactivating: () => ({
    retiring: aKeyRef('old'),
    recordId: 'apikey_01Example',
    why: 'Its grace is over and it was not used within the last 48 hours.',
  }),
  zombie: () => ({
    retiring: aKeyRef('old'),
    since: daysAgo(2),
    evidence: anEvidence({ probe: 'count-tokens', ...HOME }),
  }),
  unproven: () => ({ retiring: aKeyRef('old'), since: daysAgo(2), because: 'network' }),
  'rotation-complete': () => ({
    retired: aKeyRef('old'),
    proof: { by: 'probe', evidence: refused() },
    current: aKeyRef('new'),
    timeline: {
      fingerprint: aKeyRef('old').fingerprint,
      submittedAt: daysAgo(3),
      promotedAt: daysAgo(3),
      graceEndsAt: daysAgo(1),
      provenAt: NOW,
    },
    leaked: false,
  }),
  contained: () => ({
    leaked: aKeyRef(),
    state: 'still-works',
    live: true,
    evidence: anEvidence({ probe: 'count-tokens', ...HOME }),
  }),
  unwatched: () => ({ lastChecked: '2026-11-19', reason: 'the last check is 2 days old' }),
  resolved: () => ({ was: 'blocked', says: 'the key is no longer blocked', current: aKeyRef() }),
};

/** Every kind of finding there is. */
export const FINDING_KINDS = Object.keys(DETAILS) as readonly FindingKind[];

/** A finding of the kind, with only the details that a test cares about. */
export function aFinding<K extends FindingKind>(
  kind: K,
  details: Partial<DetailsOf<K>> = {},
  reminder = '0',
): Finding {
  return rowOf(kind).find({ ...DETAILS[kind](), ...details } as never, { reminder }) as Finding;
}
