import { Token } from 'aws-cdk-lib/core';
import { type Misfit, renderPath, showValue } from '../config/fault';
import type { FleetKey, KeyRotationProps } from '../config/fleet';
import { judgeFleet } from '../config/judge';
import { policyInput } from '../config/policy-input';

/** Holds props to what the fleet file is held to. @throws naming everything that is wrong, in the words of whoever wrote the props */
export function judgeProps(where: string, props: KeyRotationProps): void {
  const { environment, keys, keysElsewhere = [], home, alerts, network, ...rest } = props;
  const written = {
    ...rest,
    ...home,
    vpc: network,
    alerts: alerts.length > 0 ? alerts : undefined,
    keys: Object.fromEntries([...keys, ...keysElsewhere].map((key) => [key.service, keyInput(key)])),
  };
  const data = { environments: { [environment]: known(written) } };
  const { misfits } = judgeFleet(data);
  if (misfits.length === 0) return;
  const lines = misfits.map((misfit) => `  ${say(misfit, data)}`);
  throw new Error(
    `${where}: environment ${JSON.stringify(environment)} cannot be kept so:\n${lines.join('\n')}`,
  );
}

const keyInput = ({ service: _, policy, ...key }: FleetKey) => ({ ...key, policy: policyInput(policy) });

/** Stands for what is known only at deployment, and cannot be judged before. Fields that are not here have to be known. */
const SPECIMENS: Readonly<Record<string, string>> = {
  topicArn: 'arn:aws:sns:eu-central-1:111122223333:known-at-deployment',
  alarmTopicArn: 'arn:aws:sns:eu-central-1:111122223333:known-at-deployment',
  eventBusName: 'known-at-deployment',
  encryption: 'arn:aws:kms:eu-central-1:111122223333:key/known-at-deployment',
  formerEncryption: 'arn:aws:kms:eu-central-1:111122223333:key/known-at-deployment',
  adminKeySecretArn: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:known-AbCdEf',
  principals: 'arn:aws:iam::111122223333:role/known-at-deployment',
  subnetIds: 'subnet-00000000',
  securityGroupIds: 'sg-00000000',
  organizationId: 'known-at-deployment',
  workspaceId: 'known-at-deployment',
  proxyUrl: 'https://known.at.deployment',
  anthropicBaseUrl: 'https://known.at.deployment',
  runbookUrl: 'https://known.at.deployment',
};

/** The value with a specimen for every token, and without what is undefined, as a file would hold it. */
function known(value: unknown, field = ''): unknown {
  if (Array.isArray(value) && !Token.isUnresolved(value)) return value.map((each) => known(each, field));
  if (Token.isUnresolved(value)) {
    const specimen = SPECIMENS[field];
    return specimen && Array.isArray(value) ? [specimen] : (specimen ?? 'known only at deployment');
  }
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(fields.map(([name, each]) => [name, known(each, name)]));
}

/** The names that props have where the file has others. */
const PROPS: Readonly<Record<string, readonly string[]>> = {
  organizationId: ['home', 'organizationId'],
  workspaceId: ['home', 'workspaceId'],
  vpc: ['network'],
};

function say({ path, given, expected }: Misfit, data: object): string {
  const [, , first = 'environment', ...rest] = path.map(String);
  const value = path.reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], data);
  const is = given ?? showValue(value);
  const where = renderPath([...(PROPS[first] ?? [first]), ...rest]);
  return `${where} ${is === undefined ? 'is missing' : `is ${is}`}: expected ${expected}`;
}
