import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import manifest from '../../package.json';
import { synthesiseExamples } from '../examples/synthesised';
import { ROOT } from '../root';
import {
  addExamples,
  addPackage,
  FLAGS,
  install,
  lasting,
  newFolder,
  removeFolders,
  run,
  synthesise,
  synthesiseCheckout,
} from './installed';

const OLDEST = join(__dirname, 'oldest.jest.js');

type Flags = keyof typeof FLAGS;

const fromCheckout = Object.fromEntries(
  Object.entries(FLAGS).map(([flags, context]) => [flags, synthesiseCheckout(context)]),
) as Record<Flags, ReturnType<typeof synthesise>>;

afterAll(removeFolders);

const examples = synthesiseExamples();

/** How each kind of app is started. That of TypeScript is compiled by its own compiler first. */
const APPS = { TypeScript: 'compiled/app.js', 'plain JavaScript': 'app.js', ESM: 'app.mjs' };

describe.each(['oldest', 'newest'] as const)('with the %s CDK of the range', (age) => {
  const installed = install(age);
  if ('missing' in installed) {
    // `.ci/run` repeats this line in its summary.
    console.warn(`Not run with the ${age} CDK, since it could not be fetched: ${installed.missing}`);
    test.skip('apps synthesise', () => undefined);
    return;
  }
  const { folder } = installed;

  test('an app of TypeScript compiles, and no declaration is left unchecked', () => {
    expect(run(folder, process.execPath, ['node_modules/typescript/bin/tsc'])).toEqual({
      status: 0,
      stdout: '',
      stderr: '',
    });
  });

  describe.each(Object.entries(APPS))('an app of %s', (_, program) => {
    test.each(Object.keys(FLAGS) as Flags[])(
      'has the same secrets, rotations and checks with %s',
      (flags) => {
        const expected = lasting(fromCheckout[flags]);
        expect(expected.length).toBeGreaterThan(8);
        const templates = synthesise(folder, [program], FLAGS[flags]);
        expect(lasting(templates)).toEqual(expected);
        expect(codeOf(templates)).toEqual(codeOf(fromCheckout[flags]));
      },
    );
  });

  if (age === 'oldest')
    test('the tests of the constructs pass', () => {
      const jest = [join(ROOT, 'node_modules/jest/bin/jest.js'), '--ci', '--config', OLDEST];
      const { status, stderr } = run(ROOT, process.execPath, jest, { OLDEST_CDK: folder });
      expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
      expect(stderr).toMatch(/^Tests: +\d{3,} passed, \d{3,} total$/m);
    });

  // Other versions of the CDK write other templates of the same constructs, so a deployment changes its version and its source one by one.
  if (age === 'newest')
    test.each(Object.keys(FLAGS) as Flags[])(
      'a deployment from a checkout moves to the package without a difference, with %s',
      (flags) => {
        expect(Object.keys(fromCheckout[flags]).length).toBe(5);
        expect(synthesise(folder, ['app.js'], FLAGS[flags])).toEqual(fromCheckout[flags]);
      },
    );

  test('the helper reads a key by the AWS SDK of the app', () => {
    const KEY = `sk-ant-api03-${'x'.repeat(40)}`;
    expect(run(folder, process.execPath, ['reader.js'], { KEY })).toMatchObject({
      status: 0,
      stdout: 'true',
    });
  });

  // Examples may use what newer ones alone have.
  if (age === 'newest')
    describe('the examples', () => {
      addExamples(folder);

      test('compile, and those of JavaScript have no wrong type', () => {
        const compiled = run(folder, process.execPath, [
          'node_modules/typescript/bin/tsc',
          '--project',
          'examples/tsconfig.json',
        ]);
        expect(compiled).toEqual({ status: 0, stdout: '', stderr: '' });
      });

      test.each([...examples.keys()])('%s synthesises by plain node what it does in a checkout', (app) => {
        const program = app.endsWith('.ts') ? `../compiled/${app.replace(/ts$/, 'js')}` : basename(app);
        const templates = synthesise(join(folder, 'examples', dirname(app)), [program], {});
        const expected = Object.entries(examples.get(app)!.templates);
        expect(expected.length).toBeGreaterThan(0);
        for (const [stack, template] of expected)
          expect(withoutAssets(templates[`${stack}.template.json`]!)).toEqual(
            withoutAssets(template.toJSON()),
          );
      });
    });

  test('its command line is the one that npx runs, and leaves no flag to npm', () => {
    const { status, stdout } = run(folder, 'npx', ['--no', '--', 'anthropic-keys', '--version']);
    expect({ status, stdout }).toEqual({ status: 0, stdout: `${manifest.version}\n` });
  });

  test('its command line completes itself, from wherever the shell is', () => {
    const { stdout } = run(folder, 'npx', ['--no', '--', 'anthropic-keys', 'completion', 'bash']);
    const asks = ['--norc', '-c', `${stdout}\ncd /; anthropic-keys complete -- sub`];
    expect(run(folder, 'bash', asks).stdout).toMatch(/^submit\t/);
  });
});

