/**
 * What people are to do about an outcome, in one sentence that quotes no server; then each status with Anthropic's `error_code` that means it.
 * Under another status the bare type of the error decides.
 */
type Outcome = string | readonly [advice: string, ...codes: string[]];

/** Why a key that authenticates can't be used right now: the key is not dead. Source: docs/anthropic.md. */
const BLOCKED = {
  organization: [
    'Ask an owner of the organization to sign in to the Claude Console and resolve its status with Anthropic: the organization is on hold or disabled, and none of its keys will work.',
    '400 organization_on_hold',
  ],
  owner: [
    'Create a key that belongs to a service account or workspace and submit it: the person who created this one is no longer a member.',
    '400 claude_code_key_creator_not_member',
  ],
  'workspace-config': [
    'Check the workspace of this key in the Claude Console (its encryption key, its user profiles, its human review, and whether the key is scoped to one workspace): the key is valid, its workspace refuses the request.',
    '400 cmek_key_disabled',
    '400 cmek_key_network_blocked',
    '400 cmek_feature_unsupported',
    '400 user_profile_required',
    '400 user_profile_not_found',
    '400 workspace_human_review_disabled',
  ],
  billing: [
    'Ask a billing administrator to add credit or a payment method in the Claude Console under Billing: the key is valid, the organization cannot be billed.',
    '402 linked_organization_billing_unavailable',
    '402 linked_organization_spend_limit_reached',
  ],
  'spend-limit': [
    'Raise the spend limit in the Claude Console under Limits, or wait until it resets: the key is valid, the limit is reached.',
    '429 enforced_spend_limit_reached',
    '429 contract_spend_limit_reached',
  ],
  permission: [
    'Check what this key and its owner may do in the Claude Console: the key is valid, the request was not permitted.',
    '403 user_profile_billing_not_authorized',
    '403 user_profile_not_billable',
  ],
  'ip-allowlist':
    'Add the address from which the request came to the IP allowlist in the Claude Console: the key is valid, the address is not allowed.',
  model:
    'Set a probe model that this workspace may use: the key is valid, and none of the models that were tried is available to it.',
  'rate-limit': [
    'Nothing to do now: the key is valid and its rate limit is reached, so it is asked again later.',
    '429 ramp_limit_exceeded',
  ],
} as const satisfies Readonly<Record<string, Outcome>>;

/** Why an answer says nothing about the key. */
const UNKNOWN = {
  network:
    'Check the network path from the function to Anthropic: no connection was made, which says nothing about the key.',
  dns: 'Check name resolution from the function: the address of Anthropic was not found, which says nothing about the key.',
  tls: 'Check the certificate or the intercepting proxy between the function and Anthropic: no trusted connection was made, which says nothing about the key.',
  timeout: 'Wait for the next check, and look at the network path if it repeats: no answer came in time.',
  'unreadable-body':
    'Wait for the next check, and look for a proxy on the way if it repeats: the answer was cut off or damaged.',
  'no-time-left': 'Wait for the next check: there was no time left to ask in this run.',
  'not-anthropic':
    'Look for a proxy, gateway or captive page on the way: the answer is not one that Anthropic gives.',
  'unexpected-success':
    'Look for a proxy or gateway on the way: a success came that is not the answer that was asked for, or that nothing shows to be fresh from Anthropic.',
  'unclear-401':
    'Look for a proxy or gateway on the way: an authentication was refused, but not in the way that Anthropic refuses a dead key.',
  'no-credential':
    'Look for a proxy or gateway on the way that removes the Authorization header: the answer says that no key arrived, which says nothing about the key.',
  'vetoed-401':
    'Look at the key in the Claude Console, and for a gateway on the way: the key is refused, but the answer carries a header that speaks against a dead key.',
  'unsigned-401':
    "Look at the key in the Claude Console, and for a gateway on the way: the key is refused, but nothing shows that the refusal is Anthropic's own.",
  'uncontrolled-401':
    'Look at the key in the Claude Console: it is refused, but no other key was accepted beside it, which would show that the refusal is about this key.',
  'unclear-403': 'Look for a proxy or firewall on the way: access was refused, but not by Anthropic.',
  sandbox: [
    'Run the check outside the restricted sandbox: the request was refused because of where it came from.',
    '403 sandbox_egress_restricted',
  ],
  'request-refused':
    'Upgrade this program or report the fault: Anthropic refused its request, which says nothing about the key.',
  'not-found':
    'Check the base URL, and look at the key in the Claude Console if it repeats: the answer was a plain "not found", which proves nothing.',
  'unclear-status': 'Wait for the next check: Anthropic answered in a way that says nothing about the key.',
  'server-trouble':
    'Wait for the next check, and see status.claude.com if it repeats: Anthropic or something on the way is in trouble.',
  overloaded: 'Wait for the next check: Anthropic is overloaded.',
  'encryption-trouble': [
    "Wait for the next check, and look at the workspace's own encryption key if it repeats: it could not be reached.",
    '503 cmek_context_unavailable',
    '503 cmek_key_unreachable',
  ],
  'unconfirmed-401': 'Wait for the next check, which asks twice: one 401 proves nothing yet.',
} as const satisfies Readonly<Record<string, Outcome>>;

export type BlockedReason = keyof typeof BLOCKED;
export type UnknownReason = keyof typeof UNKNOWN;

/** Whether a word, such as one from a tag, is a reason of a block that this release knows. */
export const isBlockedReason = (word: string): word is BlockedReason => Object.hasOwn(BLOCKED, word);

const ALL: Readonly<Record<'ALIVE' | 'DEAD' | BlockedReason | UnknownReason, Outcome>> = {
  ALIVE: 'Nothing to do: the key works.',
  DEAD: 'Put in a new key: Anthropic no longer accepts this one, because it was disabled, revoked or has expired.',
  ...BLOCKED,
  ...UNKNOWN,
};

/** What people are to do about an outcome. */
export const advise = (outcome: keyof typeof ALL): string => [ALL[outcome]].flat()[0]!;

/** What an error code says of the key. `as-type` leaves the decision to the bare type of the error. */
export type Decision = { readonly blocked: BlockedReason } | { readonly unknown: UnknownReason } | 'as-type';

/** Error codes that say something of the key, under the status they come with. */
export const DECISIVE: Readonly<Record<string, Decision>> = Object.fromEntries([
  ...byCode(BLOCKED, (blocked) => ({ blocked })),
  ...byCode(UNKNOWN, (unknown) => ({ unknown })),
]);

function byCode<R extends string>(
  outcomes: Readonly<Record<R, Outcome>>,
  decision: (reason: R) => Decision,
): readonly (readonly [string, Decision])[] {
  const entries = Object.entries(outcomes) as [R, Outcome][];
  return entries.flatMap(([reason, outcome]) => {
    const [, ...codes] = [outcome].flat();
    return codes.map((code) => [code, decision(reason)] as const);
  });
}

/** What an `error.details.error_code` decides under its status; an unknown code decides nothing. */
export function decideCode(status: number, code: string | undefined): Decision {
  return DECISIVE[`${status} ${code}`] ?? 'as-type';
}
