import { Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import {
  type BegunMetricName,
  METRIC,
  METRICS_DIMENSION,
  METRICS_NAMESPACE,
  type MetricName,
} from '../domain/metrics';

/** A method for each metric: without one, the class below does not compile. */
type MetricMethods = {
  readonly [Name in keyof typeof METRIC as `metric${Capitalize<Name>}`]: (props?: MetricOptions) => Metric;
};

/** The metrics of one environment. None is about a single key: CloudWatch bills each value of a dimension. */
export abstract class EnvironmentMetrics extends Construct implements MetricMethods {
  /** Name of the environment, such as `prod`. */
  abstract readonly environment: string;

  /**
   * A metric by its name in CloudWatch. One that ends in `Begun` counts only the beginnings of a state, which every check counts again.
   * @param props as for any metric of the CDK. @default the sum of an hour
   */
  metric(name: MetricName | BegunMetricName, props: MetricOptions = {}): Metric {
    return new Metric({
      namespace: METRICS_NAMESPACE,
      metricName: name,
      dimensionsMap: { [METRICS_DIMENSION]: this.environment },
      period: Duration.hours(1),
      statistic: Stats.SUM,
      ...props,
    });
  }

  /** Finished checks of keys: the heartbeat, and the base of shares. */
  metricCheckCompleted(props?: MetricOptions): Metric {
    return this.metric(METRIC.checkCompleted, props);
  }

  /** Checks that ended in an error. */
  metricCheckFailed(props?: MetricOptions): Metric {
    return this.metric(METRIC.checkFailed, props);
  }

  /** Checks that found a live key proven dead. */
  metricKeyDead(props?: MetricOptions): Metric {
    return this.metric(METRIC.keyDead, props);
  }

  /** Checks that found a live value of no use: empty or malformed, other text, a dead key that was never accepted, a key from elsewhere. */
  metricKeyUnusable(props?: MetricOptions): Metric {
    return this.metric(METRIC.keyUnusable, props);
  }

  /** Checks that found a live key refused, without proof that it is dead. */
  metricKeysRefused(props?: MetricOptions): Metric {
    return this.metric(METRIC.keysRefused, props);
  }

  /** Checks that found a live key that authenticates but cannot be used: billing, spend limit, permission and the like. */
  metricKeyBlocked(props?: MetricOptions): Metric {
    return this.metric(METRIC.keyBlocked, props);
  }

  /** Checks that found a live key blocked by the billing of the whole organization. */
  metricBlockedBilling(props?: MetricOptions): Metric {
    return this.metric(METRIC.blockedBilling, props);
  }

  /** Checks that found a live key blocked by a spend limit. */
  metricBlockedSpendLimit(props?: MetricOptions): Metric {
    return this.metric(METRIC.blockedSpendLimit, props);
  }

  /** Checks that found a live key blocked because the whole organization is. */
  metricBlockedOrganization(props?: MetricOptions): Metric {
    return this.metric(METRIC.blockedOrganization, props);
  }

  /** Checks that got no conclusive answer about the live key. */
  metricKeyUnknown(props?: MetricOptions): Metric {
    return this.metric(METRIC.keyUnknown, props);
  }

  /** Checks that found a live key older than its policy allows. */
  metricKeyOverdue(props?: MetricOptions): Metric {
    return this.metric(METRIC.keyOverdue, props);
  }

  /** Checks that found a superseded key that still works after its grace. */
  metricKeyZombie(props?: MetricOptions): Metric {
    return this.metric(METRIC.keyZombie, props);
  }

  /** Managed keys that were not checked for 26 hours, counted by the daily report. */
  metricKeyUnwatched(props?: MetricOptions): Metric {
    return this.metric(METRIC.keyUnwatched, props);
  }

  /** Age of the oldest live key, in days. @default the maximum of a day */
  metricOldestKeyAgeDays(props?: MetricOptions): Metric {
    return this.metric(METRIC.oldestKeyAgeDays, {
      period: Duration.days(1),
      statistic: Stats.MAXIMUM,
      ...props,
    });
  }

  /** Notices that were due while none of their recipients had confirmed a subscription. */
  metricNobodyListens(props?: MetricOptions): Metric {
    return this.metric(METRIC.nobodyListens, props);
  }

  /** Notices that SNS refused. Each is tried again at the next check. */
  metricNoticeNotDelivered(props?: MetricOptions): Metric {
    return this.metric(METRIC.noticeNotDelivered, props);
  }

  /** Events that EventBridge refused. That of a notice is tried again at the next check. */
  metricEventNotDelivered(props?: MetricOptions): Metric {
    return this.metric(METRIC.eventNotDelivered, props);
  }

  /** Rotations that ended in an error, although their submission was neither refused nor absent. */
  metricRotationFailed(props?: MetricOptions): Metric {
    return this.metric(METRIC.rotationFailed, props);
  }

  /** Bad values that a check took back. */
  metricEditUndone(props?: MetricOptions): Metric {
    return this.metric(METRIC.editUndone, props);
  }

  /** Finished daily reports. */
  metricReportCompleted(props?: MetricOptions): Metric {
    return this.metric(METRIC.reportCompleted, props);
  }
}
