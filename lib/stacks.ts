import { EventBus } from 'aws-cdk-lib/aws-events';
import { Annotations, Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { FleetConfig, FleetEnvironment } from './config/fleet';
import { applyCommonSettings } from './constructs/common-settings';
import { KeyRotation } from './constructs/key-rotation';
import { KeySet } from './constructs/key-set';
import { environmentOutputs, keyOutputs } from './constructs/outputs';
import { stayWithinBudget } from './constructs/stack-budget';
import { stackName } from './contract/names';

/**
 * Adds a stack per environment, and one per further `stack` that its keys name, to an app or a stage, or below any other construct. The names of
 * stacks, secrets, rotations and checks, and their logical ids, are the same in each. Returns the first stack of each environment.
 */
export function addFleet(
  scope: Construct,
  fleet: FleetConfig,
  warnings: readonly string[] = [],
): KeyRotationStack[] {
  const stacks = withOneEvidencePolicy(fleet.environments).map((each) => addEnvironment(scope, each));
  // The CDK's command line shows the annotations of the app and of stacks, but none of a stage.
  const shown = scope.node.scope === undefined ? scope : stacks[0]!;
  warnings.forEach((warning, index) => {
    Annotations.of(shown).addWarningV2(`anthropic-keys:fleet-file-${index + 1}`, warning);
  });
  return stacks;
}

/** The first environment of an account and region admits the events of all of them, unless the file says otherwise. */
function withOneEvidencePolicy(environments: readonly FleetEnvironment[]): readonly FleetEnvironment[] {
  const admitted = new Set(environments.filter((each) => each.evidencePolicy === 'here').map(placeOf));
  return environments.map((environment) => {
    if (environment.evidencePolicy) return environment;
    const evidencePolicy = admitted.has(placeOf(environment)) ? 'external' : 'here';
    admitted.add(placeOf(environment));
    return { ...environment, evidencePolicy };
  });
}

const placeOf = ({ account, region }: FleetEnvironment) => JSON.stringify([account, region]);

function addEnvironment(scope: Construct, fleet: FleetEnvironment): KeyRotationStack {
  const { environment: name, account, region } = fleet;
  const common = { fleet, env: { account, region } };
  const description = `Rotation of the Anthropic API keys of ${name}`;
  const first = new KeyRotationStack(scope, stackName(name), {
    ...common,
    description,
    // Said explicitly: in a stage the CDK would put the stage's name before it.
    stackName: stackName(name),
  });
  const shards = new Set(fleet.keys.flatMap(({ stack }) => stack ?? []));
  for (const shard of shards) {
    const description = `Further Anthropic API keys of ${name}: ${shard}`;
    const props = { ...common, shard, description, stackName: stackName(name, shard) };
    const further = new KeyShardStack(scope, stackName(name, shard), props);
    // Under its former name, where the CDK of the peer range has no other.
    (further.addStackDependency ?? further.addDependency).call(further, first);
  }
  if (fleet.stacks !== undefined) Annotations.of(first).addInfo(spreading(name, fleet.stacks));
  return first;
}

const spreading = (environment: string, stacks: number) =>
  `${environment}: its keys are spread by their names over ${stacks} further stacks. This number is fixed once deployed: with another one CloudFormation says that a schedule group already exists, and changes nothing.`;

/** Props of `KeyRotationStack`. */
export interface KeyRotationStackProps extends StackProps {
  /** One environment of `loadFleet(…)`, with all its keys, including those for further stacks. */
  readonly fleet: FleetEnvironment;
}

/** The first stack of an environment: functions, topic, alarms, and the keys without a further stack. */
export class KeyRotationStack extends Stack {
  /** Its environment. */
  readonly rotation: KeyRotation;

  constructor(scope: Construct, id: string, props: KeyRotationStackProps) {
    super(scope, id, props);
    const { keys, ...environment } = props.fleet;
    this.rotation = new KeyRotation(this, 'KeyRotation', {
      ...environment,
      keys: keys.filter((key) => key.stack === undefined),
      keysElsewhere: keys.filter((key) => key.stack !== undefined),
    });
    environmentOutputs(this, environment.environment, this.rotation);
    keyOutputs(this, environment.environment, this.rotation.keys);
    stayWithinBudget(this);
  }
}

/** Props of `KeyShardStack`. */
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
    applyCommonSettings(this, fleet);
    const set = new KeySet(this, 'Keys', {
      environment: fleet.environment,
      home: fleet.home,
      keys: fleet.keys.filter((key) => key.stack === shard),
      stack: shard,
      // A stack that a key names itself has nothing to do with the number of the others.
      stacks: /^\d/.test(shard) ? fleet.stacks : undefined,
      eventBus: EventBus.fromEventBusName(this, 'Bus', fleet.eventBusName),
      encryption: fleet.encryption,
      formerEncryption: fleet.formerEncryption,
      logRetentionDays: fleet.logRetentionDays,
    });
    keyOutputs(this, fleet.environment, set.keys);
    stayWithinBudget(this);
  }
}
