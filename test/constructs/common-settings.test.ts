import { renderFault } from '../../lib/config/fault';
import { loadFleet } from '../../lib/config/load';
import { everything, smallest } from './fleets';
import { resourcesOf, stacksOf, templateOf } from './synthesis';

/** The fleet with every option, and these fields in its first environment. */
const prodWith = (fields: string) => everything.replace("    account: '1", `    ${fields}\n    account: '1`);
const STACKS = ['AnthropicKeys-prod', 'AnthropicKeys-prod-second'] as const;

const resources = (yaml: string, stack: string) => Object.values(resourcesOf(templateOf(yaml, stack)));
const rolesIn = (yaml: string, stack: string) =>
  resources(yaml, stack).filter(({ Type }) => Type === 'AWS::IAM::Role');

interface Tag {
  readonly Key: string;
  readonly Value: string;
}

test('tags are on every resource that takes tags, in every stack, besides those of the project', () => {
  const yaml = prodWith("tags: { cost-center: '4711', team: Platform & Co }").replace(' & ', ' + ');
  for (const stack of STACKS) {
    const tagged = resources(yaml, stack).filter(({ Properties }) => Array.isArray(Properties.Tags));
    const types = new Set(tagged.map(({ Type }) => Type));
    for (const type of ['AWS::IAM::Role', 'AWS::SecretsManager::Secret', 'AWS::Scheduler::ScheduleGroup'])
      expect(types).toContain(type);
    for (const { Properties } of tagged)
      expect(Properties.Tags).toEqual(
        expect.arrayContaining([
          { Key: 'cost-center', Value: '4711' },
          { Key: 'team', Value: 'Platform + Co' },
        ]),
      );
  }
  const types = new Set(
    resources(yaml, STACKS[0])
      .filter(({ Properties }) => Array.isArray(Properties.Tags))
      .map(({ Type }) => Type),
  );
  for (const type of ['Lambda::Function', 'SNS::Topic', 'SQS::Queue', 'Logs::LogGroup', 'KMS::Key'])
    expect(types).toContain(`AWS::${type}`);
});

test('tags change no tag of the project', () => {
  const own = (yaml: string) =>
    resources(yaml, STACKS[0])
      .filter(({ Type }) => Type === 'AWS::SecretsManager::Secret')
      .map(({ Properties }) =>
        (Properties.Tags as Tag[]).filter(({ Key }) => Key.startsWith('anthropic-key:')),
      );
  expect(own(prodWith('tags: { team: platform }'))).toEqual(own(everything));
});

test.each([
  [
    "{ 'anthropic-key:owner': a@acme.io }",
    'tags.anthropic-key:owner is not a usable name: expected another name',
  ],
  ["{ 'anthropic-key-state:record': x }", 'expected another name'],
  ["{ 'AWS:team': x }", 'expected another name'],
  ["{ 'team,': x }", 'expected the name of a tag, of letters, digits'],
  ['{ team: 42 }', "tags.team is 42: expected a text, in quotes if YAML reads something else: '42'"],
  ['{ team: "a, b" }', 'tags.team is "a, b": expected letters, digits, spaces'],
  [`{ ${Array.from({ length: 21 }, (_, n) => `t${n}: x`).join(', ')} }`, 'expected at most 20 tags'],
  ['{ team: a, Team: b }', 'expected names that differ in more than upper and lower case'],
  ['{ team: "aws:x" }', 'tags.team is "aws:x": expected'],
  ['[team]', 'tags is ["team"]: expected tags such as'],
])('tags %s are refused', (tags, fault) => {
  const { errors } = loadFleet(smallest.replace('alerts:', `tags: ${tags}\n    alerts:`), 'keys.yaml');
  expect(errors.map(renderFault)).toEqual([expect.stringContaining(fault)]);
});

test('the logs of the functions are kept as long as the file says, and the evidence as before', () => {
  const days = (yaml: string) =>
    resources(yaml, STACKS[0])
      .filter(({ Type }) => Type === 'AWS::Logs::LogGroup')
      .map(({ Properties }) => Properties.RetentionInDays);
  // The fifth is that of the function that restarts a consumer.
  expect(days(everything)).toEqual([180, 180, 180, 180, 180, 400]);
  expect(days(prodWith('logRetentionDays: 30'))).toEqual([30, 30, 30, 30, 30, 400]);
});

test.each([
  ['arn:aws:iam::123456789012:policy/boundaries/team', 'arn:aws:iam::123456789012:policy/boundaries/team'],
  ['arn:aws:iam::aws:policy/PowerUserAccess', 'arn:aws:iam::aws:policy/PowerUserAccess'],
  [
    'team-boundary',
    { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::123456789012:policy/team-boundary']] },
  ],
])('the boundary %s is on every role, in every stack', (written, expected) => {
  const yaml = prodWith(`permissionsBoundary: ${written}`);
  for (const stack of STACKS) {
    const bounds = rolesIn(yaml, stack).map(({ Properties }) => Properties.PermissionsBoundary);
    expect(bounds.length).toBeGreaterThan(0);
    expect(new Set(bounds.map((bound) => JSON.stringify(bound)))).toEqual(
      new Set([JSON.stringify(expected)]),
    );
  }
  expect(
    rolesIn(yaml, 'AnthropicKeys-dev').filter(({ Properties }) => Properties.PermissionsBoundary),
  ).toEqual([]);
});

test.each([
  ['arn:aws:iam::999999999999:policy/team', 'expected something in eu-central-1, account 123456789012'],
  ['arn:aws:iam::123456789012:role/team', 'expected the ARN or the name of a managed policy'],
  ['team boundary', 'expected the ARN or the name of a managed policy'],
])('the boundary %s is refused', (written, fault) => {
  const { errors } = loadFleet(prodWith(`permissionsBoundary: ${written}`), 'keys.yaml');
  expect(errors.map(renderFault)).toEqual([expect.stringContaining(fault)]);
});

test('nothing is renamed by tags, retention or boundary', () => {
  const ids = (yaml: string) =>
    stacksOf(yaml).map((stack) => Object.keys(resourcesOf(templateOf(yaml, stack.stackName))));
  expect(ids(everything)).toEqual(
    ids(prodWith('tags: { a: b }\n    logRetentionDays: 7\n    permissionsBoundary: team')),
  );
});
