import { checkWithAws, keys } from './commands';
import type { NoticeContext } from './context';
import type { Piece } from './sheet';

/** The commands that check a key at once: without a checkout, and with one. */
export const checkNow = ({ key, checkFunction }: NoticeContext): readonly Piece[] => [
  ...(checkFunction
    ? [{ run: checkWithAws(key, checkFunction) }, 'or, in your own checkout of this project:']
    : []),
  { run: keys('check', key) },
];
