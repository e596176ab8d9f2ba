import fc from 'fast-check';
import { CLI_COMMAND, CLI_COMMAND_RULE, cliCommandFault } from '../../lib/domain/wording/cli-command';

test.each([
  CLI_COMMAND,
  'anthropic-keys',
  './keys.sh',
  'tools/keys',
  'npm run keys --',
  'npm --prefix tools/keys run keys --',
  'npm exec --no -- anthropic-keys',
  'npm x --no -- anthropic-keys',
  'pnpm exec anthropic-keys',
  'pnpm --dir tools/keys exec anthropic-keys',
  'pnpm anthropic-keys',
  'yarn anthropic-keys',
  'yarn run anthropic-keys',
  'bun run anthropic-keys',
  'task keys --',
  'node cli.js',
  'node tools/cli.mjs',
  'node node_modules/anthropic-key-rotation/cli.js',
])('`%s` may stand in mails', (command) => {
  expect(cliCommandFault(command)).toBeUndefined();
});

test.each([
  'npx anthropic-keys',
  'npx --no anthropic-keys',
  'npx -- anthropic-keys',
  'npx -y anthropic-keys',
  'npx --no -y -- anthropic-keys',
  'npx --no -p x -- anthropic-keys',
  'npx --yes --no -- anthropic-keys',
  '/usr/bin/npx anthropic-keys',
  'sudo npx anthropic-keys',
  'npm exec anthropic-keys',
  'npm exec -- anthropic-keys',
  'npm x anthropic-keys',
  'npm exec --no anthropic-keys',
  'npm init anthropic-keys',
  'npm anthropic-keys',
  'pnpm dlx anthropic-keys',
  'pnpm create anthropic-keys',
  'pnpx anthropic-keys',
  'bunx anthropic-keys',
  'bun x anthropic-keys',
  'yarn dlx anthropic-keys',
  'corepack yarn dlx anthropic-keys',
  'deno run npm:anthropic-keys',
  'deno run jsr:anthropic-keys',
  'uvx anthropic-keys',
  'NPX anthropic-keys',
])('`%s` would download what it runs', (command) => {
  expect(cliCommandFault(command)).toMatch(/^a command that downloads nothing, /);
});

test.each([
  'https://example.com/keys',
  'open https://example.com',
  'example.com/keys',
  'www.example.com',
  'keys example.co.uk:443',
])('`%s` would be a link in a mail', (command) => {
  expect(cliCommandFault(command)).toBe(CLI_COMMAND_RULE);
});

test('`npm run keys` without -- gives options to npm', () => {
  expect(cliCommandFault('npm run keys')).toMatch(/downloads nothing, and leaves options/);
});

test.each([
  ['nothing', ''],
  ['a blank', ' '],
  ['two blanks', 'pnpm  exec'],
  ['a blank at the end', 'anthropic-keys '],
  ['two lines', 'anthropic-keys\nrm -rf'],
  ['a semicolon', 'anthropic-keys; id'],
  ['a pipe', 'anthropic-keys | sh'],
  ['a variable', '$HOME/keys'],
  ['a home folder', '~/keys'],
  ['quotes', "'my keys'"],
  ['a setting', 'AWS_PROFILE=x anthropic-keys'],
  ['an option at first', '--no -- anthropic-keys'],
  ['a letter beyond ASCII', 'schlüssel'],
  ['a control character', 'keys\u001b[2J'],
  ['61 characters', 'k'.repeat(61)],
])('%s is no command to paste', (_, text) => {
  expect(cliCommandFault(text)).toMatch(/^a command that runs what is installed, .* at most 60 characters/);
});

test('no accepted text has a sign that a shell would read', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 70 }), (text) => {
      if (cliCommandFault(text) === undefined) expect(text).toMatch(/^[\w/.,:@][\w/.,:@+ -]{0,59}$/);
    }),
  );
});
