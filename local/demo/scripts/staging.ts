import { awaitingFirstKey } from '../../../lib/domain/findings/kinds/awaiting-first-key';
import { directEditRefused } from '../../../lib/domain/findings/kinds/direct-edit-refused';
import { due } from '../../../lib/domain/findings/kinds/due';
import { graceOver } from '../../../lib/domain/findings/kinds/grace-over';
import { overdue } from '../../../lib/domain/findings/kinds/overdue';
import { zombie } from '../../../lib/domain/findings/kinds/zombie';
import { isCutOff, meetsTrouble, submitsANewKey, submitsTheFirstKey, switchesOldKeysOff } from '../acts';
import { hintOf } from '../hands';
import { afterMail, onDay, type Script } from '../script';

/** Waits until it hurts, and then forgets half of it. */
export const late: Script = {
  story: 'late: rotates only when overdue, then forgets to switch the old key off',
  beats: [
    afterMail(awaitingFirstKey, 3, submitsTheFirstKey(), 2),
    afterMail(overdue, 5, submitsANewKey(), 2),
    afterMail(zombie, 4, switchesOldKeysOff, 3),
  ],
};

/** Edits secrets by hand, under a policy that never rolls back by itself, behind a network that is in the way. */
export const meddling: Script = {
  story: 'edits the live secret by hand, behind an allowlist and a firewall',
  beats: [
    afterMail(awaitingFirstKey, 1, submitsTheFirstKey()),
    onDay(12, 9, async (hands) => {
      const stranger = hands.makeKey({ workspace: 'wrkspc_somebody_else', name: 'not-ours' });
      await hands.edit(stranger);
      return `pastes a key of another workspace in the AWS console: ${hintOf(stranger)}`;
    }),
    afterMail(directEditRefused, 3, async (hands) => {
      await hands.restoreAccepted();
      return 'moves AWSCURRENT back to the accepted version';
    }),
    afterMail(graceOver, 2, switchesOldKeysOff),
    onDay(30, 10, meetsTrouble('ip-allowlist', 9, 'has an IP allowlist switched on that lacks this network')),
    afterMail(due, 4, submitsANewKey()),
    onDay(
      40,
      7,
      isCutOff((hands) => hands.live, 40, 'gets a firewall that answers in Anthropic’s place'),
    ),
  ],
};
