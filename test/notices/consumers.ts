import type { Consumer } from '../../lib/domain/consumer';

/** One of each way in which a changed key reaches a reader. */
export const CONSUMERS: readonly Consumer[] = [
  { kind: 'ecs', name: 'prod/gateway', refresh: 'restart' },
  { kind: 'ecs', name: 'prod/chat', refresh: 'restart', restarted: true },
  { kind: 'lambda', name: 'summaries', refresh: 5 },
  { kind: 'kubernetes', name: 'web/deployment/search', refresh: 'restart' },
  { kind: 'kubernetes', name: 'reports', refresh: 60 },
  { kind: 'host', name: 'batch-01.example.com', refresh: 'restart' },
];

/** More of each way than a mail can name. */
export const MANY_CONSUMERS: readonly Consumer[] = Array.from(
  { length: 24 },
  (_, at): Consumer => ({
    kind: 'ecs',
    name: `production-cluster/service-with-a-long-name-${at + 1}`,
    refresh: at % 3 === 0 ? 'restart' : at % 3,
    ...(at % 6 === 0 && { restarted: true }),
  }),
);
