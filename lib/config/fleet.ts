import type { Policy } from '../domain/policy';
import type { Home } from '../domain/probe/verdict';

/** How the one function with Admin access proves who it is. */
export type AdminAccess =
  | {
      readonly federation: {
        readonly ruleId: string;
        readonly organizationId: string;
        readonly serviceAccountId: string;
        readonly audience: string;
      };
    }
  | { readonly adminKeySecretArn: string };

/** A managed key as configured, its policy merged from all levels. */
export interface FleetKey {
  readonly service: string;
  readonly owner: string;
  readonly policy: Policy;
  /** Complete ARN of an adopted secret. */
  readonly existing?: string;
  /** Name of the further stack that holds it. */
  readonly stack?: string;
  readonly principals?: readonly string[];
}

/** A network of one's own, by ids, so that synthesis looks nothing up. */
export interface NetworkPlacement {
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
}

/** How the keys of one environment are kept: what another CDK app writes, and what an environment of the fleet file comes to. */
export interface KeyRotationProps {
  /** Name of the environment, such as `prod`: part of every name, and unique per account, in all its regions. */
  readonly environment: string;
  /** Keys of this stack. */
  readonly keys: readonly FleetKey[];
  /** Keys of the same environment in further stacks: their owners are subscribed, their adopted secrets admitted here. @default none */
  readonly keysElsewhere?: readonly FleetKey[];
  /** Mailboxes that receive every notice. */
  readonly alerts: readonly string[];
  /** Anthropic organization and workspace in which the keys must live. A key of another one is refused. */
  readonly home: Home;
  /** ARN of a topic of yours for notices. @default a new topic, over TLS only */
  readonly topicArn?: string;
  /** ARN of a topic for alarms, as a second channel. @default the topic of the notices */
  readonly alarmTopicArn?: string;
  /** Name of the EventBridge bus that receives an event per notice. @default the account's default bus */
  readonly eventBusName?: string;
  /** What https subscribers of the topic get: the form that Amazon Q Developer in chat applications shows. @default the notice's JSON */
  readonly chat?: 'amazon-q';
  /** `customer-managed` for a new KMS key, or the ARN of yours. @default the keys that AWS manages, and none for the topic */
  readonly encryption?: string;
  /** ARNs of the KMS keys that older versions of the secrets are still encrypted with. @default none */
  readonly formerEncryption?: readonly string[];
  /** Lets one function list and deactivate keys at Anthropic. @default a human is asked */
  readonly adminAccess?: AdminAccess;
  /** Subnets and security groups of the functions. @default in the network of AWS Lambda */
  readonly network?: NetworkPlacement;
  /** HTTPS proxy for calls to Anthropic. @default none */
  readonly proxyUrl?: string;
  /** Base URL of the Anthropic API. @default https://api.anthropic.com */
  readonly anthropicBaseUrl?: string;
  /** Where docs/runbook.md is served; alarms link to it. @default the path in the repository */
  readonly runbookUrl?: string;
  /** Day on which a human last reviewed the workspace's spend limit, such as `2026-11-21`. @default not reviewed */
  readonly spendLimitReviewed?: string;
}

/** An environment with every default filled in: the props of `KeyRotation`, and where it is deployed. */
export interface FleetEnvironment extends Omit<KeyRotationProps, 'keysElsewhere'> {
  readonly account?: string;
  readonly region?: string;
  /** Why another environment may name the same workspace. */
  readonly sharedWorkspace?: string;
  /** All its keys: those that name a `stack` are for a further one. */
  readonly keys: readonly FleetKey[];
  readonly eventBusName: string;
  readonly anthropicBaseUrl: string;
}

/** All that `keys.yaml` says, judged and complete. */
export interface FleetConfig {
  readonly environments: readonly FleetEnvironment[];
}

export const ANTHROPIC_URL = 'https://api.anthropic.com';
