import type { LabelMove } from '../label-move';
import type { KeyVersion } from '../secret';

/** The labels that a secret may have in all, AWS's own and strangers' included. Source: Secrets Manager's quotas. */
const MOST_LABELS = 20;

const ROLES = ['current', 'previous', 'pending', 'submitted', 'accepted'] as const;

/** What the labels of a version mean; its value and id do not matter here. */
export type Labelled = Pick<KeyVersion, (typeof ROLES)[number] | 'labels' | 'followed'>;

/**
 * The moves, with what yields so that they and a whole rotation have room. A refused key that is followed yields, the one with the nearest deadline
 * first; a deadline or a leak never does. Where nothing can yield, a refused key is not followed; any other move stays, and AWS may refuse it.
 */
export function withinBudget(
  versions: readonly (Labelled & Pick<KeyVersion, 'id'>)[],
  moves: readonly LabelMove[],
): readonly LabelMove[] {
  const yielding = versions
    .flatMap(({ id, followed }) => followed.map((follow) => ({ ...follow, versionId: id })))
    .filter(({ label }) => !moves.some((move) => move.do === 'unpin' && move.label === label))
    .sort((a, b) => a.until.getTime() - b.until.getTime());
  const most = MOST_LABELS - neededByRotation(versions);
  let count = labelsOf(versions);
  return moves.flatMap((move): readonly LabelMove[] => {
    const made: LabelMove[] = [];
    count += change(versions, move);
    while (count > most && change(versions, move) > 0) {
      const first = yielding.shift();
      if (!first) break;
      made.push({ do: 'unpin', versionId: first.versionId, label: first.label });
      count -= 1;
    }
    if (move.do !== 'follow' || count <= most) return [...made, move];
    count -= 1;
    return made;
  });
}

/**
 * Whether a submission can be promoted: there is room for the labels of its rotation, the deadline of the key that it supersedes, and the spare that
 * moving a deadline needs. Refused keys that are followed yield.
 */
export const hasRoomForRotation = (versions: readonly Labelled[]): boolean =>
  labelsOf(versions) - sum(versions, ({ followed }) => followed.length) + neededByRotation(versions) <=
  MOST_LABELS;

const neededByRotation = (versions: readonly Labelled[]) =>
  ROLES.filter((role) => !versions.some((version) => version[role])).length + 2;

const labelsOf = (versions: readonly Labelled[]) => sum(versions, ({ labels }) => labels);

const sum = (versions: readonly Labelled[], of: (version: Labelled) => number) =>
  versions.reduce((total, version) => total + of(version), 0);

/** By how much a move changes the number of the secret's labels. */
function change(versions: readonly Labelled[], move: LabelMove): number {
  switch (move.do) {
    case 'pin':
    case 'follow':
      return 1;
    case 'mark-leaked':
    case 'accept':
      return move.from === undefined ? 1 : 0;
    case 'make-current':
      return versions.some(({ previous }) => previous) ? 0 : 1;
    case 'unpin':
    case 'clear-submitted':
    case 'clear-pending':
      return -1;
  }
}
