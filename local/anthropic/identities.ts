import type { PageCursorResponse } from '@anthropic-ai/sdk/core/pagination';
import type { FederationIssuer } from '@anthropic-ai/sdk/resources/organization/federation/issuers';
import type {
  FederationRule,
  FederationRuleMatch,
} from '@anthropic-ai/sdk/resources/organization/federation/rules';
import type {
  ServiceAccount,
  ServiceAccountWorkspaceMember,
} from '@anthropic-ai/sdk/resources/organization/service-accounts';
import type { Clock } from '../../lib/workflows/ports';
import { badRequest, Refused } from './answers';
import { pageByToken } from './pages';

export interface NewServiceAccount {
  readonly id?: string;
  readonly name: string;
  /** @default 'developer' */
  readonly role?: ServiceAccount['organization_role'];
  /** Where it is a member beside the default workspace. @default nowhere */
  readonly workspaces?: readonly string[];
}

export interface NewIssuer {
  readonly name: string;
  readonly url: string;
}

export interface NewRule {
  readonly name: string;
  readonly issuerId: string;
  readonly serviceAccountId: string;
  readonly match: FederationRuleMatch;
  /** @default 'workspace:inference' */
  readonly scope?: string;
  /** @default none */
  readonly workspaces?: readonly string[] | 'all';
}

const PATH = '/v1/organizations';

/** What is listed of Workload Identity Federation. What the token exchange takes is told to it separately. */
export class Identities {
  readonly #accounts: ServiceAccount[] = [];
  readonly #memberships = new Map<string, readonly string[]>();
  readonly #issuers: FederationIssuer[] = [];
  readonly #rules: FederationRule[] = [];

  constructor(
    private readonly clock: Clock,
    private readonly nextId: (of: string) => string,
    private readonly defaultWorkspace: string,
  ) {}

  addServiceAccount({ id, name, role = 'developer', workspaces = [] }: NewServiceAccount): string {
    const account: ServiceAccount = {
      ...this.#common(id ?? `svac_${this.nextId('service-account')}`, name),
      type: 'service_account',
      description: null,
      organization_role: role,
    };
    this.#accounts.push(account);
    this.#memberships.set(account.id, workspaces);
    return account.id;
  }

  addIssuer({ name, url }: NewIssuer): string {
    const issuer: FederationIssuer = {
      ...this.#common(`fdis_${this.nextId('issuer')}`, name),
      type: 'federation_issuer',
      check_jti: true,
      issuer_url: url,
      jwks: { type: 'discovery' },
      jwks_polling_disabled_at: null,
      max_jwt_lifetime_seconds: 3600,
      poll_status: null,
    };
    this.#issuers.push(issuer);
    return issuer.id;
  }

  addRule({ name, issuerId, serviceAccountId, match, scope, workspaces = [] }: NewRule): string {
    const rule: FederationRule = {
      ...this.#common(`fdrl_${this.nextId('rule')}`, name),
      type: 'federation_rule',
      applies_to_all_workspaces: workspaces === 'all',
      description: null,
      issuer_id: issuerId,
      issuer_name: this.#issuers.find(({ id }) => id === issuerId)?.name ?? null,
      match,
      oauth_scope: scope ?? 'workspace:inference',
      target: { type: 'service_account', service_account_id: serviceAccountId },
      token_lifetime_seconds: 3600,
      workspace_ids: workspaces === 'all' ? [] : [...workspaces],
    };
    this.#rules.push(rule);
    return rule.id;
  }

  /** Archives a service account, an issuer or a rule. */
  archive(id: string): void {
    const found = [...this.#accounts, ...this.#issuers, ...this.#rules].find((one) => one.id === id);
    if (!found) throw new Error(`The fake Anthropic has no ${id}.`);
    found.archived_at ??= this.clock.now().toISOString();
  }

  /** The listing at a path; undefined if there is none. */
  list(path: string, query: URLSearchParams): PageCursorResponse<object> | undefined {
    const newest = <T extends { archived_at: string | null }>(all: readonly T[]) =>
      pageByToken(
        all.filter(({ archived_at }) => query.get('include_archived') === 'true' || !archived_at).reverse(),
        query,
      );
    if (path === `${PATH}/service_accounts`) return newest(this.#accounts);
    if (path === `${PATH}/federation_issuers`) return newest(this.#issuers);
    if (path === `${PATH}/federation_rules`) {
      const issuer = query.get('issuer_id');
      return newest(this.#rules.filter(({ issuer_id }) => !issuer || issuer_id === issuer));
    }
    const account = /^\/v1\/organizations\/service_accounts\/([\w-]+)\/workspaces$/.exec(path)?.[1];
    return account === undefined ? undefined : pageByToken(this.#workspacesOf(account), query);
  }

  #workspacesOf(id: string): readonly ServiceAccountWorkspaceMember[] {
    const account = this.#accounts.find((one) => one.id === id);
    if (!account)
      throw new Refused({ status: 404, type: 'not_found_error', message: 'Service account not found' });
    if (account.archived_at) return [];
    const explicit = this.#memberships.get(id) ?? [];
    const member = (workspace_id: string, implicit: boolean): ServiceAccountWorkspaceMember => ({
      type: 'service_account_workspace_member',
      created_by_actor_id: implicit ? null : 'user_01Console',
      implicit,
      service_account_id: id,
      workspace_id,
      workspace_role: implicit ? 'workspace_user' : 'workspace_developer',
    });
    const isExplicit = explicit.includes(this.defaultWorkspace);
    return [
      ...(isExplicit ? [] : [member(this.defaultWorkspace, true)]),
      ...explicit.map((workspace) => member(workspace, false)),
    ];
  }

  #common(id: string, name: string) {
    if (!/^[a-z0-9-]+$/.test(name)) throw new Refused(badRequest('name: lowercase, digits and hyphens only'));
    const now = this.clock.now().toISOString();
    return {
      id,
      name,
      archived_at: null,
      archived_by_actor_id: null,
      created_at: now,
      created_by_actor_id: 'user_01Console',
      updated_at: now,
      updated_by_actor_id: null,
    };
  }
}
