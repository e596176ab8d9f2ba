import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { elapsed } from '../../lib/domain/time';
import { clientConfig } from '../aws';
import { type AlarmProperties, type AlarmState, type Reading, readAlarm } from './alarm';
import { alarmSubject, alarmText } from './alarm-mail';
import type { Site } from './land';

/** CloudWatch for one environment: evaluates its synthesised alarms and mails each change of state to the alarm's topics. */
export class AlarmDesk {
  readonly #states = new Map<string, AlarmState>();
  readonly #sns: SNSClient;

  constructor(private readonly site: Site) {
    this.#sns = new SNSClient(clientConfig(site.aws, 'cloudwatch'));
  }

  async evaluate(now: Date): Promise<void> {
    for (const alarm of this.site.deployment.alarms) {
      if (!this.#hasHistory(alarm, now)) continue;
      const reading = readAlarm(alarm, this.site.collected, now);
      const before = this.#states.get(alarm.AlarmName) ?? 'OK';
      this.#states.set(alarm.AlarmName, reading.state);
      if (before !== reading.state) await this.#mail(alarm, reading, now);
    }
  }

  /** A heartbeat can't be missed before there was time for one. */
  #hasHistory(alarm: AlarmProperties, now: Date): boolean {
    if (alarm.TreatMissingData !== 'breaching') return true;
    const span = (alarm.Period ?? 60) * 1000 * alarm.EvaluationPeriods;
    return elapsed(this.site.since, now) >= span;
  }

  async #mail(alarm: AlarmProperties, reading: Reading, now: Date): Promise<void> {
    const { deployment, aws } = this.site;
    const topics = reading.state === 'ALARM' ? alarm.AlarmActions : alarm.OKActions;
    for (const arn of topics ?? []) {
      const { arn: TopicArn } = aws.sns.createTopic(arn.split(':').at(-1)!);
      await this.#sns.send(
        new PublishCommand({
          TopicArn,
          Subject: alarmSubject(alarm, reading.state, deployment),
          Message: alarmText(alarm, reading, now, deployment),
        }),
      );
    }
  }
}
