import { DEFAULT_POLICY } from '../../lib';
import { type ApiField, type ApiMethod, type ApiSymbol, apiSymbols } from './api-symbols';

/** What belongs together, in reading order. What is in no group comes last. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  'An environment': [
    'KeyRotation',
    'KeyRotationProps',
    'KeyProps',
    'AdminAccess',
    'Alerts',
    'Home',
    'NetworkPlacement',
    'LogRetentionDays',
    'FleetConsumer',
    'PeoplePolicies',
    'EnvironmentFunctions',
    'KeyFunction',
    'MetricName',
    'BegunMetricName',
  ],
  'A key': ['IManagedKey', 'ManagedKey', 'KeyReference'],
  'What restarts consumers': ['RestartOnRotation', 'RestartOnRotationProps', 'ServiceByArn'],
  'How a key is kept': ['keyPolicy', 'KeyPolicyProps', 'Policy', 'WorkingHours', 'DEFAULT_POLICY'],
  'A fleet file': [
    'loadFleet',
    'LoadedFleet',
    'renderFault',
    'ConfigFault',
    'addFleet',
    'Fleet',
    'FleetEnvironment',
    'FleetKey',
    'KeyRotationStack',
    'KeyRotationStackProps',
    'KeyShardStack',
    'KeyShardStackProps',
  ],
};

const HEAD = `# API reference

<!-- snippets: tested by test/docs/api.test.ts -->

Every symbol that \`anthropic-key-rotation\` exports. \`npm run api\` writes this page from the docstrings, and a test refuses an outdated one. [Constructs](constructs.md) shows how they are used.

Types such as \`ITopic\`, \`IGrantable\` and \`Duration\` are those of [aws-cdk-lib](https://docs.aws.amazon.com/cdk/api/v2/).
`;

/** Interfaces that would repeat another one. */
const REST: Readonly<Record<string, string>> = {
  FleetEnvironment: 'Its other fields are the plain ones of `KeyRotationProps`.',
};

/** What nobody writes as props. */
const RESULTS: readonly string[] = ['LoadedFleet', 'ConfigFault', 'IManagedKey'];

/** Classes that would repeat what they implement. */
const IMPLEMENTED: Readonly<Record<string, string>> = { ManagedKey: 'IManagedKey' };

/** Defaults that no docstring has to repeat. */
const DEFAULTS: Readonly<Record<string, object>> = { KeyPolicyProps: DEFAULT_POLICY };

/** The whole page. */
export function apiPage(): string {
  const symbols = new Map(apiSymbols().map((symbol) => [symbol.name, symbol]));
  const grouped = new Set(Object.values(GROUPS).flat());
  const gone = [...grouped].filter((name) => !symbols.has(name));
  if (gone.length > 0) throw new Error(`The reference groups what is not exported: ${gone.join(', ')}`);
  const others = [...symbols.keys()].filter((name) => !grouped.has(name));
  if (others.length > 0) throw new Error(`The reference has no group for ${others.join(', ')}`);
  return [
    HEAD,
    ...Object.entries(GROUPS).map(([title, names]) =>
      [
        `## ${title}\n`,
        ...names.map((name) => section(symbols.get(name)!, symbols.get(IMPLEMENTED[name] ?? ''))),
      ].join('\n'),
    ),
  ].join('\n');
}

function section(symbol: ApiSymbol, implemented?: ApiSymbol): string {
  const { name, kind, code, also } = symbol;
  const fields = symbol.fields
    .filter(({ own }) => own || !(name in REST))
    .filter((field) => !implemented?.fields.some((other) => other.name === field.name))
    .map((field) => ({ ...field, byDefault: field.byDefault ?? defaultOf(name, field) }));
  const methods = symbol.methods.filter(
    (method) => !implemented?.methods.some((other) => other.signature === method.signature),
  );
  if (symbol.says === '') throw new Error(`${name} has no docstring.`);
  const parts = [
    `### ${name}\n`,
    `${capital(kind)}. ${sentence(symbol.says)}\n`,
    code && `\`\`\`text\n${code}\n\`\`\`\n`,
    symbol.throws && `Throws ${sentence(symbol.throws)}\n`,
    also.length > 0 && `It extends \`${also.join('` and `')}\`.\n`,
    implemented &&
      `It is an \`${implemented.name}\`.
`,
    name in REST && `${REST[name]}\n`,
    fields.length > 0 &&
      (kind === 'class' || RESULTS.includes(name) ? properties(fields, name) : props(fields, name)),
    methods.length > 0 && methodList(methods, name),
  ];
  return parts.filter(Boolean).join('\n');
}

function defaultOf(symbol: string, { name, type }: ApiField): string | undefined {
  const value: unknown = Reflect.get(DEFAULTS[symbol] ?? {}, name);
  if (value === undefined) return undefined;
  return type.endsWith('[]') ? JSON.stringify(value) : String(value);
}

const props = (fields: readonly ApiField[], of: string) =>
  table(
    ['Prop', 'Type', 'Default', 'Means'],
    fields.map((field) => [
      `\`${field.name}\``,
      `\`${field.type}\``,
      field.optional ? (field.byDefault ?? '') : (field.byDefault ?? 'required'),
      said(field.says, `${of}.${field.name}`),
    ]),
  );

const properties = (fields: readonly ApiField[], of: string) =>
  table(
    ['Property', 'Type', 'Means'],
    fields.map((field) => [
      `\`${field.name}\``,
      `\`${field.type}${field.optional ? ' | undefined' : ''}\``,
      `${said(field.says, `${of}.${field.name}`)}${field.throws ? ` Throws ${sentence(field.throws)}` : ''}`,
    ]),
  );

const methodList = (methods: readonly ApiMethod[], of: string) =>
  `${methods
    .map((method) => {
      const { signature, says, params = [], throws, byDefault } = method;
      const more = [
        ...params.map((each) => {
          const [name, ...rest] = each.split(' ');
          return `\`${name}\`: ${sentence(rest.join(' '))}`;
        }),
        byDefault && `Default: ${sentence(byDefault)}`,
        throws && `Throws ${sentence(throws)}`,
      ].filter(Boolean);
      const text = [sentence(said(says, `${of}.${signature}`)), ...more].join(' ');
      return `- \`${signature}\`${method.isStatic ? ', static' : ''}\n  ${text}\n`;
    })
    .join('')}`;

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const cell = (text: string) => text.replaceAll('|', '\\|');
  return [heads, heads.map(() => '---'), ...rows.map((row) => row.map(cell))]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n')
    .concat('\n');
}

/** Nothing public is without a docstring. */
function said(says: string, where: string): string {
  if (says === '') throw new Error(`${where} has no docstring.`);
  return says;
}

const capital = (text: string) => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;

const sentence = (text: string) => (/[.:]$/.test(text) ? text : `${text}.`);
