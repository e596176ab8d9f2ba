import { Template } from 'aws-cdk-lib/assertions';
import { App, Stack } from 'aws-cdk-lib/core';
import { BUNDLING_STACKS } from 'aws-cdk-lib/cx-api';
import { renderFault } from '../lib/config/fault';
import { loadFleet } from '../lib/config/load';
import { addFleet } from '../lib/stacks';
import type { Section } from './release-changes';

interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

interface StackTemplate {
  readonly stack: string;
  readonly resources: Readonly<Record<string, Resource>>;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** The templates of a fleet file, without bundles. @throws where this release refuses the file */
export function templatesOf(fleetFile: string): readonly StackTemplate[] {
  const { fleet, errors } = loadFleet(fleetFile, 'reference.yaml');
  if (!fleet)
    throw new Error(
      `This release refuses the fleet file of the last one:\n${errors.map(renderFault).join('\n')}`,
    );
  const app = new App({ context: { [BUNDLING_STACKS]: [] } });
  addFleet(app, fleet);
  return app.node.children
    .filter((child) => Stack.isStack(child))
    .map((stack) => {
      const { Resources, Outputs = {} } = Template.fromStack(stack).toJSON();
      return { stack: stack.stackName, resources: Resources, outputs: Outputs };
    });
}

/** What a stack keeps when it goes, or could not make again: a new logical id would lose it, or stop at its name. */
const KEPT = new Set([
  'AWS::SecretsManager::Secret',
  'AWS::SecretsManager::RotationSchedule',
  'AWS::SecretsManager::ResourcePolicy',
  'AWS::KMS::Key',
  'AWS::KMS::Alias',
  'AWS::Logs::LogGroup',
  'AWS::SNS::Topic',
  'AWS::SNS::Subscription',
  'AWS::Scheduler::ScheduleGroup',
  'AWS::Scheduler::Schedule',
]);

/** Properties that name a resource: another name is another resource. */
const NAMES = [
  'Name',
  'FunctionName',
  'RoleName',
  'ManagedPolicyName',
  'QueueName',
  'TopicName',
  'AlarmName',
  'AliasName',
  'LogGroupName',
  'DashboardName',
  'PolicyName',
];

type Entry = readonly [string, string];

const section = (entries: readonly Entry[]): Section =>
  Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));

interface Place {
  readonly id: string;
  readonly stack: string;
  readonly resources: StackTemplate['resources'];
}

const each = (
  templates: readonly StackTemplate[],
  map: (resource: Resource, place: Place) => readonly Entry[],
) =>
  section(
    templates.flatMap(({ stack, resources }) =>
      Object.entries(resources).flatMap(([id, resource]) => map(resource, { id, stack, resources })),
    ),
  );

/** The sections of the interface that stand in templates. */
export function sectionsOf(templates: readonly StackTemplate[]) {
  const kept = ({ Type }: Resource) => KEPT.has(Type);
  return {
    keptResources: each(templates, (resource, { id, stack }) =>
      kept(resource) ? [[`${stack}/${id}`, identity(resource)]] : [],
    ),
    namedResources: each(templates, (resource, { stack }) =>
      !kept(resource) && nameOf(resource) ? [[`${stack}/${resource.Type} ${nameOf(resource)}`, '']] : [],
    ),
    otherResources: each(templates, (resource, { id, stack }) =>
      kept(resource) || nameOf(resource) ? [] : [[`${stack}/${id}`, resource.Type]],
    ),
    outputs: section(
      templates.flatMap(({ stack, outputs }) =>
        Object.keys(outputs).map((name): Entry => [`${stack}/${name}`, '']),
      ),
    ),
    functionPermissions: each(templates, ({ Type, Properties }, { resources }) =>
      Type === 'AWS::IAM::Policy'
        ? statementsOf(rolesOf(Properties!.Roles, resources), Properties!.PolicyDocument)
        : [],
    ),
    peoplePermissions: each(templates, ({ Type, Properties }) =>
      Type === 'AWS::IAM::ManagedPolicy'
        ? statementsOf(readable(Properties!.ManagedPolicyName), Properties!.PolicyDocument)
        : [],
    ),
    resourcePolicies: each(templates, ({ Type, Properties = {} }, { id }) => {
      const document = POLICIES[Type] && Properties[POLICIES[Type]];
      if (Type === 'AWS::Lambda::Permission')
        return [
          [
            `${readable(Properties.FunctionName)} invoked by ${readable(Properties.Principal)} (${id})`,
            readable([Properties.SourceAccount, Properties.SourceArn].filter(Boolean)),
          ],
        ];
      return document ? statementsOf(id, document) : [];
    }),
    variables: each(templates, ({ Type, Properties }) =>
      Type === 'AWS::Lambda::Function' ? variablesOf(readable(Properties!.FunctionName), Properties!) : [],
    ),
  };
}

