import {
  ArnPrincipal,
  CompositePrincipal,
  type IPrincipal,
  ManagedPolicy,
  Role,
  WebIdentityPrincipal,
} from 'aws-cdk-lib/aws-iam';
import { Aws, Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { FUNCTION_ROLES, type PeoplePolicy, policyName, readerRoleName } from '../contract/names';
import {
  type Ability,
  allow,
  explain,
  invoke,
  listSecrets,
  may,
  onSecrets,
  order,
  type Realm,
  together,
  useEncryptionKey,
  withOurRotation,
} from './permissions';

/** Operators send commands to functions, and RotateSecret requires permission to invoke `rotate`. Only responders use `admin`, by the door for orders. */
const FOR_OPERATORS = FUNCTION_ROLES.filter((role) => role !== 'admin');

/** Managed policies for the roles of an environment's people. None of them reads a key. */
export class PeoplePolicies extends Construct {
  /** Sees every key's state, but no value. */
  readonly reader: ManagedPolicy;
  /** Rotates: submits a new key, rolls back, extends, snoozes. */
  readonly operator: ManagedPolicy;
  /** Contains a leak: may have keys deactivated and reactivated. */
  readonly responder: ManagedPolicy;
  /** Has the reader policy, for those whom `readers` names. Undefined if it names nobody. */
  readonly readerRole?: Role;

  constructor(scope: Construct, id: string, realm: Realm, readers: readonly string[] = []) {
    super(scope, id);
    const { environment } = realm.arns;
    this.reader = this.policy('Reader', realm, {
      description: `Sees the Anthropic keys of ${environment}, never their values`,
      abilities: together(onSecrets(realm, 'Keys', SEE), seeEnvironment(realm)),
    });
    this.operator = this.policy('Operator', realm, {
      description: `Rotates the Anthropic keys of ${environment}, and reads none of them`,
      abilities: rotate(realm),
    });
    this.responder = this.policy('Responder', realm, {
      description: `Contains a leak of an Anthropic key of ${environment}`,
      abilities: together(rotate(realm), order(realm)),
    });
    if (readers.length > 0)
      this.readerRole = new Role(this, 'ReaderRole', {
        roleName: readerRoleName(environment),
        description: this.reader.description,
        assumedBy: new CompositePrincipal(...trusted(readers)),
        managedPolicies: [this.reader],
        maxSessionDuration: Duration.hours(1),
      });
  }

  private policy(
    id: Capitalize<PeoplePolicy>,
    { arns }: Realm,
    { description, abilities }: { readonly description: string; readonly abilities: Ability },
  ): ManagedPolicy {
    const policy = new ManagedPolicy(this, id, {
      managedPolicyName: policyName(arns.environment, id.toLowerCase() as PeoplePolicy),
      description,
      statements: [...abilities.statements],
    });
    explain(policy, abilities);
    return policy;
  }
}

const GITHUB = 'token.actions.githubusercontent.com';

const isSubject = (reader: string) => reader.startsWith('repo:');

/** Each ARN by itself, and GitHub's workflows by their exact subjects, through the account's own provider. */
function trusted(readers: readonly string[]): IPrincipal[] {
  const subjects = readers.filter(isSubject);
  const provider = `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:oidc-provider/${GITHUB}`;
  const conditions = { [`${GITHUB}:aud`]: 'sts.amazonaws.com', [`${GITHUB}:sub`]: subjects };
  return [
    ...readers.filter((reader) => !isSubject(reader)).map((arn) => new ArnPrincipal(arn)),
    ...(subjects.length > 0 ? [new WebIdentityPrincipal(provider, { StringEquals: conditions })] : []),
  ];
}

const SEE = ['DescribeSecret', 'ListSecretVersionIds'];

/** Lists keys, subscriptions and schedules. */
const seeEnvironment = ({ arns, topicArn }: Realm) =>
  together(
    listSecrets(),
    may([allow('WhoListens', ['sns:GetTopicAttributes', 'sns:ListSubscriptionsByTopic'], [topicArn])]),
    // The page for auditors reads its history there, also from the logs that a removed stack has left.
    may(
      [
        allow('FindEvidence', ['logs:DescribeLogGroups'], [arns.logGroup('*')]),
        allow('Evidence', ['logs:FilterLogEvents'], [arns.evidenceLogs()]),
      ],
      [arns.logGroup('*'), 'DescribeLogGroups finds log groups by a prefix, and shows no event.'],
      [arns.evidenceLogs(), 'The evidence logs of one environment, whose names end in part of a stack id.'],
    ),
    // `doctor` reports a key whose schedule is missing.
    may(
      [allow('Schedules', ['scheduler:GetSchedule'], [arns.schedules()])],
      [arns.schedules(), 'Every schedule of one environment: its keys have one each.'],
    ),
  );

const rotate = (realm: Realm) =>
  together(
    onSecrets(
      realm,
      'Keys',
      [...SEE, 'PutSecretValue', 'UpdateSecretVersionStage', 'RotateSecret'],
      withOurRotation(realm),
    ),
    invoke(realm, 'Functions', FOR_OPERATORS),
    seeEnvironment(realm),
    useEncryptionKey(realm),
  );
