import { uuidFrom } from '../lib/cli/submit/submission-token';

/** Version ids that are the same in every run, so that what is printed of them is too. */
export function tokens(seed: string): () => string {
  let count = 0;
  return () => uuidFrom(`${seed}/${++count}`);
}
