import type { LabelMove } from '../domain/action';
import { LABEL, retireLabel } from './labels';

/** One UpdateSecretVersionStage: `to` absent takes the label off, `from` is the compare of a compare-and-swap. */
export interface StageMove {
  readonly label: string;
  readonly to?: string;
  readonly from?: string;
}

/** Says a move of the rotation in Secrets Manager's terms. Every move names the version it was decided on, so that a stale one fails. */
export function toStageMove(move: LabelMove): StageMove {
  switch (move.do) {
    case 'pin':
      return { label: retireLabel(move.versionId, move.until), to: move.versionId };
    case 'unpin':
      return { label: move.label, from: move.versionId };
    case 'accept':
      return { label: LABEL.accepted, to: move.versionId, from: move.from };
    case 'clear-submitted':
      return { label: LABEL.submitted, from: move.versionId };
    case 'clear-pending':
      return { label: LABEL.pending, from: move.versionId };
    case 'make-current':
      return { label: LABEL.current, to: move.versionId, from: move.from };
  }
}
