import { Interrupted } from '../../lib/cli/exit-code';
import type { Progress, Terminal } from '../../lib/cli/terminal';

/** What the person in front of a scripted terminal does. */
export interface Script {
  /** What is pasted at each hidden prompt, in order; `interrupt` presses Ctrl-C there. */
  readonly pastes?: readonly (string | 'interrupt')[];
  /** Whether questions are answered with yes. @default true */
  readonly agrees?: boolean;
  /** What is piped in; nobody sits there then. */
  readonly piped?: string;
  readonly columns?: number;
  readonly colour?: boolean;
  /** Told of everything that is shown, so that a test can press Ctrl-C at a moment of its choice. */
  readonly watch?: (text: string, interrupt: () => void) => void;
}

/** A terminal without a screen: it keeps what was shown, in order, and what went to stdout apart. */
export class ScriptedTerminal implements Terminal {
  readonly interactive: boolean;
  readonly columns: number;
  readonly colour: boolean;
  readonly #stop = new AbortController();
  readonly #pastes: string[];
  readonly #shown: string[] = [];
  readonly #printed: string[] = [];

  constructor(private readonly script: Script = {}) {
    this.interactive = script.piped === undefined;
    this.columns = script.columns ?? 80;
    this.colour = script.colour ?? false;
    this.#pastes = [...(script.pastes ?? [])];
  }

  /** Everything that a person saw. */
  get shown(): string {
    return this.#shown.join('\n');
  }

  /** What a pipe behind stdout gets. */
  get printed(): string {
    return this.#printed.join('\n');
  }

  get interrupted(): AbortSignal {
    return this.#stop.signal;
  }

  print(text: string): void {
    this.#printed.push(text);
    this.#show(text);
  }

  note(text: string): void {
    this.#show(text);
  }

  complain(text: string): void {
    this.#show(text);
  }

  async hidden(question: string): Promise<string> {
    this.#show(`? ${question}`);
    const paste = this.#pastes.shift();
    if (paste === undefined) throw new Error('The script has nothing to paste any more.');
    if (paste === 'interrupt') throw new Interrupted();
    return paste;
  }

  async confirm(question: string): Promise<boolean> {
    const { agrees = true } = this.script;
    this.#show(`${question} [y/N] ${agrees ? 'y' : 'n'}`);
    return agrees;
  }

  async piped(): Promise<string> {
    return this.script.piped ?? '';
  }

  progress(text: string): Progress {
    this.script.watch?.(text, () => this.#stop.abort());
    return {
      show: (next) => this.script.watch?.(next, () => this.#stop.abort()),
      done: (end) => this.note(`✔ ${end}`),
      failed: (end) => this.note(`⚠ ${end}`),
      stop: () => {},
    };
  }

  #show(text: string): void {
    this.#shown.push(text);
    this.script.watch?.(text, () => this.#stop.abort());
  }
}
