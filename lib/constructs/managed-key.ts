import { createHash } from 'node:crypto';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import { CfnRotationSchedule, CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import type { Construct, IDependable } from 'constructs';
import { namedConsumers } from '../config/consumers';
import type { FleetKey } from '../config/fleet';
import { isOwnSecret, secretName, secretNameOf } from '../contract/names';
import { policyToTags } from '../contract/policy-tags';
import { PLACEHOLDER } from '../contract/secret-value';
import type { Home } from '../domain/probe/verdict';
import type { EnvironmentArns } from './environment-arns';
import { type EncryptedBy, KeyAccess } from './key-access';
import { KeyOfService, type KeyReference } from './key-of-service';
import type { KeySchedules } from './key-schedules';
import { limitReaders } from './limit-readers';
import type { IManagedKey } from './managed-key-interface';

export interface ManagedKeyProps {
  /** The key as in the fleet file or in the props of `KeyRotation`. */
  readonly key: FleetKey;
  readonly home: Home;
  readonly arns: EnvironmentArns;
  readonly schedules: KeySchedules;
  /** The bus that gets the events of the environment. */
  readonly eventBus: IEventBus;
  /** KMS key id, ARN or alias. @default AWS manages the key */
  readonly encryption?: string;
  /** How applications are allowed to decrypt. @default AWS manages the key */
  readonly encryptedBy?: EncryptedBy;
  /** ARNs of KMS keys that still encrypt older versions. @default none */
  readonly formerEncryption?: readonly string[];
  /** The functions and their callers' permissions, if they are in this stack. */
  readonly functionsReady: readonly IDependable[];
}

/** One managed key: its secret, the rotation that promotes submitted keys, and the schedule that checks it. */
export class ManagedKey extends KeyAccess {
  /**
   * A key that another app deploys to the same account and region, by its names alone: nothing is looked up, and whether it exists shows at
   * deployment or later.
   * @throws Error naming each invalid prop
   */
  static fromService(scope: Construct, id: string, props: KeyReference): IManagedKey {
    return new KeyOfService(scope, id, props);
  }

  readonly environment: string;
  readonly service: string;
  readonly secretName: string;
  readonly eventBus: IEventBus;
  protected readonly completeArn: string;
  protected readonly adopted: boolean;
  protected readonly encryptedBy: EncryptedBy | undefined;
  protected readonly formerKeyArns: readonly string[];

  constructor(scope: Construct, id: string, props: ManagedKeyProps) {
    super(scope, id);
    const { key, arns } = props;
    const name = secretName(arns.environment, key.service);
    this.environment = arns.environment;
    this.service = key.service;
    this.secretName = key.existing ? secretNameOf(key.existing) : name;
    this.eventBus = props.eventBus;
    this.adopted = key.existing !== undefined && !isOwnSecret(arns.environment, key.existing);
    this.encryptedBy = props.encryptedBy;
    this.formerKeyArns = props.formerEncryption ?? [];
    const secret = key.existing ? undefined : this.createSecret(name, props);
    this.completeArn = key.existing ?? secret!.ref;

    const rotation = new CfnRotationSchedule(this, 'Rotation', {
      secretId: this.secretArn,
      rotationLambdaArn: arns.function('rotate'),
      // Every promotion resets it. So it starts only when the key is overdue, and then it rightly fails.
      rotationRules: { automaticallyAfterDays: key.policy.maxAgeDays },
      rotateImmediatelyOnUpdate: false,
    });
    rotation.node.addDependency(...props.functionsReady);
    // With a new logical id, CloudFormation would turn rotation off and on again.
    rotation.overrideLogicalId(fixedId('Rotation', name));

    props.schedules.add({
      id: `Check${key.service}`,
      logicalId: fixedId('Check', name),
      after: [...props.functionsReady, ...(secret ? [secret] : [])],
      name: key.service,
      description: `Checks the Anthropic API key of ${arns.environment}/${key.service}`,
      expression: key.policy.checkEvery,
      functionArn: arns.function('check'),
      input: { secretId: key.existing ?? name },
    });
    if (secret && key.principals)
      limitReaders(this, { secretArn: this.secretArn, principals: key.principals, arns });
  }

  /**
   * NEVER CHANGE `secretString` or replace it by `generateSecretString`: if it differs from the last deployment, CloudFormation overwrites the
   * live key of every deployed secret (aws/aws-cdk#19985). A test pins the text.
   */
  private createSecret(name: string, { key, home, arns, encryption }: ManagedKeyProps): CfnSecret {
    const { service, owner } = key;
    const identity = {
      environment: arns.environment,
      service,
      owner,
      consumers: namedConsumers(key.consumers),
    };
    const secret = new CfnSecret(this, 'Secret', {
      name,
      description: `Anthropic API key of ${arns.environment}/${key.service}`,
      secretString: PLACEHOLDER,
      kmsKeyId: encryption,
      tags: Object.entries(policyToTags(identity, key.policy, home)).map(([key, value]) => ({ key, value })),
    });
    // Plain RETAIN also keeps the secret of a failed create, and the retry would fail with "already exists".
    secret.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    // A new logical id would create the same name again and collide with the retained secret.
    secret.overrideLogicalId(fixedId('Key', name));
    return secret;
  }
}

/** A logical id that depends only on the secret's name, so that no refactoring of the construct tree changes it. */
function fixedId(kind: string, name: string): string {
  const readable = name.replace(/[^A-Za-z0-9]+(.)/g, (_, letter: string) => letter.toUpperCase());
  const distinct = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${kind}${readable.slice(0, 1).toUpperCase()}${readable.slice(1)}${distinct}`;
}
