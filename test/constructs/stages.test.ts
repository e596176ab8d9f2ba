import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Repository } from 'aws-cdk-lib/aws-codecommit';
import { type App, Stack, Stage, type StageProps } from 'aws-cdk-lib/core';
import { CodePipeline, CodePipelineSource, ShellStep } from 'aws-cdk-lib/pipelines';
import { Construct } from 'constructs';
import { addFleet, type Fleet, loadFleet } from '../../lib';
import { everything, smallest } from './fleets';
import { appWithoutBundles } from './synthesis';

const fleetOf = (yaml: string): Fleet => loadFleet(yaml, 'keys.yaml').fleet!;

/** The stacks below a construct, by their names. */
const stacksIn = (scope: Construct) =>
  new Map(
    scope.node
      .findAll()
      .filter(Stack.isStack)
      .map((stack) => [stack.stackName, stack]),
  );

/** Without bundles, the hash of a function's code is that of its path in the tree. */
const withoutHashes = (template: object): unknown =>
  JSON.parse(JSON.stringify(template).replace(/[0-9a-f]{64}\.zip/g, '<bundle>.zip'));

const templatesIn = (scope: Construct) =>
  new Map(
    [...stacksIn(scope)].map(([name, stack]) => [name, withoutHashes(Template.fromStack(stack).toJSON())]),
  );

const env = { account: '123456789012', region: 'eu-central-1' };

/** A stage with a fleet, as people write it. */
class KeysStage extends Stage {
  constructor(scope: Construct, id: string, fleet: Fleet, props?: StageProps, warnings?: readonly string[]) {
    super(scope, id, props);
    addFleet(this, fleet, warnings);
  }
}

test.each<[where: string, place: (app: App) => Construct]>([
  ['a stage', (app) => new Stage(app, 'Live')],
  ['a stage within a stage', (app) => new Stage(new Stage(app, 'Outer'), 'Inner')],
  ['a construct', (app) => new Construct(app, 'Security')],
  ['a stack', (app) => new Stack(app, 'Parent')],
])(
  'in %s, stacks have the same names, and everything in them has the same ids and properties',
  (_, place) => {
    const [plain, other] = [appWithoutBundles(), appWithoutBundles()];
    addFleet(plain, fleetOf(everything));
    const scope = place(other);
    addFleet(scope, fleetOf(everything));
    const expected = templatesIn(plain);
    expect([...expected.keys()].sort()).toEqual([
      'AnthropicKeys-dev',
      'AnthropicKeys-prod',
      'AnthropicKeys-prod-second',
    ]);
    const found = templatesIn(scope);
    found.delete('Parent');
    expect(found).toEqual(expected);
  },
);

test('a stage gives account and region to environments that name none', () => {
  const app = appWithoutBundles();
  const [stack] = addFleet(new Stage(app, 'Live', { env }), fleetOf(smallest));
  expect([stack!.account, stack!.region]).toEqual([env.account, env.region]);
});

test('two fleets in two stages of one app, with the same environment in two accounts', () => {
  const app = appWithoutBundles();
  const other = { account: '999999999999', region: 'eu-central-1' };
  new KeysStage(app, 'Blue', fleetOf(smallest), { env }, ['blue: a warning']);
  new KeysStage(app, 'Green', fleetOf(smallest), { env: other }, ['green: a warning']);
  const assembly = app.synth();
  const stacks = assembly.nestedAssemblies.flatMap(({ nestedAssembly }) => nestedAssembly.stacks);
  expect(
    stacks.map(({ displayName, stackName, environment }) => [displayName, stackName, environment.account]),
  ).toEqual([
    ['Blue/AnthropicKeys-prod (AnthropicKeys-prod)', 'AnthropicKeys-prod', '123456789012'],
    ['Green/AnthropicKeys-prod (AnthropicKeys-prod)', 'AnthropicKeys-prod', '999999999999'],
  ]);
});

const warnings = (scope: Construct, text: string) =>
  Annotations.fromStack(scope as Stack).findWarning('*', Match.stringLikeRegexp(text)).length;

test("a fleet's warnings are at the app, or in a stage at its first stack, because the command line shows none of a stage", () => {
  const app = appWithoutBundles();
  addFleet(app, fleetOf(smallest), ['of the app']);
  const stage = new Stage(app, 'Live');
  const [first] = addFleet(stage, fleetOf(smallest), ['of the stage']);
  const told = (scope: Construct) => scope.node.metadata.map(({ data }) => String(data));
  expect([told(app), told(stage), told(first!)]).toEqual([
    [expect.stringContaining('of the app')],
    [],
    [expect.stringContaining('of the stage')],
  ]);
  expect(warnings(first!, 'of the stage')).toBe(1);
});

test('CDK Pipelines deploys every stack of a fleet, the first before those of further keys, under the same names', () => {
  const app = appWithoutBundles();
  const pipelineStack = new Stack(app, 'Pipeline', { env });
  const pipeline = new CodePipeline(pipelineStack, 'Pipeline', {
    crossAccountKeys: true,
    synth: new ShellStep('Synth', {
      input: CodePipelineSource.codeCommit(
        new Repository(pipelineStack, 'R', { repositoryName: 'keys' }),
        'main',
      ),
      commands: ['npm ci', 'npx cdk synth'],
    }),
  });
  const stage = new KeysStage(app, 'Live', fleetOf(everything), { env });
  pipeline.addStage(stage);
  app.synth();
  const plain = appWithoutBundles();
  addFleet(plain, fleetOf(everything));
  // `dev` names no account, and gets that of the stage.
  const [prod, second] = ['AnthropicKeys-prod', 'AnthropicKeys-prod-second'];
  for (const name of [prod, second])
    expect(templatesIn(stage).get(name!)).toEqual(templatesIn(plain).get(name!));
  const stages = Object.values(
    Template.fromStack(pipelineStack).findResources('AWS::CodePipeline::Pipeline'),
  )[0]!.Properties.Stages as {
    Name: string;
    Actions: { Name: string; RunOrder: number; Configuration: object }[];
  }[];
  const live = stages.find(({ Name }) => Name === 'Live')!;
  const deployed = live.Actions.flatMap(({ Name, RunOrder, Configuration }) => {
    const { StackName } = Configuration as { StackName?: string };
    return Name.endsWith('Deploy') ? [[StackName, RunOrder] as const] : [];
  });
  expect(deployed.map(([name]) => name).sort()).toEqual(['AnthropicKeys-dev', prod, second]);
  const order = Object.fromEntries(deployed);
  expect(order[prod!]).toBeLessThan(order[second!]!);
});
