import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { sharedName } from '../contract/names';
import {
  acknowledgeWildcard,
  explainListing,
  explainSecrets,
  invoke,
  listSecrets,
  onSecrets,
  type Realm,
  useEncryptionKey,
  withOurRotation,
} from './permissions';

/** What people need, per environment. Attach them to roles of yours; none of them reads a key. */
export class PeoplePolicies extends Construct {
  /** Sees every key's state, and nothing that could be used. */
  readonly reader: ManagedPolicy;
  /** Rotates: submits a new key, rolls back, extends, snoozes. */
  readonly operator: ManagedPolicy;
  /** Contains a leak: may have keys deactivated and reactivated. */
  readonly responder: ManagedPolicy;

  constructor(scope: Construct, id: string, realm: Realm, adminAccess: boolean) {
    super(scope, id);
    const { arns } = realm;
    const see = ['DescribeSecret', 'ListSecretVersionIds'];
    const list = () => [
      listSecrets(),
      new PolicyStatement({
        sid: 'WhoListens',
        actions: ['sns:GetTopicAttributes', 'sns:ListSubscriptionsByTopic'],
        resources: [realm.topicArn],
      }),
      // `doctor` says where a key has no schedule any more.
      new PolicyStatement({
        sid: 'Schedules',
        actions: ['scheduler:GetSchedule'],
        resources: [arns.schedules()],
      }),
    ];
    const act = () => [
      onSecrets(
        realm,
        'Keys',
        [...see, 'PutSecretValue', 'UpdateSecretVersionStage', 'RotateSecret'],
        withOurRotation(realm),
      ),
      // RotateSecret asks that its caller may invoke the rotation function; commands go to the one that checks.
      invoke('Functions', [arns.function('check'), arns.function('rotate'), arns.function('report')]),
      ...list(),
      ...useEncryptionKey(realm),
    ];
    const name = (role: string) => `${sharedName(arns.environment)}-${role}`;
    this.reader = new ManagedPolicy(this, 'Reader', {
      managedPolicyName: name('reader'),
      description: `Sees the Anthropic keys of ${arns.environment}, never their values`,
      statements: [onSecrets(realm, 'Keys', see), ...list()],
    });
    this.operator = new ManagedPolicy(this, 'Operator', {
      managedPolicyName: name('operator'),
      description: `Rotates the Anthropic keys of ${arns.environment}, and reads none of them`,
      statements: act(),
    });
    this.responder = new ManagedPolicy(this, 'Responder', {
      managedPolicyName: name('responder'),
      description: `Contains a leak of an Anthropic key of ${arns.environment}`,
      statements: [...act(), ...(adminAccess ? [invoke('Admin', [arns.function('admin')])] : [])],
    });
    for (const policy of [this.reader, this.operator, this.responder]) {
      explainSecrets(policy, realm);
      explainListing(policy);
      acknowledgeWildcard(
        policy,
        arns.schedules(),
        'Every schedule of one environment: its keys have one each.',
      );
    }
  }
}
