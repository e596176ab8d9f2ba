import { keys, runbook } from '../../wording/commands';
import type { Write } from '../../wording/sheet';
import { checkNow } from '../../wording/steps';
import { hintText, plain } from '../../wording/text';

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

const WAS: Readonly<Record<string, string>> = {
  dead: 'the live key works again',
  blocked: 'the key is no longer blocked',
  inconclusive: 'checks get clear answers again',
  foreign: 'the key is in the expected workspace',
  unwatched: 'the key is checked again',
};

export const resolved: Write<'resolved'> = ({ was, current }) => {
  const now = WAS[was] ?? `"${plain(was, 40)}" is over`;
  return {
    headline: `Resolved: ${now}`,
    truth: [`${now[0]!.toUpperCase()}${now.slice(1)}. An earlier mail said otherwise; it is settled.`],
    keys: current ? [['Key', current]] : [],
    steps: [['Nothing.']],
    otherwise: [
      `Nothing happens${current ? `: the key ${hintText(current.hint)} is checked as before` : ''}.`,
    ],
    evidence: ['The latest check no longer found what was reported.'],
  };
};
