import { Match, Template } from 'aws-cdk-lib/assertions';
import { Alarm, type Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Code, Function as LambdaFunctionConstruct, Runtime } from 'aws-cdk-lib/aws-lambda';
import { type App, Duration, Stack } from 'aws-cdk-lib/core';
import { KeyRotation, type KeyRotationProps } from '../../lib';
import { begunOf, METRIC } from '../../lib/domain/metrics';
import { appWithoutBundles, resourcesOf } from './synthesis';

const rotationIn = (app: App, props: Partial<KeyRotationProps> = {}) =>
  new KeyRotation(new Stack(app, 'Keys'), 'AnthropicKeys', {
    environment: 'prod',
    alerts: ['platform@acme.io'],
    home: {},
    keys: [{ service: 'gateway', owner: 'gateway@acme.io' }],
    ...props,
  });

const rotation = rotationIn(appWithoutBundles());
type Method = keyof KeyRotation & `metric${Capitalize<keyof typeof METRIC>}`;
const methodOf = (name: string) => `metric${name[0]!.toUpperCase()}${name.slice(1)}` as Method;

test.each(Object.entries(METRIC))('the metric %s has a method of its own', (name, metricName) => {
  const metric: Metric = rotation[methodOf(name)]();
  const age = metricName === METRIC.oldestKeyAgeDays;
  expect(metric).toMatchObject({
    namespace: 'AnthropicKeyRotation',
    metricName,
    dimensions: { environment: 'prod' },
    statistic: age ? 'Maximum' : 'Sum',
    period: age ? Duration.days(1) : Duration.hours(1),
  });
  const daily = rotation[methodOf(name)]({ period: Duration.minutes(5), label: 'mine', color: '#123456' });
  expect(daily).toMatchObject({ metricName, period: Duration.minutes(5), label: 'mine', color: '#123456' });
});

test('every method for a metric is of a metric that the functions count', () => {
  const proto = Object.getPrototypeOf(Object.getPrototypeOf(rotation)) as object;
  const methods = Object.getOwnPropertyNames(proto).filter((name) => /^metric./.test(name));
  expect(methods.sort()).toEqual(Object.keys(METRIC).map(methodOf).sort());
});

test('the beginnings of a state are a metric by name', () => {
  expect(rotation.metric(begunOf(METRIC.keyDead)).metricName).toBe('KeyDeadBegun');
});

test('an alarm of yours reads the metric that the functions write', () => {
  const stack = Stack.of(rotation);
  new Alarm(stack, 'Mine', { metric: rotation.metricKeyOverdue(), threshold: 1, evaluationPeriods: 1 });
  Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: Match.absent(),
    MetricName: 'KeyOverdue',
    Namespace: 'AnthropicKeyRotation',
    Dimensions: [{ Name: 'environment', Value: 'prod' }],
    Statistic: 'Sum',
    Unit: Match.absent(),
  });
});

const handlerIn = (stack: Stack) =>
  new LambdaFunctionConstruct(stack, 'Handler', {
    code: Code.fromInline('exports.handler = async () => {}'),
    handler: 'index.handler',
    runtime: Runtime.NODEJS_LATEST,
  });

const rulesIn = (stack: Stack) =>
  Object.entries(resourcesOf(Template.fromStack(stack)))
    .filter(([id, { Type }]) => Type === 'AWS::Events::Rule' && /Mine/.test(id))
    .map(([, { Properties }]) => Properties);

test('a function of another stack is told of every change of one live key, without a circle of stacks', () => {
  const app = appWithoutBundles();
  const keys = rotationIn(app, { eventBusName: 'security' });
  const stack = new Stack(app, 'Reader');
  keys
    .key('gateway')
    .onKeyChanged('Mine', { target: new LambdaFunction(handlerIn(stack)), description: 'Restart' });
  expect(() => app.synth()).not.toThrow();
  expect(rulesIn(Stack.of(keys))).toEqual([
    expect.objectContaining({
      Description: 'Restart',
      EventBusName: 'security',
      EventPattern: {
        source: ['anthropic-key-rotation'],
        'detail-type': ['Key Promoted', 'Key Rolled Back'],
        detail: { environment: ['prod'], service: ['gateway'] },
      },
    }),
  ]);
});

test('with crossStackScope the rule is in the stack of its target', () => {
  const app = appWithoutBundles();
  const keys = rotationIn(app);
  const stack = new Stack(app, 'Reader');
  const target = new LambdaFunction(handlerIn(stack));
  keys.key('gateway').onKeyChanged('Mine', { target, crossStackScope: stack });
  keys.onEvent('MineToo', { target, crossStackScope: stack });
  expect(() => app.synth()).not.toThrow();
  expect([rulesIn(stack).length, rulesIn(Stack.of(keys)).length]).toEqual([2, 0]);
});

test('onEvent is for every event of the environment, or for those of a pattern', () => {
  const keys = rotationIn(appWithoutBundles());
  keys.onEvent('MineAll');
  keys.onEvent('MineDead', { eventPattern: { detailType: ['Key Dead'], detail: { owner: ['a@acme.io'] } } });
  expect(rulesIn(Stack.of(keys)).map(({ EventPattern }) => EventPattern)).toEqual([
    { source: ['anthropic-key-rotation'], detail: { environment: ['prod'] } },
    {
      source: ['anthropic-key-rotation'],
      'detail-type': ['Key Dead'],
      detail: { environment: ['prod'], owner: ['a@acme.io'] },
    },
  ]);
});
