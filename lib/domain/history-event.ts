/** What can happen to a key, in the order of its life. */
export type HistoryStep =
  | 'created'
  | 'submitted'
  | 'rotation-failed'
  | 'promoted'
  | 'direct-edit'
  | 'rolled-back'
  | 'grace-ends'
  | 'contained'
  | 'deactivated'
  | 'record-off'
  | 'proven-dead';

/** Who says so: the secret's memory, its labels, AWS CloudTrail, or an event in the evidence log. */
export type EvidenceSource = 'memory' | 'label' | 'cloudtrail' | 'event';

/** One thing that happened to a key or will happen, with who says so. */
export interface HistoryEvent {
  readonly at: Date;
  readonly step: HistoryStep;
  readonly fingerprint?: string;
  readonly sources: readonly EvidenceSource[];
  /** The person or role that did it. */
  readonly by?: string;
  /** Id by which AWS or Anthropic finds the call. */
  readonly requestId?: string;
  readonly note?: string;
  /** Only the day of `at` is known. */
  readonly dayOnly?: true;
  /** Only reported, although CloudTrail was read for its time and should show a change of the live value. */
  readonly unconfirmed?: true;
}

/** A finding's entry in a key's history. */
export type HistoryNote = Pick<HistoryEvent, 'step' | 'fingerprint' | 'requestId' | 'note'>;