/** Which bundle each function has: the hash of its asset. */
const codeOf = (templates: ReturnType<typeof synthesise>) =>
  Object.values(templates).flatMap(({ Resources }) =>
    Object.entries(Resources)
      .filter(([, { Type }]) => Type === 'AWS::Lambda::Function')
      .map(([id, { Properties }]) => [id, (Properties as { Code: { S3Key: string } }).Code.S3Key]),
  );

/** A template in which every asset, and where it is published, has the same hash: the checkout's examples have no bundles of functions. */
const withoutAssets = (template: object) =>
  JSON.parse(
    JSON.stringify(template).replaceAll(/[0-9a-f]{64}(:[a-z\d-]+-[0-9a-f]{8}\b)?/g, 'hash'),
  ) as object;

describe('without the CDK', () => {
  const folder = newFolder();
  const added = addPackage(folder);

  test('npm installs the package alone, since its peers are optional', () => {
    expect(added).toMatchObject({ status: 0, stdout: expect.stringContaining('added 1 package') });
  });

  test.each([
    ['CommonJS', ['-e', "require('anthropic-key-rotation')"]],
    ['ESM', ['--input-type=module', '-e', "import 'anthropic-key-rotation'"]],
  ])('the constructs say in one sentence what to install, to %s', (_, args) => {
    const { status, stderr } = run(folder, process.execPath, args);
    expect(status).toBe(1);
    expect(stderr).toContain(
      'The constructs of anthropic-key-rotation need aws-cdk-lib and constructs in your app, and aws-cdk-lib is not installed: npm install aws-cdk-lib constructs',
    );
    expect(stderr).not.toMatch(/Cannot find module|\n\s+at /);
  });

  test('everything else is found, and needs none', () => {
    const { exports } = JSON.parse(
      readFileSync(join(folder, 'node_modules/anthropic-key-rotation/package.json'), 'utf8'),
    );
    const others = Object.keys(exports).filter((subpath) => subpath !== '.');
    expect(others).toEqual(expect.arrayContaining(['./keys.schema.json', './package.json']));
    for (const subpath of others) {
      const name = join(manifest.name, subpath);
      const asked = run(folder, process.execPath, ['-e', `require(${JSON.stringify(name)})`]);
      expect({ name, ...asked }).toEqual({ name, status: 0, stdout: '', stderr: '' });
    }
  });

  test('the helper says which package it reads with, where there is none', () => {
    const read = `require('anthropic-key-rotation/consumer').rotatingKey({ secretId: 'a' }).get().catch((error) => console.error(error.message))`;
    expect(run(folder, process.execPath, ['-e', read]).stderr).toBe(
      'The secret a cannot be read: Error: @aws-sdk/client-secrets-manager cannot be loaded: npm install @aws-sdk/client-secrets-manager\n',
    );
  });

  test('the command line needs none', () => {
    const { status, stdout } = run(folder, 'npx', ['--no', '--', 'anthropic-keys', '--version']);
    expect({ status, stdout }).toEqual({ status: 0, stdout: `${manifest.version}\n` });
  });
});

test('in a folder without the package npx fails, and downloads nothing in its place', () => {
  const { status, stdout } = run(newFolder(), 'npx', ['--no', '--', 'anthropic-keys', '--version']);
  expect(status).toBeGreaterThan(0);
  expect(stdout).toBe('');
});
