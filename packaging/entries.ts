import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const ROOT = resolve(__dirname, '..');

/** The folder that is packed. */
export const STAGED = join(ROOT, 'out/package');

/** A file of JavaScript that apps import, with its types. */
export interface Entry {
  /** Name of the file in the package, without extension. */
  readonly name: string;
  /** What an app imports: `.` is the package itself. */
  readonly subpath: string;
  readonly source: string;
  /** Packages that are the app's own, and never ours: a second copy of the constructs would not fit the first. */
  readonly peers: readonly string[];
  /** Whether all that it needs from its peers is needed at once. */
  readonly needsPeers: boolean;
}

const ENTRIES: readonly Entry[] = [
  {
    name: 'index',
    subpath: '.',
    source: 'lib/index.ts',
    peers: ['aws-cdk-lib', 'constructs'],
    needsPeers: true,
  },
  {
    name: 'consumer',
    subpath: './consumer',
    source: 'consumer/index.ts',
    peers: ['@anthropic-ai/sdk'],
    needsPeers: false,
  },
];

const SCHEMAS = ['keys.schema.json', 'events.schema.json'];

const isHere = (file: string) => existsSync(join(ROOT, file));

/** What apps import: the constructs, and the helper of applications that read a key. */
export const entries = ENTRIES.filter(({ source }) => isHere(source));

/** JSON schemas, at the top of the package as at the top of this repository. */
export const schemas = SCHEMAS.filter(isHere);

/** Documents that every package has. */
export const DOCUMENTS = ['README.md', 'CHANGELOG.md', 'LICENSE'];
