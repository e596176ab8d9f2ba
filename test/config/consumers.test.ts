import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { App, Stack, Token } from 'aws-cdk-lib/core';
import { minutesOf } from '../../lib/config/consumer-schema';
import { consumerWarnings, namedConsumers } from '../../lib/config/consumers';
import { renderFault } from '../../lib/config/fault';
import type { FleetConsumer } from '../../lib/config/fleet';
import { loadFleet } from '../../lib/config/load';
import { tags } from '../../lib/config/resource-schema';
import { KeyRotation } from '../../lib/constructs/key-rotation';
import { CONSUMER_TAGS } from '../../lib/contract/consumer-tags';
import { MEMORY_TAG_KEYS } from '../../lib/contract/memory-tags';
import { policyToTags } from '../../lib/contract/policy-tags';
import { DEFAULT_POLICY } from '../../lib/domain/policy';

const SERVICE = 'arn:aws:ecs:eu-central-1:111122223333:service/prod/gateway';
const ROLE = 'arn:aws:iam::444455556666:role/restart';

const file = (consumers: string, policy = '') => `environments:
  prod:
    account: '111122223333'
    region: eu-central-1
    alerts: [a@acme.io, c@acme.io]
    keys:
      api:
        owner: b@acme.io
        consumers: ${consumers}${policy}
`;

const faults = (consumers: string) => loadFleet(file(consumers), 'keys.yaml').errors.map(renderFault);

const keysOf = (text: string) => loadFleet(text, 'keys.yaml').fleet!.environments[0]!.keys;

const consumersOf = (consumers: string) => namedConsumers(keysOf(file(consumers))[0]!.consumers);

test('every form of a consumer is completed', () => {
  expect(
    consumersOf(`
          - { kind: ecs, service: '${SERVICE}' }
          - { kind: ecs, name: chat, service: '${SERVICE.replace('gateway', 'chat')}' }
          - { kind: ecs, name: prod/worker }
          - { kind: lambda, name: summaries, refresh: 5 minutes }
          - { kind: kubernetes, name: web/deployment/search, refresh: 1 hour }
          - { kind: host, name: batch-01, refresh: restart }
          - { kind: other, name: nightly, refresh: 2 days }`),
  ).toEqual([
    { kind: 'ecs', name: 'prod/gateway', refresh: 'restart', restarted: true },
    { kind: 'ecs', name: 'chat', refresh: 'restart', restarted: true },
    { kind: 'ecs', name: 'prod/worker', refresh: 'restart' },
    { kind: 'lambda', name: 'summaries', refresh: 5 },
    { kind: 'kubernetes', name: 'web/deployment/search', refresh: 60 },
    { kind: 'host', name: 'batch-01', refresh: 'restart' },
    { kind: 'other', name: 'nightly', refresh: 2880 },
  ]);
});

test.each([
  ['5 minutes', 5],
  ['1 minute', 1],
  ['5 seconds', 1],
  ['90 seconds', 2],
  ['1 hour', 60],
  ['30 days', 43_200],
  ['31 days', undefined],
  ['0 minutes', undefined],
  ['5 min', undefined],
  ['5', undefined],
  ['-5 minutes', undefined],
  ['five minutes', undefined],
])('a refresh of %j is %j minutes', (written, minutes) => {
  expect(minutesOf(written)).toBe(minutes);
});

const AT = 'keys.yaml:9: environments.prod.keys.api.consumers';
const NAME_RULE = 'expected a name without spaces';

