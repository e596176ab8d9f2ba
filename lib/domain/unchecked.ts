import type { Memory } from './observation';
import { type KeyIdentity, secretPrefix } from './policy';

/**
 * Whether nobody has looked yet at what a secret holds: an adopted one, which came with a value of its own. One that CDK created holds the
 * placeholder until somebody hands a first key in.
 */
export function isUnchecked(
  { environment, secretName }: Pick<KeyIdentity, 'environment' | 'secretName'>,
  { verdict, checkedOn }: Memory,
): boolean {
  return !verdict && !checkedOn && !secretName.startsWith(secretPrefix(environment));
}
