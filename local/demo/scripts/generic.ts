import { awaitingFirstKey } from '../../../lib/domain/findings/kinds/awaiting-first-key';
import { dead } from '../../../lib/domain/findings/kinds/dead';
import { due } from '../../../lib/domain/findings/kinds/due';
import { graceOver } from '../../../lib/domain/findings/kinds/grace-over';
import { overdue } from '../../../lib/domain/findings/kinds/overdue';
import { zombie } from '../../../lib/domain/findings/kinds/zombie';
import { leaksInPublic, submitsANewKey, submitsTheFirstKey, switchesOldKeysOff } from '../acts';
import { afterMail, onDay, type Script } from '../script';

// People for a fleet that nobody wrote scripts for: they know only what mails tell them.

const prompt: Script = {
  story: 'prompt: acts within hours of the first mail',
  beats: [
    afterMail(awaitingFirstKey, 2, submitsTheFirstKey()),
    afterMail(due, 3, submitsANewKey()),
    afterMail(graceOver, 2, switchesOldKeysOff),
  ],
};

const late: Script = {
  story: 'late: rotates only when overdue, and switches off on the second reminder',
  beats: [
    afterMail(awaitingFirstKey, 3, submitsTheFirstKey(), 2),
    afterMail(overdue, 5, submitsANewKey(), 2),
    afterMail(zombie, 4, switchesOldKeysOff, 2),
  ],
};

const negligent: Script = {
  story: 'negligent: puts a first key in and never rotates',
  beats: [afterMail(awaitingFirstKey, 3, submitsTheFirstKey())],
};

const leaky: Script = {
  story: 'leaky: a scanner finds the key in public',
  beats: [
    afterMail(awaitingFirstKey, 4, submitsTheFirstKey()),
    onDay(20, 21, leaksInPublic),
    afterMail(dead, 1, submitsANewKey()),
    afterMail(due, 6, submitsANewKey()),
    afterMail(graceOver, 3, switchesOldKeysOff),
  ],
};

/** Given out in this order, over and over. */
export const GENERIC: readonly Script[] = [prompt, late, negligent, leaky];
