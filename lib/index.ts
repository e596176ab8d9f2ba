/**
 * The public API for other CDK apps. `KeyRotation` is one environment; `loadFleet` and `addFleet` deploy a `keys.yaml` as `bin/app.ts` does.
 * See docs/constructs.md, "In a CDK app of your own".
 * @module
 */
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
export { mergePolicy as keyPolicy, type PolicyInput } from './config/policy-input';
export { KeyRotation } from './constructs/key-rotation';
export { ManagedKey, type ManagedKeyProps } from './constructs/managed-key';
export { PeoplePolicies } from './constructs/people-policies';
export { DEFAULT_POLICY, type Policy, type WorkingHours } from './domain/policy';
export type { Home } from './domain/probe/verdict';
export {
  addFleet,
  KeyRotationStack,
  type KeyRotationStackProps,
  KeyShardStack,
  type KeyShardStackProps,
} from './stacks';
