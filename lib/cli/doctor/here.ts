import { MINUTE } from '../../domain/time';
import type { CliContext } from '../context';

/** One thing that doctor examined. */
export interface Diagnosis {
  /** `here`, an environment, or a key. */
  readonly about: string;
  readonly state: 'fine' | 'problem' | 'unknown';
  readonly what: string;
  readonly fix?: string;
}

/** Makes diagnoses about one thing. */
export const about = (thing: string) => ({
  fine: (what: string): Diagnosis => ({ about: thing, state: 'fine', what }),
  problem: (what: string, fix: string): Diagnosis => ({ about: thing, state: 'problem', what, fix }),
  unknown: (what: string, fix?: string): Diagnosis => {
    return { about: thing, state: 'unknown', what, ...(fix && { fix }) };
  },
});

const HERE = about('here');

/** AWS refuses signatures that are five minutes off. Deadlines shown by a wrong clock mislead before that. */
const TOLERATED = MINUTE;

/** This machine: its AWS identity, its clock, and its connection to Anthropic. */
export async function examineHere({ examiner, place }: CliContext): Promise<readonly Diagnosis[]> {
  const { account, region, caller, endpoint } = await place();
  const anthropic = await examiner.anthropic();
  return [
    HERE.fine(`${caller} in account ${account}, ${region}, at ${endpoint}`),
    clock(examiner),
    'unknown' in anthropic
      ? HERE.unknown(`Whether Anthropic can be reached: ${anthropic.unknown}`)
      : ANTHROPIC[anthropic.known],
  ];
}

const ANTHROPIC = {
  answers: HERE.fine('Anthropic answers this machine'),
  'answers-bare': HERE.problem(
    "Answers reach this machine without Anthropic's own headers (request-id, anthropic-*): something on the way strips them",
    'Let these headers through, for the functions, too. Without them a key cannot be placed in its workspace, a token count proves nothing (set healthProbe to messages), and an old key that still works is not recognized.',
  ),
  'does-not-answer': HERE.problem(
    'Anthropic does not answer this machine',
    'Allow connections to api.anthropic.com:443, or submit with --untested: the function tests every key anyway.',
  ),
} as const;

function clock({ clockAhead }: CliContext['examiner']): Diagnosis {
  const ahead = clockAhead();
  if ('unknown' in ahead) return HERE.unknown(`The clock: ${ahead.unknown}`);
  const distance = Math.abs(ahead.known);
  if (distance < TOLERATED) return HERE.fine('The clock agrees with AWS');
  return HERE.problem(
    `The clock is ${Math.round(distance / 1000)} seconds ${ahead.known > 0 ? 'ahead of' : 'behind'} AWS`,
    'Switch time synchronisation on: every age and deadline shown here is off by as much.',
  );
}
