import { keys, runbook } from '../../wording/commands';
import type { Write } from '../../wording/sheet';
import { checkNow } from '../../wording/steps';
import { plain } from '../../wording/text';

export const unwatched: Write<'unwatched'> = ({ lastChecked, reason }, context) => ({
  headline: `Not checked since ${lastChecked ? plain(lastChecked, 25) : 'it was deployed'}`,
  truth: [
    `No check of this key has finished ${lastChecked ? `after ${plain(lastChecked, 25)} (UTC)` : 'since it was deployed'}, and one is overdue. Whether the key works, nobody knows.`,
  ],
  keys: [],
  steps: [
    ['Check it now. If that fails, the answer says why:', ...checkNow(context)],
    [
      'If it works, look for what stopped the schedule: it was disabled, deleted, or lost its permission.',
      { run: keys('doctor', context.key) },
      runbook('unwatched'),
    ],
  ],
  otherwise: ['A dead, leaked or forgotten key goes unnoticed, and no deadline is announced.'],
  evidence: [`The daily report compared the day of the last check with the clock: ${plain(reason, 160)}.`],
});
