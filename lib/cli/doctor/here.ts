import { MINUTE } from '../../domain/time';
import type { CliContext } from '../context';
import { about, type Diagnosis } from './diagnosis';

const HERE = about('here');

/** AWS refuses signatures that are five minutes off; deadlines that are read against a wrong clock mislead before that. */
const TOLERATED = MINUTE;

/** This machine: who it is to AWS, its clock, and its way to Anthropic. */
export async function examineHere({ examiner, place }: CliContext): Promise<readonly Diagnosis[]> {
  const { account, region, caller, endpoint } = await place();
  const anthropic = await examiner.anthropic();
  return [
    HERE.fine(`${caller} in account ${account}, ${region}, at ${endpoint}`),
    clock(examiner),
    'unknown' in anthropic
      ? HERE.unknown(`Whether Anthropic can be reached: ${anthropic.unknown}`)
      : anthropic.known === 'answers'
        ? HERE.fine('Anthropic answers this machine')
        : HERE.problem(
            'Anthropic does not answer this machine',
            'Open the way to api.anthropic.com:443, or submit with --untested: the function tests every key anyway.',
          ),
  ];
}

function clock({ clockAhead }: CliContext['examiner']): Diagnosis {
  const seen = clockAhead();
  if ('unknown' in seen) return HERE.unknown(`The clock: ${seen.unknown}`);
  const seconds = Math.round(Math.abs(seen.known) / 1000);
  if (Math.abs(seen.known) < TOLERATED) return HERE.fine('The clock agrees with AWS');
  return HERE.problem(
    `The clock is ${seconds} seconds ${seen.known > 0 ? 'ahead of' : 'behind'} AWS`,
    'Switch time synchronisation on: every age and deadline shown here is off by as much.',
  );
}
