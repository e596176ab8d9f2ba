import type { OrganizationUser } from '@anthropic-ai/sdk/resources/organization/users';
import type { Workspace } from '@anthropic-ai/sdk/resources/organization/workspaces';
import type { Clock } from '../../lib/workflows/ports';

/** Who made a key, where a test doesn't say. */
export const CONSOLE_USER = 'user_01Console';
/** Whose a personal key is, where a test doesn't say. */
export const OWNER = 'user_01Owner';

/** The people and workspaces of an organization. */
export class Directory {
  readonly #members = new Map<string, OrganizationUser>();
  /** Who left: their keys still name them. */
  readonly #left = new Map<string, OrganizationUser>();
  readonly #workspaces = new Map<string, Workspace>();

  constructor(
    private readonly clock: Clock,
    readonly defaultWorkspace: string,
  ) {
    this.addMember({ id: CONSOLE_USER, name: 'Alex Rivera', email: 'alex@example.com' });
    this.addMember({ id: OWNER, name: 'Sam Okafor', email: 'sam@example.com' });
    this.addWorkspace(defaultWorkspace, 'Default');
  }

  addMember({ id, name, email }: { id: string; name: string; email: string }): void {
    const added_at = this.clock.now().toISOString();
    this.#members.set(id, { type: 'user', id, name, email, role: 'developer', added_at });
  }

  removeMember(id: string): void {
    const member = this.#members.get(id);
    if (!member) throw new Error(`The fake Anthropic has no member ${id}.`);
    this.#members.delete(id);
    this.#left.set(id, member);
  }

  hasLeft(id: string): boolean {
    return this.#left.has(id);
  }

  emailOf(id: string): string {
    return (this.#members.get(id) ?? this.#left.get(id))?.email ?? `${id}@example.com`;
  }

  members(): readonly OrganizationUser[] {
    return [...this.#members.values()];
  }

  addWorkspace(id: string, name: string): void {
    this.#workspaces.set(id, {
      type: 'workspace',
      id,
      name,
      archived_at: null,
      compartment_id: `cmpt_${id.slice('wrkspc_'.length)}`,
      created_at: this.clock.now().toISOString(),
      data_residency: {
        allowed_inference_geos: 'unrestricted',
        default_inference_geo: 'global',
        workspace_geo: 'us',
      },
      display_color: '#6C5BB9',
      external_key_id: null,
      tags: {},
      user_profile_id: null,
    });
  }

  /** For ever: its keys stop working at once. */
  archiveWorkspace(id: string): void {
    const workspace = this.#workspaces.get(id);
    if (!workspace) throw new Error(`The fake Anthropic has no workspace ${id}.`);
    workspace.archived_at ??= this.clock.now().toISOString();
  }

  isArchived(id: string): boolean {
    return Boolean(this.#workspaces.get(id)?.archived_at);
  }

  workspaces(query: URLSearchParams): readonly Workspace[] {
    const asked = (name: string) => query.get(name) === 'true';
    return [...this.#workspaces.values()]
      .filter(({ archived_at }) => asked('include_archived') || archived_at === null)
      .filter(({ id }) => asked('include_default') || id !== this.defaultWorkspace);
  }
}
