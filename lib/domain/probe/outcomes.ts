/** What is known of one outcome. */
interface Outcome {
  /** One sentence for people: what to do. No text of a server is ever part of it. */
  readonly advice: string;
  /** Statuses with Anthropic's `error_code` that mean it. Under another status the bare type of the error decides. */
  readonly codes?: readonly string[];
}

/** Why a key that authenticates can't be used right now: the key is not dead. Source: docs/anthropic.md. */
const BLOCKED = {
  organization: {
    advice:
      'Ask an owner of the organization to sign in to the Claude Console and settle its status with Anthropic: the organization is on hold or disabled, and no key of it will work.',
    codes: ['400 organization_on_hold'],
  },
  owner: {
    advice:
      'Create a key that belongs to a service account or workspace and submit it: the person who created this one is no longer a member.',
    codes: ['400 claude_code_key_creator_not_member'],
  },
  'workspace-config': {
    advice:
      'Check the workspace of this key in the Claude Console (its encryption key, its user profiles, and whether the key is scoped to one workspace): the key is valid, its workspace refuses the request.',
    codes: [
      '400 cmek_key_disabled',
      '400 cmek_key_network_blocked',
      '400 cmek_feature_unsupported',
      '400 user_profile_required',
      '400 user_profile_not_found',
    ],
  },
  billing: {
    advice:
      'Ask a billing administrator to add credit or a payment method in the Claude Console under Billing: the key is valid, the organization cannot be billed.',
    codes: ['402 linked_organization_billing_unavailable', '402 linked_organization_spend_limit_reached'],
  },
  'spend-limit': {
    advice:
      'Raise the spend limit in the Claude Console under Limits, or wait until it resets: the key is valid, the limit is reached.',
    codes: ['429 enforced_spend_limit_reached', '429 contract_spend_limit_reached'],
  },
  permission: {
    advice:
      'Check what this key and its owner may do in the Claude Console: the key is valid, the request was not permitted.',
    codes: ['403 user_profile_billing_not_authorized', '403 user_profile_not_billable'],
  },
  'ip-allowlist': {
    advice:
      'Add the address from which the request came to the IP allowlist in the Claude Console: the key is valid, the address is not allowed.',
  },
  model: {
    advice:
      'Set a probe model that this workspace may use: the key is valid, and none of the models that were tried is available to it.',
  },
  'rate-limit': {
    advice: 'Nothing to do now: the key is valid and its rate limit is reached, so it is asked again later.',
    codes: ['429 ramp_limit_exceeded'],
  },
} as const satisfies Readonly<Record<string, Outcome>>;

/** Why an answer says nothing of the key. */
const UNKNOWN = {
  network: {
    advice:
      'Check the network path from the function to Anthropic: no connection came about, which says nothing of the key.',
  },
  dns: {
    advice:
      'Check name resolution from the function: the address of Anthropic was not found, which says nothing of the key.',
  },
  tls: {
    advice:
      'Check the certificate or the intercepting proxy between the function and Anthropic: no trusted connection came about, which says nothing of the key.',
  },
  timeout: {
    advice: 'Wait for the next check, and look at the network path if it repeats: no answer came in time.',
  },
  'unreadable-body': {
    advice:
      'Wait for the next check, and look for a proxy on the way if it repeats: the answer broke off or was damaged.',
  },
  'no-time-left': { advice: 'Wait for the next check: there was no time left to ask in this run.' },
  'not-anthropic': {
    advice:
      'Look for a proxy, gateway or captive page on the way: the answer is not one that Anthropic gives.',
  },
  'unexpected-success': {
    advice: 'Look for a proxy or gateway on the way: a success came without the answer that was asked for.',
  },
  'unclear-401': {
    advice:
      'Look for a proxy or gateway on the way: an authentication was refused, but not in the way in which Anthropic refuses a dead key.',
  },
  'unclear-403': {
    advice: 'Look for a proxy or firewall on the way: access was refused, but not by Anthropic.',
  },
  sandbox: {
    advice:
      'Run the check from outside of the restricted sandbox: the request was refused because of where it came from.',
    codes: ['403 sandbox_egress_restricted'],
  },
  'request-refused': {
    advice:
      'Upgrade this program or report the fault: Anthropic refused the request that it makes, which says nothing of the key.',
  },
  'not-found': {
    advice:
      'Check the base URL, and look at the key in the Claude Console if it repeats: the answer was a plain "not found", from which nothing is concluded.',
  },
  'unclear-status': {
    advice: 'Wait for the next check: Anthropic answered in a way that says nothing of the key.',
  },
  'server-trouble': {
    advice:
      'Wait for the next check, and see status.claude.com if it repeats: Anthropic or something on the way is in trouble.',
  },
  overloaded: { advice: 'Wait for the next check: Anthropic is overloaded.' },
  'encryption-trouble': {
    advice:
      "Wait for the next check, and look at the workspace's own encryption key if it repeats: it could not be reached.",
    codes: ['503 cmek_context_unavailable', '503 cmek_key_unreachable'],
  },
  'unconfirmed-401': { advice: 'One 401 proves nothing yet; the next check asks twice.' },
} as const satisfies Readonly<Record<string, Outcome>>;

const SETTLED = {
  ALIVE: { advice: 'Nothing to do: the key works.' },
  DEAD: {
    advice:
      'Put in a new key: Anthropic no longer accepts this one, because it was disabled, revoked or has expired.',
  },
} as const satisfies Readonly<Record<string, Outcome>>;

export type BlockedReason = keyof typeof BLOCKED;
export type UnknownReason = keyof typeof UNKNOWN;

/** Whether a word, such as one from a tag, is a reason of a block that this release knows. */
export const isBlockedReason = (word: string): word is BlockedReason => Object.hasOwn(BLOCKED, word);

const ALL: Readonly<Record<keyof typeof SETTLED | BlockedReason | UnknownReason, Outcome>> = {
  ...SETTLED,
  ...BLOCKED,
  ...UNKNOWN,
};

/** The sentence that tells a human what to do about an outcome. */
export const advise = (outcome: keyof typeof ALL): string => ALL[outcome].advice;

/** What an answer says of the key, before evidence is attached. `as-type` leaves the decision to the error's bare type. */
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
  const reasons = Object.keys(outcomes) as R[];
  return reasons.flatMap((reason) =>
    (outcomes[reason].codes ?? []).map((code) => [code, decision(reason)] as const),
  );
}

/** What an `error.details.error_code` decides under its status; a code that nobody knows is judged by its bare type. */
export function decideCode(status: number, code: string | undefined): Decision {
  return DECISIVE[`${status} ${code}`] ?? 'as-type';
}
