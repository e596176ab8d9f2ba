import { METRIC, type MetricName } from '../contract/metric-names';
import type { Finding, FindingKind } from '../domain/findings/finding';
import { inShort } from '../domain/probe/verdict';
import type { Assessment } from '../domain/rotation/assess';
import type { Observation } from '../domain/secret';
import { currentOf, keyCreatedAt } from '../domain/secret';
import { daysBetween } from '../domain/time';
import type { World } from './ports';

const BY_FINDING: Readonly<Partial<Record<FindingKind, MetricName>>> = {
  dead: METRIC.keyDead,
  zombie: METRIC.keyZombie,
  overdue: METRIC.keyOverdue,
};

/** It gets no grace, so it works after its grace. */
const isLeakedOldKey = (f: Finding) =>
  f.kind === 'contained' && f.details.state === 'still-works' && !f.details.live;

const BY_REASON: Readonly<Record<string, MetricName>> = {
  billing: METRIC.blockedBilling,
  'spend-limit': METRIC.blockedSpendLimit,
  organization: METRIC.blockedOrganization,
};

/** Counts one checked key into the figures of its environment: alarms and dashboard live on these, whatever the fleet's size. */
export function countKey(o: Observation, { findings }: Assessment, { metrics, clock, log }: World): void {
  const verdict = currentOf(o)?.verdict;
  const answer = verdict && inShort(verdict);
  const createdAt = keyCreatedAt(o);
  const ageDays = createdAt && daysBetween(createdAt, clock.now());
  metrics.count(METRIC.checkCompleted);
  for (const finding of findings) {
    const metric = BY_FINDING[finding.kind];
    if (metric && !(finding.kind === 'dead' && finding.details.onPurpose)) metrics.count(metric);
    if (isLeakedOldKey(finding)) metrics.count(METRIC.keyZombie);
  }
  if (verdict?.kind === 'UNKNOWN') metrics.count(METRIC.keyUnknown);
  if (verdict?.kind === 'BLOCKED') {
    metrics.count(METRIC.keyBlocked);
    const metric = BY_REASON[verdict.reason];
    if (metric) metrics.count(metric);
  }
  if (ageDays !== undefined) metrics.count(METRIC.oldestKeyAgeDays, ageDays);
  log.info('Key checked', {
    key: `${o.key.environment}/${o.key.service}`,
    verdict: verdict?.kind,
    reason: answer?.reason,
    status: answer?.status,
    requestId: answer?.requestId,
    ageDays,
    findings: findings.map(({ id, rung }) => `${id}=${rung}`),
  });
}
