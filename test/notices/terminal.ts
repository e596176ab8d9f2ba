import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { perform } from '../../local/aws/operation';
import { operatorOn } from '../../local/cli/operator';
import type { Sandbox } from '../../local/world';

/** The shells of this machine that mails are written for. */
export const SHELLS = (['bash', 'zsh'] as const).filter(
  (shell) => spawnSync(shell, ['-c', 'true']).status === 0,
);

/** One run of a program that the terminal knows: `aws` or `npx`. */
interface Run {
  readonly tool: string;
  readonly argv: readonly string[];
  readonly stdin: string;
  readonly env: Readonly<Record<string, string>>;
}

interface Answer {
  readonly code: number;
  readonly stdout?: string;
  readonly stderr?: string;
}

/** What a paste left behind. */
export interface Pasted {
  readonly code: number | null;
  /** What the screen shows. */
  readonly screen: string;
  readonly runs: readonly Run[];
}

/**
 * Passes on everything it was started with, and says and ends as it is told: an exit code, where to print, and a text. It is a script of bash alone,
 * because a process of Node for each command takes most of the time of these tests.
 */
const STUB = `#!/usr/bin/env bash
exec 3<>"/dev/tcp/127.0.0.1/$WORLD"
{ printf '%s\\0' "\${0##*/}" "$@"; printf '\\036'; env; printf '\\036'; } >&3
case "$*" in *'/dev/stdin'*) cat >&3;; esac
printf '\\036' >&3
read -r code <&3; read -r to <&3; cat <&3 >&"$to"; exit "$code"
`;

/** Ends each part of what the script passes on: its words, its environment, its input. */
const SEPARATOR = '\x1e';

/**
 * A person's terminal whose `aws` and `npx` reach the embedded world. Both are as strict as they can be: an option that mails do not need
 * is an error, and AWS CLI 2 fails where it would page its output and there is no `less`.
 */
export class Terminal {
  readonly #runs: Run[] = [];
  #typed = '';

  private constructor(
    private readonly sandbox: Sandbox,
    private readonly folder: string,
    private readonly server: Server,
  ) {}

  static async open(sandbox: Sandbox): Promise<Terminal> {
    const folder = mkdtempSync(join(tmpdir(), 'terminal-'));
    for (const tool of ['aws', 'npx']) {
      writeFileSync(join(folder, tool), STUB);
      chmodSync(join(folder, tool), 0o755);
    }
    const server = createServer();
    const terminal = new Terminal(sandbox, folder, server);
    server.on('connection', (socket) => terminal.#serve(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return terminal;
  }

  /** Pastes a block, and types a line where it asks for one. */
  async paste(
    block: string,
    { shell = 'bash', typed = '', before = '' }: { shell?: string; typed?: string; before?: string } = {},
  ): Promise<Pasted> {
    const { port } = this.server.address() as AddressInfo;
    const first = this.#runs.length;
    this.#typed = typed;
    const child = spawn(shell, ['-c', `${before}\n${block}`], {
      env: {
        PATH: `${this.folder}:${process.env.PATH}`,
        WORLD: String(port),
        HOME: this.folder,
      },
    });
    child.stdin.on('error', () => {});
    child.stdin.end(`${typed}\n`);
    let screen = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        screen += text;
      });
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
    await this.sandbox.settle();
    return { code, screen, runs: this.#runs.slice(first) };
  }

  async close(): Promise<void> {
    rmSync(this.folder, { recursive: true });
    await new Promise((resolve) => this.server.close(resolve));
  }

