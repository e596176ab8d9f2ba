import { Stack, Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { completeEnvironment } from '../config/complete';
import { AT_DEPLOYMENT } from '../config/consumers';
import { describeFault } from '../config/fault';
import type { EnvironmentProps, FleetEnvironment } from '../config/fleet';
import { judgeEnvironment } from '../config/judge';

/** The environment of these props, with all defaults. @throws Error naming every invalid prop */
export function judgedEnvironment(scope: Construct, props: EnvironmentProps): FleetEnvironment {
  const environment = completeEnvironment(props);
  const place = placeOf(scope);
  const judged = { ...environment, ...place, alerts: props.alerts };
  const faults = judgeEnvironment(known(judged, specimensIn(place)) as FleetEnvironment);
  if (faults.length === 0) return environment;
  const lines = faults.map((fault) => `  ${describeFault(fault)}`);
  throw new Error(
    `${scope.node.path}: the props of environment ${JSON.stringify(props.environment)} are not valid:\n${lines.join('\n')}`,
  );
}

/** Account and region of the stack, as far as they are known: what a function reaches must be there, too. */
function placeOf(scope: Construct): { readonly account?: string; readonly region?: string } {
  const { account, region } = Stack.of(scope);
  return {
    ...(Token.isUnresolved(account) ? {} : { account }),
    ...(Token.isUnresolved(region) ? {} : { region }),
  };
}

/** Whatever is known only at deployment may be in the right place. */
const specimensIn = ({
  account = '111122223333',
  region = 'eu-central-1',
}: ReturnType<typeof placeOf>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(SPECIMENS).map(([field, specimen]) => [
      field,
      specimen.replace('eu-central-1', region).replace('111122223333', account),
    ]),
  );

/** Valid values in place of tokens, which are known only at deployment. No other field may be a token. */
const SPECIMENS: Readonly<Record<string, string>> = {
  topicArn: 'arn:aws:sns:eu-central-1:111122223333:known-at-deployment',
  alarmTopicArn: 'arn:aws:sns:eu-central-1:111122223333:known-at-deployment',
  eventBusName: 'known-at-deployment',
  encryption: 'arn:aws:kms:eu-central-1:111122223333:key/known-at-deployment',
  formerEncryption: 'arn:aws:kms:eu-central-1:111122223333:key/known-at-deployment',
  permissionsBoundary: 'arn:aws:iam::111122223333:policy/known-at-deployment',
  adminKeySecretArn: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:known-AbCdEf',
  readers: 'arn:aws:iam::111122223333:role/known-at-deployment',
  principals: 'arn:aws:iam::111122223333:role/known-at-deployment',
  subnetIds: 'subnet-00000000',
  securityGroupIds: 'sg-00000000',
  organizationId: 'known-at-deployment',
  workspaceId: 'known-at-deployment',
  proxyUrl: 'https://known.at.deployment',
  anthropicBaseUrl: 'https://known.at.deployment',
  // People paste it: what it will be must be known now.
  cliCommand: '(known only at deployment)',
  projectUrl: 'https://known.at.deployment',
  runbookUrl: 'https://known.at.deployment',
  'consumers.service': `arn:aws:ecs:eu-central-1:111122223333:service/${AT_DEPLOYMENT}/${AT_DEPLOYMENT}`,
  'consumers.role': `arn:aws:iam::111122223333:role/${AT_DEPLOYMENT}`,
};

/** The default of its name is made from the service, and a tag needs it at synthesis. */
const isNameless = (fields: Readonly<Record<string, unknown>>) =>
  fields.name === undefined && Token.isUnresolved(fields.service);

/** The value with a specimen for every token, and without undefined fields. */
function known(value: unknown, specimens: Readonly<Record<string, string>>, field = ''): unknown {
  if (Array.isArray(value) && !Token.isUnresolved(value))
    return value.map((each) => known(each, specimens, field));
  if (Token.isUnresolved(value)) {
    const specimen = specimens[field];
    return specimen && Array.isArray(value) ? [specimen] : (specimen ?? 'known only at deployment');
  }
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(([, each]) => each !== undefined);
  const ofConsumer = field === 'consumers';
  return Object.fromEntries([
    ...fields.map(([name, each]) => [name, known(each, specimens, ofConsumer ? `consumers.${name}` : name)]),
    ...(ofConsumer && isNameless(value as Record<string, unknown>)
      ? [['name', 'known only at deployment']]
      : []),
  ]);
}
