import {
  Dashboard,
  GraphWidget,
  LogQueryVisualizationType,
  LogQueryWidget,
  SingleValueWidget,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { sharedName } from '../contract/names';
import { METRIC } from '../domain/metrics';
import { count } from './watches';

const DAY = Duration.days(1);
const HOUR = Duration.hours(1);

/** One page per environment: age of the keys, results of probes and checks. */
export function dashboard(scope: Construct, environment: string, checkLog: ILogGroup): Dashboard {
  const sum = (metric: (typeof METRIC)[keyof typeof METRIC], period = HOUR) =>
    count(environment, metric, period);
  return new Dashboard(scope, 'Dashboard', {
    dashboardName: sharedName(environment),
    defaultInterval: Duration.days(14),
    widgets: [
      [
        new SingleValueWidget({
          title: 'Oldest key, days',
          width: 6,
          height: 6,
          metrics: [count(environment, METRIC.oldestKeyAgeDays, DAY, Stats.MAXIMUM)],
        }),
        new GraphWidget({
          title: 'Age of the oldest key, days',
          width: 18,
          height: 6,
          left: [count(environment, METRIC.oldestKeyAgeDays, DAY, Stats.MAXIMUM)],
          leftYAxis: { min: 0 },
        }),
      ],
      [
        new GraphWidget({
          title: 'Checks by what they found',
          width: 12,
          height: 6,
          left: [
            METRIC.checkCompleted,
            METRIC.keyDead,
            METRIC.keyUnusable,
            METRIC.keyBlocked,
            METRIC.keyUnknown,
          ].map((name) => sum(name)),
        }),
        new GraphWidget({
          // Every check counts its findings again, so this is not a number of keys.
          title: 'Findings that need someone, a day',
          width: 12,
          height: 6,
          left: [METRIC.keyOverdue, METRIC.keyZombie, METRIC.keyUnwatched, METRIC.rotationFailed].map(
            (name) => sum(name, DAY),
          ),
        }),
      ],
      [
        new GraphWidget({
          title: 'The watcher itself',
          width: 24,
          height: 6,
          left: [
            METRIC.checkCompleted,
            METRIC.checkFailed,
            METRIC.reportCompleted,
            METRIC.noticeNotDelivered,
            METRIC.eventNotDelivered,
            METRIC.nobodyListens,
          ].map((name) => sum(name)),
        }),
      ],
      [
        new LogQueryWidget({
          title: 'Last check of every key',
          width: 24,
          height: 10,
          view: LogQueryVisualizationType.TABLE,
          logGroupNames: [checkLog.logGroupName],
          queryLines: [
            'filter message = "Key checked"',
            'stats latest(timestamp) as checked, latest(verdict) as says, latest(ageDays) as days by key',
            'sort days desc',
          ],
        }),
      ],
    ],
  });
}
