import { awaitingFirstKey } from '../../../lib/domain/findings/kinds/awaiting-first-key';
import { foreign } from '../../../lib/domain/findings/kinds/foreign';
import { graceOver } from '../../../lib/domain/findings/kinds/grace-over';
import { misplaced as spoiled } from '../../../lib/domain/findings/kinds/misplaced';
import { rejected } from '../../../lib/domain/findings/kinds/rejected';
import { unproven } from '../../../lib/domain/findings/kinds/unproven';
import { unwatched } from '../../../lib/domain/findings/kinds/unwatched';
import { isCutOff, submitsANewKey, submitsTheFirstKey, switchesOldKeysOff } from '../acts';
import { hintOf } from '../hands';
import { afterMail, onDay, type Script } from '../script';

/** Puts a key in, and never reads a mail again. */
export const negligent: Script = {
  story: 'negligent: puts a first key in and never rotates',
  beats: [afterMail(awaitingFirstKey, 3, submitsTheFirstKey(), 3)],
};

/** Pastes the wrong thing first; plays with the secret; once is unlucky with Anthropic. */
export const clumsy: Script = {
  story: 'clumsy: a wrong paste, a switched-off secret, a submission that gets stuck',
  beats: [
    afterMail(
      awaitingFirstKey,
      1,
      async (hands) => {
        const wrong = hands.makeKey({ workspace: 'wrkspc_somebody_else', name: 'wrong-workspace' });
        return `submits a key of another workspace by mistake: ${await hands.submit(wrong)}`;
      },
      1,
    ),
    afterMail(rejected, 1, async (hands) => {
      const wrong = hands.switchOff(hands.lastMade);
      return `switches ${wrong} off in the Claude Console, and ${await submitsANewKey()(hands)}`;
    }),
    onDay(15, 9, async (hands) => {
      await hands.edit('DISABLED');
      return 'types DISABLED over the key in the AWS console, to stop a runaway experiment';
    }),
    onDay(17, 9, async (hands) => {
      await hands.edit(`${hands.accepted}\n`);
      return `pastes the same key back, with a line break behind it: ${hintOf(hands.accepted)}`;
    }),
    afterMail(spoiled, 1, async (hands) => {
      await hands.edit(hands.accepted);
      return 'removes the line break behind the key in the AWS console';
    }),
    onDay(40, 8, async (hands) => {
      const fresh = hands.makeKey();
      hands.later(27, hands.site.anthropic.trouble('rate-limit', { key: fresh }));
      return `submits a new key while Anthropic limits its rate: ${await hands.submit(fresh)}`;
    }),
    onDay(
      42,
      0,
      isCutOff((hands) => hands.retiring[0] ?? '', 62, 'gets a firewall that stops the old key only'),
    ),
    afterMail(unproven, 9, switchesOldKeysOff, 1),
  ],
};

/** Starts in the wrong workspace, and is forgotten by the scheduler for three days. */
export const misplaced: Script = {
  story: 'misplaced: starts with a key of another workspace, later goes unwatched',
  beats: [
    onDay(0, 8, async (hands) => {
      const stranger = hands.makeKey({ workspace: 'wrkspc_somebody_else', name: 'old-experiments' });
      await hands.edit(stranger);
      return `types a key of another workspace into the AWS console: ${hintOf(stranger)}`;
    }),
    afterMail(foreign, 3, submitsANewKey(), 1),
    afterMail(graceOver, 2, switchesOldKeysOff),
    onDay(50, 9, (hands) => {
      hands.unscheduled = true;
      return 'disables the schedule of the check, to save money';
    }),
    afterMail(unwatched, 4, (hands) => {
      hands.unscheduled = false;
      return 'enables the schedule again';
    }),
  ],
};
