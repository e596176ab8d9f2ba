import type { FindingKind } from '../findings/catalogue';
import type { ReportedRow } from '../fleet/triage';
import type { Subscription } from './audience';
import type { NoticeBrief } from './notice';

/** A key at Anthropic that could not be matched to a managed secret. */
export interface UnheldKey {
  readonly recordId: string;
  readonly name: string;
  readonly hint?: string;
  readonly createdAt: Date;
}

/** Everything the fleet report of an environment tells. */
export interface ReportInput {
  readonly environment: string;
  readonly now: Date;
  readonly topicArn: string;
  readonly rows: readonly ReportedRow[];
  readonly subscriptions: readonly Subscription[];
  /** Active keys of the environment's workspace matched to no secret; undefined where it is not known. */
  readonly unheld?: readonly UnheldKey[];
  /** How many of them may still be old keys in grace or keys just submitted, of which a listing shows no record. */
  readonly perhapsHeld?: number;
  /** Tagged secrets whose policy tags can't be used: nobody checks them. */
  readonly unreadable?: readonly { readonly secretName: string; readonly faults: readonly string[] }[];
  /** Secrets that hold the same key. */
  readonly shared: readonly { readonly fingerprint: string; readonly secrets: readonly string[] }[];
  /** When a person last looked at the workspace's spend limit. No API tells it, so it is attested, not verified. */
  readonly spendLimitReview?: { readonly on: Date; readonly by?: string };
}

/** The fleet report: like a notice in form, about no single key. */
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
    /** Secrets whose policy tags can't be used, so that nobody checks them. */
    readonly unreadable: number;
    /** Keys whose need for someone is quieted by an exemption. */
    readonly snoozed: number;
    /** Keys that need someone, by the worst that is true of them. */
    readonly needSomeone: Readonly<Partial<Record<FindingKind, number>>>;
    readonly rows: readonly unknown[];
  };
}

/** Version of the report's JSON. */
export const REPORT_SCHEMA = 'anthropic-key-rotation/report/1';
