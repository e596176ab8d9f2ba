import { APIError } from '@anthropic-ai/sdk/core/error';
import { WorkloadIdentityError } from '@anthropic-ai/sdk/lib/credentials/types';
import { AdminError } from '../workflows/errors';
import type { AdminFailure } from '../workflows/ports';

const LIMITS: ReadonlySet<string> = new Set([
  'org_api_key_limit_exceeded',
  'workspace_api_key_limit_exceeded',
]);

/** Translates whatever the SDK threw into what a workflow decides by. No text of the server is carried over. */
export function adminErrorOf(error: unknown): AdminError {
  if (error instanceof AdminError) return error;
  if (error instanceof WorkloadIdentityError) {
    const { statusCode: status } = error;
    const refused = status !== null && status !== undefined && status >= 400 && status < 500;
    return refused
      ? new AdminError(
          'no-permission',
          `Anthropic did not exchange the identity token (status ${status}): check the federation rule in the Console.`,
        )
      : new AdminError('unavailable', 'The identity token could not be exchanged.');
  }
  if (!(error instanceof APIError) || error.status === undefined) {
    return new AdminError('unavailable', "Anthropic's Admin API gave no readable answer.");
  }
  const code =
    typeof error.errorCode === 'string' && /^[a-z_]{1,60}$/.test(error.errorCode) ? error.errorCode : '';
  const failure = failureOf(error.status, code);
  return new AdminError(failure, `${WORDS[failure]} (status ${error.status}${code && `, ${code}`}).`);
}

function failureOf(status: number, code: string): AdminFailure {
  if (LIMITS.has(code)) return 'limit-reached';
  if (status === 401 || status === 403) return 'no-permission';
  if (status === 404) return 'not-found';
  if (status === 400 || status === 409 || status === 422) return 'refused';
  return 'unavailable';
}

const WORDS: Readonly<Record<AdminFailure, string>> = {
  'limit-reached': 'The organization or workspace has no room for another active key',
  'no-permission': 'Anthropic does not let this credential administer keys',
  'not-found': 'Anthropic knows no such key',
  refused: 'Anthropic refused the change, as it does for a key that is archived or expired',
  unavailable: "Anthropic's Admin API is in trouble",
};
