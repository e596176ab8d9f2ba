import { toStageMove } from '../contract/stage-moves';
import type { LabelMove } from '../domain/action';
import type { SecretDescription } from './ports';
import type { World } from './world';

/** Moves labels one after the other, as ordered: a stop in between leaves no alive key without one. */
export async function moveLabels(
  secret: Pick<SecretDescription, 'arn' | 'name'>,
  moves: readonly LabelMove[],
  { store, log }: Pick<World, 'store' | 'log'>,
): Promise<void> {
  for (const move of moves) {
    const stage = toStageMove(move);
    await store.moveLabel(secret.arn, stage);
    log.info('Label moved', { secret: secret.name, do: move.do, ...stage });
  }
}
