import { Refused, TROUBLE } from './answers';
import type { FakeOrganization, FakeRequest } from './fake-organization';
import type { FakeKey, KeyStatus } from './keys';

const KEYS = '/v1/organizations/api_keys';

/** `/v1/organizations/…` for a caller with administrative rights. */
export function administration(fake: FakeOrganization, request: FakeRequest): unknown {
  const { method, path } = request;
  if (method === 'GET' && path === '/v1/organizations/me')
    return { type: 'organization', ...fake.organization };
  if (method === 'GET' && path === '/v1/organizations/analytics/usage')
    return fake.usage.report(request.query);
  if (method === 'GET' && path === '/v1/organizations/usage_report/messages')
    return fake.usage.messagesReport(request.query);
  if (method === 'GET' && path === KEYS) return list(fake, request.query);
  const key = path.startsWith(`${KEYS}/`) ? fake.keys.find(path.slice(KEYS.length + 1)) : undefined;
  if (!key) throw new Refused({ status: 404, type: 'not_found_error', message: 'API key not found' });
  if (method === 'GET') return record(fake, key);
  if (method === 'POST') return update(fake, key, request.body as { status?: KeyStatus });
  throw new Refused(TROUBLE['not-found']);
}

function list(fake: FakeOrganization, query: URLSearchParams): unknown {
  const workspace = query.get('workspace_id');
  const status = query.get('status');
  const all = fake.keys
    .all()
    .filter((key) => !workspace || (key.scope === 'workspace' && key.workspace === workspace))
    .filter((key) => !status || fake.keys.status(key) === status);
  const after = query.get('after_id');
  const start = after ? all.findIndex(({ id }) => id === after) + 1 : 0;
  const page = all.slice(start, start + Number(query.get('limit') ?? 20));
  return {
    data: page.map((key) => record(fake, key)),
    has_more: start + page.length < all.length,
    first_id: page[0]?.id ?? null,
    last_id: page.at(-1)?.id ?? null,
  };
}

function update(fake: FakeOrganization, key: FakeKey, change: { status?: KeyStatus }): unknown {
  const { status } = change;
  if (status === undefined) return record(fake, key);
  if (status === 'expired') throw bad('status: Input should be active, inactive or archived');
  const now = fake.keys.status(key);
  if (now === 'archived' && status !== 'archived') throw bad('An archived API key cannot be changed.');
  if (now === 'expired' && status === 'active') throw bad('An expired API key cannot be activated.');
  if (status === 'active' && now !== 'active' && fake.keyLimit) {
    throw new Refused({
      status: 400,
      type: 'invalid_request_error',
      message: 'The limit of active API keys is reached.',
      details: { error_code: fake.keyLimit },
    });
  }
  fake.keys.setStatus(key, status);
  return record(fake, key);
}

function record(fake: FakeOrganization, key: FakeKey): unknown {
  return {
    type: 'api_key',
    id: key.id,
    name: key.name,
    status: fake.keys.status(key),
    created_at: key.createdAt.toISOString(),
    created_by: { id: 'user_01Console', type: 'user' },
    expires_at: key.expiresAt?.toISOString() ?? null,
    partial_key_hint: key.hint,
    principal: key.personal ? { type: 'user_actor', user_id: 'user_01Owner' } : null,
    scope:
      key.scope === 'workspace'
        ? { type: 'workspace', workspace_id: key.workspace }
        : { type: 'organization' },
  };
}

const bad = (message: string) => new Refused({ status: 400, type: 'invalid_request_error', message });
