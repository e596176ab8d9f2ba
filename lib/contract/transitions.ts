import type { FindingKind } from '../domain/findings/finding';

/** EventBridge `detail-type` of the fleet report. */
export const REPORT_EVENT_TYPE = 'Fleet Reported';

/** EventBridge `detail-type` per kind of notice: rules are written against these, so they change only with the notice schema. */
export const EVENT_TYPE: Readonly<Record<FindingKind, string>> = {
  'awaiting-first-key': 'Key Awaited',
  due: 'Key Due',
  overdue: 'Key Overdue',
  dead: 'Key Dead',
  blocked: 'Key Blocked',
  inconclusive: 'Key Inconclusive',
  'expires-soon': 'Key Expires Soon',
  'dies-with-its-owner': 'Key Personal',
  'usage-spike': 'Key Usage Spike',
  foreign: 'Key Foreign',
  'not-a-key': 'Key Missing',
  'same-key-again': 'Key Put Again',
  rejected: 'Key Rejected',
  'submission-stuck': 'Key Submission Stuck',
  'rolled-back': 'Key Rolled Back',
  'direct-edit-refused': 'Key Edit Refused',
  rotated: 'Key Promoted',
  'grace-over': 'Key Grace Over',
  extended: 'Key Grace Extended',
  deactivating: 'Key Deactivating',
  zombie: 'Key Zombie',
  unproven: 'Key Unproven',
  'rotation-complete': 'Key Proven Dead',
  contained: 'Key Contained',
  unwatched: 'Key Unwatched',
  resolved: 'Key Resolved',
};
