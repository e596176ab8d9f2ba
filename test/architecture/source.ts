import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, resolve } from 'node:path';
import { parseSync } from '@swc/core';
import { ROOT } from '../root';

/** One import of a source file: of another file of ours, or of a package. */
export interface Import {
  /** Path from the root without extension (`lib/domain/time`), or the package's specifier as written. */
  readonly of: string;
  readonly ours: boolean;
  /** Has no effect at run time. */
  readonly typeOnly: boolean;
}

export interface Source {
  /** Path from the root. */
  readonly file: string;
  readonly imports: readonly Import[];
  /** What it reads from the machine: `new Date()`, `Date.now()`, `process.env`. */
  readonly ambient: readonly string[];
}

/** Every TypeScript file below some folders, with its imports and what it reads from the machine. */
export const sourcesIn = (...folders: readonly string[]): readonly Source[] =>
  folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => read(posix.join(folder, name))),
  );

function read(file: string): Source {
  return { file, ...analyse(readFileSync(join(ROOT, file), 'utf8'), file) };
}

/** The same for one text, so that the test can show what it would catch. */
export function analyse(text: string, file: string): Omit<Source, 'file'> {
  const imports: Import[] = [];
  const ambient: string[] = [];
  const note = (specifier: string, typeOnly: boolean) => {
    const ours = specifier.startsWith('.');
    const target = ours ? relative(ROOT, resolve(ROOT, dirname(file), specifier)) : specifier;
    imports.push({ of: target, ours, typeOnly });
  };
  visit(parseSync(text, { syntax: 'typescript' }), (node) => {
    switch (node.type) {
      case 'ImportDeclaration':
      case 'ExportNamedDeclaration':
      case 'ExportAllDeclaration':
        if (node.source) note(node.source.value as string, isTypeOnly(node));
        return;
      case 'TsImportType':
        return note(node.argument!.value as string, true);
      case 'CallExpression':
        if (node.callee!.type === 'Import') note(node.arguments![0]!.expression!.value as string, false);
        if (isMember(node.callee!, 'Date', 'now')) ambient.push('Date.now()');
        return;
      case 'NewExpression':
        if (node.callee!.value === 'Date' && !node.arguments?.length) ambient.push('new Date()');
        return;
      case 'MemberExpression':
        if (isMember(node, 'process', 'env')) ambient.push('process.env');
    }
  });
  return { imports, ambient };
}

/** The part of swc's syntax tree that is used here. */
interface Node {
  readonly type: string;
  readonly value?: unknown;
  readonly typeOnly?: boolean;
  readonly source?: Node | null;
  readonly specifiers?: readonly (Node & { readonly isTypeOnly?: boolean })[];
  readonly argument?: Node;
  readonly arguments?: readonly { readonly expression?: Node }[] | null;
  readonly callee?: Node;
  readonly object?: Node;
  readonly property?: Node;
}

const isTypeOnly = ({ typeOnly, specifiers }: Node) =>
  typeOnly === true || (!!specifiers?.length && specifiers.every(({ isTypeOnly }) => isTypeOnly));

const isMember = (node: Node, object: string, property: string) =>
  node.type === 'MemberExpression' && node.object?.value === object && node.property?.value === property;

function visit(tree: unknown, see: (node: Node) => void): void {
  if (typeof tree !== 'object' || tree === null) return;
  if ('type' in tree && typeof tree.type === 'string') see(tree as Node);
  for (const child of Object.values(tree)) visit(child, see);
}
