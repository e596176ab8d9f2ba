import { CONSOLE } from '../domain/wording/commands';
import { disableInConsole } from '../domain/wording/steps';
import { IllegalTransition } from '../workflows/errors';
import { FunctionError } from '../workflows/operator-ports';
import type { AdminRequest } from '../workflows/ports';
import type { CliContext } from './context';
import { policyAdvice } from './policy-advice';
import { wrap } from './style';
import { waitFor } from './terminal';

/** How switching a key off went. `by-hand`: a person must do it, for the reason in `why`. */
export type SwitchedOff =
  | { readonly how: 'deactivated' | 'already-off'; readonly recordId: string }
  | { readonly how: 'by-hand'; readonly why: string };

type Deactivate = Extract<AdminRequest, { verb: 'deactivate' }>;

/** Has a key switched off at Anthropic, reversibly. Without Admin access, or if a guard refuses, a person must do it. */
export const switchOff = (request: Omit<Deactivate, 'verb'>, environment: string, context: Asking) =>
  ask({ verb: 'deactivate', ...request }, environment, 'Switching it off at Anthropic', context);

/** How it would go, and what that means in words. Nothing is switched off. */
export async function rehearseSwitchOff(
  request: Omit<Deactivate, 'verb'>,
  environment: string,
  context: Asking,
): Promise<{ readonly off: SwitchedOff; readonly says: string }> {
  const of = { verb: 'deactivate', ...request } as const;
  const text = 'Asking whether it may be switched off from here';
  const off = await ask({ verb: 'dry-run', of }, environment, text, context);
  if (off.how === 'by-hand')
    return { off, says: `It would not be switched off from here, but by a person. ${off.why}`.trimEnd() };
  const found = off.how === 'already-off' ? 'It is off already' : 'Nothing holds back switching it off';
  return { off, says: `${found} (record ${off.recordId}).` };
}

type Asking = Pick<CliContext, 'functions' | 'terminal'>;

async function ask(
  request: AdminRequest,
  environment: string,
  text: string,
  { functions, terminal }: Asking,
): Promise<SwitchedOff> {
  try {
    const answer = await waitFor(terminal, text, () => functions.admin(environment, request));
    if (answer.outcome === 'deactivated' || answer.outcome === 'possible')
      return { how: 'deactivated', recordId: answer.recordId };
    if (answer.outcome === 'already-done') return { how: 'already-off', recordId: answer.recordId };
    return { how: 'by-hand', why: answer.outcome === 'refused' ? `It was refused: ${answer.why}.` : '' };
  } catch (error) {
    if (error instanceof FunctionError)
      return {
        how: 'by-hand',
        why: error.denial
          ? `${WHY.denied} ${policyAdvice(error.denial, { environment })}`
          : WHY[error.failure],
      };
    if (error instanceof IllegalTransition || (error as Error).name === 'AdminError')
      return { how: 'by-hand', why: (error as Error).message };
    throw error;
  }
}

const WHY = {
  missing: 'This deployment has no Admin access to Anthropic.',
  denied: 'Your AWS role may not invoke the function with Admin access.',
  failed: 'The function with Admin access failed.',
  unavailable: 'The function with Admin access did not answer.',
} as const;

/** What a person does in the Console, and its address. */
export const byHand = (hint: string, columns: number, word?: string) =>
  `${wrap(disableInConsole(hint, word), columns)}\n  ${CONSOLE.keys}`;
