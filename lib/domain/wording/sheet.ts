import type { KeyRef } from '../key';
import type { KeyIdentity, Policy } from '../policy';
import type { Home } from '../probe/verdict';

/** What a notice is written from besides its finding. */
export interface NoticeContext {
  readonly key: KeyIdentity;
  readonly policy: Policy;
  readonly now: Date;
  /** Where the key must live, as far as known. */
  readonly home?: Home;
  /** Whether the deployment can switch keys off and on at Anthropic. */
  readonly adminAccess: boolean;
  /** Name of the function that checks keys, for a command that needs no checkout. */
  readonly checkFunction?: string;
}

/** A part of a step: a paragraph, a command to copy, an address to open, or a list. */
export type Piece =
  | string
  | { readonly run: string }
  | { readonly link: string }
  | { readonly points: readonly string[] };

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
  /** What happens if nothing is done. */
  readonly consequence: readonly string[];
  /** How it was established. */
  readonly evidence: readonly string[];
}
