import { type IMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import { KINDS, rowOf } from '../domain/findings/catalogue';
import { METRIC, METRICS_DIMENSION, METRICS_NAMESPACE, type MetricName } from '../domain/metrics';
import { minutesBetween } from '../domain/schedule';

export interface WatchedProps {
  readonly environment: string;
  readonly check: IFunction;
  readonly report: IFunction;
  readonly undelivered: IQueue;
  /** Schedules of the checks of all keys. */
  readonly checkEvery: readonly string[];
}

/** An alarm to create. */
export interface Watch {
  readonly name: string;
  /** Anchor of its section in docs/runbook.md. @default the alarm's name */
  readonly section?: string;
  readonly says: string;
  readonly metric: IMetric;
  readonly periods?: number;
  /** How many periods must breach. @default all */
  readonly breaching?: number;
  /** Set for a state that every check counts again: the alarm persists between two daily checks, as far as CloudWatch looks back. */
  readonly state?: boolean;
  /** Alarm above this share. @default from one on */
  readonly above?: number;
  /** Alarm if the metric is absent. */
  readonly heartbeat?: boolean;
}

/** A metric of one environment. */
export const count = (environment: string, metricName: MetricName, period: Duration, statistic = Stats.SUM) =>
  new Metric({
    namespace: METRICS_NAMESPACE,
    metricName,
    dimensionsMap: { [METRICS_DIMENSION]: environment },
    period,
    statistic,
  });

const MINUTE = Duration.minutes(1);
const HOUR = Duration.hours(1);
/** Long enough to include keys that are checked every few hours. */
const SIX_HOURS = Duration.hours(6);
/** In hours: a daily check and its flexible window. */
export const DAY_AND_TWO_HOURS = 26;
const DAY_IN_MINUTES = 24 * 60;

/** Hours that include two checks of the least often checked key, with their flexible windows. One check and its retries may fall into one hour. */
function hoursAcrossTwoChecks(checkEvery: readonly string[]): number {
  const minutes = checkEvery.map((expression) => minutesBetween(expression)?.longest ?? DAY_IN_MINUTES);
  return Math.min(DAY_AND_TWO_HOURS, Math.ceil(Math.max(60, ...minutes) / 60) + 2);
}

/** The same in minutes, and at most a day, which is how far CloudWatch looks back at metrics of a minute. */
const minutesAcrossTwoChecks = (checkEvery: readonly string[]) =>
  Math.min(DAY_IN_MINUTES, hoursAcrossTwoChecks(checkEvery) * 60);

/** The alarms in the catalogue of findings, each once: some kinds share one. */
const findingAlarms = () => {
  const alarms = KINDS.flatMap(({ kind }) => rowOf(kind).alarms ?? []);
  return [...new Map(alarms.map((alarm) => [alarm.name, alarm])).values()];
};

/** All alarms of an environment. */
export function watches({ environment, check, report, undelivered, checkEvery }: WatchedProps): Watch[] {
  const of = (name: MetricName, period: Duration) => count(environment, name, period);
  return [
    {
      name: 'check-failed',
      says: 'Checks of keys end in an error, and again at the next check.',
      metric: check.metricErrors({ period: HOUR, statistic: Stats.SUM }),
      periods: hoursAcrossTwoChecks(checkEvery),
      breaching: 2,
    },
    {
      name: 'check-not-running',
      says: 'No key of this environment was checked for more than a day.',
      metric: of(METRIC.checkCompleted, HOUR),
      periods: DAY_AND_TWO_HOURS,
      heartbeat: true,
    },
    {
      name: 'report-failed',
      says: 'The daily report, which looks for unwatched keys, ends in an error.',
      metric: report.metricErrors({ period: HOUR, statistic: Stats.SUM }),
    },
    {
      name: 'report-not-running',
      says: 'The daily report, which looks for unwatched keys, did not run.',
      metric: of(METRIC.reportCompleted, HOUR),
      periods: DAY_AND_TWO_HOURS,
      heartbeat: true,
    },
    ...findingAlarms().map(({ metric, atOnce, ...alarm }) => ({
      ...alarm,
      ...(atOnce
        ? { metric: of(metric, MINUTE), periods: minutesAcrossTwoChecks(checkEvery), breaching: 1 }
        : { metric: of(metric, HOUR), state: true }),
    })),
    {
      name: 'nobody-listens',
      says: 'A notice is due, and nobody who would get it has confirmed a subscription.',
      metric: of(METRIC.nobodyListens, HOUR),
      state: true,
    },
    {
      name: 'notice-not-delivered',
      says: 'Notices are refused by SNS. They are kept and tried again at every check.',
      metric: of(METRIC.noticeNotDelivered, HOUR),
    },
    {
      name: 'keys-unknown',
      section: 'no-conclusive-answer',
      says: 'More than half of the checks within six hours got no conclusive answer: an outage at Anthropic, or no way out from here.',
      metric: new MathExpression({
        expression: 'IF(checked > 0, unknown / checked, 0)',
        label: 'share of checks without a conclusive answer',
        usingMetrics: {
          unknown: of(METRIC.keyUnknown, SIX_HOURS),
          checked: of(METRIC.checkCompleted, SIX_HOURS),
        },
        period: SIX_HOURS,
      }),
      above: 0.5,
    },
    {
      name: 'rotation-failed',
      says: 'A submitted key could not be promoted.',
      metric: of(METRIC.rotationFailed, HOUR),
      state: true,
    },
    {
      name: 'undelivered',
      says: 'Invocations were refused, or failed to the end.',
      metric: undelivered.metricApproximateNumberOfMessagesVisible({
        period: HOUR,
        statistic: Stats.MAXIMUM,
      }),
    },
  ];
}
