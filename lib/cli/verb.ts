import type { CliContext } from './context';
import type { ExitCode } from './exit-code';
import type { Style } from './style';

/** What a command ended with: for the shell, for machines, for people. */
export interface Outcome {
  readonly exit: ExitCode;
  readonly json: unknown;
  readonly text: (style: Style) => string;
}

/** A command that is ready to go. Nothing was changed yet. */
export interface Plan {
  /** What it will do, one sentence each: `--dry-run` prints it, and who is asked sees it. Absent for commands that only read. */
  readonly steps?: readonly string[];
  /** Asked before it goes, unless `--yes`; for what cannot simply be done again. */
  readonly confirm?: string;
  execute(): Promise<Outcome>;
}

/** Values of a command's options, by their names in camel case. */
export type Options = Readonly<Record<string, string | boolean | undefined>>;

/** One command of the command line. */
export interface Verb<Intent = unknown> {
  readonly name: string;
  readonly summary: string;
  /** A paragraph for its help. */
  readonly about: string;
  /** `<key>` where it takes one argument, `[key]` where it may. */
  readonly argument?: readonly [syntax: string, meaning: string];
  readonly options?: readonly (readonly [flags: string, meaning: string])[];
  /** What follows `npm run keys --`. */
  readonly examples: readonly string[];
  readonly seeAlso: readonly string[];
  /** Pure: what was typed, as what is meant. @throws UsageError */
  read(argument: string | undefined, options: Options): Intent;
  /** Looks, and says what would be done. @throws UsageError, IllegalTransition */
  prepare(intent: Intent, context: CliContext): Promise<Plan>;
}

/** Options that every command takes. */
export interface GlobalOptions {
  readonly profile?: string;
  readonly region?: string;
  readonly endpointUrl?: string;
  readonly json: boolean;
  readonly yes: boolean;
  readonly dryRun: boolean;
}
