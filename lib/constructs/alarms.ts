import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { METRIC, METRICS_DIMENSION, METRICS_NAMESPACE, type MetricName } from '../contract/metric-names';
import { sharedName } from '../contract/names';

export interface AlarmsProps {
  readonly environment: string;
  readonly check: IFunction;
  readonly report: IFunction;
  readonly undelivered: IQueue;
  /** Where alarms are sent: best not the topic of the notices. */
  readonly topic: ITopic;
  /** Where docs/runbook.md is served. @default the path in the repository */
  readonly runbookUrl?: string;
}

interface Watch {
  readonly name: string;
  /** Anchor of its section in docs/runbook.md. @default the alarm's name */
  readonly section?: string;
  readonly says: string;
  readonly metric: IMetric;
  readonly periods?: number;
  readonly threshold?: number;
  /** Set for a heartbeat: its absence is the alarm. */
  readonly heartbeat?: boolean;
}

/** Counts of one environment; `period` is the longest distance between two readings that still belong together. */
export const count = (environment: string, metricName: MetricName, period: Duration, statistic = Stats.SUM) =>
  new Metric({
    namespace: METRICS_NAMESPACE,
    metricName,
    dimensionsMap: { [METRICS_DIMENSION]: environment },
    period,
    statistic,
  });

const HOUR = Duration.hours(1);
const DAY = Duration.days(1);

/** The watcher is watched: failures, and the silence that a failed scheduler would be. Every alarm names its runbook section. */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const action = new SnsAction(props.topic);
    for (const watch of watches(props)) {
      const alarm = new Alarm(this, watch.name, {
        alarmName: `${sharedName(props.environment)}-${watch.name}`,
        alarmDescription: `${watch.says} ${props.runbookUrl ?? 'docs/runbook.md'}#${watch.section ?? watch.name}`,
        metric: watch.metric,
        evaluationPeriods: watch.periods ?? 1,
        threshold: watch.threshold ?? 1,
        comparisonOperator: watch.heartbeat
          ? ComparisonOperator.LESS_THAN_THRESHOLD
          : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treatMissingData: watch.heartbeat ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
      });
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
    }
  }
}

function watches({ environment, check, report, undelivered }: AlarmsProps): Watch[] {
  const of = (name: MetricName, period: Duration) => count(environment, name, period);
  return [
    {
      name: 'check-failed',
      says: 'Checks of keys end in an error.',
      metric: check.metricErrors({ period: HOUR, statistic: Stats.SUM }),
      periods: 2,
    },
    {
      name: 'check-not-running',
      says: 'No key of this environment was checked for more than a day.',
      metric: of(METRIC.checkCompleted, HOUR),
      periods: 26,
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
      periods: 26,
      heartbeat: true,
    },
    {
      name: 'keys-unwatched',
      section: 'unwatched-key',
      says: 'A managed key was not checked for 26 hours.',
      metric: of(METRIC.keyUnwatched, DAY),
    },
    {
      name: 'nobody-listens',
      says: 'The topic of the notices has no confirmed subscription: nobody is told anything.',
      metric: of(METRIC.nobodyListens, HOUR),
    },
    {
      name: 'notice-not-delivered',
      says: 'Notices are refused by SNS. They are kept and tried again at every check.',
      metric: of(METRIC.noticeNotDelivered, HOUR),
    },
    {
      name: 'key-dead',
      section: 'dead-key',
      says: 'A key in use is dead, and nobody here switched it off.',
      metric: of(METRIC.keyDead, HOUR),
    },
    {
      name: 'blocked-billing',
      section: 'blocked-key',
      says: 'Keys are refused because the organization has no credit or no billing. They are not dead.',
      metric: of(METRIC.blockedBilling, HOUR),
    },
    {
      name: 'blocked-spend-limit',
      section: 'blocked-key',
      says: 'Keys are refused because a spend limit of yours is reached. They are not dead.',
      metric: of(METRIC.blockedSpendLimit, HOUR),
    },
    {
      name: 'blocked-organization',
      section: 'blocked-key',
      says: 'Keys are refused because Anthropic has the whole organization on hold.',
      metric: of(METRIC.blockedOrganization, HOUR),
    },
    {
      name: 'keys-unknown',
      section: 'no-conclusive-answer',
      says: 'Most keys got no conclusive answer for six hours: an outage at Anthropic, or no way out from here.',
      metric: new MathExpression({
        expression: 'IF(checked > 0, unknown / checked, 0)',
        label: 'share of checks without a conclusive answer',
        usingMetrics: {
          unknown: of(METRIC.keyUnknown, HOUR),
          checked: of(METRIC.checkCompleted, HOUR),
        },
        period: HOUR,
      }),
      periods: 6,
      threshold: 0.5,
    },
    {
      name: 'key-overdue',
      section: 'overdue-key',
      says: 'A key is older than its policy allows.',
      metric: of(METRIC.keyOverdue, DAY),
    },
    {
      name: 'key-zombie',
      section: 'old-key-still-works',
      says: 'A superseded key still works after its grace.',
      metric: of(METRIC.keyZombie, DAY),
    },
    {
      name: 'rotation-failed',
      says: 'A submitted key could not be promoted.',
      metric: of(METRIC.rotationFailed, HOUR),
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
