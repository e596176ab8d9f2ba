import { type AlarmProperties, type Datum, readAlarm } from '../../local/demo/alarm';

const now = new Date('2026-11-21T12:00:00Z');
const HOUR = 3_600_000;
const hoursAgo = (hours: number, value = 1): Datum => ({ at: new Date(now.getTime() - hours * HOUR), value });

const alarm: AlarmProperties = {
  AlarmName: 'an-alarm',
  Namespace: 'AnthropicKeyRotation',
  MetricName: 'KeyDead',
  Statistic: 'Sum',
  Period: 3600,
  EvaluationPeriods: 1,
  Threshold: 1,
  ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  TreatMissingData: 'notBreaching',
};

const state = (properties: Partial<AlarmProperties>, ...data: Datum[]) =>
  readAlarm({ ...alarm, ...properties }, () => data, now).state;

test('one datum of the running period is enough, an older one is not', () => {
  expect(state({}, hoursAgo(0))).toBe('ALARM');
  expect(state({}, hoursAgo(0.9))).toBe('ALARM');
  expect(state({}, hoursAgo(1.1))).toBe('OK');
  expect(state({})).toBe('OK');
});

test('what is counted later is no matter of now', () => {
  expect(state({}, hoursAgo(-1))).toBe('OK');
});

test('a state is kept for as many periods as it is looked for', () => {
  const kept = { EvaluationPeriods: 26, DatapointsToAlarm: 1 };
  expect(state(kept, hoursAgo(25))).toBe('ALARM');
  expect(state(kept, hoursAgo(27))).toBe('OK');
});

test('without a number of datapoints every period must breach', () => {
  expect(state({ EvaluationPeriods: 2 }, hoursAgo(0.5))).toBe('OK');
  expect(state({ EvaluationPeriods: 2 }, hoursAgo(1.5), hoursAgo(0.5))).toBe('ALARM');
});

test('a heartbeat alarms when it is missing everywhere', () => {
  const heartbeat = {
    EvaluationPeriods: 26,
    ComparisonOperator: 'LessThanThreshold',
    TreatMissingData: 'breaching',
  };
  expect(state(heartbeat, hoursAgo(27))).toBe('ALARM');
  expect(state(heartbeat, hoursAgo(20))).toBe('OK');
});

test('a share is taken of what was counted, and is nothing where nothing was', () => {
  const metric = (Id: string, MetricName: string) => ({
    Id,
    MetricStat: { Metric: { Namespace: 'AnthropicKeyRotation', MetricName }, Period: 3600, Stat: 'Sum' },
  });
  const share: AlarmProperties = {
    ...alarm,
    MetricName: undefined,
    Namespace: undefined,
    Threshold: 0.5,
    Metrics: [
      { Id: 'share', Expression: 'IF(checked > 0, unknown / checked, 0)' },
      metric('unknown', 'KeyUnknown'),
      metric('checked', 'CheckCompleted'),
    ],
  };
  const read = (unknown: number, checked: number) =>
    readAlarm(share, (_, name) => [hoursAgo(0.5, name === 'KeyUnknown' ? unknown : checked)], now);
  expect(read(2, 3)).toEqual({ state: 'ALARM', latest: 2 / 3 });
  expect(read(1, 3).state).toBe('OK');
  expect(read(0, 0)).toEqual({ state: 'OK', latest: undefined });
});
