import type { Write } from '../../wording/sheet';
import { hintText, plain } from '../../wording/text';

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
