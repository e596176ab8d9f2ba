import type { Observation } from './observation';

/** Where a key must live: the configured home, else the one remembered from the accepted key. */
export function homeOf(o: Pick<Observation, 'expectedHome' | 'memory'>) {
  const { organizationId, workspaceId } = o.expectedHome;
  return organizationId !== undefined || workspaceId !== undefined ? o.expectedHome : (o.memory.home ?? {});
}
