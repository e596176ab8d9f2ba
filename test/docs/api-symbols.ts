import { join } from 'node:path';
import { type ExportedDeclarations, type Symbol as Named, Node, type Type } from 'ts-morph';
import { ownTypes } from '../own-types';
import { ROOT } from '../root';

/** Something that the package exports, as its docstrings describe it. */
export interface ApiSymbol extends Documented {
  readonly name: string;
  readonly kind: 'class' | 'interface' | 'function' | 'type' | 'const';
  /** How it is written: the signature of a function, the members of a type. */
  readonly code?: string;
  /** Fields, in the order of their declaration. */
  readonly fields: readonly ApiField[];
  readonly methods: readonly ApiMethod[];
  /** Interfaces of the CDK whose fields it has, too. */
  readonly also: readonly string[];
}

export interface ApiField extends Documented {
  readonly name: string;
  readonly type: string;
  readonly optional: boolean;
  /** Whether it is written where it is listed, and not inherited. */
  readonly own: boolean;
}

export interface ApiMethod extends Documented {
  readonly signature: string;
  readonly isStatic: boolean;
}

interface Documented {
  readonly says: string;
  readonly byDefault?: string;
  readonly throws?: string;
  readonly params?: readonly string[];
}

const INDEX = join(ROOT, 'lib/index.ts');

/** Everything that `lib/index.ts` exports. */
export function apiSymbols(): readonly ApiSymbol[] {
  const index = ownTypes('lib').getSourceFileOrThrow(INDEX);
  const aliases = index
    .getExportDeclarations()
    .flatMap((each) => each.getNamedExports())
    .flatMap((each) => {
      const alias = each.getAliasNode()?.getText();
      return alias ? [[each.getName(), alias] as const] : [];
    });
  const rename = (text: string) =>
    aliases.reduce((renamed, [from, to]) => renamed.replaceAll(new RegExp(`\\b${from}\\b`, 'g'), to), text);
  return [...index.getExportedDeclarations()].map(([name, [declaration]]) =>
    toSymbol(name, declaration!, rename),
  );
}

function toSymbol(name: string, node: ExportedDeclarations, rename: (text: string) => string): ApiSymbol {
  const base = { name, ...describe(node), fields: [], methods: [], also: [] };
  if (Node.isFunctionDeclaration(node))
    return { ...base, kind: 'function', code: signature(node, rename, name) };
  if (Node.isTypeAliasDeclaration(node))
    return {
      ...base,
      kind: 'type',
      code: rename(literals(node.getType()) ?? node.getTypeNodeOrThrow().getText()),
    };
  if (Node.isVariableDeclaration(node)) {
    const value = node.getInitializerOrThrow();
    const isFunction = Node.isArrowFunction(value);
    return {
      ...base,
      ...describe(node.getVariableStatementOrThrow()),
      kind: isFunction ? 'function' : 'const',
      code: isFunction ? signature(value, rename, name) : rename(node.getText()),
    };
  }
  if (Node.isInterfaceDeclaration(node) || Node.isClassDeclaration(node)) {
    const isClass = Node.isClassDeclaration(node);
    const members = membersOf(node.getType(), node);
    const statics = isClass ? node.getStaticMethods() : [];
    return {
      ...base,
      kind: isClass ? 'class' : 'interface',
      code: isClass ? constructorOf(node) : undefined,
      fields: members.flatMap((member) => field(member, node, rename)),
      methods: [
        ...statics.map((each) => ({
          ...describe(each),
          isStatic: true,
          signature: signature(each, rename, `${name}.${each.getName()}`),
        })),
        ...members.flatMap((member) => method(member, rename)),
      ],
      also: isClass ? [] : foreignBases(node),
    };
  }
  throw new Error(`${name} is exported in a form that the reference does not know: ${node.getKindName()}`);
}

interface Member {
  readonly name: string;
  readonly optional: boolean;
  readonly node: Node;
  /** Where it is described, if not where it is written. */
  readonly described: Node;
}

/** Public members of our own, inherited ones included; a class is described by what it implements. */
function membersOf(type: Type, of: Node): readonly Member[] {
  const described = new Map<string, Node>();
  for (const each of interfacesOf(of))
    for (const property of each.getProperties()) {
      const [node] = ownDeclarations(property);
      if (node) described.set(property.getName(), node);
    }
  return type.getProperties().flatMap((property) => {
    const [node] = ownDeclarations(property);
    const name = property.getName();
    if (!node || !isPublic(node)) return [];
    const says = describe(node).says !== '' ? node : (described.get(name) ?? node);
    return [{ name, optional: property.isOptional(), node, described: says }];
  });
}

const ownDeclarations = (symbol: Named): readonly Node[] =>
  symbol.getDeclarations().filter((node) => node.getSourceFile().getFilePath().startsWith(join(ROOT, 'lib')));

/** The interfaces that a class and those above it implement. */
function interfacesOf(node: Node): readonly Type[] {
  if (!Node.isClassDeclaration(node)) return [];
  const base = node.getBaseClass();
  return [...node.getImplements().map((each) => each.getType()), ...(base ? interfacesOf(base) : [])];
}

