import type { FindingKind } from '../findings/catalogue';
import type { SharedKey, Twins } from '../fleet/fleet';
import type { ReportedRow } from '../fleet/triage';
import type { WorkspaceInventory } from '../inventory/inventory';
import type { ClaimedSecret, UnreadableSecret } from '../listed-key';
import type { Subscription } from './audience';
import type { NoticeBrief } from './notice';

/** Everything that the fleet report of an environment is written from. */
export interface ReportInput {
  readonly environment: string;
  readonly now: Date;
  readonly topicArn: string;
  /** What stands before the verbs of the command line. @default `npx --no -- anthropic-keys` */
  readonly cliCommand?: string;
  readonly rows: readonly ReportedRow[];
  readonly subscriptions: readonly Subscription[];
  /** The keys of the environment's workspace at Anthropic. Absent without Admin access, or while no workspace is known. */
  readonly inventory?: WorkspaceInventory | 'not-listed';
  /** Managed secrets whose policy tags are damaged. */
  readonly unreadable?: readonly Pick<UnreadableSecret, 'secretName' | 'faults'>[];
  readonly shared: readonly SharedKey[];
  /** Names that several secrets have. */
  readonly twins?: readonly Twins[];
  /** Secrets that are tagged as keys of the environment, but are not managed. */
  readonly claimed?: readonly ClaimedSecret[];
  /** When a person last reviewed the workspace's spend limit. No API shows it, so it is attested, not verified. */
  readonly spendLimitReview?: { readonly on: Date; readonly by?: string };
}

/** The fleet report: a notice about no single key. */
export interface FleetReport {
  readonly id: string;
  readonly subject: string;
  readonly text: string;
  /** The report in a few sentences, for chat. */
  readonly brief: NoticeBrief;
  readonly data: {
    readonly schema: typeof REPORT_SCHEMA;
    readonly id: string;
    readonly at: string;
    readonly environment: string;
    readonly keys: number;
    readonly unreadable: number;
    /** Names that several secrets have. */
    readonly twins: number;
    /** Secrets that are tagged as keys, but are not managed. */
    readonly claimed: number;
    /** Keys that an exemption quiets. */
    readonly snoozed: number;
    /** Keys that need someone, by their worst finding. */
    readonly needSomeone: Readonly<Partial<Record<FindingKind, number>>>;
    /** The worst that need someone, as many as a message has room for. */
    readonly rows: readonly NeedyKey[];
    /** How many of them it has no room for. */
    readonly omitted: number;
  };
}

/** A key that needs someone, as machines get it. */
export interface NeedyKey {
  /** `prod/api-gateway`. */
  readonly key: string;
  readonly owner: string;
  /** Its worst finding. */
  readonly worst: FindingKind;
  readonly ageDays?: number;
  readonly maxAgeDays: number;
  readonly dueAt?: string;
}

/** Version of the report's JSON. */
export const REPORT_SCHEMA = 'anthropic-key-rotation/report/1';
