import { shortId, versionMark } from '../domain/key';
import type { LabelMove } from '../domain/label-move';
import {
  type Deadline,
  graceEnd,
  type KeyVersion,
  type LeakLabel,
  type RetiringVersion,
} from '../domain/secret';

/** Secrets Manager's staging labels and ours. Safety depends on these alone. */
export const LABEL = {
  current: 'AWSCURRENT',
  pending: 'AWSPENDING',
  previous: 'AWSPREVIOUS',
  submitted: 'SUBMITTED',
  accepted: 'ACCEPTED',
} as const;

/** Labels with a moment, to the second, and a suffix: a version's mark or the beginning of a fingerprint. */
const DATED = /^(RETIRE_AFTER|LEAKED|REFUSED)_(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z_(.{1,8})$/;

type DatedKind = 'RETIRE_AFTER' | 'LEAKED' | 'REFUSED';

const datedLabel = (kind: DatedKind, at: Date, suffix: string) =>
  `${kind}_${at.toISOString().replace(/[-:]|\.\d+/g, '')}_${suffix}`;

/**
 * The label that keeps a superseded version and holds its deadline: `RETIRE_AFTER_20261123T014100Z_5e0cbe3d`. The suffix stops two versions
 * with the same deadline from taking the label from each other. Earlier releases wrote the first characters of the version's id.
 */
export const retireLabel = (versionId: string, until: Date) =>
  datedLabel('RETIRE_AFTER', until, versionMark(versionId));

/** The label of a reported leak, with the moment of the report and the beginning of the key's fingerprint. */
const leakLabel = (fingerprint: string, at: Date) => datedLabel('LEAKED', at, shortId(fingerprint));

/** The label that keeps a refused key in view until then. */
const refusedLabel = (versionId: string, until: Date) => datedLabel('REFUSED', until, versionMark(versionId));

function parseDated(label: string, wanted: DatedKind) {
  const match = DATED.exec(label);
  if (match?.[1] !== wanted) return undefined;
  const [, , year, month, day, hour, minute, second, suffix = ''] = match;
  const at = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(at.getTime()) ? undefined : { label, at, suffix };
}

const parseDeadline = (label: string, kind: DatedKind): Deadline | undefined => {
  const dated = parseDated(label, kind);
  return dated && { label, until: dated.at };
};

/** Reads a RETIRE_AFTER label; undefined for any other. */
export const parseRetireLabel = (label: string) => parseDeadline(label, 'RETIRE_AFTER');

/** Reads a LEAKED label; undefined for any other. */
function parseLeakLabel(label: string): LeakLabel | undefined {
  const dated = parseDated(label, 'LEAKED');
  return dated && /^[0-9a-f]{8}$/.test(dated.suffix)
    ? { label, beginning: dated.suffix, on: dated.at }
    : undefined;
}

/** Labels by version id, as in DescribeSecret and ListSecrets. */
type Stages = Readonly<Record<string, readonly string[]>>;

/** The id of the version that carries a label. */
export const holderOf = (stages: Stages, label: string): string | undefined =>
  Object.entries(stages).find(([, labels]) => labels.includes(label))?.[0];

/** Superseded versions that are not proven dead, nearest deadline first. */
export const retiringIn = (stages: Stages): readonly RetiringVersion[] =>
  Object.entries(stages)
    .flatMap(([id, labels]) => {
      const until = graceEnd(readLabels(labels));
      return until ? [{ versionId: id, until }] : [];
    })
    .sort((a, b) => a.until.getTime() - b.until.getTime());

/** Every LEAKED label, wherever it sits. */
export const leaksIn = (stages: Stages): readonly LeakLabel[] =>
  Object.values(stages).flatMap((labels) => labels.flatMap((label) => parseLeakLabel(label) ?? []));

/** What the labels of one version mean. */
export function readLabels(labels: readonly string[]): Omit<KeyVersion, 'id' | 'createdAt' | 'content'> {
  const has = (label: string) => labels.includes(label);
  return {
    labels: labels.length,
    current: has(LABEL.current),
    previous: has(LABEL.previous),
    pending: has(LABEL.pending),
    submitted: has(LABEL.submitted),
    accepted: has(LABEL.accepted),
    retire: labels.flatMap((label) => parseRetireLabel(label) ?? []),
    leaks: labels.flatMap((label) => parseLeakLabel(label) ?? []),
    followed: labels.flatMap((label) => parseDeadline(label, 'REFUSED') ?? []),
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
    case 'mark-leaked':
      return { label: leakLabel(move.fingerprint, move.at), to: move.versionId, from: move.from };
    case 'follow':
      return { label: refusedLabel(move.versionId, move.until), to: move.versionId };
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
