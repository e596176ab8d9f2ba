import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { type Duration, Stack, Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { AdminAccess, EnvironmentProps, FleetKey, NetworkPlacement } from '../config/fleet';
import type { LogRetentionDays } from '../config/log-retention';
import { aliasOf } from './encryption';
import { isElsewhere } from './event-rule';
import { keyPolicy, whole } from './key-policy';
import type { KeyProps, KeyRotationProps } from './key-rotation-props';

/** Each construct, and the plain value in whose place it stands. */
const PAIRS = [
  ['topic', 'topicArn'],
  ['alarmTopic', 'alarmTopicArn'],
  ['eventBus', 'eventBusName'],
  ['encryptionKey', 'encryption'],
  ['vpc', 'network'],
  ['evidenceRetention', 'evidenceRetentionDays'],
  ['logRetention', 'logRetentionDays'],
] as const satisfies readonly (readonly [keyof KeyRotationProps, keyof KeyRotationProps])[];

/** The same environment in plain values, to be judged as those of the fleet file are. `network`: where the functions are placed. */
export function plainProps(props: KeyRotationProps, network: NetworkPlacement | undefined): EnvironmentProps {
  const { vpc, vpcSubnets, securityGroups, ...others } = props;
  const { topic, alarmTopic, eventBus, encryptionKey, evidenceRetention, logRetention, ...most } = others;
  const { permissionsBoundary, formerEncryption, adminAccess, keys, keysElsewhere, ...plain } = most;
  return {
    ...plain,
    ...(topic && { topicArn: topic.topicArn }),
    ...(alarmTopic && { alarmTopicArn: alarmTopic.topicArn }),
    ...(eventBus && { eventBusName: eventBus.eventBusName }),
    ...(encryptionKey && { encryption: encryptionKey.keyArn }),
    ...(network && { network }),
    ...(evidenceRetention && { evidenceRetentionDays: days('evidenceRetention', evidenceRetention) }),
    ...(logRetention && { logRetentionDays: days('logRetention', logRetention) }),
    ...(permissionsBoundary && {
      permissionsBoundary:
        typeof permissionsBoundary === 'string' ? permissionsBoundary : permissionsBoundary.managedPolicyArn,
    }),
    ...(formerEncryption && { formerEncryption: formerEncryption.map(keyArn) }),
    ...(adminAccess && { adminAccess: plainAdminAccess(adminAccess) }),
    keys: keys.map(plainKey),
    ...(keysElsewhere && { keysElsewhere: keysElsewhere.map(plainKey) }),
  };
}

/** Refuses props that contradict each other before any of them is used. @throws Error naming all of them */
export function refuseContradictions(scope: Construct, props: KeyRotationProps): void {
  const faults = [
    ...misshapen(props),
    ...twice(props),
    ...PAIRS.filter(([one, other]) => props[one] !== undefined && props[other] !== undefined).map(
      ([one, other]) => `${one} and ${other} are both given: expected one of them`,
    ),
    ...(['vpcSubnets', 'securityGroups'] as const)
      .filter((prop) => props[prop] !== undefined && props.vpc === undefined)
      .map((prop) => `${prop} is given without vpc: expected both, or network`),
    ...foreignBus(scope, props),
    ...unusable(props),
  ];
  if (faults.length === 0) return;
  const lines = faults.map((fault) => `  ${fault}`);
  throw new Error(
    `${scope.node.path}: the props of environment ${JSON.stringify(props.environment)} cannot be used so:\n${lines.join('\n')}`,
  );
}

/** What no compiler has checked, since the app is plain JavaScript: everything after this relies on it. */
function misshapen({ alerts, keys, keysElsewhere }: Partial<KeyRotationProps>): string[] {
  const isList = (value: unknown) => Array.isArray(value) && !Token.isUnresolved(value);
  const lists = { keys, ...(keysElsewhere === undefined ? {} : { keysElsewhere }) };
  return [
    ...(typeof alerts === 'object' && alerts !== null && (isList(alerts) || !Array.isArray(alerts))
      ? []
      : [`alerts is ${said(alerts)}: expected a list of e-mail addresses, which may be empty with a topic`]),
    ...Object.entries(lists)
      .filter(([, list]) => !isList(list))
      .map(
        ([prop, list]) => `${prop} is ${said(list)}: expected a list of keys, each with service and owner`,
      ),
  ];
}

const said = (value: unknown) =>
  value === undefined
    ? 'missing'
    : Token.isUnresolved(value)
      ? 'known only at deployment'
      : JSON.stringify(value);

/** Keys are judged by their services, among which the second of two would hide the first. */
function twice({ keys, keysElsewhere = [] }: KeyRotationProps): string[] {
  if (!Array.isArray(keys) || !Array.isArray(keysElsewhere)) return [];
  const services = [...keys, ...keysElsewhere].map(({ service }) => service);
  const repeated = services.filter((service, index) => services.indexOf(service) !== index);
  return [...new Set(repeated)].map(
    (service) => `two keys are of service ${JSON.stringify(service)}: expected one key for each service`,
  );
}

/** Constructs of the right type whose kind does not do. */
function unusable({ topic, alarmTopic, encryptionKey, formerEncryption = [] }: KeyRotationProps): string[] {
  const fifo = Object.entries({ topic, alarmTopic }).filter(([, given]) => given?.fifo);
  const keys = [
    ['encryptionKey', encryptionKey],
    ...formerEncryption.map((key, index) => [`formerEncryption[${index}]`, key] as const),
  ] as const;
  return [
    ...fifo.map(([prop]) => `${prop} is a FIFO topic: expected a standard one, which alone sends mails`),
    ...keys
      .filter(([, key]) => typeof key === 'object' && aliasOf(key) !== undefined)
      .map(
        ([prop]) => `${prop} is an alias: expected the KMS key itself, because no policy permits by an alias`,
      ),
  ];
}

/** The rule of the evidence log must be on the bus, and a rule is in the account and region of its bus. */
function foreignBus(scope: Construct, { eventBus }: KeyRotationProps): string[] {
  if (!eventBus || !isElsewhere(scope, eventBus)) return [];
  const { account, region } = Stack.of(scope);
  return [
    `eventBus is in ${eventBus.env.region}, account ${eventBus.env.account}: expected a bus in ${region}, account ${account}`,
  ];
}

/** The judge says which days there may be. */
const days = (name: string, duration: Duration) => whole(name, duration, 'days') as LogRetentionDays;

const keyArn = (key: IKey | string) => (typeof key === 'string' ? key : key.keyArn);

/** The complete ARN if it is known; the judge refuses any other. */
const secretArn = (secret: ISecret | string) =>
  typeof secret === 'string' ? secret : (secret.secretFullArn ?? secret.secretArn);

/** The KMS keys of adopted secrets that are given as constructs, by service. */
export const adoptedKmsKeys = ({ keys, keysElsewhere = [] }: KeyRotationProps): ReadonlyMap<string, string> =>
  new Map(
    [...keys, ...keysElsewhere].flatMap(({ service, existing }) =>
      typeof existing === 'object' && existing.encryptionKey
        ? [[service, existing.encryptionKey.keyArn] as const]
        : [],
    ),
  );

const plainAdminAccess = (access: NonNullable<KeyRotationProps['adminAccess']>): AdminAccess =>
  'adminKeySecret' in access
    ? { ...withoutSecret(access), adminKeySecretArn: secretArn(access.adminKeySecret) }
    : access;

/** What else is given, which the judge refuses. */
const withoutSecret = ({ adminKeySecret: _, ...others }: { readonly adminKeySecret: ISecret }) => others;

function plainKey({ policy, existing, principals, ...key }: KeyProps): FleetKey {
  return {
    ...key,
    // An app of plain JavaScript may give a part of it.
    policy: { ...keyPolicy(), ...policy },
    ...(existing && { existing: secretArn(existing) }),
    ...(principals && { principals: principals.map(principalArn) }),
  };
}

function principalArn(principal: NonNullable<KeyProps['principals']>[number]): string {
  if (typeof principal === 'string') return principal;
  return 'roleArn' in principal ? principal.roleArn : principal.userArn;
}
