import type { BlockedReason } from './verdict';

/** What an answer says of the key, before evidence is attached. `as-type` leaves the decision to the error's bare type. */
export type Decision = { readonly blocked: BlockedReason } | { readonly unknown: UnknownReason } | 'as-type';

/** Why an answer says nothing of the key. Each has its sentence in `advice.ts`. */
export type UnknownReason =
  | 'network'
  | 'dns'
  | 'tls'
  | 'timeout'
  | 'unreadable-body'
  | 'no-time-left'
  | 'not-anthropic'
  | 'unexpected-success'
  | 'unclear-401'
  | 'unclear-403'
  | 'sandbox'
  | 'request-refused'
  | 'not-found'
  | 'unclear-status'
  | 'server-trouble'
  | 'overloaded'
  | 'encryption-trouble';

const blocked = (reason: BlockedReason): Decision => ({ blocked: reason });

const unknown = (reason: UnknownReason): Decision => ({ unknown: reason });

/** Error codes that say something of the key, under the status they come with. Under another status the bare type decides. */
export const DECISIVE: Readonly<Record<string, Decision>> = {
  '400 organization_on_hold': blocked('organization'),
  '400 claude_code_key_creator_not_member': blocked('owner'),
  '400 cmek_key_disabled': blocked('workspace-config'),
  '400 cmek_key_network_blocked': blocked('workspace-config'),
  '400 cmek_feature_unsupported': blocked('workspace-config'),
  '400 user_profile_required': blocked('workspace-config'),
  '400 user_profile_not_found': blocked('workspace-config'),
  '402 linked_organization_billing_unavailable': blocked('billing'),
  '402 linked_organization_spend_limit_reached': blocked('billing'),
  '403 user_profile_billing_not_authorized': blocked('permission'),
  '403 user_profile_not_billable': blocked('permission'),
  '403 sandbox_egress_restricted': unknown('sandbox'),
  '429 enforced_spend_limit_reached': blocked('spend-limit'),
  '429 contract_spend_limit_reached': blocked('spend-limit'),
  '429 ramp_limit_exceeded': blocked('rate-limit'),
  '503 cmek_context_unavailable': unknown('encryption-trouble'),
  '503 cmek_key_unreachable': unknown('encryption-trouble'),
};

/** What an `error.details.error_code` decides under its status; a code that nobody knows is judged by its bare type. */
export function decideCode(status: number, code: string | undefined): Decision {
  return DECISIVE[`${status} ${code}`] ?? 'as-type';
}

/** One sentence per outcome, for humans: what to do. No text of a server is ever part of it. */
const ADVICE: Readonly<Record<'ALIVE' | 'DEAD' | BlockedReason | UnknownReason, string>> = {
  ALIVE: 'Nothing to do: the key works.',
  DEAD: 'Put in a new key: Anthropic no longer accepts this one, because it was disabled, revoked or has expired.',
  organization:
    'Ask an owner of the organization to sign in to the Claude Console and settle its status with Anthropic: the organization is on hold or disabled, and no key of it will work.',
  owner:
    'Create a key that belongs to a service account or workspace and submit it: the person who created this one is no longer a member.',
  'workspace-config':
    'Check the workspace of this key in the Claude Console (its encryption key, its user profiles, and whether the key is scoped to one workspace): the key is valid, its workspace refuses the request.',
  billing:
    'Ask a billing administrator to add credit or a payment method in the Claude Console under Billing: the key is valid, the organization cannot be billed.',
  'spend-limit':
    'Raise the spend limit in the Claude Console under Limits, or wait until it resets: the key is valid, the limit is reached.',
  permission:
    'Check what this key and its owner may do in the Claude Console: the key is valid, the request was not permitted.',
  'ip-allowlist':
    'Add the address from which the request came to the IP allowlist in the Claude Console: the key is valid, the address is not allowed.',
  model:
    'Set a probe model that this workspace may use: the key is valid, and none of the models that were tried is available to it.',
  'rate-limit':
    'Nothing to do now: the key is valid and its rate limit is reached, so it is asked again later.',
  network:
    'Check the network path from the function to Anthropic: no connection came about, which says nothing of the key.',
  dns: 'Check name resolution from the function: the address of Anthropic was not found, which says nothing of the key.',
  tls: 'Check the certificate or the intercepting proxy between the function and Anthropic: no trusted connection came about, which says nothing of the key.',
  timeout: 'Wait for the next check, and look at the network path if it repeats: no answer came in time.',
  'unreadable-body':
    'Wait for the next check, and look for a proxy on the way if it repeats: the answer broke off or was damaged.',
  'no-time-left': 'Wait for the next check: there was no time left to ask in this run.',
  'not-anthropic':
    'Look for a proxy, gateway or captive page on the way: the answer is not one that Anthropic gives.',
  'unexpected-success':
    'Look for a proxy or gateway on the way: a success came without the answer that was asked for.',
  'unclear-401':
    'Look for a proxy or gateway on the way: an authentication was refused, but not in the way in which Anthropic refuses a dead key.',
  'unclear-403': 'Look for a proxy or firewall on the way: access was refused, but not by Anthropic.',
  sandbox:
    'Run the check from outside of the restricted sandbox: the request was refused because of where it came from.',
  'request-refused':
    'Upgrade this program or report the fault: Anthropic refused the request that it makes, which says nothing of the key.',
  'not-found':
    'Check the base URL, and look at the key in the Claude Console if it repeats: the answer was a plain "not found", from which nothing is concluded.',
  'unclear-status': 'Wait for the next check: Anthropic answered in a way that says nothing of the key.',
  'server-trouble':
    'Wait for the next check, and see status.claude.com if it repeats: Anthropic or something on the way is in trouble.',
  overloaded: 'Wait for the next check: Anthropic is overloaded.',
  'encryption-trouble':
    "Wait for the next check, and look at the workspace's own encryption key if it repeats: it could not be reached.",
};

/** The sentence that tells a human what to do about an outcome. */
export const advise = (outcome: keyof typeof ADVICE): string => ADVICE[outcome];
