import { Refused, TROUBLE } from './answers';
import type { FakeKey, KeyStatus } from './keys';
import type { FakeRequest, World } from './world';

const KEYS = '/v1/organizations/api_keys';

/** `/v1/organizations/…` for a caller with administrative rights. */
export function administration(world: World, request: FakeRequest): unknown {
  const { method, path } = request;
  if (method === 'GET' && path === '/v1/organizations/me')
    return { type: 'organization', ...world.organization };
  if (method === 'GET' && path === '/v1/organizations/analytics/usage')
    return world.usage.report(request.query);
  if (method === 'GET' && path === KEYS) return list(world, request.query);
  const key = path.startsWith(`${KEYS}/`) ? world.keys.find(path.slice(KEYS.length + 1)) : undefined;
  if (!key) throw new Refused({ status: 404, type: 'not_found_error', message: 'API key not found' });
  if (method === 'GET') return record(world, key);
  if (method === 'POST') return update(world, key, request.body as { status?: KeyStatus });
  throw new Refused(TROUBLE['not-found']);
}

function list(world: World, query: URLSearchParams): unknown {
  const workspace = query.get('workspace_id');
  const status = query.get('status');
  const all = world.keys
    .all()
    .filter((key) => !workspace || (key.scope === 'workspace' && key.workspace === workspace))
    .filter((key) => !status || world.keys.status(key) === status);
  const after = query.get('after_id');
  const start = after ? all.findIndex(({ id }) => id === after) + 1 : 0;
  const page = all.slice(start, start + Number(query.get('limit') ?? 20));
  return {
    data: page.map((key) => record(world, key)),
    has_more: start + page.length < all.length,
    first_id: page[0]?.id ?? null,
    last_id: page.at(-1)?.id ?? null,
  };
}

function update(world: World, key: FakeKey, change: { status?: KeyStatus }): unknown {
  const { status } = change;
  if (status === undefined) return record(world, key);
  if (status === 'expired') throw bad('status: Input should be active, inactive or archived');
  const now = world.keys.status(key);
  if (now === 'archived' && status !== 'archived') throw bad('An archived API key cannot be changed.');
  if (now === 'expired' && status === 'active') throw bad('An expired API key cannot be activated.');
  if (status === 'active' && now !== 'active' && world.keyLimit) {
    throw new Refused({
      status: 400,
      type: 'invalid_request_error',
      message: 'The limit of active API keys is reached.',
      details: { error_code: world.keyLimit },
    });
  }
  world.keys.setStatus(key, status);
  return record(world, key);
}

function record(world: World, key: FakeKey): unknown {
  return {
    type: 'api_key',
    id: key.id,
    name: key.name,
    status: world.keys.status(key),
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
