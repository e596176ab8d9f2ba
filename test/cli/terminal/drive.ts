import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { ROOT } from '../../root';

/** Whether this machine has util-linux's `script`, which gives a program a terminal of its own. */
export const hasScript = spawnSync('script', ['--version']).status === 0;

const TSX = [process.execPath, '--import', 'tsx'] as const;

/** A world that runs beside the test. */
export interface OutsideWorld {
  readonly env: NodeJS.ProcessEnv;
  readonly key: string;
  ask<T>(question: 'new-key' | 'state' | 'settle'): Promise<T>;
  stop(): Promise<void>;
}

export async function startWorld(): Promise<OutsideWorld> {
  const child = spawn(TSX[0], [...TSX.slice(1), require.resolve('./world.ts')], {
    cwd: ROOT,
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const next = async () => JSON.parse(String((await lines.next()).value));
  const { aws, region, anthropic, secretName } = await next();
  const { NO_COLOR: _, CI: __, ...inherited } = process.env;
  return {
    key: secretName.replace('anthropic/', ''),
    env: {
      ...inherited,
      TERM: 'xterm-256color',
      AWS_ENDPOINT_URL: aws,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: 'ada',
      AWS_SECRET_ACCESS_KEY: 'none',
      ROTATION_ANTHROPIC_URL: anthropic,
    },
    async ask(question) {
      child.stdin.write(`${question}\n`);
      return next();
    },
    stop: () =>
      new Promise((resolve) => {
        child.once('close', () => resolve());
        child.stdin.end();
      }),
  };
}

/** A person at a terminal in which the command line runs. */
export class Session {
  #seen = '';
  #from = 0;
  readonly #child: ChildProcess;
  readonly #ended: Promise<number>;
  #changed = () => {};

  /** `program`: words that start the command line in a shell. */
  constructor(args: string, env: NodeJS.ProcessEnv, program: string) {
    const command = `stty cols 80 rows 40; exec ${program} ${args}`;
    this.#child = spawn('script', ['-qec', command, '/dev/null'], { cwd: ROOT, env, stdio: 'pipe' });
    for (const stream of [this.#child.stdout!, this.#child.stderr!])
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#seen += text;
        this.#changed();
      });
    this.#ended = new Promise((resolve) => {
      this.#child.on('close', (code) => {
        resolve(code ?? -1);
        this.#changed();
      });
    });
  }

  /** Everything that the terminal showed, escapes and all. */
  get raw(): string {
    return this.#seen;
  }

  /** What a person would read, without escapes and redrawn line ends. */
  get text(): string {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: terminals are told what to do by escapes.
    return this.#seen.replace(/\x1b\[[0-9;?]*[A-Za-z]/g, '').replace(/\s+/g, ' ');
  }

  /** Resolves when the text appears that was not waited for before. */
  async sees(text: string): Promise<void> {
    for (;;) {
      const at = this.text.indexOf(text, this.#from);
      if (at >= 0) {
        this.#from = at + text.length;
        return;
      }
      if (this.#child.exitCode !== null) throw new Error(`“${text}” was not shown. This was:\n${this.text}`);
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    }
  }

  type(keys: string): void {
    this.#child.stdin!.write(keys);
  }

  exit(): Promise<number> {
    return this.#ended;
  }
}

export const CTRL_C = '\x03';
