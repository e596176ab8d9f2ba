import type { Finding, FindingDetails, FindingKind, FindingOf, Severity } from './finding';
import { dueDate, keyCreatedAt } from './key-age';
import { countdownRung, rungOf } from './ladder';
import type { KeyRef, KeyVersion, Observation, RememberedVerdict } from './observation';
import { badBecause, putInByHand } from './reconcile';
import { DAY, daysBetween, plus } from './time';
import { acceptedOf, answers, currentOf, refOf, retiringOf, sameKey, submittedOf } from './versions';

/** Reasons that hit a whole organization: counted per environment and mailed once by an alarm, not once per key. */
export const ORGANIZATION_WIDE = ['billing', 'spend-limit', 'organization'] as const;

/** How long a state lasts before it is worth a word. */
export const INCONCLUSIVE_AFTER = DAY;
const STUCK_AFTER = DAY;

/** How long a change is news: within it the notice of a promotion or a rollback is sent, however often a tick was missed. */
const NEWS = 7 * DAY;

/** The days before a hard expiry on which it is announced. */
export const EXPIRY_WARNINGS = [14, 7, 1];

const SEVERITY: Readonly<Record<FindingKind, Severity>> = {
  'awaiting-first-key': 'warning',
  due: 'warning',
  overdue: 'critical',
  dead: 'critical',
  blocked: 'critical',
  inconclusive: 'warning',
  'expires-soon': 'warning',
  'dies-with-its-owner': 'warning',
  'usage-spike': 'critical',
  foreign: 'critical',
  'not-a-key': 'critical',
  'same-key-again': 'info',
  rejected: 'warning',
  'submission-stuck': 'warning',
  'rolled-back': 'critical',
  'direct-edit-refused': 'critical',
  rotated: 'info',
  'grace-over': 'warning',
  extended: 'warning',
  deactivating: 'warning',
  zombie: 'critical',
  unproven: 'warning',
  'rotation-complete': 'info',
  contained: 'critical',
  unwatched: 'critical',
  resolved: 'info',
};

/** How loudly a kind of finding is told. */
export const severityOf = (kind: FindingKind): Severity => SEVERITY[kind];

/** Makes a finding; `about` tells several of one kind apart. */
export function finding<K extends FindingKind>(
  kind: K,
  rung: string,
  details: FindingDetails[K],
  about?: string,
): FindingOf<K> {
  const id = about === undefined ? kind : `${kind}.${about.slice(0, 8)}`;
  return { kind, id, rung, severity: SEVERITY[kind], details } as FindingOf<K>;
}

/** Everything that is true of the live key and its submission now, retiring keys apart. */
export function stateFindings(
  o: Observation,
  verdict: RememberedVerdict | undefined,
  now: Date,
): readonly Finding[] {
  const current = currentOf(o);
  if (!current) return [];
  return [
    ...news(o, current, now),
    ...content(o, current, now),
    ...liveness(o, current, verdict, now),
    ...age(o, current, now),
    ...admin(o, current, now),
    ...submission(o, now),
  ];
}

/** The secret holds no usable key. */
function content(o: Observation, current: KeyVersion, now: Date): readonly Finding[] {
  const { content } = current;
  const days = daysBetween(current.createdAt, now);
  if (content.kind === 'key' || content.kind === 'unread') return [];
  const accepted = refOf(acceptedOf(o));
  if (content.kind === 'placeholder' && !accepted)
    return [finding('awaiting-first-key', rungOf('awaiting-first-key', days), { since: current.createdAt })];
  if (content.kind === 'malformed' && accepted) {
    const details = { current: content.reason, version: current.id, accepted, cause: 'malformed' as const };
    return [finding('direct-edit-refused', rungOf('direct-edit-refused', days), details, current.id)];
  }
  const reason = content.kind === 'placeholder' ? 'The value is empty.' : content.reason;
  return [
    finding(
      'not-a-key',
      rungOf('not-a-key', days),
      { content: content.kind, reason, version: current.id, accepted },
      current.id,
    ),
  ];
}

