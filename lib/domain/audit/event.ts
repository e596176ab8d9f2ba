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

/** Who says that it happened: what the secret remembers, its labels, AWS CloudTrail, or an archive of the event bus where somebody keeps one. */
export type EvidenceSource = 'memory' | 'label' | 'cloudtrail' | 'event';

/** One thing that happened to a key, or is to happen, with who says so. It names a key by fingerprint, never by value. */
export interface HistoryEvent {
  readonly at: Date;
  readonly step: HistoryStep;
  readonly fingerprint?: string;
  readonly sources: readonly EvidenceSource[];
  /** The person or role that did it. */
  readonly by?: string;
  /** Id under which AWS or Anthropic finds the call. */
  readonly requestId?: string;
  readonly note?: string;
}

/** What a finding says of the course of a key. */
export type HistoryNote = Pick<HistoryEvent, 'step' | 'fingerprint' | 'requestId' | 'note'>;
