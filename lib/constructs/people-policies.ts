import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { FUNCTION_ROLES, sharedName } from '../contract/names';
import {
  type Ability,
  explain,
  invoke,
  listSecrets,
  may,
  onSecrets,
  type Realm,
  together,
  useEncryptionKey,
  withOurRotation,
} from './permissions';

/** Commands go to the functions, and RotateSecret asks that its caller may invoke the one that rotates. Admin access is for the responder. */
const FOR_OPERATORS = FUNCTION_ROLES.filter((role) => role !== 'admin');

/** What people need, per environment. Attach them to roles of yours; none of them reads a key. */
export class PeoplePolicies extends Construct {
  /** Sees every key's state, and nothing that could be used. */
  readonly reader: ManagedPolicy;
  /** Rotates: submits a new key, rolls back, extends, snoozes. */
  readonly operator: ManagedPolicy;
  /** Contains a leak: may have keys deactivated and reactivated. */
  readonly responder: ManagedPolicy;

  constructor(scope: Construct, id: string, realm: Realm) {
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
      abilities: together(rotate(realm), realm.adminAccess ? invoke(realm, 'Admin', ['admin']) : may([])),
    });
  }

  private policy(id: string, { arns }: Realm, { description, abilities }: Purpose): ManagedPolicy {
    const policy = new ManagedPolicy(this, id, {
      managedPolicyName: `${sharedName(arns.environment)}-${id.toLowerCase()}`,
      description,
      statements: [...abilities.statements],
    });
    explain(policy, abilities);
    return policy;
  }
}

interface Purpose {
  readonly description: string;
  readonly abilities: Ability;
}

const SEE = ['DescribeSecret', 'ListSecretVersionIds'];

/** Sees which keys there are, who is subscribed, and what is scheduled. */
const seeEnvironment = ({ arns, topicArn }: Realm) =>
  together(
    listSecrets(),
    may([
      new PolicyStatement({
        sid: 'WhoListens',
        actions: ['sns:GetTopicAttributes', 'sns:ListSubscriptionsByTopic'],
        resources: [topicArn],
      }),
    ]),
    // `doctor` says where a key has no schedule any more.
    may(
      [
        new PolicyStatement({
          sid: 'Schedules',
          actions: ['scheduler:GetSchedule'],
          resources: [arns.schedules()],
        }),
      ],
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
