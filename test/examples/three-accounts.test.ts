import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ROOT } from '../root';
import { statementsOf, synthesiseExamples } from './synthesised';

const FOLDER = join(ROOT, 'examples/three-accounts');
const read = (file: string) => readFileSync(join(FOLDER, file), 'utf8');
const templatesOf = (app: string) => synthesiseExamples([app]).get(app)!.templates;

const PIPELINE = 'KeysPipeline';
const templates = templatesOf('three-accounts/app.ts');
const pipeline = templates[PIPELINE]!;
const only = (type: string) => Object.entries(pipeline.findResources(type));
const GITHUB = 'token.actions.githubusercontent.com';
interface Action {
  readonly Name: string;
  readonly RunOrder: number;
  readonly ActionTypeId: { readonly Provider: string };
  readonly Configuration?: { readonly StackName?: string };
  readonly RoleArn: unknown;
}
const [[pipelineId, { Properties }] = ['', { Properties: {} }]] = only('AWS::CodePipeline::Pipeline');
const stages = Properties.Stages as readonly {
  readonly Name: string;
  readonly Actions: readonly Action[];
}[];

const workflow = parse(read('.github/workflows/deliver.yml')) as {
  readonly on: { readonly push: { readonly branches: readonly string[] } };
  readonly permissions: object;
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly environment?: string;
        readonly permissions: object;
        readonly steps: readonly {
          readonly uses?: string;
          readonly run?: string;
          readonly with?: Readonly<Record<string, unknown>>;
        }[];
      }
    >
  >;
};

test('an environment is deployed to its own account, in the order of the file', () => {
  const deployments = stages
    .filter(({ Name }) => Name.startsWith('Keys-'))
    .map(({ Actions }) => {
      const stack = Actions.flatMap(({ Configuration }) => Configuration?.StackName ?? [])[0];
      const [account] = /(?<=iam::)\d{12}/.exec(JSON.stringify(Actions.map(({ RoleArn }) => RoleArn))) ?? [];
      return [stack, account];
    });
  expect(deployments).toEqual([
    ['AnthropicKeys-dev', '222233334444'],
    ['AnthropicKeys-staging', '333344445555'],
    ['AnthropicKeys-prod', '444455556666'],
  ]);
  expect(Object.keys(templates)).toHaveLength(4);
});

test('a person approves before anything of prod, and of nothing else', () => {
  const approvals = stages.flatMap(({ Name, Actions }) =>
    Actions.filter(({ ActionTypeId }) => ActionTypeId.Provider === 'Manual').map(({ RunOrder }) => [
      Name,
      RunOrder,
    ]),
  );
  expect(approvals).toEqual([['Keys-prod', 1]]);
  const prod = stages.at(-1)!;
  expect(prod.Name).toBe('Keys-prod');
  for (const { ActionTypeId, RunOrder } of prod.Actions)
    if (ActionTypeId.Provider !== 'Manual') expect(RunOrder).toBeGreaterThan(1);
});

test('the role trusts one branch of one repository, for AWS alone, without a wildcard', () => {
  const [[provider] = []] = only('AWS::IAM::OIDCProvider');
  const roles = only('AWS::IAM::Role')
    .flatMap(([, role]) => role.Properties.AssumeRolePolicyDocument.Statement as object[])
    .filter((statement) => JSON.stringify(statement).includes('WebIdentity'));
  expect(roles).toEqual([
    {
      Action: 'sts:AssumeRoleWithWebIdentity',
      Effect: 'Allow',
      Principal: { Federated: { Ref: provider } },
      Condition: {
        StringEquals: {
          [`${GITHUB}:aud`]: 'sts.amazonaws.com',
          [`${GITHUB}:sub`]: 'repo:acme/anthropic-keys:ref:refs/heads/main',
        },
      },
    },
  ]);
});

test('the role writes one object and starts one pipeline', () => {
  const [[bucket] = []] = only('AWS::S3::Bucket');
  expect(statementsOf(pipeline, 'GitHubRole')).toEqual([
    {
      Action: 's3:PutObject',
      Effect: 'Allow',
      Resource: { 'Fn::Join': ['', [{ 'Fn::GetAtt': [bucket, 'Arn'] }, '/source.zip']] },
    },
    {
      Action: 'codepipeline:StartPipelineExecution',
      Effect: 'Allow',
      Resource: {
        'Fn::Join': [
          '',
          [
            'arn:',
            { Ref: 'AWS::Partition' },
            ':codepipeline:eu-central-1:111122223333:',
            { Ref: pipelineId },
          ],
        ],
      },
    },
  ]);
});

test('the workflow runs where the role lets it in, with no more rights than it needs', () => {
  expect(workflow.on).toEqual({ push: { branches: ['main'] } });
  expect(workflow.permissions).toEqual({ contents: 'read' });
  const jobs = Object.values(workflow.jobs);
  expect(jobs).toHaveLength(1);
  // An environment would be the subject of the token, in place of the branch.
  expect(jobs[0]).not.toHaveProperty('environment');
  expect(jobs[0]!.permissions).toEqual({ contents: 'read', 'id-token': 'write' });
  const { steps } = jobs[0]!;
  expect(steps.flatMap(({ run }) => run ?? []).filter((run) => run.includes('${{'))).toEqual([]);
  const role = steps.findIndex(({ uses }) => uses?.startsWith('aws-actions/configure-aws-credentials@'));
  expect(steps.findLastIndex(({ run }) => /^np[mx] /.test(run ?? ''))).toBeLessThan(role);
  expect(JSON.stringify(steps)).not.toMatch(/secrets\.|aws-(access-key|secret)/);
});

test('the workflow brings the object that the pipeline takes, and starts the pipeline by its name', () => {
  const runs = Object.values(workflow.jobs)[0]!.steps.flatMap(({ run }) => run ?? []);
  const source = stages[0]!.Actions[0]!.Configuration as Record<string, unknown>;
  expect(source).toMatchObject({ S3ObjectKey: 'source.zip', PollForSourceChanges: false });
  expect(runs.at(-2)).toBe('aws s3 cp "$RUNNER_TEMP/source.zip" "s3://$SOURCES_BUCKET/source.zip"');
  expect(runs.at(-1)).toBe(`aws codepipeline start-pipeline-execution --name ${Properties.Name}`);
});

test('every build has a Node.js that the package supports', () => {
  const builds = only('AWS::CodeBuild::Project').map(
    ([, project]) => JSON.parse(project.Properties.Source.BuildSpec).phases.install['runtime-versions'],
  );
  expect(builds.length).toBeGreaterThan(2);
  for (const versions of builds) expect(versions).toEqual({ nodejs: '22' });
});

test('its README trusts the account of the pipeline in each account of an environment', () => {
  const trusting = [
    ...read('README.md').matchAll(
      /cdk bootstrap aws:\/\/(\d{12})\/eu-central-1 --profile \S+ \\\n +--trust (\d{12})/g,
    ),
  ].map(([, account, trusted]) => [account, trusted]);
  expect(trusting).toEqual(
    ['222233334444', '333344445555', '444455556666'].map((account) => [account, '111122223333']),
  );
});
