import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  changesBetween,
  gravest,
  isAtLeast,
  leastVersion,
  type ReleaseInterface,
  reported,
} from './release-changes';
import { interfaceOf } from './release-interface';

// `npm run release:compare -- OLD` compares this checkout with a release: its snapshot, or its tarball, which has the snapshot inside.
// Exits with 0 if the version of package.json may carry the changes, and with 2 if it has to be a higher one.
// `npm run release:compare -- --write FILE` writes the snapshot of this checkout.

const REFERENCE = join(__dirname, 'reference.yaml');

/** Where a package keeps its snapshot. */
const IN_PACKAGE = 'package/interface.json';

const [first, second] = process.argv.slice(2);

if (first === '--write' && second) {
  writeFileSync(second, `${JSON.stringify(interfaceOf(readFileSync(REFERENCE, 'utf8')), undefined, 2)}\n`);
} else if (first && !second) compareWith(read(first));
else {
  console.error(
    'Usage: npm run release:compare -- OLD, a snapshot (.json) or a tarball (.tgz); or --write FILE',
  );
  process.exitCode = 1;
}

function read(file: string): ReleaseInterface {
  const text = file.endsWith('.tgz')
    ? execFileSync('tar', ['-xzOf', file, IN_PACKAGE], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'inherit'],
      })
    : readFileSync(file, 'utf8');
  return JSON.parse(text);
}

function compareWith(before: ReleaseInterface): void {
  // With the fleet file of then, so that a new option in the reference is no change of what is deployed.
  const after = interfaceOf(before.fleet);
  const changes = changesBetween(before, after);
  const least = leastVersion(before.release, gravest(changes));
  const fits = isAtLeast(after.release, least);
  console.log(reported(changes));
  console.log(
    `\nFrom ${before.release}, this may be ${least} or higher. package.json says ${after.release}.`,
  );
  if (!fits) process.exitCode = 2;
}