const isPublic = (node: Node) =>
  !(Node.isModifierable(node) && /\b(private|protected)\b/.test(modifiers(node)));

const modifiers = (node: Node & { getModifiers(): Node[] }) =>
  node
    .getModifiers()
    .map((each) => each.getText())
    .join(' ');

/** The values of a union of texts or numbers, as people write it. */
function literals(type: Type): string | undefined {
  const members = type.isUnion() ? type.getUnionTypes() : [];
  if (members.length === 0 || !members.every((each) => each.isLiteral())) return undefined;
  const values = members.map((each) => JSON.stringify(each.getLiteralValue()).replaceAll('"', "'"));
  return values.reduce((text, value) => {
    const last = text.slice(text.lastIndexOf('\n') + 1);
    return `${text}${last.length + value.length > 120 ? '\n  | ' : ' | '}${value}`;
  });
}

function field(
  { name, optional, node, described }: Member,
  parent: Node,
  rename: (text: string) => string,
): readonly ApiField[] {
  const own = node.getParent() === parent;
  if (Node.isGetAccessorDeclaration(node))
    return [
      {
        name,
        type: rename(line(node.getReturnTypeNodeOrThrow())),
        optional: false,
        own,
        ...describe(described),
      },
    ];
  if (!Node.isPropertySignature(node) && !Node.isPropertyDeclaration(node)) return [];
  const type = node.getTypeNode();
  if (!type) throw new Error(`${name} has no written type, and the reference shows what is written.`);
  return [{ name, type: rename(line(type)), optional, own, ...describe(described) }];
}

function method({ name, node, described }: Member, rename: (text: string) => string): readonly ApiMethod[] {
  if (!Node.isMethodDeclaration(node) && !Node.isMethodSignature(node)) return [];
  // As it is declared where it is described, without the defaults of its implementation.
  const declared = Node.isMethodSignature(described) ? described : node;
  return [{ isStatic: false, signature: signature(declared, rename, name), ...describe(described) }];
}

interface Callable extends Node {
  getParameters(): { getText(): string }[];
  getReturnTypeNode(): Node | undefined;
}

function signature(node: Node, rename: (text: string) => string, name: string): string {
  const callable = node as Callable;
  const parameters = callable.getParameters().map((each) => each.getText().replace(/\s+/g, ' '));
  const short = parameters.map((each) =>
    each
      // What is taken apart is named after its type.
      .replace(/^\{.*\}(?=: (\w+))/, (_, type: string) =>
        type.endsWith('Props') ? 'props' : `${type.slice(0, 1).toLowerCase()}${type.slice(1)}`,
      )
      .replace(/: (.+) = .+$/, '?: $1'),
  );
  const written = callable.getReturnTypeNode()?.getText();
  const result = written ?? node.getType().getCallSignatures()[0]?.getReturnType().getText();
  return rename(`${name}(${short.join(', ')}): ${result ?? 'void'}`);
}

/** How a class is made, if other apps can make what it takes. */
function constructorOf(node: Node): string | undefined {
  if (!Node.isClassDeclaration(node)) return undefined;
  const parameters = node.getConstructors()[0]?.getParameters() ?? [];
  const props = parameters.at(-1)?.getTypeNode()?.getText() ?? '';
  const exported = node.getProject().getSourceFileOrThrow(INDEX).getExportedDeclarations();
  return exported.has(props)
    ? `new ${node.getName()}(scope: Construct, id: string, props: ${props})`
    : undefined;
}

/** What an interface extends that is not ours, and so unresolved. */
const foreignBases = (node: Node): readonly string[] =>
  Node.isInterfaceDeclaration(node)
    ? node
        .getExtends()
        .filter((each) => each.getType().isAny())
        .map((each) => each.getText())
    : [];

const line = (node: Node) => node.getText().replace(/\s+/g, ' ');

/** The text of a docstring, and its tags. */
function describe(node: Node): Documented {
  const [doc] = Node.isJSDocable(node) ? node.getJsDocs().slice(-1) : [];
  const text = (doc?.getInnerText() ?? '').replace(/\s+/g, ' ').trim();
  const [says = '', ...tags] = text.split(/(?:^| )@(?=(?:default|throws|param) )/);
  const valuesOf = (tag: string) =>
    tags.filter((each) => each.startsWith(`${tag} `)).map((each) => each.slice(tag.length + 1).trim());
  // The default of a parameter stands behind it.
  const params = tags.flatMap((each, index) => {
    if (!each.startsWith('param ')) return [];
    const next = tags[index + 1];
    const suffix = next?.startsWith('default ') ? ` Default: ${next.slice('default '.length).trim()}` : '';
    return [`${each.slice('param '.length).trim()}${suffix}`];
  });
  const [throws] = valuesOf('throws');
  const [byDefault] = params.length === 0 ? valuesOf('default') : [];
  return { says: says.trim(), byDefault, throws, params };
}
