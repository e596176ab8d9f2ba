import { EventBus, type IEventBus } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Stack, Token, TokenComparison } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import {
  isName,
  isOwnSecret,
  MOST_CHARACTERS,
  secretName,
  secretNameOf,
  sharedName,
} from '../contract/names';
import { encryptedByKey } from './encryption';
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
    const { environment, service, secretArn, encryptionKey } = props;
    const known = secretArn !== undefined && !Token.isUnresolved(secretArn);
    this.environment = environment;
    this.service = service;
    this.completeArn = secretArn;
    this.adopted = known && !isOwnSecret(environment, secretArn);
    this.secretName = known ? secretNameOf(secretArn) : secretName(environment, service);
    this.eventBus = props.eventBus ?? EventBus.fromEventBusName(this, 'Bus', props.eventBusName ?? 'default');
    this.encryptedBy = encryptionKey
      ? encryptedByKey(encryptionKey)
      : { alias: `alias/${sharedName(environment)}` };
  }
}

const COMPLETE = /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+-[A-Za-z0-9]{6}$/;

function faultsIn(
  scope: Construct,
  { environment, service, secretArn, eventBus, eventBusName }: KeyReference,
): string[] {
  const names = { environment, service };
  return [
    ...(['environment', 'service'] as const)
      .filter((prop) => !isName(names[prop] ?? '', MOST_CHARACTERS[prop]))
      .map(
        (prop) =>
          `${prop} is ${JSON.stringify(names[prop])}: expected a name of lower-case letters, digits and single dashes, at most ${MOST_CHARACTERS[prop]} characters`,
      ),
    ...(secretArn === undefined || Token.isUnresolved(secretArn) || COMPLETE.test(secretArn)
      ? []
      : [
          `secretArn is ${JSON.stringify(secretArn)}: expected the complete ARN of a secret, with its six random characters`,
        ]),
    ...elsewhere(scope, secretArn),
    ...(eventBusName === undefined ||
    Token.isUnresolved(eventBusName) ||
    /^[/.\w-]{1,256}$/.test(eventBusName)
      ? []
      : [`eventBusName is ${JSON.stringify(eventBusName)}: expected the name of an event bus`]),
    ...(eventBus && eventBusName !== undefined
      ? ['eventBus and eventBusName are both given: expected one of them']
      : []),
  ];
}

/** A secret of another account or region: its key, its bus and its functions would be sought here. */
function elsewhere(scope: Construct, secretArn: string | undefined): string[] {
  if (secretArn === undefined || Token.isUnresolved(secretArn) || !COMPLETE.test(secretArn)) return [];
  const [, , , itsRegion = '', itsAccount = ''] = secretArn.split(':');
  const { account, region } = Stack.of(scope);
  const differs = (one: string, other: string) =>
    Token.compareStrings(one, other) === TokenComparison.DIFFERENT;
  return differs(itsAccount, account) || differs(itsRegion, region)
    ? [
        `secretArn is of ${itsRegion}, account ${itsAccount}: expected a secret of ${region}, account ${account}, where the reader is`,
      ]
    : [];
}
