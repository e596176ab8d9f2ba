#!/usr/bin/env tsx
import { existsSync, readFileSync } from 'node:fs';
import { systemClock as clock } from '../lib/adapters/system-clock';
import type { CliContext } from '../lib/cli/context';
import { installationOf } from '../lib/cli/installation';
import { runCli } from '../lib/cli/main';
import { askMfaCode } from '../lib/cli/mfa-code';
import { openTerminal } from '../lib/cli/node-terminal';
import { readUrl } from '../lib/cli/read-options';
import type { GlobalOptions } from '../lib/cli/verb';
import type { keysIn } from '../lib/config/load';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

/** The first Ctrl-C lets the command report its progress; the second ends it. */
const stop = new AbortController();
process.on('SIGINT', () => {
  if (stop.signal.aborted) process.exit(1);
  stop.abort();
});

/** The prompt ends before anybody knows whether its answer is a key: it must not tick it off. */
const UNJUDGED = { prefix: '?' };

const terminal = openTerminal({
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  plain: Boolean(process.env.NO_COLOR) || process.env.TERM === 'dumb',
  interrupted: stop.signal,
  async hidden(message) {
    const { default: password } = await import('@inquirer/password');
    return password({ message, theme: UNJUDGED }, { output: process.stderr });
  },
});

const files = new Map<string, ReturnType<typeof keysIn>>();

const fleetFile = () => process.env.ROTATION_KEYS_FILE ?? 'keys.yaml';

const configured: CliContext['configured'] = async (key, file = fleetFile()) => {
  if (!existsSync(file)) return undefined;
  const load = await import('../lib/config/load.ts');
  const read = files.get(file) ?? load.keysIn(readFileSync(file, 'utf8'), file);
  files.set(file, read);
  return read(key);
};

const declared: CliContext['declared'] = async (file = fleetFile()) => {
  if (!existsSync(file)) return undefined;
  const load = await import('../lib/config/load.ts');
  return load.environmentsIn(readFileSync(file, 'utf8'), file);
};

async function open(options: GlobalOptions) {
  const [{ settingsByProfile }, { openOperator }] = await Promise.all([
    import('../lib/adapters/aws-settings.ts'),
    import('../lib/adapters/operator.ts'),
  ]);
  const settings = settingsByProfile(options, process.env, (device) => askMfaCode(device, terminal));
  const { aws, profile, fetch } = settings.own;
  // The SDK takes an empty region for one.
  if (process.env.AWS_REGION === '') delete process.env.AWS_REGION;
  // The SDK finds the endpoint_url of a profile by this variable alone.
  if (profile) process.env.AWS_PROFILE = profile;
  const { ROTATION_ANTHROPIC_URL: anthropicUrl = 'https://api.anthropic.com' } = process.env;
  readUrl(anthropicUrl, 'ROTATION_ANTHROPIC_URL');
  const operator = openOperator({ aws, anthropicUrl, fetch, clock });
  const connect: CliContext['connect'] = async (to) =>
    (await import('../lib/adapters/connect.ts')).connect(to, {
      ...{ settings, anthropicUrl, clock },
      place: operator.place,
    });
  return {
    ...operator,
    terminal,
    configured,
    declared,
    connect,
    profile,
    installation: installationOf(__filename),
  };
}

/** Files of npm, which say how it was set. */
function readFile(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

runCli(process.argv.slice(2), terminal, open, process.env, readFile).then(
  (code) => process.exit(code),
  () => {
    process.stderr.write('The command failed unexpectedly.\n');
    process.exit(1);
  },
);
