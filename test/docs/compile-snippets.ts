import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../root';
import type { Fence } from './fences';

type Kind = 'ts' | 'js';

/** A block with those that it goes on from: one module. */
interface Module {
  readonly name: string;
  readonly kind: Kind;
  readonly text: string;
  /** Document and line of each line of the text; undefined in a preamble. */
  readonly origins: readonly (string | undefined)[];
}

const KINDS: Readonly<Record<string, Kind>> = { ts: 'ts', typescript: 'ts', js: 'js', javascript: 'js' };

export const kindOf = ({ language }: Fence) => KINDS[language];

/** What a reader's own project checks. JavaScript is checked for what it calls, not for types that it cannot write. */
const OPTIONS = {
  ts: {},
  js: { allowJs: true, checkJs: true, strict: false },
} as const;

/**
 * What the compiler says of TypeScript and JavaScript blocks, each fault with the document and its line. Types come from this checkout:
 * `anthropic-key-rotation` is the package itself, and `#root/…` any file of it.
 */
export function faultsOfCode(fences: readonly Fence[], folder: string): readonly string[] {
  return (['ts', 'js'] as const).flatMap((kind) => {
    const modules = modulesOf(fences.filter((fence) => kindOf(fence) === kind));
    return modules.length === 0 ? [] : compile(kind, modules, join('out', folder, kind));
  });
}

function modulesOf(fences: readonly Fence[]): readonly Module[] {
  const modules: Module[] = [];
  for (const fence of fences) {
    const before = modules.at(-1);
    const continues = fence.mark?.is === 'continued';
    if (continues && !before?.origins.some((origin) => origin?.startsWith(`${fence.file}:`)))
      throw new Error(`${fence.at}: no block of its language stands before it to be continued.`);
    const preamble = fence.mark?.is === 'preamble' ? fence.mark.text.split('\n') : [];
    const written = fence.text
      .split('\n')
      .map((line, index) => [line, `${fence.file}:${fence.line + 1 + index}`] as const);
    const added = [...preamble.map((line) => [line, undefined] as const), ...written];
    const base = continues ? modules.pop() : undefined;
    modules.push({
      name: base?.name ?? fence.at.replace(/[^a-z0-9]+/gi, '-'),
      kind: kindOf(fence)!,
      text: (base?.text ?? '') + added.map(([line]) => `${line}\n`).join(''),
      origins: [...(base?.origins ?? []), ...added.map(([, origin]) => origin)],
    });
  }
  return modules;
}

function compile(kind: Kind, modules: readonly Module[], folder: string): readonly string[] {
  const absolute = join(ROOT, folder);
  rmSync(absolute, { recursive: true, force: true });
  mkdirSync(absolute, { recursive: true });
  const up = folder
    .split('/')
    .map(() => '..')
    .join('/');
  // Each is a module of its own, also without imports.
  for (const { name, text } of modules)
    writeFileSync(join(absolute, `${name}.${kind}`), `${text}export {};\n`);
  writeFileSync(
    join(absolute, 'tsconfig.json'),
    JSON.stringify({
      extends: `${up}/tsconfig.json`,
      compilerOptions: {
        module: 'preserve',
        moduleResolution: 'bundler',
        target: 'esnext',
        types: ['node'],
        paths: { '#root/*': [`${up}/*`] },
        ...OPTIONS[kind],
      },
      include: [`*.${kind}`],
      exclude: [],
    }),
  );
  const { status, stdout, stderr } = spawnSync(
    join(ROOT, 'node_modules/.bin/tsc'),
    ['-p', absolute, '--pretty', 'false'],
    {
      cwd: absolute,
      encoding: 'utf8',
    },
  );
  if (status === 0) return [];
  const faults = `${stdout}${stderr}`.split('\n').filter(Boolean);
  return faults.map((fault) => located(fault, modules));
}

/** A line of the compiler, with the document in place of the file that it saw. */
const located = (fault: string, modules: readonly Module[]) =>
  fault.replace(/^(?:.*\/)?([^/(]+)\.[jt]s\((\d+),\d+\)/, (whole, name: string, line: string) => {
    const module = modules.find((each) => each.name === name);
    return module ? (module.origins[Number(line) - 1] ?? `${name}, preamble`) : whole;
  });
