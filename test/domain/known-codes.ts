import { DECISIVE } from '../../lib/domain/probe/outcomes';

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/**
 * The SDK names these for calls that we make, but they are about parts that our requests lack (images, tools, threads, compaction), or they say no
 * more of a key than their type. The two limits of active keys are answers to switching a key on: `lib/adapters/anthropic-admin.ts`.
 */
export const AS_TYPE = words(`
  available_tools_limit_exceeded claude_code_version_too_old compaction_block_ambiguous compaction_block_misplaced
  compaction_content_mismatch compaction_incomplete_turn compaction_nothing_to_summarize compaction_signature_invalid
  compaction_too_many_tool_references compaction_tool_changes_mismatch compaction_unavailable
  image_dimensions_too_large org_api_key_limit_exceeded request_body_encoding_invalid
  request_body_encoding_unsupported request_body_too_large_after_decoding skill_read_blocked_undecryptable
  thread_already_continued thread_continue_in_flight thread_fingerprint_mismatch thread_not_found
  thread_unsupported_request tool_name_conflict tool_reference_unresolved workspace_api_key_limit_exceeded
`);

/** No call of ours can be answered so: the SDK names them for other calls only. Listed so that a new code is noticed. */
export const NEVER_OURS = words(`
  already_member api_key_scope_missing approval_required authorization_check_unavailable
  bundle_attachment_not_supported bundle_on_call cannot_invite_emails_with_unverified_domains
  cannot_remove_last_member cannot_sign_out_managed_member cannot_sign_out_membership_admin cannot_sign_out_owner
  cannot_sign_out_primary_owner cannot_sign_out_privileged_member cannot_sign_out_self change_outcome_unknown
  claude_tag_writes_not_enabled cmek_not_approved compliance_configuration_restricted concurrent_membership_change
  email_domain_not_allowed environment_archived environment_create_disabled environment_not_found
  environment_update_disabled external_key_changed external_key_in_workspace_policy external_key_not_found
  external_key_provider_mismatch external_key_validation_failed external_key_validation_timed_out
  external_storage_in_use external_storage_in_workspace_policy external_storage_not_available file_expired
  file_not_downloadable gcp_project_controlled_by_another_organization gcp_project_not_verified grant_required
  heartbeat_precondition_failed human_review_not_available human_review_on_with_external_storage
  invalid_config_type_change invalid_metadata invalid_storage_arn invite_already_exists key_profile_mismatch
  org_member_limit_exceeded organization_level_scoped_api_key_required organization_not_eligible
  organization_not_enrolled_in_beta organization_type_not_supported parent_organization_required plugin_name_taken
  provider_not_allowed rbac_group_grants_owner_access rbac_group_managed_settings_not_found rbac_group_not_found
  rbac_group_order_limit_exceeded rbac_group_owner_access_unconfirmed rbac_role_not_found region_not_supported
  registration_pending request_body_timeout scan_failed scan_pending settings_document_limit_exceeded
  settings_history_limit_exceeded skill_name_taken slack_channel_set_up_environment_not_found
  slack_channel_set_up_settings_conflict slack_channel_set_up_settings_refused
  spend_limits_admin_api_writes_not_enabled storage_already_registered storage_attach_limit_reached
  storage_attached_during_archive storage_changed_concurrently storage_in_use storage_not_approved
  storage_not_attachable storage_profile_mismatch storage_profile_still_required storage_quota_exceeded
  storage_verification_failed transcripts_storage_required unsupported_charset unsupported_region
  workspace_changed_concurrently workspace_created_incomplete workspace_member_limit_exceeded
  workspace_policy_violation
`);

/** Whether somebody has decided on this code. A test asks for every code that the SDK declares. */
export function isKnownCode(code: string, status?: number): boolean {
  const decided = Object.keys(DECISIVE).filter((row) => row.endsWith(` ${code}`));
  if (decided.length === 0) return AS_TYPE.has(code) || NEVER_OURS.has(code);
  return status === undefined || decided.includes(`${status} ${code}`);
}
