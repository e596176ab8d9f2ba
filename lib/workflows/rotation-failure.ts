import { holderOf, LABEL } from '../contract/labels';
import { memoryFromTags } from '../contract/memory-tags';
import { submissionStuck } from '../domain/findings/kinds/submission-stuck';
import { BEGUN } from '../domain/findings/repeat';
import { versionMark } from '../domain/key';
import { begunOf, METRIC } from '../domain/metrics';
import type { Ports } from './ports';
import { writeMemory } from './write-secret';

/** Counts a rotation that failed, and apart from it the first failure of a submission, which Secrets Manager and every check try again. */
export async function countRotationFailure(secretId: string, ports: Ports): Promise<void> {
  const { metrics, store, log } = ports;
  metrics.count(METRIC.rotationFailed);
  try {
    const secret = await store.describe(secretId);
    const submitted = holderOf(secret.stages, LABEL.submitted);
    if (submitted === undefined) return;
    const memory = memoryFromTags(secret.tags);
    const id = submissionStuck.idOf(versionMark(submitted));
    if (memory.notices[id] !== undefined) return;
    metrics.count(begunOf(METRIC.rotationFailed));
    await writeMemory(secret, { ...memory, notices: { ...memory.notices, [id]: BEGUN } }, ports);
  } catch (error) {
    // The failure itself is what people need to see.
    log.warn('Failed rotation not remembered', { secretId, error: String(error) });
  }
}
