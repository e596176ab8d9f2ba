import { parse, parseAllDocuments, stringify } from 'yaml';
import schema from '../../keys.schema.json';
import { renderFault } from '../../lib/config/fault';
import { loadFleet } from '../../lib/config/load';

type Fields = Readonly<Record<string, unknown>>;

const environmentSchema = schema.properties.environments.additionalProperties;

const ENVIRONMENT = Object.keys(environmentSchema.properties);
const KEY = Object.keys(environmentSchema.properties.keys.additionalProperties.properties);
const POLICY = Object.keys(schema.properties.defaults.properties);

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether all fields are among these. Blocks that only hold anchors do not count. */
const among = (names: readonly string[], fields: Fields) =>
  namesOf(fields).length > 0 && namesOf(fields).every((name) => names.includes(name));

const namesOf = (fields: Fields) => Object.keys(fields).filter((name) => !name.startsWith('x-'));

/** What stands for the reader's own, as `<ARN of your key>` or `subnet-…`, and something that it could be. */
const OWN: readonly (readonly [RegExp, (count: string) => string])[] = [
  [
    /<[^<>\n]*\bARN\b[^<>\n]*>/g,
    (count) => `arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d-0000-4000-8000-0000${count}`,
  ],
  [/<[^<>\n]*>/g, (count) => `your-own-${count}`],
  [/(?<=\b(?:subnet|sg)-)…/g, (count) => count],
];

function filledIn(text: string): string {
  let count = 0;
  const next = () => {
    count += 1;
    return String(count).padStart(8, '0');
  };
  return OWN.reduce((rest, [pattern, own]) => rest.replace(pattern, () => own(next())), text);
}

const withKeys = (environment: Fields): Fields => ({
  ...('alerts' in environment || 'topicArn' in environment ? {} : { alerts: ['platform@acme.io'] }),
  ...('keys' in environment ? {} : { keys: { 'api-gateway': { owner: 'gateway@acme.io' } } }),
  ...environment,
});

const inFleet = (environment: Fields, defaults: Fields = {}): Fields => ({
  ...defaults,
  environments: { prod: withKeys(environment) },
});

/** A part of a fleet file as a document shows it, with what it leaves out. Undefined if it is none. */
function completed(part: Fields): Fields | undefined {
  if (among(['defaults', 'environments'], part))
    return isFields(part.environments)
      ? { ...part, environments: eachEnvironment(part.environments) }
      : inFleet({}, part);
  if (among(ENVIRONMENT, part)) return inFleet(part);
  if (among(KEY, part)) return inFleet({ keys: { 'api-gateway': { owner: 'gateway@acme.io', ...part } } });
  if (among(POLICY, part)) return inFleet({ policy: part });
  const keys = namesOf(part).map((name) => part[name]);
  return keys.length > 0 && keys.every((key) => isFields(key) && among(KEY, key))
    ? inFleet({ keys: part })
    : undefined;
}

const eachEnvironment = (environments: Fields): Fields =>
  Object.fromEntries(
    Object.entries(environments).map(([name, each]) => [
      name,
      isFields(each) && !name.startsWith('x-') ? withKeys(each) : each,
    ]),
  );

function faultsOfFleet(text: string): readonly string[] {
  const filled = filledIn(text);
  const part: unknown = parse(filled, { merge: true });
  const whole = isFields(part) ? completed(part) : undefined;
  if (!whole)
    return [
      'neither a part of keys.yaml, nor Kubernetes, nor a workflow: <!-- snippet: for PROGRAM --> says what it is for',
    ];
  // A whole file is judged as it is written, with its anchors and lines.
  const { errors } = loadFleet(filled, 'keys.yaml');
  return errors.length === 0
    ? []
    : loadFleet(stringify(whole, { aliasDuplicateObjects: false }), 'keys.yaml').errors.map(renderFault);
}

/** What is wrong with a YAML block: of a fleet file, of Kubernetes, of a workflow, or of another program that its mark names. */
export function faultsOfYaml(text: string, program: string | undefined): readonly string[] {
  const documents = parseAllDocuments(text, { merge: true });
  const unreadable = documents.flatMap(({ errors }) => errors.map(({ message }) => message));
  if (unreadable.length > 0) return unreadable;
  const values: readonly unknown[] = documents.map((document) => document.toJS());
  if (program !== undefined) return values.every(Boolean) ? [] : ['an empty document'];
  if (values.every((value) => isFields(value) && 'apiVersion' in value))
    return values.flatMap(faultsOfObject);
  const [only] = values;
  if (values.length === 1 && isFields(only) && 'jobs' in only)
    return 'on' in only ? [] : ['a workflow has to say on what it runs'];
  return faultsOfFleet(text);
}

function faultsOfObject(value: unknown): readonly string[] {
  const { kind, metadata } = value as Fields;
  return kind && isFields(metadata) && metadata.name
    ? []
    : ['a Kubernetes object needs kind and metadata.name'];
}
