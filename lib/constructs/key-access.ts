import { Secret as EcsSecret } from 'aws-cdk-lib/aws-ecs';
import type { IEventBus, OnEventOptions, Rule } from 'aws-cdk-lib/aws-events';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Annotations, Stack, Token, TokenComparison } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { keyChangedPattern } from '../contract/events';
import { KEY_FIELD } from '../domain/refusal';
import { EnvironmentArns } from './environment-arns';
import { eventRule } from './event-rule';
import { guardSecret } from './guarded-secret';
import type { IManagedKey } from './managed-key-interface';
import { type Conditions, CURRENT_ONLY, mergeConditions, through, withOurRotation } from './permissions';

/** The KMS key of a secret: its ARN, or the alias by which one key of the account is known. */
export type EncryptedBy = { readonly keyArn: string } | { readonly alias: string };

/** What an application may get of a managed key, whichever stack or app the key belongs to. */
export abstract class KeyAccess extends Construct implements IManagedKey {
  abstract readonly environment: string;
  abstract readonly service: string;
  abstract readonly secretName: string;
  abstract readonly eventBus: IEventBus;
  /** Complete ARN of the secret; undefined if only its name is known. */
  protected abstract readonly completeArn: string | undefined;
  /** Whether its value has whatever form its owner gave it. */
  protected abstract readonly adopted: boolean;
  /** Undefined if AWS manages the key of the secret. */
  protected abstract readonly encryptedBy: EncryptedBy | undefined;
  /** ARNs of KMS keys that still encrypt older versions. */
  protected abstract readonly formerKeyArns: readonly string[];
  private imported?: ISecret;

  /** ARN of the secret, which lacks the six random characters at its end if only the name is known. */
  get secretArn(): string {
    return this.completeArn ?? this.secret.secretArn;
  }

  get secret(): ISecret {
    this.imported ??= guardSecret(this.importSecret(), {
      path: this.node.path,
      secretName: this.secretName,
      grantRead: (grantee) => this.grantRead(grantee),
    });
    return this.imported;
  }

  ecsSecret(field: string | undefined = this.adopted ? undefined : KEY_FIELD): EcsSecret {
    if (this.completeArn === undefined && LOOKS_COMPLETE.test(this.secretName))
      throw new Error(
        `${this.node.path}: the name ${this.secretName} ends in a hyphen and six characters, so AWS takes its ARN without the random ones for a complete ARN: give fromService the secretArn.`,
      );
    return EcsSecret.fromSecretsManager(this.secret, field);
  }

  grantRead(grantee: IGrantable): Grant {
    return this.allow(grantee, ['GetSecretValue'], CURRENT_ONLY)
      .combine(this.allow(grantee, ['DescribeSecret']))
      .combine(this.allowEncryption(grantee, ['Decrypt']));
  }

  grantReadAnyVersion(grantee: IGrantable): Grant {
    const read = this.allow(grantee, ['GetSecretValue', 'DescribeSecret', 'ListSecretVersionIds']);
    return this.formerKeyArns.reduce(
      (grant, keyArn) => grant.combine(useKey(grantee, ['Decrypt'], { keyArn }, this.arns)),
      read.combine(this.allowEncryption(grantee, ['Decrypt'])),
    );
  }

  grantSubmit(grantee: IGrantable): Grant {
    const { arns } = this;
    return this.allow(grantee, ['DescribeSecret', 'PutSecretValue'])
      .combine(this.allow(grantee, ['RotateSecret'], withOurRotation({ arns })))
      .combine(
        // The caller of RotateSecret must be allowed to invoke the function that rotates.
        Grant.addToPrincipal({
          grantee,
          actions: ['lambda:InvokeFunction'],
          resourceArns: [arns.function('rotate')],
        }),
      )
      .combine(this.allowEncryption(grantee, ['GenerateDataKey', 'Decrypt']));
  }

  onKeyChanged(id: string, options: OnEventOptions = {}): Rule {
    const { environment, service, eventBus } = this;
    return eventRule(this, id, options, { eventBus, pattern: keyChangedPattern(environment, service) });
  }

  private importSecret(): ISecret {
    return this.completeArn === undefined
      ? Secret.fromSecretNameV2(this, 'Import', this.secretName)
      : Secret.fromSecretCompleteArn(this, 'Import', this.completeArn);
  }

  private allow(grantee: IGrantable, actions: readonly string[], conditions?: Conditions): Grant {
    this.warnOfOtherAccount(grantee);
    return Grant.addToPrincipal({
      grantee,
      actions: actions.map((action) => `secretsmanager:${action}`),
      resourceArns: [this.completeArn ?? this.arns.secretNamed(this.secretName)],
      conditions,
    });
  }

  /** Across accounts AWS asks the policy of the secret, too, and of its KMS key. */
  private warnOfOtherAccount({ grantPrincipal: { principalAccount } }: IGrantable): void {
    const { account } = Stack.of(this);
    if (principalAccount === undefined) return;
    if (Token.compareStrings(principalAccount, account) !== TokenComparison.DIFFERENT) return;
    Annotations.of(this).addWarningV2(
      'anthropic-keys:other-account',
      `${this.environment}/${this.service} is granted to account ${principalAccount}, which has no effect until the resource policy of the secret and its KMS key admit that account; let something of account ${account} read or submit the key`,
    );
  }

  private allowEncryption(grantee: IGrantable, actions: readonly string[]): Grant {
    if (!this.encryptedBy) return Grant.drop(grantee, 'AWS manages the key of the secret');
    return useKey(grantee, actions, this.encryptedBy, this.arns);
  }

  /** Built when they are needed: the environment is not known before the constructor of the subclass has run. */
  private get arns(): EnvironmentArns {
    return new EnvironmentArns(this, this.environment);
  }
}

/** A partial ARN that ends so is taken for a complete one. */
const LOOKS_COMPLETE = /-[A-Za-z0-9]{6}$/;

function useKey(
  grantee: IGrantable,
  actions: readonly string[],
  key: EncryptedBy,
  arns: EnvironmentArns,
): Grant {
  const [keyArn, which] =
    'keyArn' in key
      ? [key.keyArn, {}]
      : [arns.kmsKeys(), { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': key.alias } }];
  return Grant.addToPrincipal({
    grantee,
    actions: actions.map((action) => `kms:${action}`),
    resourceArns: [keyArn],
    conditions: mergeConditions(through('secretsmanager'), which),
  });
}
