/** The properties of a synthesised AWS::CloudWatch::Alarm that its evaluation reads. */
export interface AlarmProperties {
  readonly AlarmName: string;
  readonly AlarmDescription?: string;
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[];
  readonly Statistic?: string;
  readonly Period?: number;
  readonly Metrics?: readonly MetricQuery[];
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm?: number;
  readonly Threshold: number;
  readonly ComparisonOperator: string;
  readonly TreatMissingData?: string;
  readonly AlarmActions?: readonly string[];
  readonly OKActions?: readonly string[];
}

interface MetricQuery {
  readonly Id: string;
  readonly Expression?: string;
  readonly MetricStat?: {
    readonly Metric: { readonly Namespace: string; readonly MetricName: string };
    readonly Period: number;
    readonly Stat: string;
  };
}

/** One number that CloudWatch collected. */
export interface Datum {
  readonly at: Date;
  readonly value: number;
}

/** What CloudWatch holds of one metric, oldest first. `dimension` is the value of its first dimension. */
export type Collected = (namespace: string, name: string, dimension: string | undefined) => readonly Datum[];

export type AlarmState = 'OK' | 'ALARM';

/** What an alarm says at a moment, and the figure of its latest period that has one. */
export interface Reading {
  readonly state: AlarmState;
  readonly latest?: number;
}

/** Evaluates an alarm over the periods that end now, as CloudWatch does: it alarms when enough of them breach. */
export function readAlarm(alarm: AlarmProperties, collected: Collected, now: Date): Reading {
  const values = alarm.MetricName ? metricValues(alarm, collected, now) : shareValues(alarm, collected, now);
  const breaching = values.filter((value) => breaches(alarm, value)).length;
  const state = breaching >= (alarm.DatapointsToAlarm ?? alarm.EvaluationPeriods) ? 'ALARM' : 'OK';
  return { state, latest: values.find((value) => value !== undefined) };
}

type Values = readonly (number | undefined)[];

function metricValues(alarm: AlarmProperties, collected: Collected, now: Date): Values {
  const data = collected(alarm.Namespace!, alarm.MetricName!, alarm.Dimensions?.[0]?.Value);
  return perPeriod(data, alarm.Period ?? 60, alarm, now, alarm.Statistic ?? 'Sum');
}

function shareValues(alarm: AlarmProperties, collected: Collected, now: Date): Values {
  const queries = alarm.Metrics ?? [];
  const series = new Map(
    queries.flatMap(({ Id, MetricStat: stat }) => {
      if (!stat) return [];
      const data = collected(stat.Metric.Namespace, stat.Metric.MetricName, undefined);
      return [[Id, perPeriod(data, stat.Period, alarm, now, stat.Stat)] as const];
    }),
  );
  return share(queries.find(({ Expression }) => Expression)?.Expression ?? '', series);
}

/** The statistic of each period, the running one first; nothing where nothing was counted. */
function perPeriod(
  data: readonly Datum[],
  seconds: number,
  { EvaluationPeriods: count }: AlarmProperties,
  now: Date,
  kind: string,
): Values {
  const periods: number[][] = [];
  const end = now.getTime();
  for (let index = data.length - 1; index >= 0; index -= 1) {
    const { at, value } = data[index]!;
    const age = end - at.getTime();
    if (age < 0) continue;
    const place = Math.floor(age / (seconds * 1000));
    if (place >= count) break;
    periods[place] ??= [];
    periods[place].push(value);
  }
  const values = new Array<number | undefined>(count).fill(undefined);
  periods.forEach((counted, place) => {
    values[place] = statistic(kind, counted);
  });
  return values;
}

/** The one form of metric arithmetic in use: a share, and nothing where nothing was counted. */
function share(expression: string, series: ReadonlyMap<string, Values>): Values {
  const [, whole, part, divisor] = /^IF\((\w+) > 0, (\w+) ?\/ ?(\w+), 0\)$/.exec(expression) ?? [];
  if (!whole || whole !== divisor) throw new Error(`The demo can't evaluate the expression ${expression}.`);
  const parts = series.get(part!) ?? [];
  return (series.get(whole) ?? []).map((total, period) => (total ? (parts[period] ?? 0) / total : undefined));
}

function statistic(kind: string, values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + value, 0);
  switch (kind) {
    case 'Maximum':
      return Math.max(...values);
    case 'Minimum':
      return Math.min(...values);
    case 'Average':
      return sum / values.length;
    default:
      return sum;
  }
}

function breaches(alarm: AlarmProperties, value: number | undefined): boolean {
  if (value === undefined) return alarm.TreatMissingData === 'breaching';
  switch (alarm.ComparisonOperator) {
    case 'GreaterThanOrEqualToThreshold':
      return value >= alarm.Threshold;
    case 'GreaterThanThreshold':
      return value > alarm.Threshold;
    case 'LessThanThreshold':
      return value < alarm.Threshold;
    default:
      return value <= alarm.Threshold;
  }
}
