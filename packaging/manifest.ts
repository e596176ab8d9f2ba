import manifest from '../package.json';
import { entries, schemas } from './entries';

/**
 * From the oldest CDK on which the types of the package resolve, an app synthesises and the tests of the constructs pass. An older one has no
 * `LoggingFormat` (before 2.127), or leaves out that a topic refuses plain HTTP once the topic has a policy (before 2.129), and says nothing.
 * `test/package` installs the oldest and the newest.
 */
const CDK_RANGE = '^2.129.0';

/** What that CDK itself asks for. */
const CONSTRUCTS_RANGE = '^10.0.0';

/** The `package.json` of the package. The one of the repository is that of a private app, and has what a checkout needs. */
export function packageManifest(): object {
  const { name, version, description, license, keywords, engines } = manifest;
  const peers = {
    'aws-cdk-lib': CDK_RANGE,
    constructs: CONSTRUCTS_RANGE,
    '@anthropic-ai/sdk': '>=1.0.0',
  };
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
      ...entries.map(({ name, subpath }) => [subpath, { types: `./${name}.d.ts`, default: `./${name}.js` }]),
      ...[...schemas, 'package.json'].map((file) => [`./${file}`, `./${file}`]),
    ]),
    bin: { 'anthropic-keys': 'cli.js' },
    // Optional: npm would install 160 MB of CDK for an application that only reads a key.
    peerDependencies: peers,
    peerDependenciesMeta: Object.fromEntries(Object.keys(peers).map((peer) => [peer, { optional: true }])),
  };
}
