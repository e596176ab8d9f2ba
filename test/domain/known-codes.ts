import { DECISIVE } from '../../lib/domain/probe/outcomes';

/** Codes of requests that a probe never makes, or that say no more than their type. Listed so that a new code is noticed. */
const AS_TYPE: ReadonlySet<string> = new Set(
  `
  already_member api_key_scope_missing available_tools_limit_exceeded bundle_attachment_not_supported bundle_on_call
  cannot_invite_emails_with_unverified_domains cannot_remove_last_member cannot_sign_out_managed_member
  cannot_sign_out_membership_admin cannot_sign_out_owner cannot_sign_out_primary_owner cannot_sign_out_privileged_member
  cannot_sign_out_self claude_code_version_too_old claude_tag_writes_not_enabled compaction_block_ambiguous
  compaction_block_misplaced compaction_content_mismatch compaction_incomplete_turn compaction_nothing_to_summarize
  compaction_signature_invalid compaction_too_many_tool_references compaction_tool_changes_mismatch compaction_unavailable
  compliance_configuration_restricted concurrent_membership_change email_domain_not_allowed environment_archived
  environment_create_disabled environment_not_found environment_update_disabled external_key_changed
  external_key_in_workspace_policy external_key_validation_failed external_key_validation_timed_out file_expired
  file_not_downloadable heartbeat_precondition_failed invalid_config_type_change invalid_metadata invite_already_exists
  key_profile_mismatch org_api_key_limit_exceeded org_member_limit_exceeded organization_level_scoped_api_key_required
  organization_not_enrolled_in_beta organization_type_not_supported parent_organization_required plugin_name_taken
  rbac_group_grants_owner_access rbac_group_managed_settings_not_found rbac_group_not_found
  rbac_group_order_limit_exceeded rbac_group_owner_access_unconfirmed rbac_role_not_found registration_pending
  request_body_encoding_invalid request_body_encoding_unsupported request_body_timeout
  request_body_too_large_after_decoding scan_failed scan_pending settings_document_limit_exceeded
  settings_history_limit_exceeded skill_name_taken skill_read_blocked_undecryptable
  slack_channel_set_up_environment_not_found slack_channel_set_up_settings_conflict
  slack_channel_set_up_settings_refused spend_limits_admin_api_writes_not_enabled storage_quota_exceeded
  thread_already_continued thread_continue_in_flight thread_fingerprint_mismatch thread_not_found
  thread_unsupported_request tool_name_conflict tool_reference_unresolved unsupported_charset
  workspace_api_key_limit_exceeded workspace_member_limit_exceeded workspace_policy_violation
  `
    .trim()
    .split(/\s+/),
);

/** Whether somebody has decided on this code. A test asks for every code that the SDK declares. */
export function isKnownCode(code: string, status?: number): boolean {
  const decided = Object.keys(DECISIVE).filter((row) => row.endsWith(` ${code}`));
  if (decided.length === 0) return AS_TYPE.has(code);
  return status === undefined || decided.includes(`${status} ${code}`);
}
