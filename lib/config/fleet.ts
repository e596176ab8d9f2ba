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

/** An environment as configured. */
export interface FleetEnvironment {
  readonly name: string;
  readonly account?: string;
  readonly region?: string;
  readonly alerts: readonly string[];
  readonly home: Home;
  readonly spendLimitReviewed?: string;
  readonly topicArn?: string;
  readonly alarmTopicArn?: string;
  /** What https subscribers of the topic get instead of the notice's JSON. */
  readonly chat?: 'amazon-q';
  readonly eventBusName: string;
  /** `customer-managed`, or the ARN of a KMS key. */
  readonly encryption?: string;
  /** ARNs of KMS keys that older versions of the secrets are still encrypted with. */
  readonly formerEncryption?: readonly string[];
  readonly adminAccess?: AdminAccess;
  readonly vpc?: { readonly subnetIds: readonly string[]; readonly securityGroupIds: readonly string[] };
  readonly proxyUrl?: string;
  readonly anthropicBaseUrl: string;
  readonly runbookUrl?: string;
  readonly keys: readonly FleetKey[];
}

/** All that `keys.yaml` says, judged and complete. */
export interface Fleet {
  readonly environments: readonly FleetEnvironment[];
}

export const ANTHROPIC_URL = 'https://api.anthropic.com';
