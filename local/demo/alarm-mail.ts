import { absolute, wordWrap } from '../../lib/domain/wording/text';
import type { AlarmProperties, AlarmState, Reading } from './alarm';

const DESCRIPTION = '- Description:          ';

/** Where an alarm lives. */
export interface AlarmPlace {
  readonly account: string;
  readonly region: string;
}

/** Subject of the mail that CloudWatch sends by SNS when an alarm changes its state. */
export const alarmSubject = (alarm: AlarmProperties, state: AlarmState, { region }: AlarmPlace) =>
  `${state}: "${alarm.AlarmName}" in ${region}`;

/** Its text, in the wording and order of CloudWatch's own mails. */
export function alarmText(
  alarm: AlarmProperties,
  { state, latest }: Reading,
  now: Date,
  { account, region }: AlarmPlace,
): string {
  const entered = state === 'ALARM' ? 'entered the ALARM state' : 'returned to the OK state';
  const time = absolute(now);
  return [
    `You are receiving this email because your Amazon CloudWatch Alarm`,
    `"${alarm.AlarmName}" in the ${region} region has`,
    `${entered} at ${time}.`,
    '',
    'Alarm Details:',
    `- Name:                 ${alarm.AlarmName}`,
    wordWrap(alarm.AlarmDescription ?? '', {
      width: 77,
      first: DESCRIPTION,
      rest: ' '.repeat(DESCRIPTION.length),
    }),
    `- State Change:         ${state === 'ALARM' ? 'OK -> ALARM' : 'ALARM -> OK'}`,
    `- Reason:               ${reason(alarm, latest)}`,
    `- AWS Account:          ${account}`,
    '',
    'Monitored Metric:',
    `- Name:                 ${alarm.MetricName ?? 'a share of two metrics'}`,
    `- Period:               ${alarm.Period ?? alarm.Metrics?.[0]?.MetricStat?.Period ?? ''} seconds`,
    '',
  ].join('\n');
}

function reason(alarm: AlarmProperties, latest: number | undefined): string {
  return latest === undefined
    ? `no datapoints, threshold ${alarm.Threshold}`
    : `datapoint ${Math.round(latest * 100) / 100}, threshold ${alarm.Threshold}`;
}
