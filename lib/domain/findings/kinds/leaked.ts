import { runbook } from '../../wording/commands';
import { probed } from '../../wording/phrases';
import type { Step, Write } from '../../wording/sheet';
import { contain, putInAnotherKey, switchOn } from '../../wording/steps';
import { hintText, said } from '../../wording/text';

export const contained: Write<'contained'> = ({ leaked, state, reason, live, evidence }, context) => {
  const off = state === 'switching-off';
  return {
    headline: off
      ? `LEAK: key is being switched off${live ? '; the service stops' : ''}`
      : 'LEAKED KEY STILL WORKS: switch it off',
    truth: [
      `The API key ${hintText(leaked.hint)} was reported as leaked. ${
        off
          ? 'It is being set to inactive at Anthropic right after this mail.'
          : 'It still works: whoever has it can spend your money, and see what it may see.'
      }`,
      ...(reason === undefined ? [] : [`Reason given: "${said(reason)}".`]),
      ...(off && live
        ? ['It is the live key: the service stops until a new key is in. That is the price of containing it.']
        : []),
    ],
    keys: [['Leaked key', leaked]],
    steps: [
      ...(off ? [] : [contain(context, leaked, live)]),
      ...(live ? putInAnotherKey(context) : []),
      [
        'Find the leak and close it: code, logs, tickets, chats, images. Look at the usage of the key since the day it may have leaked, and open an incident.',
        runbook('leak'),
      ] as Step,
      ...(off ? [switchOn(context, leaked, 'If it was no leak')] : []),
    ],
    otherwise: [
      off
        ? 'The key stays off.'
        : 'Whoever has the key goes on using it. This is said again every day for three days, then every week, until it is dead.',
      live
        ? 'Once it is off, the service has no key until a new one is in.'
        : 'The live key of the service is another one and goes on working.',
    ],
    evidence: [
      'A person reported it by the command "leak". From now on this key gets no grace, and nothing goes back to it.',
      ...(evidence ? [probed(evidence, context.now)] : []),
    ],
  };
};