const REFUSED: readonly (readonly [what: string, consumers: string, fault: string])[] = [
  ['no list', 'gateway', `${AT} is "gateway": expected a list of consumers, or [] where nobody reads`],
  [
    'a consumer that is no mapping',
    '[gateway]',
    `${AT}[0] is "gateway": expected a consumer with kind and name`,
  ],
  ['another kind', '[{ kind: ec2, name: a }]', `${AT}[0].kind is "ec2": expected one of ecs, lambda,`],
  ['no name', '[{ kind: host }]', `${AT}[0].name is missing: ${NAME_RULE}`],
  ['a blank in a name', '[{ kind: host, name: batch 1 }]', `${AT}[0].name is "batch 1": ${NAME_RULE}`],
  ['a name of the separator', "[{ kind: host, name: '+' }]", `${AT}[0].name is "+": ${NAME_RULE}`],
  ['an accent', '[{ kind: host, name: bücher }]', `${AT}[0].name is "bücher": ${NAME_RULE}`],
  ['an unknown field', '[{ kind: host, name: a, nmae: b }]', `${AT}[0].nmae is not a known field`],
  [
    'a number of nothing',
    '[{ kind: host, name: a, refresh: 5 }]',
    `${AT}[0].refresh is 5: expected restart, or a duration such as 5 minutes`,
  ],
  [
    'another word',
    '[{ kind: host, name: a, refresh: often }]',
    `${AT}[0].refresh is "often": expected restart, or a duration such as 5 minutes, 1 hour or 2 days`,
  ],
  [
    'the same twice',
    '[{ kind: host, name: a }, { kind: host, name: a, refresh: 1 hour }]',
    `${AT}[1] is {"kind":"host","name":"a","refresh":"1 hour"}: expected each consumer once: consumers[0] is the same`,
  ],
  [
    'the same service under two names',
    `[{ kind: ecs, service: '${SERVICE}' }, { kind: ecs, name: b, service: '${SERVICE}' }]`,
    'expected each consumer once: consumers[0] is the same',
  ],
  [
    'a service of another kind',
    `[{ kind: lambda, name: a, service: '${SERVICE}' }]`,
    `${AT}[0].service is "${SERVICE}": expected no service, which only kind ecs has: this one is lambda`,
  ],
  [
    'a role without a service',
    `[{ kind: ecs, name: a, role: '${ROLE}' }]`,
    `${AT}[0].role is "${ROLE}": expected no role, which is assumed for a service of another account`,
  ],
  [
    'a service that refreshes',
    `[{ kind: ecs, service: '${SERVICE}', refresh: 1 hour }]`,
    `${AT}[0].refresh is "1 hour": expected restart, because a service is one that has to be restarted`,
  ],
  [
    'a short ARN without a cluster',
    `[{ kind: ecs, name: a, service: 'arn:aws:ecs:eu-central-1:111122223333:service/gateway' }]`,
    `${AT}[0].service is "arn:aws:ecs:eu-central-1:111122223333:service/gateway": expected the ARN of an ECS service with its cluster`,
  ],
  [
    'more services than one function can restart',
    `[${Array.from({ length: 16 }, (_, at) => `{ kind: ecs, service: '${SERVICE}-${at}' }`).join(', ')}]`,
    'expected at most 15 with a service, which one function restarts: these are 16',
  ],
  [
    'a service of another account without a role',
    `[{ kind: ecs, service: '${SERVICE.replace('111122223333', '444455556666')}' }]`,
    'expected a service of account 111122223333, or a role of account 444455556666 to assume',
  ],
  [
    'a role of a third account',
    `[{ kind: ecs, service: '${SERVICE}', role: '${ROLE}' }]`,
    `${AT}[0].role is "${ROLE}": expected a role of account 111122223333, which the service belongs to`,
  ],
  [
    'a role that is none',
    `[{ kind: ecs, service: '${SERVICE}', role: restart }]`,
    `${AT}[0].role is "restart": expected the ARN of an IAM role`,
  ],
  [
    'a cluster and a service that make no name',
    `[{ kind: ecs, service: 'arn:aws:ecs:eu-central-1:111122223333:service/${'c'.repeat(60)}/${'s'.repeat(60)}' }]`,
    `${AT}[0].name is missing: ${NAME_RULE}`,
  ],
];

test.each(REFUSED)('%s is refused with its line, value and expectation', (_, consumers, fault) => {
  expect(faults(consumers)).toEqual([expect.stringContaining(fault)]);
});

test('a service of another account with a role is accepted', () => {
  const service = SERVICE.replace('111122223333', '444455556666');
  expect(faults(`[{ kind: ecs, service: '${service}', role: '${ROLE}' }]`)).toEqual([]);
});

test('a service of another region is accepted: the function asks ECS where the service is', () => {
  expect(faults(`[{ kind: ecs, service: '${SERVICE.replace('eu-central-1', 'eu-west-1')}' }]`)).toEqual([]);
});

test('what does not fit into the tags is refused with its budget', () => {
  const many = (count: number) =>
    `[${Array.from({ length: count }, (_, at) => `{ kind: host, name: ${'n'.repeat(97)}-${10 + at} }`).join(', ')}]`;
  expect(faults(many(10))).toEqual([]);
  expect(faults(many(11))).toEqual([
    expect.stringContaining(
      'they are kept in at most 5 tags of 256 characters, because a secret takes fifty tags in all. These need 6 tags',
    ),
  ]);
});

test('the tags of this project and those of a deployment are at most the fifty that a secret takes', () => {
  const hours = { days: [1, 5], hours: [9, 17], timeZone: 'UTC' } as const;
  const policy = {
    ...DEFAULT_POLICY,
    probeModel: 'claude-haiku-4-5',
    workingHours: hours,
    allowLongAge: 'A vendor tool',
  };
  const key = { environment: 'prod', service: 'api', owner: 'b@acme.io' };
  const ofPolicy = Object.keys(policyToTags(key, policy, { workspaceId: 'wrkspc_1' })).length;
  const stated = 1;
  const most = ofPolicy + CONSUMER_TAGS.length + stated + MEMORY_TAG_KEYS.length;
  const own = (count: number) =>
    tags.safeParse(Object.fromEntries(Array.from({ length: count }, (_, at) => [`tag-${at}`, 'x'])));
  const allowed = Array.from({ length: 51 }, (_, count) => count)
    .filter((count) => own(count).success)
    .at(-1)!;
  expect(most).toBe(29);
  expect(most + allowed).toBeLessThanOrEqual(50);
});

