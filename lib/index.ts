/**
 * The public API for other CDK apps. `KeyRotation` is one environment; `loadFleet` and `addFleet` deploy a `keys.yaml` as `bin/app.ts` does.
 * The package is published as TypeScript: run the app with tsx. See docs/constructs.md, "In a CDK app of your own".
 * @module
 */
export { mergePolicy as keyPolicy } from './config/complete';
export { type ConfigFault, renderFault } from './config/fault';
export type {
  AdminAccess,
  FleetConfig as Fleet,
  FleetEnvironment,
  FleetKey,
  KeyRotationProps,
  NetworkPlacement,
} from './config/fleet';
export { type LoadedFleet, loadFleet } from './config/load';
export type { PolicyInput } from './config/policy-schema';
export { KeyRotation } from './constructs/key-rotation';
export { ManagedKey, type ManagedKeyProps } from './constructs/managed-key';
export type { IManagedKey } from './constructs/managed-key-interface';
export { PeoplePolicies } from './constructs/people-policies';
export {
  RestartOnRotation,
  type RestartOnRotationProps,
  type ServiceByArn,
} from './constructs/restart-on-rotation';
export { DEFAULT_POLICY, type Policy, type WorkingHours } from './domain/policy';
export type { Home } from './domain/probe/verdict';
export {
  addFleet,
  KeyRotationStack,
  type KeyRotationStackProps,
  KeyShardStack,
  type KeyShardStackProps,
} from './stacks';
