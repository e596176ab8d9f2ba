import type { PageResponse } from '@anthropic-ai/sdk/core/pagination';
import type { APIKey } from '@anthropic-ai/sdk/resources/organization/api-keys';
import { badRequest, Refused, TROUBLE } from './answers';
import { actorOfAdministrator, changeStatus } from './change-key';
import type { Administrator, FakeOrganization, FakeRequest } from './fake-organization';
import type { FakeKey, KeyStatus } from './keys';
import { pageAfterId } from './pages';

const ORGANIZATION = '/v1/organizations';
const KEYS = `${ORGANIZATION}/api_keys`;

/** `/v1/organizations/…` and `/v1/compliance/…` for a caller with administrative rights. */
export function administration(fake: FakeOrganization, request: FakeRequest, by: Administrator): unknown {
  const { method, path, query } = request;
  const listing = method === 'GET' ? readings(fake, by)[path]?.(query) : undefined;
  if (listing) return listing;
  if (isFederation(path)) return federation(fake, request, by);
  const key = path.startsWith(`${KEYS}/`) ? fake.keys.find(path.slice(KEYS.length + 1)) : undefined;
  if (!key) throw new Refused({ status: 404, type: 'not_found_error', message: 'API key not found' });
  if (method === 'GET') return record(fake, key);
  if (method === 'POST') return update(fake, key, request.body as { status?: KeyStatus }, by);
  throw new Refused(TROUBLE['not-found']);
}

const readings = (
  fake: FakeOrganization,
  by: Administrator,
): Readonly<Record<string, (query: URLSearchParams) => object>> => ({
  [`${ORGANIZATION}/me`]: () => ({ type: 'organization', ...fake.organization }),
  [`${ORGANIZATION}/analytics/usage`]: (query) => fake.usage.report(query),
  [`${ORGANIZATION}/usage_report/messages`]: (query) =>
    fake.usage.messages(query, fake.directory.defaultWorkspace),
  [`${ORGANIZATION}/users`]: (query) => pageAfterId(fake.directory.members(), query),
  [`${ORGANIZATION}/workspaces`]: (query) => pageAfterId(fake.directory.workspaces(query), query),
  [KEYS]: (query) => keys(fake, query),
  '/v1/compliance/activities': (query) =>
    fake.activity.page(query, by.kind === 'admin-key' ? { adminKeySince: by.createdAt } : {}),
});

const isFederation = (path: string) => /^\/v1\/organizations\/(service_accounts|federation_)/.test(path);

/** Service accounts, issuers and rules: no Admin key may list them, and nothing here can be changed. */
function federation(fake: FakeOrganization, { method, path, query }: FakeRequest, by: Administrator): object {
  if (by.kind === 'admin-key') throw new Refused(TROUBLE.permission);
  const listing = method === 'GET' ? fake.identities.list(path, query) : undefined;
  if (listing) return listing;
  throw new Refused(TROUBLE['not-found']);
}

function keys(fake: FakeOrganization, query: URLSearchParams): PageResponse<APIKey> {
  const workspace = query.get('workspace_id');
  const status = query.get('status');
  const all = fake.keys
    .all()
    .filter((key) => !workspace || (key.scope === 'workspace' && key.workspace === workspace))
    .filter((key) => !status || fake.keys.status(key) === status);
  const { data, ...page } = pageAfterId(all, query);
  return { ...page, data: data.map((key) => record(fake, key)) };
}

function update(
  fake: FakeOrganization,
  key: FakeKey,
  change: { status?: KeyStatus },
  by: Administrator,
): APIKey {
  const { status } = change;
  if (status === undefined) return record(fake, key);
  if (status === 'expired') throw bad('status: Input should be active, inactive or archived');
  const now = fake.keys.status(key);
  if (now === 'archived' && status !== 'archived') throw bad('An archived API key cannot be changed.');
  if (now === 'expired' && status === 'active') throw bad('An expired API key cannot be activated.');
  if (status === 'active' && now !== 'active' && fake.keyLimit)
    throw new Refused(badRequest('The limit of active API keys is reached.', fake.keyLimit));
  changeStatus(fake, key, status, actorOfAdministrator(by));
  return record(fake, key);
}

function record(fake: FakeOrganization, key: FakeKey): APIKey {
  const { createdBy, principal } = key;
  return {
    type: 'api_key',
    id: key.id,
    name: key.name,
    status: fake.keys.status(key),
    created_at: key.createdAt.toISOString(),
    created_by:
      createdBy === null
        ? null
        : {
            id: createdBy,
            type: isServiceAccount(createdBy) ? 'service_account' : 'user',
          },
    expires_at: key.expiresAt?.toISOString() ?? null,
    partial_key_hint: key.hint,
    principal: principal === null ? null : principalOf(principal),
    scope:
      key.scope === 'workspace'
        ? { type: 'workspace', workspace_id: key.workspace }
        : { type: 'organization' },
  };
}

const isServiceAccount = (id: string) => id.startsWith('svac_');

const principalOf = (id: string): NonNullable<APIKey['principal']> =>
  isServiceAccount(id)
    ? { type: 'service_account_actor', service_account_id: id }
    : { type: 'user_actor', user_id: id };

const bad = (message: string) => new Refused(badRequest(message));
