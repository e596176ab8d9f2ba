import { EventBus, type IEventBus } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Stack, Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { busName, name, secretArn } from '../config/value-schema';
import { isOwnSecret, MOST_CHARACTERS, secretName, secretNameOf, sharedName } from '../contract/names';
import { encryptedByKey } from './encryption';
import { isElsewhere } from './event-rule';
import { type EncryptedBy, KeyAccess } from './key-access';

/** What names a key of another app: see `ManagedKey.fromService`. */
export interface KeyReference {
  /** Environment of the key, such as `prod`. */
  readonly environment: string;
  /** Service of the key, such as `api-gateway`. */
  readonly service: string;
  /**
   * Complete ARN of the secret, as its stack has it among its outputs. Needed for an adopted secret, and for `ecsSecret` where the service's name
   * ends in a hyphen and six characters. @default found by its name
   */
  readonly secretArn?: string;
  /** KMS key of the secret, if `encryption` of the environment is a key of yours. @default the environment's own key, if it has one, by its alias */
  readonly encryptionKey?: IKey;
  /** Bus of the environment, instead of `eventBusName`. @default the account's default bus */
  readonly eventBus?: IEventBus;
  /** Name of the environment's bus. @default default */
  readonly eventBusName?: string;
}

/** A managed key that another app deploys, known by its names. */
export class KeyOfService extends KeyAccess {
  readonly environment: string;
  readonly service: string;
  readonly secretName: string;
  readonly eventBus: IEventBus;
  protected readonly completeArn: string | undefined;
  protected readonly adopted: boolean;
  protected readonly encryptedBy: EncryptedBy;
  protected readonly formerKeyArns: readonly string[] = [];

  constructor(scope: Construct, id: string, props: KeyReference) {
    super(scope, id);
    const faults = faultsIn(this, props);
    if (faults.length > 0)
      throw new Error(
        `${this.node.path}: ManagedKey.fromService cannot be used so:\n  ${faults.join('\n  ')}`,
      );
    const { environment, service, secretArn: arn, encryptionKey } = props;
    const known = arn !== undefined && !Token.isUnresolved(arn);
    this.environment = environment;
    this.service = service;
    this.completeArn = arn;
    this.adopted = known && !isOwnSecret(environment, arn);
    this.secretName = known ? secretNameOf(arn) : secretName(environment, service);
    this.eventBus = props.eventBus ?? EventBus.fromEventBusName(this, 'Bus', props.eventBusName ?? 'default');
    this.encryptedBy = encryptionKey
      ? encryptedByKey(encryptionKey)
      : { alias: `alias/${sharedName(environment)}` };
  }
}

/** As the fleet file judges the same values. */
const FORMS = {
  environment: name(MOST_CHARACTERS.environment),
  service: name(MOST_CHARACTERS.service),
  secretArn: secretArn.optional(),
  eventBusName: busName.optional(),
} as const;

function faultsIn(scope: Construct, props: KeyReference): string[] {
  const { eventBus, eventBusName } = props;
  return [
    ...(Object.keys(FORMS) as (keyof typeof FORMS)[]).flatMap((prop) => {
      const value = props[prop];
      const { error } = FORMS[prop].safeParse(value);
      // What is known only at deployment cannot be judged, and only an ARN and a bus may be so.
      if (!error || ((prop === 'secretArn' || prop === 'eventBusName') && Token.isUnresolved(value)))
        return [];
      return `${prop} is ${JSON.stringify(value)}: expected ${error.issues[0]!.message}`;
    }),
    ...elsewhere(scope, props),
    ...(eventBus && eventBusName !== undefined
      ? ['eventBus and eventBusName are both given: expected one of them']
      : []),
  ];
}

/** A secret of another account or region: its key, its bus and its functions would be sought here. */
function elsewhere(scope: Construct, { secretArn: arn }: KeyReference): string[] {
  if (arn === undefined || Token.isUnresolved(arn) || !secretArn.safeParse(arn).success) return [];
  const [, , , itsRegion = '', itsAccount = ''] = arn.split(':');
  if (!isElsewhere(scope, { env: { account: itsAccount, region: itsRegion } })) return [];
  const { account, region } = Stack.of(scope);
  return [
    `secretArn is of ${itsRegion}, account ${itsAccount}: expected a secret of ${region}, account ${account}, where the consumer is`,
  ];
}
