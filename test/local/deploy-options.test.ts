import { spawnSync } from 'node:child_process';
import { exportsFor } from '../../local/deploy/keep';
import { parseOptions } from '../../local/deploy/options';
import { ROOT } from '../root';

const deploy = (...args: string[]) =>
  spawnSync(process.execPath, ['--import', 'tsx', 'test/e2e/deploy.ts', ...args], {
    cwd: ROOT,
    encoding: 'utf8',
  });

test('--help says what a local deployment does, and an option that is none is refused, before anything starts', () => {
  expect(deploy('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('--keep') });
  expect(deploy('--kep')).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('--kep') });
});

test('without options it lives through everything; --keep leaves it running', () => {
  expect(parseOptions([])).toEqual({ keep: false, help: false });
  expect(parseOptions(['--keep'])).toEqual({ keep: true, help: false });
});

test('who wants to try the command line on it is told where AWS, Anthropic and the fleet file are', () => {
  const env = {
    AWS_ENDPOINT_URL: 'http://localhost:5000',
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'person',
    AWS_SECRET_ACCESS_KEY: 'none',
    HOME: '/somewhere',
  };
  const place = { env, anthropic: { url: 'http://127.0.0.1:1' }, fleet: { path: '/tmp/keys.yaml' } };
  expect(exportsFor(place).split('\n')).toEqual([
    'export AWS_ENDPOINT_URL=http://localhost:5000',
    'export AWS_REGION=eu-central-1',
    'export AWS_ACCESS_KEY_ID=person',
    'export AWS_SECRET_ACCESS_KEY=none',
    'export ROTATION_ANTHROPIC_URL=http://127.0.0.1:1',
    'export ROTATION_KEYS_FILE=/tmp/keys.yaml',
  ]);
});
