import { APIError } from '@anthropic-ai/sdk/core/error';
import { oidcFederationProvider } from '@anthropic-ai/sdk/lib/credentials/oidc-federation';
import { WorkloadIdentityError } from '@anthropic-ai/sdk/lib/credentials/types';
import { Usage as UsageReports } from '@anthropic-ai/sdk/resources/beta/organization/analytics/usage';
import { type APIKey, APIKeys } from '@anthropic-ai/sdk/resources/organization/api-keys';
import type { OrganizationInfo } from '@anthropic-ai/sdk/resources/organization/organization';
import type { ConsoleRecord } from '../domain/console/record';
import {
  findSpike,
  judgeUsage,
  SPIKE_BASELINE_DAYS,
  type UsageHour,
  type UsageReport,
} from '../domain/console/usage';
import type { ApiKey } from '../domain/key';
import { DAY, MINUTE } from '../domain/time';
import { AdminError } from '../workflows/errors';
import type { AdminApi, AdminFailure, Clock } from '../workflows/ports';
import {
  type AnthropicEndpoint,
  ATTEMPT_TIMEOUT,
  cappedFetch,
  type Fetch,
  SealedClient,
} from './anthropic-client';

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

/** Longest span of a usage report. */
const MAX_REPORT_DAYS = 31;
/** Milliseconds for all pages of a listing. */
const LISTING_TIMEOUT = MINUTE;
/** Bytes of the longest body: a page of a thousand hours of usage. */
const LONGEST_BODY = 1024 * 1024;
const MAX_ATTEMPTS = 3;
const MAX_RECORDS = 50_000;

/** Anthropic's Admin API over the SDK. Create one per run: its access token expires after an hour. */
export function createAdminApi(options: AdminApiOptions): AdminApi {
  const client = new SealedClient(options, LONGEST_BODY, credentialOf(options));
  const keys = new APIKeys(client);
  const limits = (timeout = ATTEMPT_TIMEOUT) => ({ signal: AbortSignal.timeout(timeout) });

  /** Repeats a call that may succeed later. Setting a status twice does no harm. */
  async function retry<T>(call: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await call();
      } catch (error) {
        const failure = adminErrorOf(error);
        if (failure.failure !== 'unavailable' || attempt === MAX_ATTEMPTS) throw failure;
        await options.clock.sleep(1_000 * 2 ** attempt);
      }
    }
  }

  async function records(): Promise<readonly ConsoleRecord[]> {
    return retry(async () => {
      const found: ConsoleRecord[] = [];
      for await (const key of keys.list({ limit: 100 }, limits(LISTING_TIMEOUT))) {
        found.push(toRecord(key));
        if (found.length > MAX_RECORDS)
          throw new AdminError('unavailable', 'The listing of keys does not end.');
      }
      return found;
    });
  }

  async function report(recordId: string, from: Date, to: Date): Promise<UsageReport> {
    return retry(async () => {
      const hours: UsageHour[] = [];
      const params = {
        starting_at: from.toISOString(),
        ending_at: to.toISOString(),
        time_bucket_width: '1h' as const,
        api_key_ids: [recordId],
        group_by: ['api_key_id' as const, 'model' as const],
        order_by: 'time' as const,
        limit: 1000,
      };
      const first = await new UsageReports(client).list(params, limits(LISTING_TIMEOUT));
      for await (const row of first) {
        if (row.group.api_key_id !== recordId) continue;
        // A row means use, even without a number of requests.
        const requests = row.usage.requests ?? 1;
        hours.push({ start: date(row.starting_at), requests, model: row.group.model ?? undefined });
      }
      const refreshedAt = first.data_refreshed_at ? date(first.data_refreshed_at) : undefined;
      return { hours, refreshedAt };
    });
  }

  return {
    records,
    organization: () =>
      retry(async () => {
        const { id, name } = await client.get<OrganizationInfo>('/v1/organizations/me', limits());
        if (typeof id !== 'string') throw new AdminError('unavailable', 'The answer names no organization.');
        return { id, name };
      }),
    setStatus: (id, status) => retry(async () => toRecord(await keys.update(id, { status }, limits()))),
    usage: async (recordId, { from, to }) => {
      const earliest = to.getTime() - MAX_REPORT_DAYS * DAY;
      const start = new Date(Math.max(from.getTime(), earliest));
      return judgeUsage(await report(recordId, start, to), { from: start, to });
    },
    spike: async (recordId, now) => {
      const from = new Date(now.getTime() - (SPIKE_BASELINE_DAYS + 1) * DAY);
      return findSpike(await report(recordId, from, now), now);
    },
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
  return {
    id: key.id,
    name: key.name,
    status,
    createdAt: date(key.created_at),
    ...(key.expires_at && { expiresAt: date(key.expires_at) }),
    personal: key.principal?.type === 'user_actor',
    ...(key.partial_key_hint && { hint: key.partial_key_hint }),
    ...(key.scope?.type === 'workspace' && { workspaceId: key.scope.workspace_id }),
  };
}

function date(text: string): Date {
  const parsed = new Date(text);
  if (Number.isNaN(parsed.getTime()))
    throw new AdminError('unavailable', 'The answer holds an invalid date.');
  return parsed;
}

const LIMITS: readonly string[] = ['org_api_key_limit_exceeded', 'workspace_api_key_limit_exceeded'];

/** Translates any error of the SDK, without any text from the server. */
function adminErrorOf(error: unknown): AdminError {
  if (error instanceof AdminError) return error;
  if (error instanceof WorkloadIdentityError) {
    const { statusCode: status } = error;
    const refused = status !== null && status !== undefined && status >= 400 && status < 500;
    return refused
      ? new AdminError(
          'no-permission',
          `Anthropic did not exchange the identity token (status ${status}): check the federation rule in the Console.`,
        )
      : new AdminError('unavailable', 'The identity token could not be exchanged.');
  }
  if (!(error instanceof APIError) || error.status === undefined)
    return new AdminError('unavailable', "Anthropic's Admin API gave no readable answer.");
  const code =
    typeof error.errorCode === 'string' && /^[a-z_]{1,60}$/.test(error.errorCode) ? error.errorCode : '';
  const failure = failureOf(error.status, code);
  return new AdminError(failure, `${WORDS[failure]} (status ${error.status}${code && `, ${code}`}).`);
}

function failureOf(status: number, code: string): AdminFailure {
  if (LIMITS.includes(code)) return 'limit-reached';
  if (status === 401 || status === 403) return 'no-permission';
  if (status === 404) return 'not-found';
  if (status === 400 || status === 409 || status === 422) return 'refused';
  return 'unavailable';
}

const WORDS: Readonly<Record<AdminFailure, string>> = {
  'limit-reached': 'The organization or workspace has no room for another active key',
  'no-permission': 'Anthropic does not let this credential administer keys',
  'not-found': 'Anthropic knows no such key',
  refused: 'Anthropic refused the change, as it does for a key that is archived or expired',
  unavailable: "Anthropic's Admin API is in trouble",
};
