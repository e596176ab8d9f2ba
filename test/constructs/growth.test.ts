import { Template } from 'aws-cdk-lib/assertions';
import { smallest } from './fleets';
import { appWithoutBundles, resourcesOf, stacksOf, templateOf } from './synthesis';

const OWNER = 'team@acme.io';
const ADMIN =
  'adminAccess: { federation: { ruleId: fdrl_1, organizationId: org-acme, serviceAccountId: svac_1 } }';

/** A fleet of `count` keys, a hundred a stack. */
function fleetOf(count: number, perStack = 100): string {
  const keys = Array.from({ length: count }, (_, index) => {
    const stack = Math.floor(index / perStack);
    return `      service-${index}: { owner: ${OWNER}${stack > 0 ? `, stack: part-${stack}` : ''} }`;
  });
  return ['environments:', '  prod:', `    alerts: [${OWNER}]`, '    keys:', ...keys].join('\n');
}

const byId = (yaml: string, stackName?: string) => resourcesOf(templateOf(yaml, stackName));

/** Length of a policy after deployment, with the longest possible values for tokens. */
function deployedLength(document: unknown): number {
  const text = JSON.stringify(document, (_, value: Record<string, unknown> | unknown) => {
    const join = (value as { 'Fn::Join'?: [string, unknown[]] } | null)?.['Fn::Join'];
    const isReference =
      typeof value === 'object' && value !== null && ('Ref' in value || 'Fn::GetAtt' in value);
    if (join) return join[1].map((part) => (typeof part === 'string' ? part : 'x'.repeat(14))).join('');
    return isReference ? 'x'.repeat(120) : value;
  });
  return text.length;
}

/** Logical ids that were added, removed or changed. */
function changed(before: object, after: object): string[] {
  const [old, now] = [before, after] as Record<string, unknown>[];
  return [...new Set([...Object.keys(old!), ...Object.keys(now!)])]
    .filter((id) => JSON.stringify(old![id]) !== JSON.stringify(now![id]))
    .sort();
}

test('a role has the same policy for 1 and for 1,000 keys', () => {
  const policies = (yaml: string) =>
    Object.entries(resourcesOf(Template.fromStack(stacksOf(yaml)[0]!)))
      .filter(([, { Type }]) => Type === 'AWS::IAM::Policy' || Type === 'AWS::IAM::ManagedPolicy')
      .map(([id, { Properties }]) => [id, JSON.stringify(Properties.PolicyDocument)] as const);
  const [one, thousand] = [policies(fleetOf(1)), policies(fleetOf(1000))];
  const sizes = one.map(([id, { length }], index) => [length, thousand[index]![1].length, id].join('  '));
  process.stdout.write(`\nCharacters of a policy for 1 and for 1,000 keys:\n${sizes.join('\n')}\n\n`);
  expect(thousand).toEqual(one);
  expect(Math.max(...one.map(([, { length }]) => length))).toBeLessThan(6144);
});

test('IAM accepts policies with the maximum of adopted secrets', () => {
  const arn = (n: number) =>
    `arn:aws:secretsmanager:eu-central-1:123456789012:secret:platform/shared/legacy/claude-integration/service-${n}-AbCdEf`;
  const adopted = Array.from(
    { length: 20 },
    (_, n) => `      adopted-${n}: { owner: ${OWNER}, existing: "${arn(n)}" }`,
  );
  const sizes = Object.values(
    byId(`${fleetOf(1).replace('keys:', `${ADMIN}\n    keys:`)}\n${adopted.join('\n')}`),
  )
    .filter(({ Type }) => Type === 'AWS::IAM::Policy' || Type === 'AWS::IAM::ManagedPolicy')
    .map(({ Type, Properties }) => [Type, deployedLength(Properties.PolicyDocument)] as const);
  const largest = (type: string) =>
    Math.max(...sizes.filter(([each]) => each === type).map(([, size]) => size));
  expect(largest('AWS::IAM::Policy')).toBeLessThan(10_240);
  expect(largest('AWS::IAM::ManagedPolicy')).toBeLessThan(6_144);
});

test('an environment is recreated over any number of retained secrets with the same policies', () => {
  const returned = fleetOf(30).replaceAll(
    /service-(\d+): \{ /g,
    'service-$1: { existing: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:anthropic/prod/service-$1-AbCdEf", ',
  );
  const policies = (yaml: string) => Object.values(byId(yaml)).filter(({ Type }) => /Policy$/.test(Type));
  expect(policies(returned)).toEqual(policies(fleetOf(30)));
  const rules = (yaml: string) =>
    Object.values(byId(yaml)).filter(({ Type }) => Type === 'AWS::Events::Rule');
  expect(rules(returned)).toEqual(rules(fleetOf(30)));
});

test('one more key adds its secret, rotation and schedule, and changes nothing else', () => {
  const added = changed(byId(fleetOf(3)), byId(fleetOf(4)));
  expect(added.map((id) => id.replace(/[0-9a-f]{8}$/, ''))).toEqual([
    'CheckAnthropicProdService3',
    'KeyAnthropicProdService3',
    'RotationAnthropicProdService3',
  ]);
});

test('a key in a further stack changes no existing resource', () => {
  const full = fleetOf(140, 140);
  const withOneMore = `${full}\n      late-comer: { owner: ${OWNER}, stack: second }`;
  expect(changed(byId(full, 'AnthropicKeys-prod'), byId(withOneMore, 'AnthropicKeys-prod'))).toEqual([]);
  expect(Object.keys(byId(withOneMore, 'AnthropicKeys-prod-second'))).toContainEqual(
    expect.stringMatching(/^KeyAnthropicProdLateComer/),
  );
});

test('another maxAgeDays changes only the tag and the rotation rule', () => {
  const before = byId(smallest);
  const after = byId(
    smallest.replace('owner: gateway@acme.io', 'owner: gateway@acme.io, policy: { maxAgeDays: 60 }'),
  );
  const ids = changed(before, after);
  expect(ids.map((id) => before[id]!.Type)).toEqual([
    'AWS::SecretsManager::Secret',
    'AWS::SecretsManager::RotationSchedule',
  ]);
  const [key, rotation] = ids as [string, string];
  expect(after[rotation]!.Properties.RotationRules).toEqual({ AutomaticallyAfterDays: 60 });
  expect({ ...after[key]!.Properties, Tags: [] }).toEqual({ ...before[key]!.Properties, Tags: [] });
});

test('more owners than SNS allows filters fail synthesis, with advice', () => {
  const owned = (count: number) =>
    fleetOf(count, 60).replaceAll(/(service-\d+): \{ owner: team/g, '$1: { owner: $1');
  const synth = (count: number) => {
    const app = appWithoutBundles();
    stacksOf(owned(count), app);
    return () => app.synth();
  };
  expect(synth(190)).not.toThrow();
  expect(synth(191)).toThrow(/prod has 191 owners .* Let teams share a mailbox/);
});

test('a stack that CloudFormation would refuse fails synthesis, with advice', () => {
  const app = appWithoutBundles();
  stacksOf(fleetOf(160, 160), app);
  expect(() => app.synth()).toThrow(/AnthropicKeys-prod has \d+ resources; .*`stack: <name>`/);
});
