import { PolicyTagsError } from '../contract/policy-tags';
import { scrub } from '../domain/key';
import { AdminError, IllegalTransition, StoreError, type StoreFailure } from '../workflows/errors';
import { FunctionError, type FunctionFailure, UNENCRYPTED } from '../workflows/operator-ports';
import { EXIT, type ExitCode, Interrupted, UsageError } from './exit-code';
import { policyAdvice, type Wanted } from './policy-advice';
import { signInAdvice } from './sign-in-advice';

const STORE_ADVICE: Readonly<Record<StoreFailure, string>> = {
  'not-found': 'Are --profile and --region right?',
  conflict: 'Something else changed the secret at the same moment. Look with `show`, and try again.',
  'not-now': 'A rotation is in progress, or the secret is marked for deletion. Look with `show`.',
  denied: 'Run `doctor` to see what is missing.',
  throttled: 'AWS is throttling. Try again in a minute.',
  limit: 'A limit of Secrets Manager is reached. Switch old keys off first: their labels count.',
  unavailable: 'AWS did not answer. Try again; nothing is half done.',
};

const FUNCTION_ADVICE: Readonly<Record<FunctionFailure, string>> = {
  missing: 'Is the environment deployed in this account and region?',
  denied: 'Run `doctor` to see what is missing.',
  failed: 'See its log in CloudWatch Logs. It is safe to try again.',
  unavailable: 'AWS did not answer. It is safe to try again.',
};

/** What the error is about, as far as it is known. */
export interface Situation extends Wanted {
  /** The AWS profile in use. */
  readonly profile?: string;
}

/** Says what went wrong and what to do about it, without a stack trace or a key. What IAM refused names the policy to attach. */
export function explain(
  error: unknown,
  situation: Situation = {},
): { readonly exit: ExitCode; readonly lines: readonly string[] } {
  if (error instanceof UsageError) return { exit: EXIT.wrongUsage, lines: [error.message, ...error.more] };
  if (error instanceof IllegalTransition || error instanceof Interrupted)
    return { exit: EXIT.failed, lines: [scrub(error.message)] };
  const text = scrub(error instanceof Error ? error.message : String(error));
  const advice = adviceFor(error, text, situation);
  return { exit: EXIT.failed, lines: advice ? [text, advice] : [text] };
}

/** Lines of an explanation as one text. */
export const sentences = (lines: readonly string[]) =>
  lines.map((line) => (/[.!?:]$/.test(line) ? line : `${line}.`)).join(' ');

function adviceFor(error: unknown, text: string, situation: Situation): string | undefined {
  // A function that failed may say such things about its own calls.
  if (error instanceof FunctionError && error.failure === 'failed') return FUNCTION_ADVICE.failed;
  if (text.includes(UNENCRYPTED)) return 'Give an https URL, or the address of an emulator on this machine.';
  const signIn = signInAdvice(text, situation.profile);
  if (signIn) return signIn;
  if (error instanceof StoreError)
    return error.denial ? policyAdvice(error.denial, situation) : STORE_ADVICE[error.failure];
  if (error instanceof FunctionError)
    return error.denial ? policyAdvice(error.denial, situation) : FUNCTION_ADVICE[error.failure];
  if (error instanceof AdminError)
    return 'Anthropic’s Admin API did not do it. You can do it in the Console.';
  if (error instanceof PolicyTagsError) return 'Deploy again: a deployment writes these tags.';
  return undefined;
}
