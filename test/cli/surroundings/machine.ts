import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { settingsByProfile } from '../../../lib/adapters/aws-settings';
import { connect } from '../../../lib/adapters/connect';
import { openOperator } from '../../../lib/adapters/operator';
import { runCli } from '../../../lib/cli/main';
import { askMfaCode } from '../../../lib/cli/mfa-code';
import { environmentsIn } from '../../../lib/config/load';
import { type Script, ScriptedTerminal } from '../../../local/cli/scripted-terminal';
import type { Sandbox } from '../../../local/world';

/** What a person's machine has. */
export interface Setup {
  /** ~/.aws/config */
  readonly config?: string;
  readonly vars?: Readonly<Record<string, string | undefined>>;
  readonly script?: Script;
  /** Files below the home directory. */
  readonly files?: Readonly<Record<string, string>>;
  /** Text of keys.yaml. */
  readonly keys?: string;
}

/** Runs commands with the real SDK on a machine of its own. Whatever listens on a port stands for AWS. */
export class Machine {
  readonly #dir = mkdtempSync(join(tmpdir(), 'machine-'));
  readonly #before = { ...process.env };

  constructor(private readonly sandbox: Pick<Sandbox, 'clock' | 'anthropic'>) {}

  /** A home directory, and the environment variables of whoever lives there. */
  home({ config = '', vars = {}, files = {} }: Omit<Setup, 'script' | 'keys'>, port: number) {
    const folder = mkdtempSync(join(this.#dir, 'home-'));
    mkdirSync(join(folder, '.aws', 'sso', 'cache'), { recursive: true });
    mkdirSync(join(folder, '.aws', 'login', 'cache'), { recursive: true });
    for (const [name, text] of Object.entries({ '.aws/config': config, ...files }))
      writeFileSync(join(folder, name), text);
    const all = {
      PATH: this.#before.PATH,
      HOME: folder,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: join(folder, '.aws/config'),
      AWS_SHARED_CREDENTIALS_FILE: join(folder, '.aws/credentials'),
      AWS_LOGIN_CACHE_DIRECTORY: join(folder, '.aws/login/cache'),
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_REGION: 'eu-central-1',
      ...vars,
    };
    const set = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
    return { folder, vars: set };
  }

  async run(line: string, port: number, { script = {}, keys, ...setup }: Setup) {
    process.env = this.home(setup, port).vars;
    const terminal = new ScriptedTerminal(script);
    const { clock, anthropic } = this.sandbox;
    const written = new Map<string, string>();
    const exit = await runCli(line.split(' '), terminal, async (options) => {
      const settings = settingsByProfile(options, process.env, (device) => askMfaCode(device, terminal));
      const { aws, profile } = settings.own;
      const where = { anthropicUrl: anthropic.url, clock };
      const operator = openOperator({ ...where, aws, fetch: anthropic.fetch });
      return {
        ...operator,
        terminal,
        profile,
        writeFile: async (path, text) => void written.set(path, text),
        configured: async () => undefined,
        declared: async () => (keys === undefined ? undefined : environmentsIn(keys, 'keys.yaml')),
        connect: async (to) => connect(to, { ...where, settings, place: operator.place }),
        installation: { isCheckout: true, repository: '', start: [] },
      };
    });
    const { shown, printed } = terminal;
    return {
      ...{ exit, shown, printed, written },
      text: shown.replace(/\s+/g, ' '),
      json: () => JSON.parse(printed),
    };
  }

  /** Gives the process its own environment back. */
  restore(): void {
    process.env = { ...this.#before };
  }

  dispose(): void {
    rmSync(this.#dir, { recursive: true });
  }
}