function liveness(
  o: Observation,
  current: KeyVersion,
  remembered: RememberedVerdict | undefined,
  now: Date,
): readonly Finding[] {
  const ref = refOf(current);
  const verdict = current.verdict;
  if (!ref || !verdict) return [];
  const since = remembered?.since ?? now;
  const accepted = acceptedOf(o);
  const bad = badBecause(current);
  if (bad && accepted && !sameKey(current, accepted) && putInByHand(o, current)) {
    const details = { current: ref.hint, version: current.id, accepted: refOf(accepted), cause: bad };
    const rung = rungOf('direct-edit-refused', daysBetween(since, now));
    return [finding('direct-edit-refused', rung, details, current.id)];
  }
  if (bad === 'elsewhere') {
    const { organizationId, workspaceId } = verdict.evidence;
    const details = { current: ref, seen: { organizationId, workspaceId }, expected: homeOf(o) };
    return [finding('foreign', rungOf('foreign', daysBetween(since, now)), details, ref.fingerprint)];
  }
  if (bad === 'dead') {
    const fallback = retiringOf(o).find(({ version }) => answers(version))?.ref;
    const details = { current: ref, since, evidence: verdict.evidence, fallback };
    return [finding('dead', rungOf('dead', daysBetween(since, now)), details, ref.fingerprint)];
  }
  if (verdict.kind === 'BLOCKED') return blocked(ref, verdict, since, now);
  return verdict.kind === 'UNKNOWN' ? inconclusive(ref, verdict, remembered, now) : [];
}

function blocked(
  current: KeyRef,
  verdict: Extract<KeyVersion['verdict'], { kind: 'BLOCKED' }>,
  since: Date,
  now: Date,
): readonly Finding[] {
  const patience = verdict.reason === 'rate-limit' ? INCONCLUSIVE_AFTER : 0;
  if (now.getTime() - since.getTime() < patience) return [];
  const { reason, advice, evidence } = verdict;
  const rung = rungOf('blocked', daysBetween(plus(since, patience), now));
  return [
    { ...finding('blocked', rung, { current, reason, since, advice, evidence }), id: `blocked.${reason}` },
  ];
}

function inconclusive(
  current: KeyRef,
  verdict: Extract<KeyVersion['verdict'], { kind: 'UNKNOWN' }>,
  remembered: RememberedVerdict | undefined,
  now: Date,
): readonly Finding[] {
  const since = remembered?.unknownSince ?? now;
  const late = plus(since, INCONCLUSIVE_AFTER);
  if (now <= late) return [];
  const { reason, advice } = verdict;
  return [
    finding('inconclusive', rungOf('inconclusive', daysBetween(late, now)), {
      current,
      since,
      reason,
      advice,
    }),
  ];
}

/** Due and overdue. A key that is dead or foreign has a more urgent finding, and the same remedy. */
function age(o: Observation, current: KeyVersion, now: Date): readonly Finding[] {
  const ref = refOf(current);
  const createdAt = keyCreatedAt(o);
  if (!ref || !createdAt || badBecause(current)) return [];
  const dueAt = dueDate(createdAt, o.policy.maxAgeDays);
  if (now >= dueAt) {
    const daysOver = daysBetween(dueAt, now);
    return [
      finding(
        'overdue',
        rungOf('overdue', daysOver),
        { current: ref, createdAt, dueAt, daysOver },
        ref.fingerprint,
      ),
    ];
  }
  const daysLeft = Math.ceil((dueAt.getTime() - now.getTime()) / DAY);
  const rung = countdownRung(o.policy.warnDays, daysLeft);
  return rung ? [finding('due', rung, { current: ref, createdAt, dueAt, daysLeft }, ref.fingerprint)] : [];
}

