import type { KeyIdentity } from '../domain/policy';
import { mergePolicy } from './complete';
import { renderFault } from './fault';
import { loadFleet } from './load';
import { fleetSchema } from './schema';
import { readSource } from './source';

/** One key in the text of a fleet file, with its policy merged from all levels. A key that is not there gets its environment's policy. */
export function lookUp(
  text: string,
  file: string,
  { environment, service }: Pick<KeyIdentity, 'environment' | 'service'>,
) {
  const { errors } = loadFleet(text, file);
  if (errors.length > 0) return { file, faults: errors.map(renderFault) };
  const { defaults, environments } = fleetSchema.parse(readSource(text, file).data);
  // By entries, because names such as `constructor` are valid and every object has such a field.
  const [, found] = Object.entries(environments).find(([name]) => name === environment) ?? [];
  if (!found) return { file, faults: [] };
  const { organizationId, workspaceId } = found;
  const [, key] = Object.entries(found.keys).find(([name]) => name === service) ?? [];
  return {
    file,
    faults: [],
    found: {
      home: { organizationId, workspaceId },
      policy: mergePolicy(defaults, found.policy, key?.policy),
      key: key && { owner: key.owner, existing: key.existing },
    },
  };
}
