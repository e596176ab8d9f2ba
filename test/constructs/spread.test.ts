import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { renderFault } from '../../lib/config/fault';
import { loadFleet } from '../../lib/config/load';
import { spreadOver } from '../../lib/contract/names';
import { appWithoutBundles, resourcesOf, stacksOf } from './synthesis';

/** An environment with these keys, spread over so many further stacks. */
const fleetOf = (keys: readonly string[], stacks?: number, extra = '') =>
  [
    'environments:',
    '  prod:',
    '    alerts: [team@acme.io]',
    ...(stacks === undefined ? [] : [`    stacks: ${stacks}`]),
    '    keys:',
    ...keys.map((key) => `      ${key}: { owner: team@acme.io }`),
    extra,
  ].join('\n');

const services = (count: number) => Array.from({ length: count }, (_, index) => `service-${index}`);

/** The keys of each stack, by the name of the stack. */
const keysByStack = (yaml: string) =>
  Object.fromEntries(
    stacksOf(yaml).map((stack) => [
      stack.stackName,
      Object.values(resourcesOf(Template.fromStack(stack)))
        .filter(({ Type }) => Type === 'AWS::SecretsManager::Secret')
        .map(({ Properties }) => String(Properties.Name).replace('anthropic/prod/', '')),
    ]),
  );

/** The group of schedules in each stack, by the name of the group: CloudFormation knows it by its id, AWS by its name. */
const groups = (yaml: string) =>
  Object.fromEntries(
    stacksOf(yaml).flatMap((stack) =>
      Object.entries(resourcesOf(Template.fromStack(stack)))
        .filter(([, { Type }]) => Type === 'AWS::Scheduler::ScheduleGroup')
        .map(([id, { Properties }]) => [String(Properties.Name), id]),
    ),
  );

test.each([
  ['numbered names', services(1000)],
  [
    'names that end alike',
    Array.from({ length: 1000 }, (_, n) => `team-${n % 40}-api-${Math.floor(n / 40)}`),
  ],
])('1,000 keys with %s spread evenly over 4 stacks', (_, keys) => {
  const counts = new Map<string, number>();
  for (const key of keys) {
    const stack = spreadOver(4, 'prod', key);
    counts.set(stack, (counts.get(stack) ?? 0) + 1);
  }
  expect([...counts.keys()].sort()).toEqual(['1', '2', '3', '4']);
  for (const count of counts.values()) expect(Math.abs(count - 250)).toBeLessThan(50);
});

test('where a key goes is pinned: another stack for a deployed key would break its deployment', () => {
  expect(services(12).map((service) => spreadOver(4, 'prod', service))).toEqual([...'424121242232']);
  expect(spreadOver(1, 'prod', 'api')).toBe('1');
});

test('1,000 keys fit into 8 stacks, and the first one holds none', () => {
  const app = appWithoutBundles();
  const stacks = stacksOf(fleetOf(services(1000), 8), app);
  expect(stacks.map(({ stackName }) => stackName).sort()).toEqual([
    'AnthropicKeys-prod',
    ...[1, 2, 3, 4, 5, 6, 7, 8].map((stack) => `AnthropicKeys-prod-${stack}`),
  ]);
  expect(() => app.synth()).not.toThrow();
  const outputs = stacks.map((stack) => Object.keys(Template.fromStack(stack).toJSON().Outputs ?? {}).length);
  // CloudFormation's limit.
  expect(Math.max(...outputs)).toBeLessThanOrEqual(200);
  const [first] = stacks;
  Template.fromStack(first!).resourceCountIs('AWS::SecretsManager::Secret', 0);
});

test('one more key moves no other', () => {
  const where = (keys: readonly string[]) => {
    const { fleet } = loadFleet(fleetOf(keys, 8), 'keys.yaml');
    return fleet!.environments[0]!.keys.map(({ service, stack }) => [service, stack]);
  };
  const before = where(services(1000));
  expect(where(['early-bird', ...services(1000)]).slice(1)).toEqual(before);
});

test('a key may name a stack of its own beside those of the others', () => {
  const own = '      late-comer: { owner: team@acme.io, stack: more }';
  expect(keysByStack(fleetOf(['service-0'], 1, own))).toEqual({
    'AnthropicKeys-prod': [],
    'AnthropicKeys-prod-1': ['service-0'],
    'AnthropicKeys-prod-more': ['late-comer'],
  });
});

test.each([
  [undefined, 4],
  [4, 5],
  [4, undefined],
])(
  'another number, %s and then %s, gives a group another id and the same name: CloudFormation refuses it',
  (...numbers) => {
    const [before, after] = numbers.map((stacks) => groups(fleetOf(services(40), stacks))) as [
      object,
      object,
    ];
    const same = Object.keys(before).filter((name) => name in after);
    expect(same).toContain('anthropic-keys-prod');
    for (const name of same)
      expect([name, Reflect.get(after, name)]).not.toEqual([name, Reflect.get(before, name)]);
  },
);

test('a new key leaves every group as it is, and the group of an own stack has nothing to do with the number', () => {
  const own = '      late-comer: { owner: team@acme.io, stack: more }';
  const before = groups(fleetOf(services(40), 4, own));
  expect(groups(fleetOf(services(41), 4, own))).toEqual(before);
  expect(groups(fleetOf(services(40), 5, own))['anthropic-keys-prod-more']).toBe(
    before['anthropic-keys-prod-more'],
  );
});

test('synthesis says that the number is fixed', () => {
  const told = (yaml: string) =>
    Annotations.fromStack(stacksOf(yaml)[0]!).findInfo('*', Match.stringLikeRegexp('fixed once deployed'))
      .length;
  expect([told(fleetOf(['api'], 4)), told(fleetOf(['api']))]).toEqual([1, 0]);
});

test.each([
  [fleetOf(['api'], 0), 'environments.prod.stacks is 0: expected a whole number of stacks from 1 to 50'],
  [fleetOf(['api'], 51), 'environments.prod.stacks is 51: expected a whole number of stacks'],
  [
    `${fleetOf(['api'], 4)}  prod-3: { alerts: [a@acme.io], keys: { api: { owner: a@acme.io } } }\n`,
    'environments.prod.stacks is 4: expected no prod-3, which is an environment: rename that one',
  ],
  [
    fleetOf([], 4, "      api: { owner: team@acme.io, stack: '3' }"),
    'environments.prod.keys.api.stack is "3": expected a name of lower-case letters',
  ],
])('%# is refused', (yaml, fault) => {
  expect(loadFleet(yaml, 'keys.yaml').errors.map(renderFault)).toEqual([expect.stringContaining(fault)]);
});
