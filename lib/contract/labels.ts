import { shortId } from '../domain/key';
import type { KeyVersion, LabelMove, RetireLabel, RetiringVersion } from '../domain/secret';

/** Secrets Manager's staging labels and ours. All state that safety rests on is in these. */
export const LABEL = {
  current: 'AWSCURRENT',
  pending: 'AWSPENDING',
  previous: 'AWSPREVIOUS',
  submitted: 'SUBMITTED',
  accepted: 'ACCEPTED',
} as const;

/** AWS allows 20 labels per secret: a submission is refused at this many retiring versions. */
export const MOST_RETIRING = 12;

const RETIRE = /^RETIRE_AFTER_(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z_.{1,8}$/;

/**
 * The label that pins a superseded version and is its deadline, to the second: `RETIRE_AFTER_20261123T014100Z_5e0cbe3d`. Its end keeps two versions
 * with one deadline from taking the label off each other.
 */
export function retireLabel(versionId: string, until: Date): string {
  const stamp = until
    .toISOString()
    .replace(/[-:]/g, '')
    .replace(/\.\d+Z$/, 'Z');
  return `RETIRE_AFTER_${stamp}_${shortId(versionId)}`;
}

/** Reads a RETIRE_AFTER label; undefined for any other. */
export function parseRetireLabel(label: string): RetireLabel | undefined {
  const match = RETIRE.exec(label);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const until = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(until.getTime())) return undefined;
  return { label, until };
}

/** Labels by version id, as DescribeSecret and ListSecrets give them. */
type Stages = Readonly<Record<string, readonly string[]>>;

/** The version that carries a label. */
export const holderOf = (stages: Stages, label: string): string | undefined =>
  Object.entries(stages).find(([, labels]) => labels.includes(label))?.[0];

/** Every version with a RETIRE_AFTER label, the nearest deadline first; of several labels the latest wins. */
export const retiringIn = (stages: Stages): readonly RetiringVersion[] =>
  Object.entries(stages)
    .flatMap(([versionId, labels]) => {
      const ends = labels.flatMap((label) => parseRetireLabel(label)?.until.getTime() ?? []);
      return ends.length > 0 ? [{ versionId, until: new Date(Math.max(...ends)) }] : [];
    })
    .sort((a, b) => a.until.getTime() - b.until.getTime());

/** Translates the labels of one version into what they mean. */
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

/** One UpdateSecretVersionStage: `to` absent takes the label off, `from` is the compare of a compare-and-swap. */
export interface LabelUpdate {
  readonly label: string;
  readonly to?: string;
  readonly from?: string;
}

/** Says a move of the rotation in Secrets Manager's terms. Every move names the version it was decided on, so that a stale one fails. */
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
