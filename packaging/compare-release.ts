import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import manifest from '../package.json';
import {
  changesBetween,
  gravest,
  isAtLeast,
  lastBefore,
  leastVersion,
  type ReleaseInterface,
  reported,
} from './release-changes';

// `npm run release:compare -- OLD` compares this checkout with a release: its snapshot (.json), its tarball (.tgz), which has the snapshot inside,
// or `last`, the newest snapshot in test/release that is older than this version.
// It exits with 0 if the version of package.json may carry the changes, and with 2 if it has to be a higher one.
// `npm run release:compare -- --write FILE` writes the snapshot of this checkout.

const SNAPSHOTS = join(__dirname, '../test/release');

/** Where a package keeps its snapshot. */
const IN_PACKAGE = 'package/interface.json';

async function main([first, second]: readonly string[]): Promise<void> {
  const writes = first === '--write';
  if (!first || writes !== Boolean(second)) {
    console.error(
      'Usage: npm run release:compare -- OLD, which is a snapshot (.json), a tarball (.tgz) or the word last; or --write FILE',
    );
    process.exitCode = 1;
    return;
  }
  // Only now: it loads the compiler and the CDK.
  const { interfaceOf, snapshot } = await import('./release-interface.ts');
  if (second) writeFileSync(second, snapshot());
  else {
    const before = read(first);
    // With the fleet file of then, so that a new option in the reference is no change of what is deployed.
    compare(before, interfaceOf(before.fleet));
  }
}

function read(old: string): ReleaseInterface {
  if (old === 'last') return read(join(SNAPSHOTS, `${lastBefore(manifest.version, releases())}.json`));
  const text = old.endsWith('.tgz')
    ? execFileSync('tar', ['-xzOf', old, IN_PACKAGE], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'inherit'],
      })
    : readFileSync(old, 'utf8');
  return JSON.parse(text);
}

function releases(): readonly string[] {
  return readdirSync(SNAPSHOTS).flatMap((name) => /^(\d+\.\d+\.\d+)\.json$/.exec(name)?.[1] ?? []);
}

function compare(before: ReleaseInterface, after: ReleaseInterface): void {
  const changes = changesBetween(before, after);
  const least = leastVersion(before.release, gravest(changes));
  console.log(reported(changes));
  console.log(
    `\nFrom ${before.release}, this may be ${least} or higher. package.json says ${after.release}.`,
  );
  if (!isAtLeast(after.release, least)) process.exitCode = 2;
}

void main(process.argv.slice(2));
