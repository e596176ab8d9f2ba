import type { Resource } from '../constructs/synthesis';
import { asList } from './match';
import type { Conditions, Statement } from './policy';
import { ACCOUNT, REGION, resolver } from './resolve';

/** The parts of a deployed stack that decide who may do what. */
export interface DeployedPolicies {
  /** Statements by who has them: the role's purpose (`check`), or the managed policy's (`operator`). */
  readonly of: ReadonlyMap<string, readonly Statement[]>;
  /** Who may invoke a function besides: its resource policy, by function name. */
  readonly invokersOf: ReadonlyMap<string, readonly Statement[]>;
  /** Resource policies of the topic, the queue, the KMS key and of secrets. */
  readonly resourcePolicies: readonly { readonly type: string; readonly statements: readonly Statement[] }[];
}

interface Document {
  readonly Statement: Statement | readonly Statement[];
}

/** Reads the policies out of a template, as they are once CloudFormation has filled everything in. */
export function deployedPolicies(resources: Readonly<Record<string, Resource>>): DeployedPolicies {
  const resolve = resolver(resources);
  const all = Object.entries(resources).map(([id, { Type, Properties }]) => ({ id, Type, Properties }));
  const ofType = (type: string) => all.filter(({ Type }) => Type === type);
  const statements = (document: unknown) => asList((resolve(document) as Document).Statement);

  const of = new Map<string, Statement[]>();
  const give = (who: string, what: readonly Statement[]) => of.set(who, [...(of.get(who) ?? []), ...what]);
  for (const { id } of ofType('AWS::IAM::Role')) give(purposeOf(resolve({ Ref: id })), []);
  for (const { Properties } of ofType('AWS::IAM::Policy'))
    for (const role of resolve(Properties.Roles) as string[])
      give(purposeOf(role), statements(Properties.PolicyDocument));
  for (const { Properties } of ofType('AWS::IAM::ManagedPolicy'))
    give(purposeOf(Properties.ManagedPolicyName), statements(Properties.PolicyDocument));

  const invokersOf = new Map<string, Statement[]>();
  for (const { Properties } of ofType('AWS::Lambda::Permission')) {
    // A function is named by its name, or by its ARN.
    const name = (resolve(Properties.FunctionName) as string).replace(/^arn:.*:function:/, '');
    invokersOf.set(name, [
      ...(invokersOf.get(name) ?? []),
      permission(name, resolve(Properties) as Permission),
    ]);
  }
  const resourcePolicies = [
    ...ofType('AWS::SNS::TopicPolicy').map(({ Type, Properties }) => [Type, Properties.PolicyDocument]),
    ...ofType('AWS::SQS::QueuePolicy').map(({ Type, Properties }) => [Type, Properties.PolicyDocument]),
    ...ofType('AWS::KMS::Key').map(({ Type, Properties }) => [Type, Properties.KeyPolicy]),
    ...ofType('AWS::SecretsManager::ResourcePolicy').map(({ Type, Properties }) => [
      Type,
      Properties.ResourcePolicy,
    ]),
  ].map(([type, document]) => ({ type: String(type), statements: statements(document) }));
  return { of, invokersOf, resourcePolicies };
}

/** `anthropic-keys-prod-check-eu-central-1` is for `check`. Two roles have no name of their own: of a `RestartOnRotation`, and of the schedules. */
function purposeOf(name: unknown): string {
  const [, purpose] = /^anthropic-keys-[a-z]+-([a-z]+)/.exec(String(name)) ?? [];
  return purpose ?? (/Restart/.test(String(name)) ? 'restart' : 'schedules');
}

interface Permission {
  readonly Action: string;
  readonly Principal: string;
  readonly SourceAccount?: string;
  readonly SourceArn?: string;
}

/** A permission of Lambda as the statement that Lambda makes of it. */
function permission(name: string, { Action, Principal, SourceAccount, SourceArn }: Permission): Statement {
  const Condition: Conditions = {
    ...(SourceAccount && { StringEquals: { 'aws:SourceAccount': SourceAccount } }),
    ...(SourceArn && { ArnLike: { 'aws:SourceArn': SourceArn } }),
  };
  const Resource = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`;
  return { Effect: 'Allow', Principal: { Service: Principal }, Action, Resource, Condition };
}
