import type { Account } from './account';

type Ids = (account: Account) => Promise<readonly string[]>;

/** How the resources of a type are listed by the service itself, under the id that CloudFormation gives them. */
const listing =
  (
    service: string,
    operation: string,
    list: string,
    id: string | undefined,
    ...args: readonly string[]
  ): Ids =>
  async (account) => {
    const answer = await account.aws<Record<string, (string | Record<string, string>)[]>>(
      service,
      operation,
      ...args,
    );
    return (answer[list] ?? []).map((one) => (typeof one === 'string' ? one : one[id!]!));
  };

const secrets = listing('secretsmanager', 'list-secrets', 'SecretList', 'ARN');

const LISTED: Readonly<Record<string, Ids>> = {
  'AWS::CloudWatch::Alarm': listing('cloudwatch', 'describe-alarms', 'MetricAlarms', 'AlarmName'),
  'AWS::CloudWatch::Dashboard': listing('cloudwatch', 'list-dashboards', 'DashboardEntries', 'DashboardName'),
  'AWS::Events::Rule': listing('events', 'list-rules', 'Rules', 'Name'),
  'AWS::IAM::ManagedPolicy': listing('iam', 'list-policies', 'Policies', 'Arn', '--scope', 'Local'),
  'AWS::IAM::Role': listing('iam', 'list-roles', 'Roles', 'RoleName'),
  'AWS::KMS::Alias': listing('kms', 'list-aliases', 'Aliases', 'AliasName'),
  'AWS::KMS::Key': listing('kms', 'list-keys', 'Keys', 'KeyId'),
  'AWS::Lambda::Function': listing('lambda', 'list-functions', 'Functions', 'FunctionName'),
  'AWS::Logs::LogGroup': listing('logs', 'describe-log-groups', 'logGroups', 'logGroupName'),
  'AWS::Logs::ResourcePolicy': listing(
    'logs',
    'describe-resource-policies',
    'resourcePolicies',
    'policyName',
  ),
  'AWS::SNS::Subscription': listing('sns', 'list-subscriptions', 'Subscriptions', 'SubscriptionArn'),
  'AWS::SNS::Topic': listing('sns', 'list-topics', 'Topics', 'TopicArn'),
  'AWS::SQS::Queue': listing('sqs', 'list-queues', 'QueueUrls', undefined),
  'AWS::Scheduler::Schedule': listing('scheduler', 'list-schedules', 'Schedules', 'Name'),
  'AWS::Scheduler::ScheduleGroup': listing('scheduler', 'list-schedule-groups', 'ScheduleGroups', 'Name'),
  'AWS::SecretsManager::Secret': secrets,
  'AWS::SecretsManager::RotationSchedule': secrets,
};

/** Types that are a property of another resource: `attachments.ts` describes those. */
const ATTACHED = new Set([
  'AWS::CDK::Metadata',
  'AWS::IAM::Policy',
  'AWS::Lambda::Alias',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::Permission',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
  'AWS::SecretsManager::ResourcePolicy',
]);

interface StackResource {
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceType: string;
}

/** What stacks say they have, and of that what the services themselves know nothing of. */
export interface Inventory {
  readonly resources: readonly StackResource[];
  readonly missing: readonly string[];
}

/** Compares stacks with what the services list. @throws Error at a type that nobody here can list */
export async function takeInventory(account: Account, stacks: readonly string[]): Promise<Inventory> {
  const resources = (await Promise.all(stacks.map((stack) => resourcesOf(account, stack)))).flat();
  const types = new Set(resources.map(({ ResourceType }) => ResourceType));
  const unknown = [...types].filter((type) => !LISTED[type] && !ATTACHED.has(type));
  if (unknown.length > 0) throw new Error(`Nobody lists ${unknown.join(', ')} here: add it to inventory.ts.`);
  const listings = new Set([...types].flatMap((type) => LISTED[type] ?? []));
  const listed = new Map(
    await Promise.all([...listings].map(async (list) => [list, await list(account)] as const)),
  );
  const isThere = ({ ResourceType: type, PhysicalResourceId: id }: StackResource) =>
    ATTACHED.has(type) || listed.get(LISTED[type]!)!.some((one) => pathOf(one) === pathOf(id ?? ''));
  const missing = resources.filter((resource) => !isThere(resource));
  return { resources, missing: missing.map((one) => `${one.ResourceType} ${one.LogicalResourceId}`) };
}

async function resourcesOf(account: Account, stack: string): Promise<readonly StackResource[]> {
  const answer = await account.aws<{ StackResourceSummaries: readonly StackResource[] }>(
    ...(['cloudformation', 'list-stack-resources', '--stack-name', stack] as const),
  );
  return answer.StackResourceSummaries;
}

/** The emulator names the host of a queue's address by how it was asked. */
const pathOf = (id: string) => id.replace(/^https?:\/\/[^/]+/, '');
