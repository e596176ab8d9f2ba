import { Issuers } from '@anthropic-ai/sdk/resources/organization/federation/issuers';
import { Rules } from '@anthropic-ai/sdk/resources/organization/federation/rules';
import { ServiceAccounts } from '@anthropic-ai/sdk/resources/organization/service-accounts';
import { Users } from '@anthropic-ai/sdk/resources/organization/users';
import { Workspaces } from '@anthropic-ai/sdk/resources/organization/workspaces';
import type {
  FederationIssuer,
  FederationRule,
  Listing,
  Member,
  ServiceAccount,
  Workspace,
} from '../domain/console/organization';
import { AdminError } from '../workflows/errors';
import type { AdminApi } from '../workflows/ports';
import { type AdminCalls, PAGE_SIZE, type Part, unreadOf } from './anthropic-calls';
import { date, id, list, name, object, optional, text } from './anthropic-shape';

/** Items of a page of service accounts, issuers, rules and memberships, whose greatest page is not documented. */
const SMALL_PAGE = 100;

/** A listing is read whole or not at all: whoever is missing from one would look as if they had left. */
export function readOrganization(
  calls: AdminCalls,
  credential: { readonly federated: boolean },
): Pick<AdminApi, 'members' | 'workspaces' | 'federation'> {
  const { client, all } = calls;

  const listing = <T>(part: Part, read: () => Promise<readonly T[]>): Promise<Listing<T>> =>
    read().then(
      (found) => ({ kind: 'read', all: found }),
      (error) => unreadOf(error, part),
    );

  async function withMemberships(
    accounts: readonly ServiceAccount[],
    targeted: ReadonlySet<string | undefined>,
  ): Promise<readonly ServiceAccount[]> {
    const told: ServiceAccount[] = [];
    for (const account of accounts) {
      const asked = targeted.has(account.id) && account.archivedAt === undefined;
      told.push(asked ? { ...account, workspaceIds: await memberships(account.id) } : account);
    }
    return told;
  }

  const memberships = async (account: string) => {
    const { workspaces } = new ServiceAccounts(client);
    const found = await all(
      (options) => workspaces.list(account, { limit: SMALL_PAGE }, options),
      (member) => ({ id: id(object(member).workspace_id) }),
    );
    return found.map((workspace) => workspace.id);
  };

  async function federation() {
    const query = { limit: SMALL_PAGE, include_archived: true };
    const [accounts, issuers, rules] = await Promise.all([
      all((options) => new ServiceAccounts(client).list(query, options), toServiceAccount),
      all((options) => new Issuers(client).list(query, options), toIssuer),
      all((options) => new Rules(client).list(query, options), toRule),
    ]);
    const inForce = rules.filter(({ archivedAt }) => archivedAt === undefined);
    // One request per account, so only for those that can act.
    const targeted = new Set(inForce.map(({ serviceAccountId }) => serviceAccountId));
    return {
      kind: 'read',
      serviceAccounts: await withMemberships(accounts, targeted),
      issuers,
      rules,
    } as const;
  }

  return {
    members: () =>
      listing({ name: 'members' }, () =>
        all((options) => new Users(client).list({ limit: PAGE_SIZE }, options), toMember),
      ),
    workspaces: () =>
      listing({ name: 'workspaces' }, () => {
        const query = { limit: PAGE_SIZE, include_archived: true, include_default: true };
        return all((options) => new Workspaces(client).list(query, options), toWorkspace);
      }),
    federation: () => federation().catch((error) => unreadOf(error, federationPart(credential.federated))),
  };
}

const federationPart = (federated: boolean): Part => ({
  name: 'service accounts and federation rules',
  takes: federated
    ? 'a federation rule whose scope is org:admin'
    : 'Workload Identity Federation, as Anthropic shows them to no Admin API key',
  missing: federated ? 'not-offered' : 'not-permitted',
});

function toMember(item: unknown): Member {
  const user = object(item);
  return { id: id(user.id), email: name(user.email), name: name(user.name) };
}

function toWorkspace(item: unknown): Workspace {
  const workspace = object(item);
  return {
    id: id(workspace.id),
    name: name(workspace.name),
    ...optional('archivedAt', workspace.archived_at, date),
  };
}

function toServiceAccount(item: unknown): Omit<ServiceAccount, 'workspaceIds'> {
  const account = object(item);
  const role = account.organization_role;
  if (role !== 'admin' && role !== 'developer')
    throw new AdminError('unavailable', 'The answer holds a service account without a known role.');
  return {
    id: id(account.id),
    name: name(account.name),
    role,
    ...optional('archivedAt', account.archived_at, date),
  };
}

function toIssuer(item: unknown): FederationIssuer {
  const issuer = object(item);
  return {
    id: id(issuer.id),
    name: name(issuer.name),
    url: text(issuer.issuer_url),
    ...optional('archivedAt', issuer.archived_at, date),
  };
}

function toRule(item: unknown): FederationRule {
  const rule = object(item);
  const match = object(rule.match);
  const target = object(rule.target);
  return {
    id: id(rule.id),
    name: name(rule.name),
    issuerId: id(rule.issuer_id),
    ...(target.type === 'service_account' && { serviceAccountId: id(target.service_account_id) }),
    workspaces: rule.applies_to_all_workspaces === true ? 'all' : workspacesOf(rule),
    scope: text(rule.oauth_scope),
    ...optional('subject', match.subject_prefix, text),
    ...optional('audience', match.audience, text),
    claims: Object.fromEntries(
      Object.entries(object(match.claims ?? {})).map(([claim, value]) => [claim, text(value)]),
    ),
    ...optional('condition', match.condition, text),
    ...optional('archivedAt', rule.archived_at, date),
  };
}

/** Older rules name a single workspace in a field of its own. */
function workspacesOf({ workspace_ids: ids, workspace_id: single }: Readonly<Record<string, unknown>>) {
  const several = list(ids, id);
  return several.length === 0 && typeof single === 'string' ? [id(single)] : several;
}
