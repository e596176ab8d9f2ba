/** A line that tells how far a longer work is. Silent where nobody looks. */
export interface Progress {
  done(text: string): void;
  failed(text: string): void;
  /** Takes the line away, e.g. before a question. */
  stop(): void;
}

/** The human in front of it, or the pipe. Results go to stdout, everything else to stderr. */
export interface Terminal {
  /** Whether somebody can be asked. */
  readonly interactive: boolean;
  /** Characters per line of stdout. */
  readonly columns: number;
  /** Whether stdout takes colours. */
  readonly colour: boolean;
  print(text: string): void;
  /** Said on the way; not where a machine reads. */
  note(text: string): void;
  /** What went wrong: always said. */
  complain(text: string): void;
  /** Asks without showing what is typed. @throws Interrupted on Ctrl-C */
  hidden(question: string): Promise<string>;
  /** @throws Interrupted on Ctrl-C */
  confirm(question: string): Promise<boolean>;
  /** Everything that is piped in. @throws UsageError where stdin is a terminal, which would show what is typed */
  piped(): Promise<string>;
  progress(text: string): Progress;
  /** Aborted by Ctrl-C outside of a question. */
  readonly interrupted: AbortSignal;
}