/** Resource policies by type, and the property that holds the document. */
const POLICIES: Readonly<Record<string, string>> = {
  'AWS::SNS::TopicPolicy': 'PolicyDocument',
  'AWS::SQS::QueuePolicy': 'PolicyDocument',
  'AWS::KMS::Key': 'KeyPolicy',
  'AWS::SecretsManager::ResourcePolicy': 'ResourcePolicy',
  'AWS::IAM::Role': 'AssumeRolePolicyDocument',
};

/** The roles that have a policy, by their names where they have one. */
const rolesOf = (roles: unknown, resources: StackTemplate['resources']) =>
  list(roles)
    .map((role) => {
      const id = (role as { Ref?: string }).Ref;
      return readable((id && resources[id]?.Properties?.RoleName) || id || role);
    })
    .join(', ');

const nameOf = ({ Properties = {} }: Resource) =>
  NAMES.map((name) => Properties[name])
    .filter(Boolean)
    .map(readable)[0];

/** What makes a kept resource the one that it is. A secret's deployed text is part of it: another one would overwrite the live key. */
function identity(resource: Resource): string {
  const { Type, Properties = {}, DeletionPolicy, UpdateReplacePolicy } = resource;
  const { SecretString, GenerateSecretString, RotateImmediatelyOnUpdate } = Properties;
  return [
    Type,
    nameOf(resource),
    (SecretString ?? GenerateSecretString)
      ? `deployed with ${readable(SecretString ?? GenerateSecretString)}`
      : undefined,
    RotateImmediatelyOnUpdate === undefined ? undefined : `rotates on update: ${RotateImmediatelyOnUpdate}`,
    DeletionPolicy && `deleted: ${DeletionPolicy}`,
    UpdateReplacePolicy && `replaced: ${UpdateReplacePolicy}`,
  ]
    .filter(Boolean)
    .join(', ');
}

const variablesOf = (name: string, { Environment }: Readonly<Record<string, unknown>>): readonly Entry[] =>
  Object.keys((Environment as { Variables?: object } | undefined)?.Variables ?? {}).map((variable) => [
    `${name} ${variable}`,
    '',
  ]);

interface Statement {
  readonly Effect: string;
  readonly Principal?: unknown;
  readonly Action: unknown;
  readonly Resource?: unknown;
  readonly Condition?: unknown;
}

const list = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];

/** A line for each action on each resource, and the conditions under which it holds. Names of statements do not count. */
function statementsOf(who: string, document: unknown): readonly Entry[] {
  const lines = new Map<string, string>();
  for (const { Effect, Principal, Action, Resource, Condition } of list(
    (document as { Statement: unknown }).Statement,
  ) as readonly Statement[])
    for (const action of list(Action))
      for (const resource of list(Resource).length > 0 ? list(Resource) : [undefined]) {
        const line = [
          who,
          Effect,
          readable(action),
          resource && `on ${readable(resource)}`,
          Principal && `by ${readable(Principal)}`,
        ]
          .filter(Boolean)
          .join(' ');
        const condition = Condition ? readable(Condition) : 'always';
        lines.set(line, [lines.get(line), condition].filter(Boolean).join(' or '));
      }
  return [...lines];
}

/** A value of a template in one line: `${Topic}` for what is known only at deployment. */
function readable(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return `[${value.map(readable).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const [[name, argument] = ['', undefined], ...others] = Object.entries(value);
  if (others.length === 0 && name === 'Ref') return `\${${argument}}`;
  if (others.length === 0 && name === 'Fn::GetAtt') return `\${${(argument as string[]).join('.')}}`;
  if (others.length === 0 && name === 'Fn::Join') {
    const [separator, parts] = argument as [string, readonly unknown[]];
    return parts.map(readable).join(separator);
  }
  return `{${Object.entries(value)
    .map(([key, part]) => `${key}: ${readable(part)}`)
    .join(', ')}}`;
}
