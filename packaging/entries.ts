import { join, resolve } from 'node:path';

export const ROOT = resolve(__dirname, '..');

/** The folder that is packed. */
export const STAGED = join(ROOT, 'out/package');

/** Packages that are the app's own, and never ours, with the range that is tested. A second copy of the constructs would not fit the first. */
export const PEERS = {
  /**
   * From the oldest on which the types of the package resolve, an app synthesises and the tests of the constructs pass. An older one has no
   * `LoggingFormat` (before 2.127), or leaves out that a topic refuses plain HTTP once the topic has a policy (before 2.129), and says nothing.
   * `test/package` installs the oldest and the newest.
   */
  'aws-cdk-lib': '^2.129.0',
  /** What that CDK itself asks for. */
  constructs: '^10.0.0',
  /** The helper loads it at its first read: `test/package` reads with the oldest and the newest. */
  '@aws-sdk/client-secrets-manager': '^3.100.0',
} as const;

type Peer = keyof typeof PEERS;

/** A file of JavaScript that apps import, with its types. */
export interface Entry {
  /** Name of the file in the package, without extension. */
  readonly name: string;
  /** What an app imports: `.` is the package itself. */
  readonly subpath: string;
  readonly source: string;
  readonly peers: readonly Peer[];
  /** Whether all that it needs from its peers is needed at once. */
  readonly needsPeers: boolean;
}

/** What apps import: the constructs, and the helper of applications that read a key. */
export const ENTRIES: readonly Entry[] = [
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
    peers: ['@aws-sdk/client-secrets-manager'],
    needsPeers: false,
  },
];

/** JSON schemas, at the top of the package as at the top of this repository. */
export const SCHEMAS = ['keys.schema.json', 'events.schema.json'];
