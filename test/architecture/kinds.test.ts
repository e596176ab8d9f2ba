import { join, relative } from 'node:path';
import { ts } from 'ts-morph';
import { ownTypes } from '../own-types';
import { ROOT } from '../root';

const CATALOGUE = 'lib/domain/findings/catalogue.ts';

/** Where the kinds of findings may be written out: each in its own file. */
const OWN = /^lib\/domain\/findings\/kinds\//;

const project = ownTypes('lib', 'lambda', 'bin', 'local');
const STRAY = project.createSourceFile(
  join(ROOT, 'lib/domain/stray.ts'),
  `import type { Finding, FindingKind } from './findings/catalogue';
   export const isDead = ({ kind }: Finding) => kind === 'dead';
   export const pressing: ReadonlySet<FindingKind> = new Set<FindingKind>(['zombie']);
   export const phase: 'due' | 'fresh' = 'due';`,
);
const program = project.getProgram().compilerObject;
const checker = program.getTypeChecker();

const isLiteral = (type: ts.Type): type is ts.StringLiteralType =>
  (type.flags & ts.TypeFlags.StringLiteral) !== 0;
const membersOf = (type: ts.Type): readonly ts.Type[] => (type.isUnion() ? type.types : [type]);
const valuesOf = (type: ts.Type) =>
  membersOf(type)
    .filter(isLiteral)
    .map(({ value }) => value);

/** The kinds as the compiler knows them. */
const kinds: ReadonlySet<string> = (() => {
  const source = program.getSourceFile(`${ROOT}/${CATALOGUE}`)!;
  const name = source.statements.find(
    (node): node is ts.TypeAliasDeclaration =>
      ts.isTypeAliasDeclaration(node) && node.name.text === 'FindingKind',
  )!;
  return new Set(valuesOf(checker.getTypeAtLocation(name)));
})();

/** A word that other unions use, too: alone, as the name of one outcome, it is no kind. */
const SHARED: ReadonlySet<string> = new Set(['refused']);

/** Whether a type is that of the kinds, or a part of it: `Phase`, say, has members of its own. */
function isOfKinds(type: ts.Type | undefined): boolean {
  const values = type ? valuesOf(type) : [];
  const others = type
    ? membersOf(type).filter((member) => !isLiteral(member) && !(member.flags & ts.TypeFlags.Undefined))
    : [];
  if (values.length === 1 && SHARED.has(values[0]!)) return false;
  return values.length > 0 && others.length === 0 && values.every((value) => kinds.has(value));
}

/** What the place of a literal asks for: its context, or the other side of a comparison, or the expression of a switch. */
function expectedAt(literal: ts.StringLiteralLike): ts.Type | undefined {
  const { parent } = literal;
  if (ts.isBinaryExpression(parent) && /^[!=]==?$/.test(parent.operatorToken.getText()))
    return checker.getTypeAtLocation(parent.left === literal ? parent.right : parent.left);
  if (ts.isCaseClause(parent)) return checker.getTypeAtLocation(parent.parent.parent.expression);
  if (ts.isLiteralTypeNode(parent)) return typeWritten(parent);
  return checker.getContextualType(literal);
}

/** A type that is written out: the whole union; the name of a field, as in `Memory['rejected']`, is none. */
function typeWritten(node: ts.LiteralTypeNode): ts.Type | undefined {
  if (ts.isIndexedAccessTypeNode(node.parent)) return undefined;
  return checker.getTypeAtLocation(ts.isUnionTypeNode(node.parent) ? node.parent : node);
}

/** Literals of the type of kinds, and properties named by them, outside of the files that they are about. */
function strayKinds(source: ts.SourceFile): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) && kinds.has(node.text) && !isName(node) && isOfKinds(expectedAt(node)))
      found.push(`${relative(ROOT, source.fileName)}:${lineOf(source, node)} '${node.text}'`);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const isName = ({ parent }: ts.Node) => ts.isImportDeclaration(parent) || ts.isExportDeclaration(parent);
const lineOf = (source: ts.SourceFile, node: ts.Node) =>
  source.getLineAndCharacterOfPosition(node.getStart()).line + 1;

test('the compiler knows the kinds', () => {
  expect(kinds.size).toBeGreaterThan(20);
  expect([...kinds]).toEqual(expect.arrayContaining(['dead', 'due', 'zombie', 'rotation-complete']));
});

test('a kind of finding is written out only in its own file', () => {
  const ours = program
    .getSourceFiles()
    .filter(({ fileName }) => fileName.startsWith(`${ROOT}/`) && !fileName.includes('/node_modules/'));
  expect(ours.length).toBeGreaterThan(200);
  const elsewhere = ours.filter(
    ({ fileName }) => !OWN.test(relative(ROOT, fileName)) && fileName !== STRAY.getFilePath(),
  );
  expect(elsewhere.flatMap(strayKinds)).toEqual([]);
});

test('a comparison and a set would be found, a word of another type would not', () => {
  const found = strayKinds(program.getSourceFile(STRAY.getFilePath())!);
  expect(found).toEqual(["lib/domain/stray.ts:2 'dead'", "lib/domain/stray.ts:3 'zombie'"]);
});
