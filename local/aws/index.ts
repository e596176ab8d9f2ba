export type { Call } from './call';
export { clientConfig } from './client-config';
export { FAULT, type Fault, type FaultMatch } from './faults';
export type { RotationEvent, RotationRun } from './secrets-manager';
export type { Delivery } from './sns';
export { type FakeAws, type FakeAwsProps, startFakeAws } from './start';
