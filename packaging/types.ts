import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ENTRIES, ROOT, STAGED } from './entries';

/** Writes the types of every entry, with the declarations that they need and no others. @throws Error if one needs a package that apps do not have */
export function writeTypes(): void {
  const folder = mkdtempSync(join(tmpdir(), 'types-'));
  try {
    declare(folder);
    const reached = new Set<string>();
    for (const { name, source, peers } of ENTRIES) {
      const declaration = source.replace(/\.ts$/, '.d.ts');
      reach(folder, declaration, { reached, peers });
      const module = `./types/${declaration.replace(/\.d\.ts$/, '')}`;
      writeFileSync(join(STAGED, `${name}.d.ts`), `export * from '${module}';\n`);
    }
    for (const file of reached) cpSync(join(folder, file), join(STAGED, 'types', file));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** All declarations, by the compiler that checks this repository. */
function declare(folder: string): void {
  const config = join(folder, 'tsconfig.json');
  const compilerOptions = {
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    stripInternal: true,
    outDir: folder,
    rootDir: ROOT,
    types: ['node'],
    typeRoots: [join(ROOT, 'node_modules/@types')],
  };
  const files = ENTRIES.map(({ source }) => join(ROOT, source));
  writeFileSync(config, JSON.stringify({ extends: join(ROOT, 'tsconfig.json'), compilerOptions, files }));
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [compiler, '-p', config], { stdio: 'inherit' });
}

interface Reach {
  readonly reached: Set<string>;
  /** Packages that types may come from: who imports the entry has them. */
  readonly peers: readonly string[];
}

/** Adds a declaration and all that it names. */
function reach(folder: string, file: string, { reached, peers }: Reach): void {
  if (reached.has(file)) return;
  reached.add(file);
  const text = readFileSync(join(folder, file), 'utf8');
  for (const [, specifier = ''] of text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*['"]([^'"]+)['"]/g)) {
    if (specifier.startsWith('.')) {
      reach(folder, declarationOf(folder, join(dirname(file), specifier)), { reached, peers });
    } else if (!peers.some((name) => specifier === name || specifier.startsWith(`${name}/`))) {
      throw new Error(`${file} has types of ${specifier}, which apps need not have installed.`);
    }
  }
}

function declarationOf(folder: string, path: string): string {
  const found = [`${path}.d.ts`, join(path, 'index.d.ts')].find((each) => existsSync(join(folder, each)));
  if (!found) throw new Error(`No declaration of ${path}`);
  return found;
}
