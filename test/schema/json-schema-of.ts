import { type Symbol as Declared, Node, type Type, ts } from 'ts-morph';

/** A JSON schema of draft 2020-12, as far as types of TypeScript need one. */
export interface Schema {
  readonly $ref?: string;
  readonly description?: string;
  readonly type?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | false;
  readonly anyOf?: readonly Schema[];
}

/** Turns types into the schema of the JSON that `JSON.stringify` makes of their values. Types with a name become definitions. */
export class Schemas {
  readonly #definitions = new Map<string, { readonly type: Type; schema?: Schema }>();

  /** @param at where types are looked at from */
  constructor(private readonly at: Node) {}

  /** Every named type that was met, by its name. */
  get definitions(): Readonly<Record<string, Schema>> {
    const sorted = [...this.#definitions].sort(([a], [b]) => a.localeCompare(b, 'en'));
    return Object.fromEntries(sorted.map(([name, { schema }]) => [name, schema!]));
  }

  of(type: Type): Schema {
    const name = nameOf(type);
    if (name === undefined) return this.#inPlace(type);
    const known = this.#definitions.get(name);
    if (known && known.type.getText() !== type.getText()) throw new Error(`Two types are named ${name}`);
    if (!known) {
      const entry: { readonly type: Type; schema?: Schema } = { type };
      this.#definitions.set(name, entry);
      const description = docOf(type.getAliasSymbol() ?? type.getSymbol());
      entry.schema = { ...(description && { description }), ...this.#inPlace(type) };
    }
    return { $ref: `#/$defs/${name}` };
  }

  #inPlace(type: Type): Schema {
    if (type.isBooleanLiteral()) return { const: type.getText() === 'true' };
    if (type.isLiteral() && !type.isUnion()) return { const: type.getLiteralValue() };
    if (type.isString() || type.isTemplateLiteral()) return { type: 'string' };
    if (type.isNumber()) return { type: 'number' };
    if (type.isBoolean()) return { type: 'boolean' };
    if (type.isUnion()) return this.#union(type.getUnionTypes());
    if (type.isArray() || type.isReadonlyArray())
      return { type: 'array', items: this.of(type.getArrayElementTypeOrThrow()) };
    if (type.getSymbol()?.getName() === 'Date') return { type: 'string', format: 'date-time' };
    if (type.isObject() || type.isIntersection()) return this.#object(type);
    throw new Error(`No JSON schema for the type ${type.getText()}`);
  }

  #union(types: readonly Type[]): Schema {
    const kept = types.filter((one) => !one.isUndefined());
    const both = kept.filter((one) => one.isBooleanLiteral()).length === 2;
    const literals = kept.filter((one) => one.isStringLiteral() || one.isNumberLiteral());
    const others = kept.filter(
      (one) => !one.isStringLiteral() && !one.isNumberLiteral() && !(both && one.isBooleanLiteral()),
    );
    const schemas = [
      ...(literals.length > 1 ? [{ enum: literals.map((one) => one.getLiteralValue()).sort() }] : []),
      ...(literals.length === 1 ? [{ const: literals[0]!.getLiteralValue() }] : []),
      ...(both ? [{ type: 'boolean' }] : []),
      ...others.map((one) => this.of(one)),
    ];
    return schemas.length === 1 ? schemas[0]! : { anyOf: schemas };
  }

  #object(type: Type): Schema {
    const properties = type.getProperties().map((property) => this.#property(property));
    const values = type.getStringIndexType();
    return {
      type: 'object',
      ...(properties.length > 0 && {
        properties: Object.fromEntries(properties.map(({ name, schema }) => [name, schema])),
      }),
      ...(properties.some(({ required }) => required) && {
        required: properties.flatMap(({ name, required }) => (required ? name : [])),
      }),
      ...(values && { additionalProperties: this.of(values) }),
    };
  }

  /** What may be undefined is not in the JSON then. */
  #property(property: Declared): { name: string; schema: Schema; required: boolean } {
    const type = property.getTypeAtLocation(this.at);
    const maybe = type.isUndefined() || type.getUnionTypes().some((one) => one.isUndefined());
    const description = docOf(property);
    const schema = this.of(type.getNonNullableType());
    return {
      name: property.getName(),
      schema: { ...(description && { description }), ...schema },
      required: !property.isOptional() && !maybe,
    };
  }
}

/** Interfaces and aliases of ours have a name of their own, but for those with parameters. */
function nameOf(type: Type): string | undefined {
  if (type.isBoolean() || type.isArray() || type.isReadonlyArray()) return undefined;
  const symbol = type.getAliasSymbol() ?? type.getSymbol();
  const [declaration] = symbol?.getDeclarations() ?? [];
  const isNamed = Node.isInterfaceDeclaration(declaration) || Node.isTypeAliasDeclaration(declaration);
  if (!symbol || !isNamed || declaration.getTypeParameters().length > 0) return undefined;
  return declaration.getSourceFile().getFilePath().includes('/node_modules/') ? undefined : symbol.getName();
}

const docOf = (symbol: Declared | undefined) =>
  ts
    .displayPartsToString(symbol?.compilerSymbol.getDocumentationComment(undefined))
    .replace(/\s+/g, ' ')
    .trim() || undefined;
