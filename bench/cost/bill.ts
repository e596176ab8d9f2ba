import { ASSUMED } from '../due-at-once/limits';
import { costOf, type PriceName } from '../prices';
import { DAYS, type MonthlyUsage, type Usage } from './counted';
import type { Environment } from './template';

/** What nobody can count in the embedded world. */
export const BILLED = {
  /** Seconds of an invocation beside its waits on purpose: its calls, our own work, and a cold start each time. */
  seconds:
    (ASSUMED.coldStart.value + ASSUMED.ownWork.value + ASSUMED.awsCall.value + ASSUMED.probe.value) / 1000,
  /** Bytes that Lambda itself writes to the log of an invocation. */
  platformBytes: 600,
  /** Lines of these bytes. */
  platformLines: 2,
  /** Bytes that CloudWatch Logs adds to a line. */
  lineBytes: 26,
  /** Tokens of a probe: Anthropic's older tokenizer makes eight of it, the newer one about 30 % more. */
  inputTokens: 10,
  outputTokens: 1,
} as const;

/** Units of a month by the name of their price. */
export type Units = Readonly<Partial<Record<PriceName, number>>>;

/** What is billed for one key. */
export const unitsPerKey = (
  { perKey }: Pick<MonthlyUsage, 'perKey'>,
  { memory, logDays }: Environment,
): Units => ({
  secret: 1,
  ...unitsOf(perKey, memory, logDays),
});

/** What is billed for an environment without keys. */
export const unitsPerEnvironment = (
  { perEnvironment }: Pick<MonthlyUsage, 'perEnvironment'>,
  { memory, alarmMetrics, logDays }: Environment,
): Units => ({ alarms: alarmMetrics, ...unitsOf(perEnvironment, memory, logDays) });

function unitsOf(usage: Usage, memory: number, logDays: number): Units {
  const { invocations, logBytes, logLines, evidenceBytes, messages } = usage;
  const lines = logLines + BILLED.platformLines * invocations;
  const bytes = logBytes + BILLED.platformBytes * invocations + BILLED.lineBytes * lines + evidenceBytes;
  return {
    secretCalls: usage.secretCalls,
    invocations,
    gbSeconds: (invocations * BILLED.seconds + usage.waited) * (memory / 1024),
    // Of a rotation, Secrets Manager invokes the function itself.
    schedules: invocations,
    events: usage.events,
    publishes: usage.publishes,
    mails: usage.mails,
    logBytes: bytes,
    keptBytes: (bytes * logDays) / DAYS,
    metrics: usage.metricHours / (DAYS * 24),
    haikuInput: messages * BILLED.inputTokens,
    haikuOutput: messages * BILLED.outputTokens,
  };
}

/** All units of an environment with so many keys. */
export function unitsOfFleet(keys: number, perKey: Units, perEnvironment: Units): Units {
  const names = [...new Set([...Object.keys(perKey), ...Object.keys(perEnvironment)])] as PriceName[];
  return Object.fromEntries(
    names.map((name) => [name, keys * (perKey[name] ?? 0) + (perEnvironment[name] ?? 0)]),
  );
}

/** What units cost, those of some names or all. */
export function dollars(
  units: Units,
  names = Object.keys(units) as PriceName[],
  withFreeTier = false,
): number {
  return names.reduce((sum, name) => sum + costOf(name, units[name] ?? 0, withFreeTier), 0);
}
