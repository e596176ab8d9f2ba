import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Symbol as MorphSymbol, Node, Project, Scope } from 'ts-morph';
import { VERBS } from '../lib/cli/verbs';
import { fleetJsonSchema } from '../lib/config/schema';
import { CONSUMER_TAGS } from '../lib/contract/consumer-tags';
import { LABEL, toLabelUpdate } from '../lib/contract/labels';
import { MEMORY_TAG_KEYS } from '../lib/contract/memory-tags';
import { REPORT_EVENT_TYPE } from '../lib/contract/names';
import { policyToTags } from '../lib/contract/policy-tags';
import { KINDS } from '../lib/domain/findings/catalogue';
import { METRIC } from '../lib/domain/metrics';
import { DIGEST_SCHEMA } from '../lib/domain/notices/digest';
import { NOTICE_SCHEMA } from '../lib/domain/notices/notice';
import { REPORT_SCHEMA } from '../lib/domain/notices/report-input';
import { DEFAULT_POLICY } from '../lib/domain/policy';
import manifest from '../package.json';
import { ENTRIES, ROOT } from './entries';
import type { ReleaseInterface, Section } from './release-changes';
import { sectionsOf, templatesOf } from './release-templates';

/** The snapshot of this checkout over the reference fleet, as a package carries it: `interface.json`. */
export const snapshot = (): string =>
  `${JSON.stringify(interfaceOf(readFileSync(join(__dirname, 'reference.yaml'), 'utf8')), undefined, 2)}\n`;

/** The interface of this checkout, over a fleet file. @throws where it refuses the file */
export const interfaceOf = (fleet: string): ReleaseInterface => ({
  release: manifest.version,
  fleet,
  sections: {
    fleetFields: fleetFields(),
    defaultPolicy: Object.fromEntries(
      Object.entries(DEFAULT_POLICY).map(([name, value]) => [name, JSON.stringify(value)]),
    ),
    ...sectionsOf(templatesOf(fleet)),
    tags: present([...policyTags(), ...MEMORY_TAG_KEYS]),
    labels: present([...Object.values(LABEL), ...datedLabels()]),
    metrics: present(Object.values(METRIC)),
    events: {
      ...Object.fromEntries(KINDS.map(({ kind, event }) => [kind, event])),
      report: REPORT_EVENT_TYPE,
    },
    documents: documents(),
    commands: commands(),
    constructs: exported(),
  },
});

const present = (names: readonly string[]): Section =>
  Object.fromEntries([...names].sort().map((name) => [name, '']));

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: SchemaNode | boolean;
  readonly anyOf?: readonly SchemaNode[];
}

/** Fields of the fleet file, as `environments.*.keys.*.owner`: required or optional. */
function fleetFields(node: SchemaNode = JSON.parse(fleetJsonSchema()), path = ''): Section {
  const { properties = {}, required = [], additionalProperties, anyOf = [] } = node;
  const at = (name: string) => (path === '' ? name : `${path}.${name}`);
  return Object.assign(
    {},
    ...Object.entries(properties).map(([name, each]) => ({
      [at(name)]: required.includes(name) ? 'required' : 'optional',
      ...fleetFields(each, at(name)),
    })),
    typeof additionalProperties === 'object' ? fleetFields(additionalProperties, at('*')) : {},
    ...anyOf.map((each) => fleetFields(each, path)),
  );
}

const policyTags = () =>
  Object.keys(
    policyToTags(
      {
        environment: 'prod',
        service: 'api',
        owner: 'a@acme.io',
        // Two of this length fill a tag.
        consumers: CONSUMER_TAGS.flatMap(() =>
          Array(2).fill({ kind: 'other', name: 'a'.repeat(100), refresh: 'restart' }),
        ),
      },
      {
        ...DEFAULT_POLICY,
        probeModel: 'a-model',
        workingHours: { days: [1, 5], hours: [9, 17], timeZone: 'UTC' },
      },
      { workspaceId: 'wrkspc_1' },
    ),
  );

