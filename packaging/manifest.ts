import manifest from '../package.json';
import { ENTRIES, PEERS, SCHEMAS } from './entries';

/** The `package.json` of the package. The one of the repository is that of a private app, and has what a checkout needs. */
export function packageManifest(): object {
  const { name, version, description, license, keywords, engines } = manifest;
  return {
    name,
    version,
    description,
    license,
    keywords,
    engines,
    type: 'commonjs',
    main: './index.js',
    types: './index.d.ts',
    exports: Object.fromEntries([
      ...ENTRIES.map(({ name, subpath }) => [subpath, { types: `./${name}.d.ts`, default: `./${name}.js` }]),
      ...[...SCHEMAS, 'package.json'].map((file) => [`./${file}`, `./${file}`]),
    ]),
    bin: { 'anthropic-keys': 'cli.js' },
    // Optional: npm would install 160 MB of CDK for an application that only reads a key.
    peerDependencies: PEERS,
    peerDependenciesMeta: Object.fromEntries(Object.keys(PEERS).map((peer) => [peer, { optional: true }])),
  };
}
