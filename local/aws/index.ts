export { clientConfig } from './client-config';
export { FAULT, type Fault } from './faults';
export type { RotationEvent } from './secrets-manager';
export type { Delivery } from './sns';
export { type FakeAws, startFakeAws } from './start';
