/** A synthesised CloudFormation template, and where its stack would be deployed. */
export interface Template {
  readonly account?: string;
  readonly region?: string;
  readonly Resources: Readonly<Record<string, Resource>>;
}

interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** Account and region that an environment-agnostic stack gets here. */
const DEFAULT_PLACE = { account: '111122223333', region: 'eu-central-1' } as const;

export const placeOf = ({ account, region }: Template) => ({
  account: account ?? DEFAULT_PLACE.account,
  region: region ?? DEFAULT_PLACE.region,
});

/** What a resource's name property is, per type: `Ref` and ARNs are made of it. */
const NAMED_BY: Readonly<Record<string, string>> = {
  'AWS::SNS::Topic': 'TopicName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::SQS::Queue': 'QueueName',
  'AWS::SecretsManager::Secret': 'Name',
  'AWS::Logs::LogGroup': 'LogGroupName',
};

/** The resources of one type, with every reference in them resolved as CloudFormation would. */
export function resourcesOf<Properties>(template: Template, type: string): readonly Properties[] {
  return Object.values(template.Resources)
    .filter((resource) => resource.Type === type)
    .map((resource) => resolve(resource.Properties ?? {}, template) as Properties);
}

/** Ref, Fn::GetAtt, Fn::Join, Fn::Select and Fn::Split: what CDK writes into the properties that are read here. */
function resolve(value: unknown, template: Template): unknown {
  if (Array.isArray(value)) return value.map((one) => resolve(one, template));
  if (typeof value !== 'object' || value === null) return value;
  const fields = value as Record<string, unknown>;
  if (typeof fields.Ref === 'string') return refer(fields.Ref, template);
  if (Array.isArray(fields['Fn::GetAtt'])) {
    const [id, attribute] = fields['Fn::GetAtt'] as [string, string];
    return attribute === 'Arn' || attribute === 'TopicArn' ? arnOf(id, template) : nameOf(id, template);
  }
  if (Array.isArray(fields['Fn::Join'])) {
    const [separator, parts] = fields['Fn::Join'] as [string, unknown[]];
    return parts.map((part) => String(resolve(part, template))).join(separator);
  }
  if (Array.isArray(fields['Fn::Select'])) {
    const [index, list] = fields['Fn::Select'] as [number, unknown];
    return (resolve(list, template) as unknown[])[index];
  }
  if (Array.isArray(fields['Fn::Split'])) {
    const [separator, text] = fields['Fn::Split'] as [string, unknown];
    return String(resolve(text, template)).split(separator);
  }
  return Object.fromEntries(Object.entries(fields).map(([name, one]) => [name, resolve(one, template)]));
}

function refer(id: string, template: Template): string {
  const { account, region } = placeOf(template);
  const pseudo: Readonly<Record<string, string>> = {
    'AWS::AccountId': account,
    'AWS::Region': region,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackId': `arn:aws:cloudformation:${region}:${account}:stack/embedded/5ac0de00-0000-4000-8000-000000000000`,
  };
  if (pseudo[id] !== undefined) return pseudo[id];
  return template.Resources[id]?.Type === 'AWS::SNS::Topic' ? arnOf(id, template) : nameOf(id, template);
}

function nameOf(id: string, template: Template): string {
  const resource = template.Resources[id];
  const name = resolve(resource?.Properties?.[NAMED_BY[resource.Type] ?? ''], template);
  return typeof name === 'string' ? name : id;
}

function arnOf(id: string, template: Template): string {
  const { account, region } = placeOf(template);
  const service = template.Resources[id]?.Type.split('::')[1]?.toLowerCase() ?? 'unknown';
  const kind = service === 'lambda' ? 'function:' : '';
  return `arn:aws:${service}:${region}:${account}:${kind}${nameOf(id, template)}`;
}
