import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { elapsed, HOUR, plus } from '../../lib/domain/time';
import { clientConfig } from '../aws';
import type { Deployed } from '../world';
import {
  type AlarmProperties,
  type AlarmState,
  type Collected,
  type Datum,
  type Reading,
  readAlarm,
} from './alarm';
import { alarmSubject, alarmText } from './alarm-mail';

/** CloudWatch for one environment: evaluates its synthesised alarms and mails each change of state to the alarm's topics. */
export class AlarmDesk {
  readonly #states = new Map<string, AlarmState>();
  #looked: Date;
  readonly #sns: SNSClient;
  readonly #collected: Collected;

  constructor(private readonly site: Deployed) {
    this.#sns = new SNSClient(clientConfig(site.aws, 'cloudwatch'));
    this.#collected = collectedBy(site);
    this.#looked = site.since;
  }

  async evaluate(now: Date): Promise<void> {
    for (const alarm of this.site.deployment.alarms)
      for (const moment of this.#moments(alarm, now)) await this.#evaluate(alarm, moment);
    this.#looked = now;
  }

  async #evaluate(alarm: AlarmProperties, now: Date): Promise<void> {
    if (!this.#hasHistory(alarm, now)) return;
    const reading = readAlarm(alarm, this.#collected, now);
    const before = this.#states.get(alarm.AlarmName) ?? 'OK';
    this.#states.set(alarm.AlarmName, reading.state);
    if (before !== reading.state) await this.#mail(alarm, reading, now);
  }

  /** CloudWatch looks every minute. For an alarm over a minute it matters when something was counted, and a minute later. */
  #moments({ Period = HOUR / 1000, Namespace, MetricName }: AlarmProperties, now: Date): readonly Date[] {
    const period = Period * 1000;
    if (period >= HOUR || !Namespace || !MetricName) return [now];
    const since = plus(this.#looked, -period);
    const series = this.#collected(Namespace, MetricName, undefined);
    const counted = series.slice(series.findLastIndex(({ at }) => at <= since) + 1);
    const moments = counted.flatMap(({ at }) => [at, plus(at, period)]);
    return [...moments.filter((at) => at > this.#looked && at < now), now].sort((a, b) => +a - +b);
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

/** CloudWatch's view: errors of functions, and what functions counted, in one series per metric. */
function collectedBy({ telemetry: { counts }, failures }: Deployed): Collected {
  const series = new Map<string, Datum[]>();
  let read = 0;
  return (namespace, name, dimension) => {
    if (namespace === 'AWS/Lambda')
      return failures.flatMap(({ at, functionName: of }) => (of === dimension ? { at, value: 1 } : []));
    for (; read < counts.length; read += 1) {
      const { name: counted, at, value } = counts[read]!;
      const data = series.get(counted) ?? [];
      data.push({ at, value });
      series.set(counted, data);
    }
    return series.get(name) ?? [];
  };
}
