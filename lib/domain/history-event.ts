/** What can happen to a key, in the order of its life. */
export type HistoryStep =
  | 'created'
  | 'created-at-anthropic'
  | 'submitted'
  | 'rotation-failed'
  | 'promoted'
  | 'direct-edit'
  | 'rolled-back'
  | 'grace-ends'
  | 'contained'
  | 'deactivated'
  | 'disabled-at-anthropic'
  | 'enabled-at-anthropic'
  | 'record-off'
  | 'proven-dead';

/** Who says so: the secret's memory, its labels, AWS CloudTrail, an event in the evidence log, or Anthropic's Activity Feed. */
export type EvidenceSource = 'memory' | 'label' | 'cloudtrail' | 'event' | 'feed';

/** One thing that happened to a key or will happen, with who says so. */
export interface HistoryEvent {
  readonly at: Date;
  readonly step: HistoryStep;
  readonly fingerprint?: string;
  readonly sources: readonly EvidenceSource[];
  /** The person or role that did it, and from where. */
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
