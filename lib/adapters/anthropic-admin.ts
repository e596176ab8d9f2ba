import { oidcFederationProvider } from '@anthropic-ai/sdk/lib/credentials/oidc-federation';
import { type APIKey, APIKeys } from '@anthropic-ai/sdk/resources/organization/api-keys';
import type { OrganizationInfo } from '@anthropic-ai/sdk/resources/organization/organization';
import type { ConsoleRecord, Principal } from '../domain/console/record';
import type { ApiKey } from '../domain/key';
import { AdminError } from '../workflows/errors';
import type { AdminApi, Clock } from '../workflows/ports';
import { createCalls, PAGE_SIZE, within } from './anthropic-calls';
import {
  type AnthropicEndpoint,
  ATTEMPT_TIMEOUT,
  cappedFetch,
  type Fetch,
  SealedClient,
} from './anthropic-client';
import { date, id, ifReadable, optional } from './anthropic-shape';
import { readUsage } from './anthropic-usage';
import { onFirstCall } from './on-first-call';

/** How the function with Admin access proves who it is. */
export type AdminCredential =
  | { readonly adminKey: ApiKey }
  | {
      readonly ruleId: string;
      readonly organizationId: string;
      readonly serviceAccountId: string;
      /** Fetches an identity token, e.g. from STS GetWebIdentityToken. */
      readonly identityToken: () => Promise<string>;
    };

export interface AdminApiOptions extends AnthropicEndpoint {
  readonly clock: Clock;
  readonly credential: AdminCredential;
}

/** Bytes of the longest body: a page of a thousand records, members or activities. */
const LONGEST_BODY = 4 * 1024 * 1024;

/** Anthropic's Admin API over the SDK. Create one per run: its access token expires after an hour. */
export function createAdminApi(options: AdminApiOptions): AdminApi {
  const { credential, clock } = options;
  const client = new SealedClient(options, LONGEST_BODY, credentialOf(options));
  const calls = createCalls(client, clock);
  const { retry } = calls;
  const keys = new APIKeys(client);
  // What few requests need is loaded when one asks for it.
  const adminKey = 'adminKey' in credential ? credential.adminKey : undefined;
  const { members, workspaces, federation } = onFirstCall(async () => {
    const { readOrganization } = await import('./anthropic-organization.ts');
    return readOrganization(calls, { federated: !adminKey });
  });
  const { activities } = onFirstCall(async () =>
    (await import('./anthropic-activity.ts')).readActivities(calls, adminKey),
  );
  const { lastUses } = onFirstCall(async () => (await import('./anthropic-last-use.ts')).readLastUses(calls));

  return {
    records: () =>
      calls.all(
        (limits) => keys.list({ limit: PAGE_SIZE }, limits),
        (key) => toRecord(key as APIKey),
      ),
    organization: () =>
      retry(async () => {
        const { id, name } = await client.get<OrganizationInfo>('/v1/organizations/me', within());
        if (typeof id !== 'string') throw new AdminError('unavailable', 'The answer names no organization.');
        return { id, name };
      }),
    setStatus: (id, status) => retry(async () => toRecord(await keys.update(id, { status }, within()))),
    ...readUsage(calls),
    members,
    workspaces,
    federation,
    lastUses,
    activities,
  };
}

function credentialOf({ baseURL, fetch: given, credential }: AdminApiOptions) {
  if ('adminKey' in credential) return { apiKey: async () => credential.adminKey.reveal() };
  const base = cappedFetch(LONGEST_BODY, given);
  // The SDK's token exchange has no timeout.
  const fetch: Fetch = (url, init) => base(url, { ...init, signal: AbortSignal.timeout(ATTEMPT_TIMEOUT) });
  const { ruleId, organizationId, serviceAccountId, identityToken } = credential;
  return {
    credentials: oidcFederationProvider({
      baseURL,
      fetch,
      organizationId,
      serviceAccountId,
      federationRuleId: ruleId,
      identityTokenProvider: identityToken,
    }),
  };
}

const STATUSES = ['active', 'inactive', 'archived', 'expired'] as const;

/** Refuses a malformed record, because destructive steps depend on it. */
function toRecord(key: APIKey): ConsoleRecord {
  const status = STATUSES.find((known) => known === key?.status);
  if (typeof key?.id !== 'string' || status === undefined)
    throw new AdminError('unavailable', 'The answer is not a record of a key.');
  const { created_by: creator, principal } = key;
  return {
    id: key.id,
    name: key.name,
    status,
    createdAt: date(key.created_at),
    ...(key.expires_at && { expiresAt: date(key.expires_at) }),
    personal: principal?.type === 'user_actor',
    ...(key.partial_key_hint && { hint: key.partial_key_hint }),
    ...(key.scope?.type === 'workspace' && { workspaceId: key.scope.workspace_id }),
    ...optional('createdBy', creator && principalOf(creator.type, creator.id)),
    ...optional('principal', principal && principalOf(principal.type, idOf(principal))),
  };
}

const KINDS: Readonly<Record<string, Principal['kind']>> = {
  user: 'user',
  user_actor: 'user',
  service_account: 'service-account',
  service_account_actor: 'service-account',
};

const idOf = (principal: NonNullable<APIKey['principal']>) =>
  principal.type === 'user_actor' ? principal.user_id : principal.service_account_id;

/** Nothing for what is not readable: a record without it is still good enough to act on. */
function principalOf(type: string, itsId: unknown): Principal | undefined {
  const [kind, known] = [KINDS[type], ifReadable(itsId, id)];
  return kind && known ? { kind, id: known } : undefined;
}
