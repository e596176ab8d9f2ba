export { clientConfig } from './client-config';
export { type FakeAws, openFakeAws, startFakeAws } from './fake-aws';
export { FAULT, type Fault } from './faults';
export type { RotationEvent } from './secrets-manager';
export type { Delivery } from './sns';
