import { Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { FleetEnvironment } from './config/fleet';
import { KeyRotation } from './constructs/key-rotation';
import { stayWithinBudget } from './constructs/stack-budget';

export interface KeyRotationStackProps extends StackProps {
  /** One environment of `loadFleet(…)`, with all its keys, including those for further stacks. */
  readonly fleet: FleetEnvironment;
}

/** The first stack of an environment: functions, topic, alarms, and the keys without a further stack. */
export class KeyRotationStack extends Stack {
  readonly rotation: KeyRotation;

  constructor(scope: Construct, id: string, props: KeyRotationStackProps) {
    super(scope, id, props);
    const { keys, ...environment } = props.fleet;
    this.rotation = new KeyRotation(this, 'KeyRotation', {
      ...environment,
      keys: keys.filter((key) => key.stack === undefined),
      keysElsewhere: keys.filter((key) => key.stack !== undefined),
    });
    stayWithinBudget(this);
  }
}
