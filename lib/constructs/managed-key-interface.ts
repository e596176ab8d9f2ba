import type { Secret as EcsSecret } from 'aws-cdk-lib/aws-ecs';
import type { IEventBus, OnEventOptions, Rule } from 'aws-cdk-lib/aws-events';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IConstruct } from 'constructs';

/** A managed key, of this app or of another one. */
export interface IManagedKey extends IConstruct {
  /** Environment of the key, such as `prod`. */
  readonly environment: string;
  /** Service of the key, such as `api-gateway`. */
  readonly service: string;
  /** Name of its secret, such as `anthropic/prod/api-gateway`. */
  readonly secretName: string;
  /** The bus that gets the events of its environment. */
  readonly eventBus: IEventBus;
  /**
   * Its secret, for constructs that take one. `grantRead` is that of the key. What would harm a live key or copy it to where it outlives its
   * rotation is refused: `grantWrite`, `secretValue`, `secretValueFromJson`, `cfnDynamicReferenceKey`, `addRotationSchedule`, `attach`.
   */
  readonly secret: ISecret;
  /**
   * The key as a secret of an ECS container, whose execution role may then read the live key. A task has it from its start to its end: tasks must
   * be restarted within the grace of a rotation.
   * @param field field of the JSON document. @default ANTHROPIC_API_KEY; of an adopted secret, the whole value
   */
  ecsSecret(field?: string): EcsSecret;
  /**
   * Lets an application read the live key, and no other version, by a plain GetSecretValue: without a version id, and without a label or with
   * AWSCURRENT. It may also describe the secret, and decrypt it through Secrets Manager. AWS's caching clients ask by version id:
   * `grantReadAnyVersion` is for them.
   */
  grantRead(grantee: IGrantable): Grant;
  /**
   * Lets an application read **every** version by its id or label, as AWS's caching clients for Python, Java, .NET and Go need it: the live key,
   * old keys whose grace is not over, and keys that were submitted but not tested, or were refused. It may also list the versions, and decrypt them
   * through Secrets Manager.
   */
  grantReadAnyVersion(grantee: IGrantable): Grant;
  /**
   * Lets a machine submit a key for this one secret, by PutSecretValue under the label SUBMITTED, start its rotation, and follow it by
   * DescribeSecret. It can read no key, and move no label. IAM knows no condition on the label of a new version: who may put one can also put it live at once, as with the operator policy.
   * The check finds such an edit, judges it, and takes a bad one back.
   */
  grantSubmit(grantee: IGrantable): Grant;
  /**
   * A rule for every change of the live key: a promotion, an accepted edit, a way back. Deliver it to what has to read the key again.
   * @param id unique in the scope, which is the key unless `crossStackScope` names another
   */
  onKeyChanged(id: string, options?: OnEventOptions): Rule;
}
