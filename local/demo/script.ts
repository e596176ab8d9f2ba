import type { FindingKind } from '../../lib/domain/findings/catalogue';
import type { Hands } from './hands';

/** When somebody does something: so long after deployment, or so long after a mail about their key. */
type Cue =
  | { readonly day: number; readonly hour?: number }
  | {
      readonly mail: FindingKind;
      /** Which mail of that kind, counted from 1. @default each */
      readonly nth?: number;
      readonly hoursLater: number;
    };

/** What is done, told as one sentence for the timeline; nothing where there was nothing to do. */
export type Act = (hands: Hands) => Promise<string | undefined> | string | undefined;

export interface Beat {
  readonly when: Cue;
  readonly act: Act;
}

/** The people around one key, and what they will do. */
export interface Script {
  /** One line for the header. */
  readonly story: string;
  readonly beats: readonly Beat[];
}

/** On a day after deployment, at an hour after its time of day. */
export const onDay = (day: number, hour: number, act: Act): Beat => ({ when: { day, hour }, act });

/** After each mail of a kind, or after the one that is counted. */
export const afterMail = (
  { kind: mail }: { readonly kind: FindingKind },
  hoursLater: number,
  act: Act,
  nth?: number,
): Beat => ({
  when: { mail, hoursLater, nth },
  act,
});
