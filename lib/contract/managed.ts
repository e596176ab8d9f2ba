import { secretPrefix } from '../domain/policy';
import { functionName } from './names';
import { ENVIRONMENT_TAG, POLICY_PREFIX } from './policy-tags';

interface Tagged {
  readonly tags: Readonly<Record<string, string>>;
}

interface Named extends Tagged {
  readonly arn: string;
  readonly name: string;
  readonly rotationFunction?: string;
}

/**
 * Whether the secret counts as one of its environment: it has the environment's name prefix, or was deployed as adopted. Tags alone prove
 * nothing, because anybody may write them on a secret of their own.
 */
export const isManaged = (secret: Named): boolean => hasOwnName(secret) || isDeployed(secret);

/** Whether the environment's rotate function rotates it. AWS lets only those configure that who may invoke the function. */
export function isDeployed({ arn, tags, rotationFunction }: Named): boolean {
  const environment = tags[ENVIRONMENT_TAG];
  const [, partition, , region, account] = arn.split(':');
  return (
    environment !== undefined &&
    rotationFunction ===
      `arn:${partition}:lambda:${region}:${account}:function:${functionName(environment, 'rotate')}`
  );
}

function hasOwnName({ name, tags }: Named): boolean {
  const environment = tags[ENVIRONMENT_TAG];
  return environment !== undefined && name.startsWith(secretPrefix(environment));
}

/** The name of the key that a secret's tags claim, as people type it; undefined without both tags. */
export function claimedName({ tags }: Tagged): string | undefined {
  const environment = tags[ENVIRONMENT_TAG];
  const service = tags[`${POLICY_PREFIX}service`];
  return environment && service ? `${environment}/${service}` : undefined;
}
