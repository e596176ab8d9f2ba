import { ManagedKey } from 'anthropic-key-rotation';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { App, Stack } from 'aws-cdk-lib/core';

const app = new App();
const stack = new Stack(app, 'Batch');

/** A key that another app deploys to this account and region. */
const key = ManagedKey.fromService(stack, 'Key', { environment: 'prod', service: 'gateway' });

/** A client of AWS that caches by version id. */
const worker = new Role(stack, 'Worker', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
key.grantReadAnyVersion(worker);

/** A machine that brings new keys, such as one that takes them out of a vault. */
const courier = new Role(stack, 'Courier', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
key.grantSubmit(courier);
