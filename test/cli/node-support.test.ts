import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCli } from '../../lib/cli/main';
import { NO_SUPPORT_WARNING, nodeWarning } from '../../lib/cli/node-support';
import { ScriptedTerminal } from '../../local/cli/scripted-terminal';
import manifest from '../../package.json';
import { ROOT } from '../root';

const WARNING =
  'This is Node.js 20.20.2. From January 2027 on, new releases of this program need Node.js 22, because the AWS SDK will: install Node.js 22 or 24.';

test.each<[string, Record<string, string>, string | undefined]>([
  ['20.20.2', {}, WARNING],
  ['20.19.0', {}, WARNING.replace('20.20.2', '20.19.0')],
  ['21.7.3', {}, WARNING.replace('20.20.2', '21.7.3')],
  ['22.0.0', {}, undefined],
  ['22.23.3', {}, undefined],
  ['24.22.3', {}, undefined],
  ['100.0.0', {}, undefined],
  ['20.20.2', { [NO_SUPPORT_WARNING]: 'true' }, undefined],
  ['20.20.2', { [NO_SUPPORT_WARNING]: 'false' }, WARNING],
  ['20.20.2', { [NO_SUPPORT_WARNING]: '' }, WARNING],
])('Node.js %s with %j: %s', (node, vars, warning) => {
  expect(nodeWarning({ node }, vars)).toBe(warning);
});

test('says what the AWS SDK says of itself, and is silenced by its variable', () => {
  const sdk = readFileSync(
    join(ROOT, 'node_modules/@aws-sdk/core/dist-cjs/submodules/client/index.js'),
    'utf8',
  );
  expect(sdk).toContain(`process.env.${NO_SUPPORT_WARNING} === "true"`);
  expect(sdk).toMatch(/const vv = 22;/);
  expect(sdk).toMatch(
    /versions published after the first week of January 2027\s+will require node >=\$\{vv\}/,
  );
});

test('comes with a release that still runs on Node.js 20', () => {
  expect(manifest.engines.node).toBe('>=20.19');
});

/** What a person is shown, and a pipe behind stdout gets, before a command whose first call of AWS fails. */
async function run(line: string, piped?: string) {
  const terminal = new ScriptedTerminal({ piped, columns: 200 });
  const open = async () => {
    throw new Error('No AWS here');
  };
  await runCli(line.split(' '), terminal, open, {}, undefined, WARNING);
  return {
    shown: terminal.shown,
    printed: terminal.printed,
    times: terminal.shown.split(WARNING).length - 1,
  };
}

test.each(['status', 'show prod/api', 'doctor', 'report'])(
  'a person at a terminal sees it once, and not on stdout: %s',
  async (line) => {
    const { times, printed } = await run(line);
    expect({ times, printed }).toEqual({ times: 1, printed: '' });
  },
);

test.each([
  'status --json',
  'version',
  '--version',
  'help',
  'status --help',
  'status --unknown',
  'completion bash',
  'init',
])('neither a machine nor a shell gets it: %s', async (line) => {
  expect((await run(line)).times).toBe(0);
});

test('neither does a shell that completes a command', async () => {
  const log = jest.spyOn(console, 'log').mockReturnValue();
  expect((await run('complete -- status')).times).toBe(0);
  log.mockRestore();
});

test('a command that is piped a key does without it', async () => {
  expect((await run('submit prod/api', 'a key')).times).toBe(0);
});