/** What only the Admin API knows. */
function admin(o: Observation, current: KeyVersion, now: Date): readonly Finding[] {
  const ref = refOf(current);
  if (!ref) return [];
  const inspection = o.inspections.find((i) => i.fingerprint === ref.fingerprint);
  const remembered = o.memory.record?.fingerprint === ref.fingerprint ? o.memory.record : undefined;
  const record = inspection?.record ?? remembered;
  const findings: Finding[] = [];
  if (record?.expiresAt && record.expiresAt > now) {
    const daysLeft = Math.ceil((record.expiresAt.getTime() - now.getTime()) / DAY);
    const rung = countdownRung(EXPIRY_WARNINGS, daysLeft);
    const details = { current: ref, expiresAt: record.expiresAt, daysLeft };
    if (rung) findings.push(finding('expires-soon', rung, details, ref.fingerprint));
  }
  if (record?.personal)
    findings.push(
      finding('dies-with-its-owner', '0', { current: ref, recordId: record.id }, ref.fingerprint),
    );
  if (inspection?.spike) {
    const day = inspection.spike.hour.toISOString().slice(0, 10);
    findings.push(finding('usage-spike', day, { current: ref, spike: inspection.spike }));
  }
  return findings;
}

/** A human's submission that was refused, or that nobody gets through. */
function submission(o: Observation, now: Date): readonly Finding[] {
  const submitted = submittedOf(o);
  if (!submitted || submitted.current) return [];
  const rejected = o.memory.rejected;
  if (rejected && submitted.id.startsWith(rejected.version)) {
    const { content } = submitted;
    const what = content.kind === 'key' ? content.hint : 'no usable key';
    return [finding('rejected', '0', { version: submitted.id, reason: rejected.reason, what }, submitted.id)];
  }
  const ref = refOf(submitted);
  const late = plus(submitted.createdAt, STUCK_AFTER);
  if (!ref || now < late) return [];
  const rung = rungOf('submission-stuck', daysBetween(late, now));
  return [finding('submission-stuck', rung, { submitted: ref, since: submitted.createdAt }, submitted.id)];
}

/** Promotions and rollbacks, told from the labels they leave, so that a crash between the move and the mail loses nothing. */
function news(o: Observation, current: KeyVersion, now: Date): readonly Finding[] {
  const accepted = acceptedOf(o);
  const ref = refOf(current);
  if (!ref || !sameKey(current, accepted)) return [];
  if (accepted!.id !== current.id && current.createdAt > accepted!.createdAt)
    return [finding('same-key-again', '0', { current: ref, createdAt: keyCreatedAt(o)! }, current.id)];
  const left = o.versions.find((v) => v.previous && v.createdAt > current.createdAt);
  const retiring = retiringOf(o).map(({ ref: key, until }) => ({ key, until }));
  const isNews = (version: KeyVersion) => version.retire.length > 0 || now < plus(version.createdAt, NEWS);
  if (left) {
    const removed =
      refOf(left)?.hint ?? (left.content.kind === 'malformed' ? left.content.reason : 'no usable key');
    const details = { restored: ref, removed, cause: badBecause(left) ?? ('by-hand' as const) };
    return isNews(left) ? [finding('rolled-back', '0', details, left.id)] : [];
  }
  if (retiring.length === 0 && now >= plus(current.createdAt, NEWS)) return [];
  const superseded =
    retiring.length > 0 || o.versions.some((v) => v.previous && v.content.kind !== 'placeholder');
  const { timeline, home } = o.memory;
  const how = timeline.how ?? (superseded ? 'submitted' : 'first-key');
  const unconfigured =
    o.expectedHome.organizationId === undefined && o.expectedHome.workspaceId === undefined;
  return [
    finding(
      'rotated',
      '0',
      { current: ref, how, retiring, learnedHome: unconfigured ? home : undefined },
      current.id,
    ),
  ];
}

/** The home that holds a key to: the environment's, else the one remembered from the accepted key. */
export function homeOf(o: Pick<Observation, 'expectedHome' | 'memory'>) {
  const { organizationId, workspaceId } = o.expectedHome;
  return organizationId !== undefined || workspaceId !== undefined ? o.expectedHome : (o.memory.home ?? {});
}
