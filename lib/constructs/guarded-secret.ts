import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';

export interface SecretGuard {
  /** Path of the managed key, for errors. */
  readonly path: string;
  readonly secretName: string;
  readonly grantRead: (grantee: IGrantable) => Grant;
}

/**
 * Has an imported secret of the CDK follow the rules of managed keys. Its own `grantRead` opens every version, `grantWrite` and `attach` could
 * overwrite a live key, and a dynamic reference is resolved once, at deployment. The object is changed rather than wrapped, so that it stays an
 * `ISecret` of whatever release of the CDK the app has.
 */
export function guardSecret(secret: ISecret, { path, secretName, grantRead }: SecretGuard): ISecret {
  const refuse = (member: string, instead: string) => (): never => {
    throw new Error(`${path}: secret.${member} is refused: ${instead}`);
  };
  const readAtRunTime =
    'CloudFormation would read the key once, at deployment, and the copy is dead once the key is rotated. Read the secret at run time, or use ecsSecret().';
  return Object.defineProperties(secret, {
    secretName: { value: secretName },
    grantRead: {
      value(grantee: IGrantable, versionStages?: string[]): Grant {
        if (versionStages?.some((stage) => stage !== 'AWSCURRENT'))
          throw new Error(
            `${path}: secret.grantRead is for AWSCURRENT alone, not for ${versionStages.join(', ')}: use grantReadAnyVersion of the key.`,
          );
        return grantRead(grantee);
      },
    },
    grantWrite: {
      value: refuse('grantWrite', 'it would allow to overwrite the live key. Use grantSubmit of the key.'),
    },
    secretValue: { get: refuse('secretValue', readAtRunTime) },
    secretValueFromJson: { value: refuse('secretValueFromJson', readAtRunTime) },
    cfnDynamicReferenceKey: { value: refuse('cfnDynamicReferenceKey', readAtRunTime) },
    addRotationSchedule: { value: refuse('addRotationSchedule', 'the environment rotates it already.') },
    attach: { value: refuse('attach', 'CloudFormation would overwrite the live key.') },
  });
}
