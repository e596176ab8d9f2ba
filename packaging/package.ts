import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeBundles } from './bundles';
import { documents } from './documents';
import { ROOT, SCHEMAS, STAGED } from './entries';
import { packageManifest } from './manifest';
import { thirdParties } from './notices';
import { snapshot } from './release-interface';
import { writeTypes } from './types';

/** Stages `out/package/` and packs it into `out/`. Nothing depends on npm's life cycle scripts, which may be off. */
async function main(): Promise<void> {
  rmSync(STAGED, { recursive: true, force: true });
  mkdirSync(STAGED, { recursive: true });
  const bundles = await writeBundles();
  const program = join(STAGED, 'cli.js');
  writeFileSync(program, readFileSync(program, 'utf8').replace(/^#!.*\n/, '#!/usr/bin/env node\n'));
  chmodSync(program, 0o755);
  writeTypes();
  writeFileSync(join(STAGED, 'package.json'), `${JSON.stringify(packageManifest(), undefined, 2)}\n`);
  writeFileSync(join(STAGED, 'THIRD-PARTY-NOTICES'), thirdParties(bundles));
  writeFileSync(join(STAGED, 'interface.json'), snapshot());
  for (const file of ['LICENSE', ...SCHEMAS]) cpSync(join(ROOT, file), join(STAGED, file));
  mkdirSync(join(STAGED, 'docs'));
  for (const [file, text] of documents()) writeFileSync(join(STAGED, file), text);
  pack();
}

function pack(): void {
  const out = join(ROOT, 'out');
  for (const file of readdirSync(out)) if (file.endsWith('.tgz')) rmSync(join(out, file));
  const told = execFileSync('npm', ['pack', STAGED, '--json', '--pack-destination', out], {
    encoding: 'utf8',
  });
  const [{ filename, size, unpackedSize, entryCount }] = JSON.parse(told);
  console.log(
    `out/${filename}: ${entryCount} files, ${kilobytes(size)} packed, ${kilobytes(unpackedSize)} unpacked`,
  );
}

const kilobytes = (bytes: number) => `${Math.ceil(bytes / 1000).toLocaleString('en')} kB`;

void main();
