import { type IMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import { KINDS, rowOf } from '../domain/findings/catalogue';
import {
  type BegunMetricName,
  begunOf,
  METRIC,
  METRICS_DIMENSION,
  METRICS_NAMESPACE,
  type MetricName,
} from '../domain/metrics';
import { hoursUntilNextRun, minutesBetween } from '../domain/schedule';
import { REPORT_EVERY } from './functions/report';

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
  /** Set for a moment rather than a state. Nobody is told that it is over. */
  readonly momentary?: boolean;
  /** Alarm above this share. @default from one on */
  readonly above?: number;
  /** Alarm if the metric is absent. */
  readonly heartbeat?: boolean;
}

/** A metric of one environment. */
export const count = (
  environment: string,
  metricName: MetricName | BegunMetricName,
  period: Duration,
  statistic = Stats.SUM,
) =>
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
const DAY_AND_TWO_HOURS = 26;
const DAY_IN_MINUTES = 24 * 60;

/** Hours that include two checks of the least often checked key, with their flexible windows. One check and its retries may fall into one hour. */
function hoursAcrossTwoChecks(checkEvery: readonly string[]): number {
  const minutes = checkEvery.map((expression) => minutesBetween(expression)?.longest ?? DAY_IN_MINUTES);
  return Math.min(DAY_AND_TWO_HOURS, Math.ceil(Math.max(60, ...minutes) / 60) + 2);
}

/** The alarms in the catalogue of findings, each once: some kinds share one. */
const findingAlarms = (): readonly State[] => {
  const alarms = KINDS.flatMap(({ kind }) => rowOf(kind).alarms ?? []);
  const once = new Map(alarms.map((alarm) => [alarm.name, alarm]));
  return [...once.values()].map(({ counts: _, ...alarm }) => alarm);
};

interface State extends Pick<Watch, 'name' | 'section' | 'says'> {
  readonly metric: MetricName;
  readonly oneForAll?: true;
  readonly atOnce?: boolean;
}

/** A state that every run of these schedules counts again, so the alarm lasts until the slowest of them had its next run. */
function lasting(
  environment: string,
  { name, section, metric, says, atOnce }: State,
  schedules: readonly string[],
): Watch {
  const hours = hoursUntilNextRun(schedules);
  // CloudWatch looks back a day at metrics of a minute.
  const periods = atOnce ? Math.min(DAY_IN_MINUTES, hours * 60) : hours;
  return {
    name,
    section,
    says: `${says} It ends ${hours} hours after the last run that found it.`,
    metric: count(environment, metric, atOnce ? MINUTE : HOUR),
    periods,
    breaching: 1,
  };
}

/** The beginnings of a state. An alarm about the state itself does not fire again for a second key. */
const beginning = (environment: string, { name, section = name, says, metric }: State): Watch => ({
  name: `${name}-new`,
  section,
  says: `Begins now, maybe for a further key: ${says}`,
  metric: count(environment, begunOf(metric), MINUTE),
  momentary: true,
});

/** All alarms of an environment. */
export function watches({ environment, check, report, undelivered, checkEvery }: WatchedProps): Watch[] {
  const of = (name: MetricName, period: Duration) => count(environment, name, period);
  const foundBy = ({ metric }: State) => (metric === METRIC.keyUnwatched ? [REPORT_EVERY] : checkEvery);
  const states: readonly State[] = [
    ...findingAlarms(),
    {
      name: 'rotation-failed',
      says: 'A rotation ended in an error, so a submitted key is not live, or what follows its promotion is not done.',
      metric: METRIC.rotationFailed,
    },
    {
      name: 'nobody-listens',
      says: 'A notice is due, and nobody who would get it has confirmed a subscription.',
      metric: METRIC.nobodyListens,
      oneForAll: true,
    },
  ];
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
    ...states.flatMap((state) => [
      lasting(environment, state, foundBy(state)),
      ...(state.oneForAll ? [] : [beginning(environment, state)]),
    ]),
    {
      name: 'notice-not-delivered',
      says: 'Notices are refused by SNS. They are kept and tried again at every check.',
      metric: of(METRIC.noticeNotDelivered, HOUR),
    },
    {
      name: 'event-not-delivered',
      says: 'Events are refused by EventBridge, and again at the next check: nothing is restarted, and no rule of yours hears of keys.',
      metric: of(METRIC.eventNotDelivered, HOUR),
      periods: hoursAcrossTwoChecks(checkEvery),
      breaching: 2,
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
      name: 'undelivered',
      says: 'Invocations were refused, or failed to the end.',
      metric: undelivered.metricApproximateNumberOfMessagesVisible({
        period: HOUR,
        statistic: Stats.MAXIMUM,
      }),
    },
  ];
}
