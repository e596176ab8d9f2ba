/**
 * The public API for CDK apps. `KeyRotation` is one environment, `ManagedKey.fromService` a key that another app deploys; `loadFleet` and `addFleet`
 * deploy a `keys.yaml` as `bin/app.ts` does. See docs/constructs.md, and docs/api.md for every symbol.
 * @module
 */
export { type ConfigFault, renderFault } from './config/fault';
export type {
  AdminAccess,
  FleetConfig as Fleet,
  FleetConsumer,
  FleetEnvironment,
  FleetKey,
  NetworkPlacement,
} from './config/fleet';
export { type LoadedFleet, loadFleet } from './config/load';
export type { LogRetentionDays } from './config/log-retention';
export type { EnvironmentFunctions } from './constructs/functions/index';
export type { KeyFunction } from './constructs/key-function';
export type { KeyReference } from './constructs/key-of-service';
export { type KeyPolicyProps, keyPolicy } from './constructs/key-policy';
export { KeyRotation } from './constructs/key-rotation';
export type { KeyProps, KeyRotationProps } from './constructs/key-rotation-props';
export { ManagedKey } from './constructs/managed-key';
export type { IManagedKey } from './constructs/managed-key-interface';
export { PeoplePolicies } from './constructs/people-policies';
export type { BegunMetricName, MetricName } from './domain/metrics';
export type { Alerts } from './domain/notices/audience';
export { DEFAULT_POLICY, type Policy, type WorkingHours } from './domain/policy';
export type { Home } from './domain/probe/verdict';
export {
  addFleet,
  KeyRotationStack,
  type KeyRotationStackProps,
  KeyShardStack,
  type KeyShardStackProps,
} from './stacks';
