import type { Resource } from '../constructs/synthesis';

/** Where the templates are deployed in these tests: the embedded world's account and region. */
export const ACCOUNT = '111122223333';
export const REGION = 'eu-central-1';

/** What a new KMS key is called, for as long as CloudFormation has not told. */
export const KMS_KEY_ID = '0a1b2c3d-0000-4000-8000-000000000000';

const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::AccountId': ACCOUNT,
  'AWS::Region': REGION,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
};

const arn = (service: string, rest: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${rest}`;

interface Kind {
  /** The property that names a resource of this type. */
  readonly named?: string;
  readonly ref?: (name: string) => string;
  readonly arn?: (name: string) => string;
}

/** What `Ref` and `Fn::GetAtt … Arn` are, for the types that policies refer to. */
const KINDS: Readonly<Record<string, Kind>> = {
  'AWS::SNS::Topic': { named: 'TopicName', ref: (name) => arn('sns', name) },
  'AWS::Lambda::Function': {
    named: 'FunctionName',
    ref: (name) => name,
    arn: (name) => arn('lambda', `function:${name}`),
  },
  'AWS::Events::Rule': { named: 'Name', arn: (name) => arn('events', `rule/${name}`) },
  'AWS::IAM::Role': { named: 'RoleName', ref: (name) => name },
  'AWS::SecretsManager::Secret': {
    named: 'Name',
    ref: (name) => arn('secretsmanager', `secret:${name}-AbCdEf`),
  },
  'AWS::SQS::Queue': {
    named: 'QueueName',
    ref: (name) => `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${name}`,
    arn: (name) => arn('sqs', name),
  },
  'AWS::Logs::LogGroup': { named: 'LogGroupName', arn: (name) => arn('logs', `log-group:${name}:*`) },
  'AWS::KMS::Key': { arn: () => arn('kms', `key/${KMS_KEY_ID}`) },
};

/** Fills in what is known only at deployment. @throws on a reference that is not known here */
export function resolver(resources: Readonly<Record<string, Resource>>): (value: unknown) => unknown {
  const resolve = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(resolve);
    if (typeof value !== 'object' || value === null) return value;
    const [only, ...others] = Object.entries(value);
    const isIntrinsic = others.length === 0 && /^(Ref|Fn::.+)$/.test(only?.[0] ?? '');
    if (isIntrinsic) return fillIn(only![0], only![1]);
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, resolve(each)]));
  };
  const reference = (id: string, to: 'ref' | 'arn') => {
    const { Type, Properties } = resources[id]!;
    const { named, [to]: make } = KINDS[Type] ?? {};
    return make?.(String((named && resolve(Properties[named])) ?? id));
  };
  const fillIn = (name: string, argument: unknown): unknown => {
    if (name === 'Fn::Join') {
      const [separator, parts] = resolve(argument) as [string, string[]];
      return parts.join(separator);
    }
    const [id, attribute] =
      name === 'Fn::GetAtt' ? (argument as [string, string]) : [argument as string, 'Ref'];
    const found =
      name === 'Ref'
        ? (PSEUDO[id] ?? reference(id, 'ref'))
        : attribute === 'Arn'
          ? reference(id, 'arn')
          : undefined;
    if (found === undefined) throw new Error(`Not known here: ${name} ${JSON.stringify(argument)}`);
    return found;
  };
  return resolve;
}
