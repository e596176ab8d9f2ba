import type { PeoplePolicy } from '../contract/names';
import type { CliContext } from './context';
import type { DocumentName, Fields } from './document';
import type { ExitCode } from './exit-code';
import type { Style } from './style';

/** The result of a command: for the shell, for machines, for people. */
export interface Outcome {
  readonly exit: ExitCode;
  /** Fields of the document that `--json` prints; its schema is the verb's, unless they bring one of their own. */
  readonly json: Fields;
  /** What the document is. @default the verb's */
  readonly document?: DocumentName;
  readonly text: (style: Style) => string;
  /** A program reads the text, so it is printed as it is. @default it is laid out */
  readonly asIs?: true;
}

/** A command that is ready to run. It has changed nothing yet. */
export interface Plan {
  /** What it will do, a sentence each, for `--dry-run` and before a confirmation. Absent for commands that only read. */
  readonly steps?: readonly string[];
  /**
   * Makes the checks of `execute` where those are made, and changes nothing, for `--dry-run`. Returns what else it found out.
   * @throws what `execute` would be refused with
   */
  rehearse?(): Promise<readonly string[]>;
  /** The question to ask first, unless `--yes` is given. For what cannot simply be repeated. */
  readonly confirm?: string;
  /** It has steps and still changes nothing at AWS, so that it matters less who asks. @default false */
  readonly readsOnly?: boolean;
  execute(): Promise<Outcome>;
}

/** A command's options by their names in camel case. */
export type Options = Readonly<Record<string, string | boolean | undefined>>;

/** One command of the command line. */
export interface Verb<Intent = unknown> {
  readonly name: string;
  readonly summary: string;
  /** A paragraph for its help. */
  readonly about: string;
  /** `<key>` for a required argument, `[key]` for an optional one. */
  readonly argument?: readonly [syntax: string, meaning: string];
  readonly options?: readonly (readonly [flags: string, meaning: string])[];
  /** The policy for people that it takes. @default reader */
  readonly policy?: PeoplePolicy;
  /** What follows `npx --no -- anthropic-keys`. */
  readonly examples: readonly string[];
  readonly seeAlso: readonly string[];
  /** Whether nobody is asked to sign in first: it needs nothing of AWS, or signs in to several places itself. @default false */
  offline?(intent: Intent): boolean;
  /** What `--json` prints, such as `status/1`. */
  readonly document: DocumentName;
  /** Pure: turns what was typed into what is meant. @throws UsageError */
  read(argument: string | undefined, options: Options): Intent;
  /** Looks up what it needs, and says what it would do. @throws UsageError, IllegalTransition */
  prepare(intent: Intent, context: CliContext): Promise<Plan>;
}

/** Connects to the account and region that the options name. */
export type Open = (globals: GlobalOptions) => Promise<Omit<CliContext, 'json' | 'vars'>>;

/** Options that every command takes. */
export interface GlobalOptions {
  readonly profile?: string;
  readonly region?: string;
  readonly endpointUrl?: string;
  readonly json: boolean;
  readonly yes: boolean;
  readonly dryRun: boolean;
}