/** One of each label that holds a moment. */
function datedLabels(): readonly string[] {
  const at = new Date('2026-11-21T00:00:00Z');
  const versionId = '00000000-0000-4000-8000-000000000000';
  return [
    toLabelUpdate({ do: 'pin', versionId, until: at }),
    toLabelUpdate({ do: 'follow', versionId, until: at }),
    toLabelUpdate({ do: 'mark-leaked', versionId, fingerprint: '0123456789ab', at }),
  ].map(({ label }) => label);
}

/** Documents for machines by who gets them, each with its number. */
const documents = (): Section =>
  Object.fromEntries([
    ...VERBS.map(({ name, document }) => [
      `${name} --json: ${document.split('/')[0]}`,
      document.split('/')[1]!,
    ]),
    ...[NOTICE_SCHEMA, DIGEST_SCHEMA, REPORT_SCHEMA].map((schema) => {
      const [, name, number] = schema.split('/');
      return [`topic: ${name}`, number!];
    }),
  ]);

/** Commands with their argument, and each option. */
const commands = (): Section =>
  Object.fromEntries(
    VERBS.flatMap(({ name, argument, options = [] }) => [
      [name, argument?.[0] ?? ''],
      ...options.map(([flags]) => [
        `${name} ${flags.split(/[ ,]+/).find((word) => word.startsWith('--'))}`,
        flags,
      ]),
    ]),
  );

/** Types that a caller fills in: a field more that has to be there would break them. The others are results. */
const isInput = (name: string) =>
  /(Props|Options)$|^(AdminAccess|FleetConsumer|FleetKey|Home|KeyReference|NetworkPlacement|SecretsClient|ServiceByArn|WorkingHours)$/.test(
    name,
  );

/** What others import, the constructs and the helper: functions, classes with their public members, types with their fields. What the CDK brings is not ours. */
function exported(): Section {
  const project = new Project({
    skipAddingFilesFromTsConfig: true,
    compilerOptions: { noResolve: true, strict: true },
  });
  project.addSourceFilesAtPaths([join(ROOT, 'lib/**/*.ts'), join(ROOT, 'consumer/**/*.ts')]);
  const entries = ENTRIES.flatMap(({ source }) =>
    [...project.getSourceFileOrThrow(join(ROOT, source)).getExportedDeclarations()].flatMap(
      ([name, [declaration]]) => [
        [name, kindOf(declaration!)] as const,
        ...membersOf(declaration!).map(
          (member) => [`${name}.${nameOf(member)}`, shape(name, member)] as const,
        ),
      ],
    ),
  );
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The compiler numbers well-known symbols, `__@iterator@130`, in the order in which it meets them: another file, another number. */
const nameOf = (member: MorphSymbol) => member.getName().replace(/^__@(\w+)@\d+$/, '[Symbol.$1]');

const isType = (declaration: Node) =>
  Node.isInterfaceDeclaration(declaration) || Node.isTypeAliasDeclaration(declaration);

const kindOf = (declaration: Node) =>
  Node.isClassDeclaration(declaration) ? 'class' : isType(declaration) ? 'type' : 'value';

/** Own and inherited ones. */
function membersOf(declaration: Node): readonly MorphSymbol[] {
  const own = Node.isClassDeclaration(declaration)
    ? [...declaration.getStaticMethods(), ...declaration.getStaticProperties()].map((each) =>
        each.getSymbolOrThrow(),
      )
    : [];
  if (kindOf(declaration) === 'value') return [];
  return [...own, ...declaration.getType().getProperties()].filter((symbol) =>
    symbol.getDeclarations().every(isPublic),
  );
}

const isPublic = (declaration: Node) =>
  !(Node.isScoped(declaration) || Node.isScopeable(declaration)) ||
  (declaration.getScope() ?? Scope.Public) === Scope.Public;

const shape = (owner: string, member: MorphSymbol) =>
  member.isOptional() ? 'optional' : isInput(owner) ? 'required' : 'given';
