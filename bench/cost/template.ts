import { Template } from 'aws-cdk-lib/assertions';
import { DEFAULT_LOG_RETENTION_DAYS } from '../../lib/config/log-retention';
import { METRIC } from '../../lib/domain/metrics';
import { smallest } from '../../test/constructs/fleets';
import { stacksOf } from '../../test/constructs/synthesis';

/** What the template of an environment says of its cost. */
export interface Environment {
  readonly alarms: number;
  /** CloudWatch bills an alarm for each metric that it reads. */
  readonly alarmMetrics: number;
  /** Metrics of our own: what is billed if each gets a value in every hour. */
  readonly ownMetrics: number;
  /** Megabytes of the check. */
  readonly memory: number;
  /** Days for which logs are kept. */
  readonly logDays: number;
}

interface Alarm {
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Metrics?: readonly { readonly MetricStat?: { readonly Metric: Alarm } }[];
}

/** Synthesises the smallest fleet and counts. */
export function environmentTemplate(): Environment {
  const template = Template.fromStack(stacksOf(smallest)[0]!);
  const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(
    ({ Properties }) => Properties as Alarm,
  );
  const read = alarms.flatMap(
    (alarm) => alarm.Metrics?.flatMap(({ MetricStat }) => MetricStat?.Metric ?? []) ?? alarm,
  );
  const own = read
    .filter(({ Namespace }) => !Namespace?.startsWith('AWS/'))
    .map(({ MetricName }) => MetricName);
  const [check] = Object.values(
    template.findResources('AWS::Lambda::Function', {
      Properties: { FunctionName: 'anthropic-keys-prod-check' },
    }),
  );
  return {
    alarms: alarms.length,
    alarmMetrics: read.length,
    ownMetrics: new Set([...own, ...Object.values(METRIC)]).size,
    memory: check!.Properties.MemorySize,
    logDays: DEFAULT_LOG_RETENTION_DAYS,
  };
}
