import type { KeyIdentity } from '../domain/policy';
import { mergePolicy } from './complete';
import { renderFault } from './fault';
import { loadFleet } from './load';
import { fleetSchema } from './schema';
import { readSource } from './source';

/**
 * What the text of a fleet file says of one key, its policy merged from all levels, for who writes its tags without a deployment. Without the
 * key it is what a key of that environment gets that says nothing of its own. Pure: the caller reads the file.
 */
export function lookUp(
  text: string,
  file: string,
  { environment, service }: Pick<KeyIdentity, 'environment' | 'service'>,
) {
  const { errors } = loadFleet(text, file);
  if (errors.length > 0) return { file, faults: errors.map(renderFault) };
  const { defaults, environments } = fleetSchema.parse(readSource(text, file).data);
  const [, there] = Object.entries(environments).find(([name]) => name === environment) ?? [];
  if (!there) return { file, faults: [] };
  const { organizationId, workspaceId } = there;
  const [, key] = Object.entries(there.keys).find(([name]) => name === service) ?? [];
  return {
    file,
    faults: [],
    found: {
      home: { organizationId, workspaceId },
      policy: mergePolicy(defaults, there.policy, key?.policy),
      key: key && { owner: key.owner, existing: key.existing },
    },
  };
}
