import { Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { FleetEnvironment } from './config/fleet';
import { KeySet } from './constructs/key-set';
import { stayWithinBudget } from './constructs/stack-budget';

export interface KeyShardStackProps extends StackProps {
  /** One environment of `loadFleet(…)`, with all its keys; only those of the shard are used. */
  readonly fleet: FleetEnvironment;
  /** The `stack` that its keys name. */
  readonly shard: string;
}

/** Further keys of a large environment, whose first stack has functions, topic and alarms. */
export class KeyShardStack extends Stack {
  constructor(scope: Construct, id: string, { fleet, shard, ...props }: KeyShardStackProps) {
    super(scope, id, props);
    new KeySet(this, 'Keys', {
      environment: fleet.environment,
      home: fleet.home,
      keys: fleet.keys.filter((key) => key.stack === shard),
      stack: shard,
      encryption: fleet.encryption,
    });
    stayWithinBudget(this);
  }
}
