import { rowOf } from '../domain/findings/catalogue';
import { METRIC } from '../domain/metrics';
import { inShort } from '../domain/probe/verdict';
import type { Assessment } from '../domain/rotation/assess';
import { keyCreatedAt, type Observation } from '../domain/secret';
import { daysBetween } from '../domain/time';
import type { Ports } from './ports';

/** Adds one checked key to the metrics of its environment, for alarms and dashboard, and logs it. */
export function countKey(o: Observation, { findings }: Assessment, { metrics, clock, log }: Ports): void {
  const verdict = o.live?.verdict;
  const answer = verdict && inShort(verdict);
  const createdAt = keyCreatedAt(o);
  const ageDays = createdAt && daysBetween(createdAt, clock.now());
  metrics.count(METRIC.checkCompleted);
  for (const { kind, details } of findings)
    for (const { metric, counts } of rowOf(kind).alarms ?? [])
      if (!counts || counts(details as never)) metrics.count(metric);
  if (verdict?.kind === 'UNKNOWN') metrics.count(METRIC.keyUnknown);
  if (verdict?.kind === 'BLOCKED') metrics.count(METRIC.keyBlocked);
  if (ageDays !== undefined) metrics.count(METRIC.oldestKeyAgeDays, ageDays);
  log.info('Key checked', {
    key: `${o.key.environment}/${o.key.service}`,
    verdict: verdict?.kind,
    reason: answer?.reason,
    status: answer?.status,
    requestId: answer?.requestId,
    ageDays,
    findings: findings.map(({ id, reminder }) => `${id}=${reminder}`),
  });
}
