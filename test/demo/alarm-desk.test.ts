import { HOUR, MINUTE, plus } from '../../lib/domain/time';
import { AlarmDesk } from '../../local/demo/alarm-desk';
import { staged } from '../../local/staged-environment';
import { Sandbox } from '../../local/world';

const START = new Date('2026-11-21T00:00:00Z');
const PAGER = 'pager@example.com';

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await Sandbox.open({ start: START });
});
afterEach(() => sandbox.close());

test('an alarm over a minute is seen although the desk looks every hour, and again for the next minute', async () => {
  const { arn } = sandbox.aws.sns.createTopic('pager');
  sandbox.aws.sns.subscribeEmail(arn, PAGER);
  sandbox.aws.sns.confirm(PAGER);
  const alarm = {
    AlarmName: 'key-dead-new',
    Namespace: 'AnthropicKeyRotation',
    MetricName: 'KeyDeadBegun',
    Statistic: 'Sum',
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    TreatMissingData: 'notBreaching',
    AlarmActions: [arn],
  };
  const environment = staged({ name: 'prod', subscriptions: [], secrets: [] }, sandbox);
  const deployed = await sandbox.deploy({ ...environment, alarms: [alarm] });
  const desk = new AlarmDesk(deployed);
  const pages = () => sandbox.aws.sns.inbox(PAGER).length;
  for (const minutes of [5, 5, 30, 60]) {
    sandbox.clock.set(plus(sandbox.clock.now(), minutes * MINUTE));
    if (minutes < 60) deployed.telemetry.metrics.count('KeyDeadBegun');
  }
  await desk.evaluate(sandbox.clock.now());
  expect(pages()).toBe(3);
  sandbox.clock.set(plus(sandbox.clock.now(), HOUR));
  await desk.evaluate(sandbox.clock.now());
  expect(pages()).toBe(3);
});
