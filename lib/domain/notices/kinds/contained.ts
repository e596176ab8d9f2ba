import { hintText, said } from '../plain-text';
import { putInAnotherKey } from '../put-in-a-key';
import { runbook } from '../runbook';
import type { Step, Write } from '../sheet';
import { disableInConsole } from '../switch-off';

export const contained: Write<'contained'> = ({ leaked, reason, by, serviceStops }, context) => {
  const off = by === 'deactivation';
  return {
    headline: off
      ? `LEAK: key is being switched off${serviceStops ? '; the service stops' : ''}`
      : 'LEAK: disable the key in the Console now',
    truth: [
      `The API key ${hintText(leaked.hint)} was reported as leaked. ${
        off
          ? 'It is being set to inactive at Anthropic right after this mail.'
          : 'This deployment cannot switch it off: a person must do it now.'
      }`,
      `Reason given: "${said(reason)}".`,
      ...(serviceStops
        ? ['It is the live key: the service stops until a new key is in. That is the price of containing it.']
        : []),
    ],
    keys: [['Leaked key', leaked]],
    steps: [
      ...(off ? [] : [disableInConsole(leaked, 'leaked')]),
      ...(serviceStops ? putInAnotherKey(context) : []),
      [
        'Find the leak and close it: code, logs, tickets, chats, images. Look at the usage of the key since then, and open an incident.',
        runbook('leak'),
      ] as Step,
    ],
    otherwise: [
      off ? 'The key stays off.' : 'Whoever has the key goes on using it.',
      serviceStops
        ? 'Once it is off, the service has no key until a new one is in.'
        : 'The live key of the service is another one and goes on working.',
    ],
    evidence: [
      'A person reported it by the command "leak". This key is marked as an incident in its evidence.',
    ],
  };
};
