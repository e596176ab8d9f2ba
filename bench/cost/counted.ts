/** What AWS and Anthropic count and bill. */
export interface Usage {
  /** Calls to Secrets Manager by the functions. */
  readonly secretCalls: number;
  /** Those of them that read a value: a KMS key of one's own is asked once for each, at most. */
  readonly valueReads: number;
  readonly invocations: number;
  /** Seconds that the functions waited on purpose, such as for the second 401. */
  readonly waited: number;
  /** Probes by a message. Token counts are free. */
  readonly messages: number;
  /** Lines that the functions printed: logs, and metrics in the embedded format. */
  readonly logLines: number;
  readonly logBytes: number;
  readonly publishes: number;
  /** Mails to all mailboxes. */
  readonly mails: number;
  readonly events: number;
  /** Events in the evidence log. */
  readonly evidenceBytes: number;
  /** Metrics times hours: a metric is billed for each hour in which it has a value. */
  readonly metricHours: number;
}

const NOTHING: Usage = {
  secretCalls: 0,
  valueReads: 0,
  invocations: 0,
  waited: 0,
  messages: 0,
  logLines: 0,
  logBytes: 0,
  publishes: 0,
  mails: 0,
  events: 0,
  evidenceBytes: 0,
  metricHours: 0,
};

/** Each usage so many times, added up. */
export function sumOf(...parts: readonly (readonly [times: number, usage: Usage])[]): Usage {
  const names = Object.keys(NOTHING) as (keyof Usage)[];
  const total = (name: keyof Usage) => parts.reduce((sum, [times, usage]) => sum + times * usage[name], 0);
  return Object.fromEntries(names.map((name) => [name, total(name)])) as Record<keyof Usage, number>;
}

/** Days of a month. */
export const DAYS = 30;

/** What a month uses, and what one rotation adds. */
export interface MonthlyUsage {
  /** Minutes between two checks. */
  readonly every: number;
  /** Of one key: its checks, and a third of a rotation. */
  readonly perKey: Usage;
  /** Of an environment: its daily reports, of which one a week is mailed, and the metrics that its checks count. */
  readonly perEnvironment: Usage;
  /** Of one rotation, from the first reminder to the proof of death, beyond the checks and reports of those days. */
  readonly rotation: Usage;
}
