import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { sharedName } from '../contract/names';
import { type Watch, type WatchedProps, watches } from './watches';

export interface AlarmsProps extends WatchedProps {
  /** Where alarms are sent: preferably not the topic of the notices. */
  readonly topic: ITopic;
  /** Where docs/runbook.md is served. @default the path in the repository */
  readonly runbookUrl?: string;
}

/** Watches the checks themselves, for failures and for silence, e.g. of a failed scheduler. Every alarm links its runbook section. */
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
        datapointsToAlarm: watch.breaching,
        threshold: watch.above ?? 1,
        comparisonOperator: comparison(watch),
        treatMissingData: watch.heartbeat ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
      });
      alarm.addAlarmAction(action);
      if (!watch.momentary) alarm.addOkAction(action);
    }
  }
}

function comparison({ heartbeat, above }: Watch): ComparisonOperator {
  if (heartbeat) return ComparisonOperator.LESS_THAN_THRESHOLD;
  return above === undefined
    ? ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
    : ComparisonOperator.GREATER_THAN_THRESHOLD;
}
