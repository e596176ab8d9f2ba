import manifest from '../../package.json';
import lockfile from '../../package-lock.json';

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  /** Comes within the package of another one. */
  readonly inBundle?: boolean;
  readonly hasInstallScript?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const { '': root, ...packages } = lockfile.packages as Readonly<Record<string, Locked>>;

test('every dependency has an exact version', () => {
  const ranges = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
  expect(ranges.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  expect(root).toMatchObject({ version: manifest.version, dependencies: manifest.dependencies });
});

test('the lockfile knows the packages of every platform, or `npm ci` refuses to install on any', () => {
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) => !packages[`${path}/node_modules/${name}`] && !packages[`node_modules/${name}`],
    ),
  );
  expect(missing).toEqual([]);
});

test('every package is known by its hash, so that no registry can put another one in its place', () => {
  const unknown = Object.entries(packages).filter(
    ([, { inBundle, integrity = '' }]) => !inBundle && !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity),
  );
  expect(unknown.map(([path]) => path)).toEqual([]);
});

test('packages come from the public registry, not from a mirror', () => {
  const elsewhere = Object.values(packages)
    .flatMap(({ resolved }) => resolved ?? [])
    .filter((url) => !url.startsWith('https://registry.npmjs.org/'));
  expect(elsewhere).toEqual([]);
});

/** Two copies of a part of the SDK would both be bundled, and neither knows the other's objects: it would prepare a log of each call that nobody keeps. */
test('there is one copy of each part of the AWS SDK', () => {
  const parts = Object.entries(packages).filter(
    ([path, { inBundle }]) => !inBundle && /(^|\/)node_modules\/@(aws-sdk|smithy)\/[^/]+$/.test(path),
  );
  expect(parts.map(([path]) => path).filter((path) => path.lastIndexOf('node_modules/') > 0)).toEqual([]);
  expect(parts.length).toBeGreaterThan(20);
});
