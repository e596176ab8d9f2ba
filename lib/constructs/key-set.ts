import type { IEventBus } from 'aws-cdk-lib/aws-events';
import { Duration } from 'aws-cdk-lib/core';
import { Construct, type IDependable } from 'constructs';
import { namedConsumers } from '../config/consumers';
import type { FleetKey } from '../config/fleet';
import type { LogRetentionDays } from '../config/log-retention';
import { isOwnSecret, sharedName } from '../contract/names';
import type { Home } from '../domain/probe/verdict';
import { adoptedEditRule } from './direct-edit-rule';
import { encryptedBy, secretEncryption, useByAlias } from './encryption';
import { EnvironmentArns } from './environment-arns';
import { KeySchedules, type ScheduleProps } from './key-schedules';
import { ManagedKey } from './managed-key';
import { RestartOnRotation } from './restart-on-rotation';

export interface KeySetProps {
  readonly environment: string;
  readonly home: Home;
  readonly keys: readonly FleetKey[];
  /** The bus that gets the events of the environment. */
  readonly eventBus: IEventBus;
  /** @default the schedule group of the environment's first stack */
  readonly stack?: string;
  /** Over how many further stacks the environment spreads its keys, if this stack is the first or one of them. @default none */
  readonly stacks?: number;
  /** ARN of a KMS key, or `customer-managed` for the environment's own key in another stack. @default AWS manages the keys */
  readonly encryption?: string;
  /** ARNs of KMS keys that still encrypt older versions of secrets. @default none */
  readonly formerEncryption?: readonly string[];
  /** For how long the logs of functions that restart consumers are kept. @default that of RestartOnRotation */
  readonly logRetentionDays?: LogRetentionDays;
  /** ARNs of the KMS keys of adopted secrets that have one of their own, by service. @default none is known */
  readonly adoptedKmsKeys?: ReadonlyMap<string, string>;
  /** Schedules besides those of the keys. @default none */
  readonly furtherSchedules?: readonly ScheduleProps[];
  /** The functions and their callers' permissions, if they are in this stack. @default they are in another stack */
  readonly functionsReady?: readonly IDependable[];
}

/** The keys of one stack. It knows functions and queue only by their fixed names, so a further stack changes no other one. */
export class KeySet extends Construct {
  readonly keys: readonly ManagedKey[];

  constructor(scope: Construct, id: string, props: KeySetProps) {
    super(scope, id);
    const arns = new EnvironmentArns(this, props.environment);
    const furtherSchedules = props.furtherSchedules ?? [];
    const schedules = new KeySchedules(this, 'Schedules', {
      arns,
      groupName: [sharedName(props.environment), props.stack].filter(Boolean).join('-'),
      stacks: props.stacks,
      functionArns: [arns.function('check'), ...furtherSchedules.map(({ functionArn }) => functionArn)],
      encryptionUse: useByAlias(this, props.environment, props.encryption),
    });
    this.keys = props.keys.map((key) => {
      const ownKmsKey = props.adoptedKmsKeys?.get(key.service);
      const managed = new ManagedKey(this, key.service, {
        key,
        home: props.home,
        arns,
        schedules,
        eventBus: props.eventBus,
        encryption: secretEncryption(this, props.environment, props.encryption),
        encryptedBy: ownKmsKey
          ? { keyArn: ownKmsKey }
          : encryptedBy(this, props.environment, props.encryption),
        formerEncryption: props.formerEncryption,
        functionsReady: props.functionsReady ?? [],
      });
      if (key.existing && !isOwnSecret(props.environment, key.existing))
        adoptedEditRule(managed, arns, key.existing);
      restartConsumers(managed, key, props.logRetentionDays);
      return managed;
    });
    for (const schedule of furtherSchedules) schedules.add(schedule);
  }
}

/** Restarts the ECS services that the fleet file names for a key. Their ids depend on the key alone. */
function restartConsumers(
  key: ManagedKey,
  { consumers = [] }: FleetKey,
  logRetentionDays: LogRetentionDays | undefined,
): void {
  const names = namedConsumers(consumers);
  const named = consumers.flatMap(({ service: serviceArn, role: roleArn }, index) =>
    serviceArn === undefined ? [] : { name: names[index]!.name, serviceArn, roleArn },
  );
  if (named.length === 0) return;
  new RestartOnRotation(key, 'Restart', {
    key,
    servicesByArn: named,
    consumerName: namesOf(named),
    logRetention: logRetentionDays && Duration.days(logRetentionDays),
  });
}

/** Of several consumers, as many names as a mail has room for. */
function namesOf(consumers: readonly { readonly name: string }[]): string {
  const [first = '', ...others] = consumers.map(({ name }) => name);
  const all = [first, ...others].join(', ');
  return all.length <= 120 ? all : `${first.slice(0, 100)} and ${others.length} more`;
}
