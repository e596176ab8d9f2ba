import type { ReadAs } from '../contract/people';
import type { ConsumerKind } from '../domain/consumer';
import type { Alerts } from '../domain/notices/audience';
import type { Policy } from '../domain/policy';
import type { Home } from '../domain/probe/verdict';
import type { LogRetentionDays } from './log-retention';

/** How the function with Admin access authenticates. */
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

/** An application that reads a key, as configured. */
export interface FleetConsumer {
  /** Where it runs. */
  readonly kind: ConsumerKind;
  /**
   * How people call it, without spaces: `chat-frontend`. For ECS `cluster/service`, for Kubernetes `namespace/deployment/name`: then mails show the
   * command that restarts it. @default `cluster/service` of `service`
   */
  readonly name?: string;
  /** Minutes until it has a new key by itself, at most 30 days; or `restart` if it reads the key only at its start. @default 'restart' */
  readonly refresh?: number | 'restart';
  /** ARN of an ECS service, such as `arn:aws:ecs:eu-central-1:111122223333:service/prod/gateway`: it is restarted after a change of the key. @default none */
  readonly service?: string;
  /** ARN of a role to assume for an ECS service of another account. @default the function's own role */
  readonly role?: string;
}

/** A configured key, with its policy merged from all levels. */
export interface FleetKey {
  /** Name of the application that uses the key, such as `api-gateway`. */
  readonly service: string;
  /** E-mail address of the team that acts on notices about the key. */
  readonly owner: string;
  /** How the key is kept. */
  readonly policy: Policy;
  /** Complete ARN of an adopted secret. @default a new secret */
  readonly existing?: string;
  /** Name of the further stack for it: one of its own, or a number if the keys are spread over `stacks`. @default the first stack */
  readonly stack?: string;
  /** ARNs of the only roles and users that may read the value. @default whoever IAM allows */
  readonly principals?: readonly string[];
  /** Applications that read the key, so that mails say who must be restarted. Empty where nobody reads it. @default none are named */
  readonly consumers?: readonly FleetConsumer[];
}

/** A VPC by ids, so that synthesis needs no lookup. */
export interface NetworkPlacement {
  /** Private subnets with a way to AWS and to Anthropic. */
  readonly subnetIds: readonly string[];
  /** Security groups of the functions. */
  readonly securityGroupIds: readonly string[];
}

/** One environment in plain values, as the fleet file has them. The props of `KeyRotation` take constructs beside them. */
export interface EnvironmentProps {
  /** Name, such as `prod`: part of every resource name, and unique per account across all regions. */
  readonly environment: string;
  /** Keys of this stack. */
  readonly keys: readonly FleetKey[];
  /** Keys of the same environment in further stacks: this stack subscribes their owners and grants access to their adopted secrets. @default none */
  readonly keysElsewhere?: readonly FleetKey[];
  /** Mailboxes that receive every notice; or `all` for those, and `critical` for those that receive critical notices only. */
  readonly alerts: readonly string[] | Partial<Alerts>;
  /** Anthropic organization and workspace of the keys. A key from elsewhere is refused. */
  readonly home: Home;
  /** Over how many further stacks the keys are spread. Fixed once deployed: CloudFormation refuses another number. @default none */
  readonly stacks?: number;
  /** ARN of an existing topic for notices. @default a new topic, over TLS only */
  readonly topicArn?: string;
  /** ARN of a topic for alarms, as a second channel. @default the topic of the notices */
  readonly alarmTopicArn?: string;
  /** Name of the EventBridge bus that receives an event per notice. @default the account's default bus */
  readonly eventBusName?: string;
  /** Days for which the evidence log keeps the events of the bus. @default 400 */
  readonly evidenceRetentionDays?: LogRetentionDays;
  /** Days for which the logs of the functions are kept. @default 180 */
  readonly logRetentionDays?: LogRetentionDays;
  /** `external` if another stack, or somebody else, lets EventBridge write to the evidence log: a region takes ten such policies. @default 'here' */
  readonly evidencePolicy?: 'here' | 'external';
  /** Format for https subscribers of the topic: that of Amazon Q Developer in chat applications. @default the notice's JSON */
  readonly chat?: 'amazon-q';
  /** `customer-managed` for a new KMS key, or the ARN of an existing one. @default AWS manages the keys, and the topic has none */
  readonly encryption?: string;
  /** ARNs of KMS keys that still encrypt older versions of secrets. @default none */
  readonly formerEncryption?: readonly string[];
  /** Tags of every resource that takes tags, besides those of this project. @default none */
  readonly tags?: Readonly<Record<string, string>>;
  /** ARN or name of a managed policy that bounds every role. It must allow what the functions do. @default none */
  readonly permissionsBoundary?: string;
  /**
   * Who may assume a role that sees the keys' state and no value: ARNs of roles, users or whole accounts (`arn:aws:iam::111122223333:root`), and exact
   * subjects of GitHub's tokens (`repo:acme/keys:ref:refs/heads/main`). @default there is no such role
   */
  readonly readers?: readonly string[];
  /** Lets one function list and deactivate keys at Anthropic. @default a human is asked */
  readonly adminAccess?: AdminAccess;
  /** Subnets and security groups of the functions. @default AWS Lambda's own network */
  readonly network?: NetworkPlacement;
  /** HTTPS proxy for calls to Anthropic. @default none */
  readonly proxyUrl?: string;
  /** Base URL of the Anthropic API. @default https://api.anthropic.com */
  readonly anthropicBaseUrl?: string;
  /**
   * What mails print before the verbs of the command line, such as `pnpm exec anthropic-keys`. It must run what is installed and download nothing.
   * @default `npx --no -- anthropic-keys`
   */
  readonly cliCommand?: string;
  /** Where the repository with the command line is; mails link to it. @default mails name it without a link */
  readonly projectUrl?: string;
  /** Where docs/runbook.md is served; mails and alarms link to its sections. @default the path in the repository */
  readonly runbookUrl?: string;
  /** Day on which a human last reviewed the workspace's spend limit, such as `2026-11-21`. @default not reviewed */
  readonly spendLimitReviewed?: string;
}

/** An environment with every default filled in: its plain values, and where it is deployed. */
export interface FleetEnvironment extends Omit<EnvironmentProps, 'keysElsewhere' | 'alerts'> {
  /** Mailboxes, by what they hear. */
  readonly alerts: Alerts;
  /** AWS account. @default that of the stage, else of the credentials */
  readonly account?: string;
  /** AWS region. @default that of the stage, else of the credentials */
  readonly region?: string;
  /** Why the region may be one that the CDK does not know. @default it must be known */
  readonly unknownRegion?: string;
  /** Whose credentials `--everywhere` of the command line reads this environment with. @default the caller's own */
  readonly readAs?: ReadAs;
  /** Why another environment may use the same workspace. @default none may */
  readonly sharedWorkspace?: string;
  /** All its keys; those with a `stack` are for a further one. */
  readonly keys: readonly FleetKey[];
  /** Name of the EventBridge bus that receives an event per notice. */
  readonly eventBusName: string;
  /** Days for which the evidence log keeps the events of the bus. */
  readonly evidenceRetentionDays: LogRetentionDays;
  /** Days for which the logs of the functions are kept. */
  readonly logRetentionDays: LogRetentionDays;
  /** Base URL of the Anthropic API. */
  readonly anthropicBaseUrl: string;
}

/** All of `keys.yaml`, validated and complete. */
export interface FleetConfig {
  /** In the order of the file. */
  readonly environments: readonly FleetEnvironment[];
}

export const ANTHROPIC_URL = 'https://api.anthropic.com';
