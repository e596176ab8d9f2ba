/** One thing that doctor examined. */
export interface Diagnosis {
  /** `here`, an environment, or a key. */
  readonly about: string;
  readonly state: 'fine' | 'problem' | 'unknown';
  readonly what: string;
  readonly fix?: string;
}

/** Makes diagnoses about one thing. */
export const about = (thing: string) => ({
  fine: (what: string): Diagnosis => ({ about: thing, state: 'fine', what }),
  problem: (what: string, fix: string): Diagnosis => ({ about: thing, state: 'problem', what, fix }),
  unknown: (what: string, fix?: string): Diagnosis => {
    return { about: thing, state: 'unknown', what, ...(fix && { fix }) };
  },
});
