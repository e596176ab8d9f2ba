import type { IEventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnEventInvokeConfig, CfnPermission } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Aws } from 'aws-cdk-lib/core';
import { Construct, type IDependable } from 'constructs';
import { ANTHROPIC_URL, type KeyRotationProps } from '../config/fleet';
import { encodeAdminEnv, encodeEnv, encodeProxy, type FunctionEnv } from '../contract/env';
import { METRICS_NAMESPACE } from '../contract/metric-names';
import { type FunctionRole, functionName } from '../contract/names';
import {
  adminPermissions,
  checkPermissions,
  explainAdmin,
  reportPermissions,
  rotatePermissions,
} from './function-permissions';
import { KeyFunction } from './key-function';
import { explainListing, explainSecrets, type Realm } from './permissions';

export interface EnvironmentFunctionsProps {
  readonly rotation: KeyRotationProps;
  readonly realm: Realm;
  readonly bus: IEventBus;
  readonly undelivered: IQueue;
}

/** The three or four functions of an environment, each with its own role. */
export class EnvironmentFunctions extends Construct {
  readonly check: KeyFunction;
  readonly rotate: KeyFunction;
  readonly report: KeyFunction;
  /** The only function with Admin access to Anthropic. It has no event source. */
  readonly admin?: KeyFunction;
  /** What has to be there before Secrets Manager accepts a rotation schedule, and before a schedule may fire. */
  readonly ready: readonly IDependable[];

  constructor(scope: Construct, id: string, props: EnvironmentFunctionsProps) {
    super(scope, id);
    const { rotation, realm } = props;
    const { environment, adminAccess } = rotation;
    const env = environmentOf(props);
    const proxy = encodeProxy(rotation.proxyUrl);
    const common = (role: FunctionRole) => ({ environment, role, network: rotation.network });

    this.check = new KeyFunction(this, 'Check', {
      ...common('check'),
      description: `Checks one Anthropic key of ${environment}, and acts on what it finds`,
      variables: { ...encodeEnv(env), ...proxy },
      permissions: checkPermissions(realm, adminAccess !== undefined),
    });
    this.keepFailures(this.check, props.undelivered);
    this.rotate = new KeyFunction(this, 'Rotate', {
      ...common('rotate'),
      description: `Tests and promotes submitted Anthropic keys of ${environment}`,
      variables: { ...encodeEnv(env), ...proxy },
      permissions: rotatePermissions(realm, adminAccess !== undefined),
    });
    this.report = new KeyFunction(this, 'Report', {
      ...common('report'),
      description: `Reports on all Anthropic keys of ${environment}, and on whether they are watched`,
      variables: { ...encodeEnv(env), ...proxy },
      permissions: reportPermissions(realm, adminAccess !== undefined),
    });
    if (adminAccess)
      this.admin = new KeyFunction(this, 'Admin', {
        ...common('admin'),
        description: `Lists and deactivates Anthropic keys of ${environment}; invoked directly only`,
        variables: { ...encodeEnv(env), ...encodeAdminEnv(adminAccess), ...proxy },
        permissions: adminPermissions(realm, adminAccess),
      });
    for (const each of [this.check, this.rotate, this.report, this.admin])
      if (each) explainSecrets(each.role, realm);
    for (const each of [this.check, this.rotate, this.report]) explainListing(each.role);
    if (this.admin) explainAdmin(this.admin.role, realm);
    this.ready = [this.admitRotation(), this.rotate, this.check];
  }

  /** Schedules see refused invocations only: a check that throws ends in the queue after Lambda's two retries. */
  private keepFailures(
    { function: check, role }: KeyFunction,
    { queueArn, encryptionMasterKey }: IQueue,
  ): void {
    role.addToPolicy(
      new PolicyStatement({ sid: 'Failures', actions: ['sqs:SendMessage'], resources: [queueArn] }),
    );
    if (encryptionMasterKey)
      role.addToPolicy(
        new PolicyStatement({
          sid: 'FailuresEncryption',
          actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
          resources: [encryptionMasterKey.keyArn],
          conditions: { StringEquals: { 'kms:ViaService': `sqs.${Aws.REGION}.amazonaws.com` } },
        }),
      );
    new CfnEventInvokeConfig(this, 'Failures', {
      functionName: check.functionName,
      qualifier: '$LATEST',
      maximumRetryAttempts: 2,
      maximumEventAgeInSeconds: 3600,
      destinationConfig: { onFailure: { destination: queueArn } },
    }).node.addDependency(role);
  }

  /** Secrets Manager of this account, and no other, may invoke the function. */
  private admitRotation(): CfnPermission {
    return new CfnPermission(this, 'AdmitRotation', {
      action: 'lambda:InvokeFunction',
      functionName: this.rotate.function.functionName,
      principal: 'secretsmanager.amazonaws.com',
      sourceAccount: Aws.ACCOUNT_ID,
    });
  }
}

function environmentOf({ rotation, realm, bus }: EnvironmentFunctionsProps): FunctionEnv {
  const { environment, adminAccess } = rotation;
  return {
    environment,
    topicArn: realm.topicArn,
    eventBusName: bus.eventBusName,
    expectedHome: rotation.home,
    anthropicBaseUrl: rotation.anthropicBaseUrl ?? ANTHROPIC_URL,
    adminFunction: adminAccess && functionName(environment, 'admin'),
    metricsNamespace: METRICS_NAMESPACE,
    spendLimitReviewed: rotation.spendLimitReviewed,
    alertAddresses: rotation.alerts,
    chat: rotation.chat,
  };
}
