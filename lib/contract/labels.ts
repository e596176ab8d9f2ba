import { shortId } from '../domain/key';
import type { KeyVersion, LabelMove, RetireLabel, RetiringVersion } from '../domain/secret';

/** Secrets Manager's staging labels and ours. Safety depends on these alone. */
export const LABEL = {
  current: 'AWSCURRENT',
  pending: 'AWSPENDING',
  previous: 'AWSPREVIOUS',
  submitted: 'SUBMITTED',
  accepted: 'ACCEPTED',
} as const;

const RETIRE = /^RETIRE_AFTER_(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z_.{1,8}$/;

/**
 * The label that keeps a superseded version and holds its deadline, to the second: `RETIRE_AFTER_20261123T014100Z_5e0cbe3d`.
 * The suffix stops two versions with the same deadline from taking the label from each other.
 */
export function retireLabel(versionId: string, until: Date): string {
  const stamp = until.toISOString().replace(/[-:]|\.\d+/g, '');
  return `RETIRE_AFTER_${stamp}_${shortId(versionId)}`;
}

/** Reads a RETIRE_AFTER label; undefined for any other. */
export function parseRetireLabel(label: string): RetireLabel | undefined {
  const match = RETIRE.exec(label);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const until = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(until.getTime()) ? undefined : { label, until };
}

/** Labels by version id, as in DescribeSecret and ListSecrets. */
type Stages = Readonly<Record<string, readonly string[]>>;

/** The id of the version that carries a label. */
export const holderOf = (stages: Stages, label: string): string | undefined =>
  Object.entries(stages).find(([, labels]) => labels.includes(label))?.[0];

/** Versions with a RETIRE_AFTER label, nearest deadline first. Where a version has several, the latest counts. */
export const retiringIn = (stages: Stages): readonly RetiringVersion[] =>
  Object.entries(stages)
    .flatMap(([versionId, labels]) => {
      const ends = labels.flatMap((label) => parseRetireLabel(label)?.until.getTime() ?? []);
      return ends.length > 0 ? [{ versionId, until: new Date(Math.max(...ends)) }] : [];
    })
    .sort((a, b) => a.until.getTime() - b.until.getTime());

/** What the labels of one version mean. */
export function readLabels(labels: readonly string[]): Omit<KeyVersion, 'id' | 'createdAt' | 'content'> {
  const has = (label: string) => labels.includes(label);
  return {
    labelled: labels.length > 0,
    current: has(LABEL.current),
    previous: has(LABEL.previous),
    pending: has(LABEL.pending),
    submitted: has(LABEL.submitted),
    accepted: has(LABEL.accepted),
    retire: labels.flatMap((label) => parseRetireLabel(label) ?? []),
  };
}

/** One UpdateSecretVersionStage. Without `to` the label is removed; `from` is the compare of a compare-and-swap. */
export interface LabelUpdate {
  readonly label: string;
  readonly to?: string;
  readonly from?: string;
}

/** A label move in Secrets Manager's terms. It names the version it was decided on, so that a stale move fails. */
export function toLabelUpdate(move: LabelMove): LabelUpdate {
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
