/** How long CloudWatch Logs can keep events, in days. */
export const LOG_RETENTION_DAYS = [
  ...([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731] as const),
  ...([1096, 1827, 2192, 2557, 2922, 3288, 3653] as const),
] as const;

/** Days for which CloudWatch Logs can keep events. */
export type LogRetentionDays = (typeof LOG_RETENTION_DAYS)[number];

/** A year's audit, and a month to make it in. */
export const DEFAULT_EVIDENCE_RETENTION_DAYS = 400 satisfies LogRetentionDays;

/** Long enough to look back two rotations. */
export const DEFAULT_LOG_RETENTION_DAYS = 180 satisfies LogRetentionDays;
