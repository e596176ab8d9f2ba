import type { EventPattern } from './aws/event-pattern';
import type { FilterPolicy } from './aws/sns/filter-policy';
import type { AlarmProperties } from './demo/alarm';
import { placeOf, resourcesOf, type Template } from './template';

/** An environment as its synthesised stacks declare it: all that the embedded world is set up from. */
export interface Deployment {
  readonly environment: string;
  readonly account: string;
  readonly region: string;
  readonly functions: readonly DeclaredFunction[];
  readonly secrets: readonly DeclaredSecret[];
  readonly schedules: readonly DeclaredSchedule[];
  readonly subscriptions: readonly DeclaredSubscription[];
  readonly alarms: readonly AlarmProperties[];
  readonly evidence: readonly DeclaredEvidence[];
  readonly restarts: readonly DeclaredRestart[];
}

export interface DeclaredFunction {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  /** Seconds that an invocation may take. */
  readonly timeout: number;
}

export interface DeclaredSecret {
  readonly name: string;
  readonly value: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly rotationDays: number;
}

interface DeclaredSchedule {
  readonly name: string;
  readonly expression: string;
  readonly functionName: string;
  readonly input: Readonly<Record<string, unknown>>;
}

interface DeclaredSubscription {
  readonly topicArn: string;
  readonly address: string;
  readonly filter?: FilterPolicy;
}

/** A log group, and the rule that writes events into it. */
interface DeclaredEvidence {
  readonly logGroup: string;
  readonly retentionDays: number;
  readonly bus: string;
  readonly pattern: EventPattern;
}

/** A `RestartOnRotation`: its function, and the rule of the same name that invokes and registers it. */
export interface DeclaredRestart {
  readonly name: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly description: string;
  readonly bus: string;
  readonly pattern: EventPattern;
}

/** Reads the stacks of a fleet; the further stacks of a sharded environment join its first one. */
export function readDeployments(templates: readonly Template[]): readonly Deployment[] {
  const byEnvironment = new Map<string, Deployment>();
  for (const template of templates) {
    const part = readStack(template);
    const first = byEnvironment.get(part.environment);
    byEnvironment.set(part.environment, first ? join(first, part) : part);
  }
  return [...byEnvironment.values()];
}

const join = (first: Deployment, further: Deployment): Deployment => ({
  ...first,
  secrets: [...first.secrets, ...further.secrets],
  schedules: [...first.schedules, ...further.schedules],
  restarts: [...first.restarts, ...further.restarts],
});

function readStack(template: Template): Deployment {
  const secrets = readSecrets(template);
  const aliases = resourcesOf<AliasProperties>(template, 'AWS::Lambda::Alias');
  const functions = resourcesOf<FunctionProperties>(template, 'AWS::Lambda::Function')
    .filter((one) => one.Environment?.Variables?.ROTATION_ENVIRONMENT !== undefined)
    .map((one) => ({
      name: one.FunctionName,
      aliases: aliases.flatMap(({ FunctionName, Name }) => (FunctionName === one.FunctionName ? Name : [])),
      variables: one.Environment!.Variables!,
      timeout: one.Timeout,
    }));
  return {
    ...placeOf(template),
    environment:
      functions[0]?.variables.ROTATION_ENVIRONMENT ?? secrets[0]?.tags['anthropic-key:environment'] ?? '',
    functions,
    secrets,
    schedules: resourcesOf<ScheduleProperties>(template, 'AWS::Scheduler::Schedule').map((one) => ({
      name: one.Name,
      expression: one.ScheduleExpression,
      functionName: one.Target.Arn.split(':').at(-1)!,
      input: JSON.parse(one.Target.Input ?? '{}') as Record<string, unknown>,
    })),
    subscriptions: resourcesOf<SubscriptionProperties>(template, 'AWS::SNS::Subscription')
      .filter(({ Protocol }) => Protocol === 'email')
      .map((one) => ({ topicArn: one.TopicArn, address: one.Endpoint, filter: one.FilterPolicy })),
    alarms: resourcesOf<AlarmProperties>(template, 'AWS::CloudWatch::Alarm'),
    evidence: readEvidence(template),
    restarts: readRestarts(template),
  };
}

/** The rules whose target is a log group, by its ARN. */
function readEvidence(template: Template): readonly DeclaredEvidence[] {
  const groups = resourcesOf<LogGroupProperties>(template, 'AWS::Logs::LogGroup');
  return resourcesOf<RuleProperties>(template, 'AWS::Events::Rule').flatMap((rule) => {
    const [, logGroup] = /:log-group:(.+)$/.exec(rule.Targets[0]!.Arn) ?? [];
    const group = groups.find(({ LogGroupName }) => LogGroupName === logGroup);
    if (!group) return [];
    const { LogGroupName, RetentionInDays: retentionDays } = group;
    return [
      {
        logGroup: LogGroupName,
        retentionDays,
        bus: rule.EventBusName ?? 'default',
        pattern: rule.EventPattern,
      },
    ];
  });
}

function readRestarts(template: Template): readonly DeclaredRestart[] {
  const rules = resourcesOf<RuleProperties>(template, 'AWS::Events::Rule');
  return resourcesOf<FunctionProperties>(template, 'AWS::Lambda::Function').flatMap((one) => {
    const { FunctionName: name, Environment: { Variables: variables = {} } = {} } = one;
    const rule = rules.find(({ Name }) => Name === name);
    if (!rule || variables.RESTART_SERVICES === undefined) return [];
    const { Description: description = '', EventBusName: bus = 'default', EventPattern: pattern } = rule;
    return [{ name, variables, description, bus, pattern }];
  });
}

function readSecrets(template: Template): readonly DeclaredSecret[] {
  const days = new Map(
    resourcesOf<RotationProperties>(template, 'AWS::SecretsManager::RotationSchedule').map((one) => [
      one.SecretId,
      one.RotationRules.AutomaticallyAfterDays,
    ]),
  );
  return resourcesOf<SecretProperties>(template, 'AWS::SecretsManager::Secret')
    .filter(({ Tags = [] }) => Tags.some(({ Key }) => Key === 'anthropic-key:service'))
    .map(({ Name, SecretString, Tags = [] }) => ({
      name: Name,
      value: SecretString,
      tags: Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])),
      rotationDays: days.get(Name) ?? 90,
    }));
}

interface FunctionProperties {
  readonly FunctionName: string;
  readonly Timeout: number;
  readonly Environment?: { readonly Variables?: Readonly<Record<string, string>> };
}
interface AliasProperties {
  readonly FunctionName: string;
  readonly Name: string;
}
interface SecretProperties {
  readonly Name: string;
  readonly SecretString: string;
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[];
}
interface RotationProperties {
  readonly SecretId: string;
  readonly RotationRules: { readonly AutomaticallyAfterDays: number };
}
interface ScheduleProperties {
  readonly Name: string;
  readonly ScheduleExpression: string;
  readonly Target: { readonly Arn: string; readonly Input?: string };
}
interface SubscriptionProperties {
  readonly TopicArn: string;
  readonly Protocol: string;
  readonly Endpoint: string;
  readonly FilterPolicy?: FilterPolicy;
}
interface LogGroupProperties {
  readonly LogGroupName: string;
  readonly RetentionInDays: number;
}
interface RuleProperties {
  readonly Name?: string;
  readonly Description?: string;
  readonly EventBusName?: string;
  readonly EventPattern: EventPattern;
  readonly Targets: readonly { readonly Arn: string }[];
}
