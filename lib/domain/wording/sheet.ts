import type { KeyRef } from '../key';
import type { KeyIdentity, Policy } from '../policy';
import type { Home } from '../probe/verdict';
import type { RunbookSection } from './commands';

/** How the parts of a deployment are called, for the commands of mails, and where people read more. */
export interface DeployedNames {
  /** The function that checks keys. */
  readonly check: string;
  /** The door of the function with Admin access for people's orders. */
  readonly orders: string;
  /** The managed policies that allow commands. Who has `responder` may do what `operator` allows, too. */
  readonly policies: { readonly operator: string; readonly responder: string };
  /** What stands before the verbs of the command line, such as `npx --no -- anthropic-keys`. */
  readonly cliCommand: string;
  /** Where the repository with the command line is: an https URL. */
  readonly projectUrl?: string;
  /** Where docs/runbook.md is served: an https URL. */
  readonly runbookUrl?: string;
}

/** What a notice is written from besides its finding. */
export interface NoticeContext {
  readonly key: KeyIdentity;
  readonly policy: Policy;
  readonly now: Date;
  /** Where the key must live, as far as known. */
  readonly home?: Home;
  /** Whether the deployment can switch keys off and on at Anthropic. */
  readonly adminAccess: boolean;
  readonly deployed: DeployedNames;
  /** The secret says KEYLESS: whoever reads it again finds no key. Absent where it does not, or nobody looked. */
  readonly needsNoKey?: true;
}

/** A command to copy. */
export interface Command {
  /** For bash and zsh, with nothing but the AWS CLI: one compound command. */
  readonly run: string;
  /** Which managed policy allows it. */
  readonly policy: keyof DeployedNames['policies'];
  /** The same with the command line, in a checkout of the repository that has it: shown below, in a part of its own. */
  readonly inCheckout?: string;
}

/** A command for something of the team's own, such as an ECS service: no policy of this project allows it. */
export interface ForeignCommand {
  readonly run: string;
  /** What it is about, such as `ECS service prod/gateway`. @default the sentence before says so */
  readonly about?: string;
  /** Where it is run, and who may, with a small letter first. Said once where several follow each other. */
  readonly where: string;
}

/** A part of a step: a paragraph, a command to copy, one of the command line only, an address to open, or advice for a new key, shown below. */
export type Piece =
  | string
  | Command
  | ForeignCommand
  | { readonly inCheckout: string }
  | { readonly link: string }
  | { readonly ofNewKey: readonly string[] };

/** One numbered thing to do. The first piece says what, in a sentence that makes sense alone. */
export type Step = readonly [string, ...Piece[]];

/** The content of a notice before its layout. */
export interface Sheet {
  /** Follows the key's name in the subject; a deadline comes first. */
  readonly headline: string;
  /** What is true. Chat shows only the first paragraph, so it makes sense alone. */
  readonly facts: readonly string[];
  /** The keys it is about, each with the word that the text uses for it. */
  readonly keys: readonly (readonly [word: string, key: KeyRef])[];
  readonly steps: readonly Step[];
  /** The section of the runbook that says more. @default none */
  readonly more?: RunbookSection;
  /** What happens if nothing is done. */
  readonly consequence: readonly string[];
  /** How it was established. */
  readonly evidence: readonly string[];
}
