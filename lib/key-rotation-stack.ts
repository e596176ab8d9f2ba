import { Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { FleetEnvironment } from './config/fleet';
import { KeyRotation } from './constructs/key-rotation';
import { stayWithinBudget } from './constructs/stack-budget';

/** One environment of `loadFleet(…)`, besides what any stack takes. */
export interface KeyRotationStackProps extends StackProps {
  /** The environment, with all its keys: those that name a further stack are left to it. */
  readonly fleet: FleetEnvironment;
}

/** An environment of the fleet file: functions, topic, alarms, and the keys that name no further stack. */
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
