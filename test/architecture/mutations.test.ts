import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MUTATIONS } from '../mutations/mutations';
import { ROOT } from '../root';

// Breaking the invariants takes an hour and is rarely done. That there is still something to break costs nothing.
test.each(MUTATIONS)('where "$invariant" can be broken', ({ file, replace: [text] }) => {
  expect(readFileSync(join(ROOT, file), 'utf8').split(text)).toHaveLength(2);
});