const warningsOf = (text: string) =>
  loadFleet(text, 'keys.yaml')
    .fleet!.environments.flatMap(consumerWarnings)
    .map(({ text }) => text);

describe('synthesis warns', () => {
  test('once for an environment, of all keys whose readers nobody names', () => {
    const keys = Array.from({ length: 100 }, (_, at) => `      k${at}: { owner: b@acme.io }`).join('\n');
    const yaml = `environments:\n  prod:\n    alerts: [a@acme.io]\n    keys:\n${keys}\n`;
    const [warning, ...others] = warningsOf(yaml);
    expect(others).toEqual([]);
    expect(warning).toMatch(
      /^prod: nothing names who reads k0, k1, .*, k11 and 88 other keys; list consumers/,
    );
    expect(warning).toContain('write "consumers: []" where nobody reads a key');
  });

  test('not of a key that nobody reads on purpose, and not of one whose readers are named', () => {
    expect(warningsOf(file('[]'))).toEqual([]);
    expect(warningsOf(file('[{ kind: host, name: a }]'))).toEqual([]);
  });

  test.each([
    ['48 hours', 48, []],
    [
      '3 days',
      48,
      ['prod/api: lambda a keeps a key for 3 days, longer than the old one works (graceHours 48)'],
    ],
    [
      '1 minute',
      0,
      ['prod/api: lambda a keeps a key for 1 minute, longer than the old one works (graceHours 0)'],
    ],
    ['restart', 0, []],
  ])('of a refresh of %s with %d hours of grace: %j', (refresh, graceHours, expected) => {
    const policy = `\n        policy: { graceHours: ${graceHours} }`;
    expect(warningsOf(file(`[{ kind: lambda, name: a, refresh: ${refresh} }]`, policy))).toEqual(
      expected.map((text) => expect.stringContaining(text)),
    );
  });
});

function rotationWith(consumers: readonly FleetConsumer[] | undefined): Stack {
  const stack = new Stack(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), 'Test');
  new KeyRotation(stack, 'Keys', {
    environment: 'prod',
    alerts: ['a@acme.io', 'c@acme.io'],
    home: {},
    keys: [{ service: 'api', owner: 'b@acme.io', policy: DEFAULT_POLICY, consumers }],
  });
  return stack;
}

const consumerTags = (stack: Stack) => {
  const [secret] = Object.values(Template.fromStack(stack).findResources('AWS::SecretsManager::Secret'));
  const all = (secret as unknown as { Properties: { Tags: unknown } }).Properties.Tags as {
    Key: string;
    Value: string;
  }[];
  return all.filter(({ Key }) => Key.startsWith('anthropic-key:consumers'));
};

describe('in props', () => {
  test('consumers become tags, and no tag where none are named', () => {
    expect(
      consumerTags(
        rotationWith([
          { kind: 'ecs', service: SERVICE },
          { kind: 'lambda', name: 'b', refresh: 60 },
        ]),
      ),
    ).toEqual([{ Key: 'anthropic-key:consumers', Value: 'ecs automatic prod/gateway + lambda 60m b' }]);
    expect(consumerTags(rotationWith(undefined))).toEqual([]);
    expect(consumerTags(rotationWith([]))).toEqual([]);
  });

  test('the same is refused as in a file, in the terms of the props', () => {
    expect(() => rotationWith([{ kind: 'host', name: 'a', refresh: 0 }])).toThrow(
      'keys.api.consumers[0].refresh is 0: expected restart, or a whole number of minutes',
    );
    expect(() => rotationWith([{ kind: 'host', name: 'a', role: ROLE }])).toThrow(
      /keys\.api\.consumers\[0\]\.role is .*: expected no role/,
    );
  });

  test('service and role may be known only at deployment, and then a name is needed', () => {
    const token = () => Token.asString({ 'Fn::ImportValue': 'service' });
    const twoServices = [
      { kind: 'ecs', name: 'a', service: token(), role: token() },
      { kind: 'ecs', name: 'b', service: token() },
    ] as const;
    expect(consumerTags(rotationWith(twoServices))[0]!.Value).toBe('ecs automatic a + ecs automatic b');
    expect(() => rotationWith([{ kind: 'ecs', service: token() }])).toThrow(
      /keys\.api\.consumers\[0\]\.name is "known only at deployment": expected a name without spaces/,
    );
    expect(() => rotationWith([{ kind: 'host', name: token() }])).toThrow(
      /consumers\[0\]\.name is "known only/,
    );
  });

  test('a construct warns, too', () => {
    const warnings = (stack: Stack) =>
      Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('who reads api')).length;
    expect(warnings(rotationWith(undefined))).toBe(1);
    expect(warnings(rotationWith([]))).toBe(0);
  });
});
