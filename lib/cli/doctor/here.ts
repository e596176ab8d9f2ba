import { leastPolicy } from '../../contract/people';
import { MINUTE } from '../../domain/time';
import { IllegalTransition } from '../../workflows/errors';
import type { Known } from '../../workflows/operator-ports';
import type { CliContext } from '../context';
import { Interrupted, UsageError } from '../exit-code';
import { explain, type Situation } from '../explain';
import { policyAdvice } from '../policy-advice';
import { signInAdvice } from '../sign-in-advice';

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

/** Why something could not be examined, and what would let it be. It counts as a problem if a policy of ours is missing. */
export function notExamined(
  thing: string,
  what: string,
  { unknown, denial }: Extract<Known<unknown>, { unknown: string }>,
  { environment, fix }: { readonly environment?: string; readonly fix?: string } = {},
): Diagnosis {
  const say = about(thing);
  if (!denial) return say.unknown(`${what}: ${unknown}`, signInAdvice(unknown) ?? fix);
  const advice = policyAdvice(denial, { environment });
  const isOurs = !denial.ruledOutBy && leastPolicy(denial.action, denial.resource) !== undefined;
  return say[isOurs ? 'problem' : 'unknown'](`${what}: you may not ${denial.action}`, advice);
}

/** One part of the examination. Its failure becomes a line of its own, so that the other parts go on. A refused command line still ends all. */
export async function examinePart(
  thing: string,
  what: string,
  work: () => Promise<readonly Diagnosis[]>,
  situation: Situation = {},
): Promise<readonly Diagnosis[]> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UsageError || error instanceof IllegalTransition || error instanceof Interrupted)
      throw error;
    const [why, fix = 'It changes nothing to try again.'] = explain(error, situation).lines;
    return [about(thing).problem(`${what}: ${why!.split('\n')[0]}`, fix)];
  }
}

const HERE = about('here');

/** AWS refuses signatures that are five minutes off. Deadlines shown by a wrong clock mislead before that. */
const TOLERATED = MINUTE;

/** This machine: its AWS identity, its clock, and its connection to Anthropic. Without an identity nothing at AWS can be examined. */
export async function examineHere({
  examiner,
  place,
  profile,
}: CliContext): Promise<{ readonly signedIn: boolean; readonly diagnoses: readonly Diagnosis[] }> {
  let signedIn = false;
  const who = await examinePart(
    'here',
    'AWS cannot be asked',
    async () => {
      const { account, region, caller, endpoint, unidentified } = await place();
      signedIn = true;
      return unidentified
        ? [HERE.unknown(`Who you are to AWS: ${unidentified}`, 'Commands go on without it.')]
        : [HERE.fine(`${caller} in account ${account}, ${region}, at ${endpoint}`)];
    },
    { profile },
  );
  const anthropic = await examiner.anthropic();
  return {
    signedIn,
    diagnoses: [
      ...who,
      await clock(examiner),
      'unknown' in anthropic
        ? HERE.unknown(`Whether Anthropic can be reached: ${anthropic.unknown}`)
        : ANTHROPIC[anthropic.known],
    ],
  };
}

const ANTHROPIC = {
  answers: HERE.fine('Anthropic answers this machine'),
  'answers-bare': HERE.problem(
    "Answers reach this machine without Anthropic's own headers (request-id, anthropic-*): something on the way strips them",
    'Let these headers through, for the functions, too. Without them a key cannot be placed in its workspace, a token count proves nothing (set healthProbe to messages), and an old key that still works is not recognized.',
  ),
  'does-not-answer': HERE.problem(
    'Anthropic does not answer this machine',
    'Allow connections to api.anthropic.com:443. Behind a proxy set HTTPS_PROXY, and AWS_CA_BUNDLE if it shows certificates of its own. Or submit with --untested: the function tests every key anyway.',
  ),
} as const;

async function clock({ clockAhead }: CliContext['examiner']): Promise<Diagnosis> {
  const ahead = await clockAhead();
  if ('unknown' in ahead) return HERE.unknown(`The clock: ${ahead.unknown}`);
  const distance = Math.abs(ahead.known);
  if (distance < TOLERATED) return HERE.fine('The clock agrees with AWS');
  return HERE.problem(
    `The clock is ${Math.round(distance / 1000)} seconds ${ahead.known > 0 ? 'ahead of' : 'behind'} AWS`,
    'Switch time synchronisation on: every age and deadline shown here is off by as much.',
  );
}
