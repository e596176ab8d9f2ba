import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { IManagedPolicy, IRole, IUser } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Duration } from 'aws-cdk-lib/core';
import type { AdminAccess, EnvironmentProps, FleetKey } from '../config/fleet';
import type { Policy } from '../domain/policy';

/** A key in the props of `KeyRotation`. */
export interface KeyProps extends Omit<FleetKey, 'policy' | 'existing' | 'principals'> {
  /** How the key is kept. @default keyPolicy() */
  readonly policy?: Policy;
  /** An adopted secret, or its complete ARN, which must be known at synthesis. A construct names its KMS key, too. @default a new secret */
  readonly existing?: ISecret | string;
  /** The only roles and users that may read the value, or their ARNs. @default whoever IAM allows */
  readonly principals?: readonly (IRole | IUser | string)[];
}

/** Props of `KeyRotation`: the plain values of one environment, or constructs in their place. Giving both of a pair is refused. */
export interface KeyRotationProps
  extends Omit<
    EnvironmentProps,
    'keys' | 'keysElsewhere' | 'permissionsBoundary' | 'formerEncryption' | 'adminAccess'
  > {
  /** Keys of this stack. */
  readonly keys: readonly KeyProps[];
  /** Keys of the same environment in further stacks: this stack subscribes their owners and grants access to their adopted secrets. @default none */
  readonly keysElsewhere?: readonly KeyProps[];
  /** Topic for notices, instead of `topicArn`. Its policy stays yours. @default a new topic, over TLS only */
  readonly topic?: ITopic;
  /** Topic for alarms, as a second channel, instead of `alarmTopicArn`. Its policy stays yours. @default the topic of the notices */
  readonly alarmTopic?: ITopic;
  /** Bus of this account and region that receives an event per notice, instead of `eventBusName`. @default the account's default bus */
  readonly eventBus?: IEventBus;
  /** KMS key of secrets, queue and topic, instead of `encryption`. If this app owns it, its policy admits alarms and rules. @default AWS manages the keys */
  readonly encryptionKey?: IKey;
  /** KMS keys, or their ARNs, that still encrypt older versions of secrets. @default none */
  readonly formerEncryption?: readonly (IKey | string)[];
  /** Network of the functions, instead of `network`. @default AWS Lambda's own network */
  readonly vpc?: IVpc;
  /** Subnets of `vpc`, none of them public. @default the private ones with a way out, else the isolated ones */
  readonly vpcSubnets?: SubnetSelection;
  /** Security groups of the functions in `vpc`. @default a new one that lets out HTTPS, and the way to `proxyUrl` */
  readonly securityGroups?: readonly ISecurityGroup[];
  /** For how long the evidence log keeps events, instead of `evidenceRetentionDays`. @default Duration.days(400) */
  readonly evidenceRetention?: Duration;
  /** For how long the logs of the functions are kept, instead of `logRetentionDays`. @default Duration.days(180) */
  readonly logRetention?: Duration;
  /** Managed policy that bounds every role, or its ARN or name. It must allow what the functions do. @default none */
  readonly permissionsBoundary?: IManagedPolicy | string;
  /** Lets one function list and deactivate keys at Anthropic. @default a human is asked */
  readonly adminAccess?: AdminAccess | { readonly adminKeySecret: ISecret };
}
