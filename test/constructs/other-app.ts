import { Stack } from 'aws-cdk-lib/core';
import { KeyRotation, type KeyRotationProps } from '../../lib';
import { REGION } from '../iam/resolve';
import { appWithoutBundles } from './synthesis';

const ACCOUNT = '123456789012';

/** A stack of another CDK app. */
export const stackIn = (app = appWithoutBundles()) =>
  new Stack(app, 'Mine', { env: { account: ACCOUNT, region: REGION } });

/** The smallest environment in it, with further props. */
export const rotationIn = (stack: Stack, props: Partial<KeyRotationProps> = {}) =>
  new KeyRotation(stack, 'Keys', {
    environment: 'prod',
    alerts: ['platform@acme.io'],
    home: {},
    keys: [{ service: 'gateway', owner: 'gateway@acme.io' }],
    ...props,
  });

/** An ARN in the account and region of the stack. */
export const arnOf = (service: string, rest: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${rest}`;

export const KMS_KEY = arnOf('kms', 'key/00000000-0000-0000-0000-000000000000');
