import { PolicyTagsError } from '../contract/policy-tags';
import { scrub } from '../domain/key';
import { CALL } from '../domain/wording/commands';
import { AdminError, IllegalTransition, StoreError, type StoreFailure } from '../workflows/errors';
import { FunctionError, type FunctionFailure } from '../workflows/operator-ports';
import { EXIT, type ExitCode, Interrupted, UsageError } from './exit-code';
import type { GlobalOptions } from './verb';

const DOCTOR = `What is missing says: ${CALL} doctor`;

const STORE_ADVICE: Readonly<Record<StoreFailure, string>> = {
  'not-found': 'Is it the right --profile and --region?',
  conflict: 'Something else changed the secret at the same moment. Look with `show`, and do it again.',
  'not-now': 'A rotation is under way, or the secret is marked for deletion. Look with `show`.',
  denied: DOCTOR,
  throttled: 'AWS asks for a pause. Do it again in a minute.',
  limit: 'A limit of Secrets Manager is reached. Switch old keys off first: their labels count.',
  unavailable: 'AWS gave no answer. Do it again; nothing is half done.',
};

const FUNCTION_ADVICE: Readonly<Record<FunctionFailure, string>> = {
  missing: 'Is the environment deployed in this account and region?',
  denied: DOCTOR,
  failed: 'Its log says more (CloudWatch Logs). Doing it again is safe.',
  unavailable: 'AWS gave no answer. Doing it again is safe.',
};

/** Says what went wrong and what to do about it, without a stack and without a key. */
export function explain(
  error: unknown,
  { profile }: Pick<GlobalOptions, 'profile'> = {},
): { readonly exit: ExitCode; readonly lines: readonly string[] } {
  if (error instanceof UsageError) return { exit: EXIT.wrongUsage, lines: [error.message] };
  if (error instanceof IllegalTransition || error instanceof Interrupted)
    return { exit: EXIT.failed, lines: [scrub(error.message)] };
  const text = scrub(error instanceof Error ? error.message : String(error));
  return { exit: EXIT.failed, lines: [text, ...adviceFor(error, text, profile)] };
}

function adviceFor(error: unknown, text: string, profile?: string): readonly string[] {
  const credentials =
    /CredentialsProviderError|Could not load credentials|ExpiredToken|token .*expired/i.test(text);
  if (credentials && profile)
    return [
      `The profile ${profile} gives no credentials that work: is it in ~/.aws/config (\`aws configure list-profiles\`), and signed in (\`aws sso login --profile ${profile}\`)?`,
    ];
  if (credentials)
    return ['Sign in to AWS first (for example `aws sso login`), or name a profile with --profile.'];
  if (/region is missing/i.test(text)) return ['Name the region with --region, or set AWS_REGION.'];
  if (error instanceof StoreError) return [STORE_ADVICE[error.failure]];
  if (error instanceof FunctionError) return [FUNCTION_ADVICE[error.failure]];
  if (error instanceof AdminError) return ['Anthropic’s Admin API did not do it. The Console can.'];
  if (error instanceof PolicyTagsError) return ['Deploy again: the tags are written by it.'];
  return [];
}
