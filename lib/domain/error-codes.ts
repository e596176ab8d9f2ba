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