  #serve(socket: Socket): void {
    let received = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      received += text;
      const [words = '', env = '', stdin = '', end] = received.split(SEPARATOR);
      if (end !== undefined) void this.#answer(socket, words, env, stdin);
    });
  }

  async #answer(socket: Socket, words: string, env: string, stdin: string): Promise<void> {
    const [tool = '', ...argv] = words.split('\0').slice(0, -1);
    const variables = env.split('\n').map((line) => line.split(/=(.*)/s).slice(0, 2));
    const { code, stdout, stderr } = await this.#run({
      tool,
      argv,
      stdin,
      env: Object.fromEntries(variables),
    });
    socket.end(`${code}\n${stdout === undefined ? 2 : 1}\n${stdout ?? stderr ?? ''}`);
  }

  async #run(run: Run): Promise<Answer> {
    this.#runs.push(run);
    try {
      return run.tool === 'npx' ? await this.#npx(run) : await this.#aws(run);
    } catch (error) {
      return { code: 254, stderr: `${error instanceof Error ? error.message : String(error)}\n` };
    }
  }

  async #npx({ argv: [no, end, program, ...argv] }: Run): Promise<Answer> {
    if (no !== '--no' || end !== '--' || program !== 'anthropic-keys')
      return { code: 1, stderr: 'would download' };
    const ran = await operatorOn(this.sandbox).run(argv, { pastes: [this.#typed] });
    return { code: ran.exit, stdout: `${ran.shown}\n` };
  }

  async #aws({ argv: [service, operation, ...rest], stdin, env }: Run): Promise<Answer> {
    const { flags, words } = readArguments(rest);
    if (env.AWS_PAGER !== '') return { code: 253, stderr: 'Unable to redirect output to pager: less' };
    if (flags.get('region') !== this.sandbox.aws.region) return { code: 252, stderr: 'wrong region' };
    flags.delete('region');
    if (service === 'lambda' && operation === 'invoke') return this.#invoke({ flags, words, stdin, env });
    if (service === 'secretsmanager' && words.length === 0) return this.#secret(operation!, flags, stdin);
    if (service === 'ecs' && operation === 'update-service' && words.length === 0)
      return this.#restart(flags);
    return { code: 252, stderr: `unknown: ${service} ${operation}` };
  }

  async #restart(flags: Flags): Promise<Answer> {
    const { accountId, region, ecs } = this.sandbox.aws;
    const [cluster, service] = [flags.get('cluster')!, flags.get('service')!];
    if (flags.get('query') !== 'service.serviceName' || flags.get('output') !== 'text' || flags.size !== 5)
      return { code: 252, stderr: 'unknown options' };
    const input = { cluster: `arn:aws:ecs:${region}:${accountId}:cluster/${cluster}`, service };
    await perform(
      ecs.operations,
      'UpdateService',
      { ...input, forceNewDeployment: true },
      { accessKeyId: 'ada' },
    );
    return { code: 0, stdout: `${service}\n` };
  }

  async #invoke({
    flags,
    words,
    stdin,
    env,
  }: {
    flags: Flags;
    words: string[];
    stdin: string;
    env: Run['env'];
  }) {
    const to = flags.get('function-name')!;
    const expected = { payload: 'fileb:///dev/stdin', query: 'FunctionError', output: 'text' };
    for (const [name, value] of Object.entries(expected))
      if (flags.get(name) !== value) return { code: 252, stderr: `--${name} ${flags.get(name)}` };
    if (words.join() !== '/dev/stdout' || flags.size !== 5) return { code: 252, stderr: 'unknown options' };
    if (Number(flags.get('cli-read-timeout')) < 900 || env.AWS_MAX_ATTEMPTS !== '1')
      return { code: 255, stderr: 'Read timeout, and sent again' };
    const answer = await this.sandbox.aws.lambda.invoke(to, 'RequestResponse', stdin, {
      accessKeyId: 'ada',
    });
    return { code: 0, stdout: `${answer.payload}${answer.functionError ?? 'None'}\n` };
  }

  async #secret(operation: string, flags: Flags, stdin: string): Promise<Answer> {
    const query = flags.get('query');
    flags.delete('query');
    if (query && !flags.delete('output')) return { code: 252, stderr: 'without --output' };
    const named = [...flags].map(([name, value]) => {
      const Name = pascal(name);
      if (value === 'file:///dev/stdin') return [Name, stdin];
      return [Name, name === 'version-stages' ? [value] : value];
    });
    const params = {
      ...Object.fromEntries(named),
      ...(/^(put|rotate)/.test(operation) && { ClientRequestToken: randomUUID() }),
    };
    const answer = await this.sandbox.aws.secretsManager.perform(pascal(operation), params);
    const shown = query ? (answer as Record<string, unknown>)[query] : JSON.stringify(answer);
    return { code: 0, stdout: `${shown}\n` };
  }
}

type Flags = Map<string, string>;

/** Options without a value. */
const SWITCHES = ['--force-new-deployment'];

function readArguments(argv: readonly string[]): { flags: Flags; words: string[] } {
  const flags: Flags = new Map();
  const words: string[] = [];
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at]!;
    if (SWITCHES.includes(word)) flags.set(word.slice(2), '');
    else if (word.startsWith('--')) flags.set(word.slice(2), argv[++at] ?? '');
    else words.push(word);
  }
  return { flags, words };
}

const pascal = (name: string) => name.replace(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase());
