import { administration } from './administration';
import { type ErrorAnswer, Refused, TROUBLE } from './answers';
import type { Administrator, Caller, FakeOrganization, FakeRequest } from './fake-organization';
import { inference } from './inference';
import type { FakeKey } from './keys';

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** What Anthropic answers to a request. `scripted` replaces the answer of a caller that was let in. */
export function reply(fake: FakeOrganization, request: FakeRequest, scripted?: ErrorAnswer): Reply {
  const of = fake.keys.find(request.credential)?.id ?? request.path;
  const headers: Record<string, string> = { 'request-id': `req_${fake.nextId(of)}` };
  if (request.path === '/v1/oauth/token') return { headers, ...fake.tokens.exchange(request.body) };
  try {
    return { status: 200, headers, body: handle(fake, request, headers, scripted) };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return errorReply(error.answer, headers);
  }
}

/** Fills in the headers as far as the caller was recognised: the workspace header comes with a good key only. */
function handle(
  fake: FakeOrganization,
  request: FakeRequest,
  headers: Record<string, string>,
  scripted: ErrorAnswer | undefined,
): unknown {
  if (/^\/v1\/(organizations|compliance)\//.test(request.path)) {
    const by = admit(fake, request);
    headers['anthropic-organization-id'] = fake.organization.id;
    if (scripted) throw new Refused(scripted);
    return administration(fake, request, by);
  }
  const caller = authenticate(fake, request);
  headers['anthropic-organization-id'] = fake.organization.id;
  headers['anthropic-workspace-id'] = caller.key.workspace;
  const trouble = scripted ?? troubleOf(fake, caller);
  if (trouble?.status === 401) delete headers['anthropic-workspace-id'];
  if (trouble) throw new Refused(trouble);
  return inference(fake, request, caller);
}

/** Lets a key in to inference. */
function authenticate(fake: FakeOrganization, request: FakeRequest): Caller {
  const key = fake.keys.find(request.credential);
  if (!key || !fake.keys.isAccepted(key) || isOrphan(fake, key)) throw new Refused(refusal(fake));
  if (key.scope === 'organization' && !request.headers['anthropic-workspace-id']) {
    throw new Refused(TROUBLE['workspace-header-required']);
  }
  return { key };
}

/** A key ends with its workspace, and a personal one with its person. Its record says nothing of that. */
const isOrphan = ({ directory }: FakeOrganization, { scope, workspace, principal }: FakeKey) =>
  (scope === 'workspace' && directory.isArchived(workspace)) ||
  (principal !== null && directory.hasLeft(principal));

/** The answer to a dead key, with what may or may not belong to it. */
function refusal({ manner, organization }: FakeOrganization): ErrorAnswer {
  const { namesOrganization, errorCode, headers } = manner;
  return {
    ...TROUBLE['invalid-key'],
    ...(errorCode && { details: { error_code: errorCode } }),
    headers: { ...(namesOrganization && { 'anthropic-organization-id': organization.id }), ...headers },
  };
}

/** Lets an admin key or a federated access token in to administration. */
function admit(fake: FakeOrganization, { credential, headers }: FakeRequest): Administrator {
  const byKey = fake.adminKeys.get(credential);
  if (byKey) return byKey;
  const rule = fake.tokens.ruleOf(credential);
  const { scope = 'org:admin', serviceAccountId = '' } = rule ?? {};
  if (rule && String(headers['anthropic-beta'] ?? '').includes('oauth-2025-04-20')) {
    if (!scope.split(' ').includes('org:admin')) throw new Refused(TROUBLE.permission);
    return { kind: 'service-account', id: serviceAccountId };
  }
  throw new Refused(fake.keys.find(credential) ? TROUBLE.permission : TROUBLE['invalid-key']);
}

function troubleOf(fake: FakeOrganization, { key }: Caller): ErrorAnswer | undefined {
  return [...fake.troubles].find(
    ({ keyId, workspace }) => (keyId ?? key.id) === key.id && (workspace ?? key.workspace) === key.workspace,
  )?.answer;
}

function errorReply(error: ErrorAnswer, headers: Record<string, string>): Reply {
  const { status, type, message, details } = error;
  const body = {
    type: 'error',
    error: { type, message, ...(details && { details }) },
    request_id: headers['request-id'],
  };
  return { status, headers: { ...headers, ...error.headers }, body };
}
