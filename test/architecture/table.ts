/** The rooms of the source and what each may import. `docs/architecture.md` shows the same table. */
export type Room =
  | 'domain'
  | 'contract'
  | 'config'
  | 'workflows'
  | 'adapters'
  | 'constructs'
  | 'cli'
  | 'lambda'
  | 'local'
  | 'consumer'
  | 'packaging'
  | 'bin'
  | 'app';

export interface Rule {
  /** Rooms that it may import from, besides itself. */
  readonly rooms: readonly Room[];
  /** Single files of another room. */
  readonly files?: readonly string[];
  /** Packages that it may import at run time: a name, or a prefix with a star. Types may come from any package. */
  readonly packages?: readonly string[];
}

/** Packages of constructs. */
const CDK = ['aws-cdk-lib/*', 'constructs'];

/** Clients of outside systems. */
const SDKS = ['@anthropic-ai/sdk/*', '@aws-sdk/*', '@smithy/*', '@aws-lambda-powertools/*'];

export const TABLE: Readonly<Record<Room, Rule>> = {
  domain: { rooms: [] },
  contract: { rooms: ['domain'] },
  config: { rooms: ['domain', 'contract'], packages: ['fastest-levenshtein', 'yaml', 'zod'] },
  workflows: { rooms: ['domain', 'contract'] },
  adapters: {
    rooms: ['domain', 'contract'],
    // Ports and their errors, but no workflow.
    files: ['lib/workflows/ports', 'lib/workflows/operator-ports', 'lib/workflows/errors'],
    packages: [...SDKS, 'node:*'],
  },
  constructs: {
    rooms: ['domain', 'contract', 'config'],
    // The release, from its one place.
    files: ['package.json'],
    packages: [...CDK, 'node:*'],
  },
  cli: {
    rooms: ['domain', 'contract', 'workflows'],
    // The release and its dependencies, and the feature flags of the CDK, from their one place.
    files: ['package.json', 'cdk.json'],
    packages: [
      '@bomb.sh/tab',
      'commander',
      'escape-html',
      'fastest-levenshtein',
      'picocolors',
      'string-width',
      'node:*',
    ],
  },
  lambda: { rooms: ['domain', 'contract', 'workflows', 'adapters'], packages: ['node:*'] },
  local: {
    rooms: ['domain', 'contract', 'workflows', 'adapters', 'config', 'cli', 'lambda'],
    packages: [...SDKS, 'fflate', 'picocolors', 'yaml', 'zod', 'node:*'],
  },
  // What applications take in: it stands alone.
  consumer: { rooms: [], packages: ['@aws-sdk/client-secrets-manager'] },
  bin: {
    rooms: ['domain', 'contract', 'config', 'workflows', 'adapters', 'cli'],
    packages: ['@inquirer/password', '@aws-sdk/*', 'node:*'],
  },
  packaging: {
    // A release is compared in all that others rely on.
    rooms: ['domain', 'contract', 'config', 'constructs', 'cli'],
    // Name, version and licence, from their one place.
    files: ['package.json'],
    packages: [...CDK, 'esbuild', 'ts-morph', 'node:*'],
  },
  app: { rooms: ['config', 'constructs'], packages: [...CDK, 'node:*'] },
};

/** Values of packages that single files need, with the reason. */
export const EXCEPTIONS: Readonly<Record<string, readonly string[]>> = {
  // A hash is pure, synchronous and the same everywhere: docs/adr/0006-domain-hashes.md.
  'lib/domain/key.ts': ['node:crypto'],
  'lib/domain/notices/notice.ts': ['node:crypto'],
  // An operator's machine may be behind a proxy; Lambda is not, so no function imports this.
  'lib/adapters/outbound-packages.ts': ['proxy-agent', 'undici'],
  // A checkout bundles its functions at every synthesis.
  'lib/constructs/function-bundle.ts': ['esbuild'],
  // The names of regions, which are data: a misspelled one is refused with its line.
  'lib/config/known-regions.ts': ['aws-cdk-lib/region-info'],
  // It asks for a throw-away key on a hidden prompt.
  'local/prove-anthropic.ts': ['@inquirer/password'],
};

/** Files that may read the machine's clock or environment. */
export const ENTRIES = [
  /^(bin|lambda|local)\//,
  // The clock that every entry passes in.
  /^lib\/adapters\/system-clock\.ts$/,
];

/** The room of a path from the root, with or without extension. */
export function roomOf(path: string): Room {
  const [top, second] = path.replace(/\.ts$/, '').split('/');
  if (path.startsWith('bin/app')) return 'app';
  if (top !== 'lib') return top as Room;
  return path.split('/').length === 2 ? 'constructs' : (second as Room);
}
