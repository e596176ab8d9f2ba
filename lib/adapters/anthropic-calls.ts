import { APIError } from '@anthropic-ai/sdk/core/error';
import type { AbstractPage } from '@anthropic-ai/sdk/core/pagination';
import { WorkloadIdentityError } from '@anthropic-ai/sdk/lib/credentials/types';
import type { Unread } from '../domain/console/activity';
import { MINUTE } from '../domain/time';
import { AdminError, type AdminErrorAnswer } from '../workflows/errors';
import type { AdminFailure, Clock } from '../workflows/ports';
import { ATTEMPT_TIMEOUT, type SealedClient } from './anthropic-client';

/** Calls of the Admin API: one client, one way to try again, one way through pages. */
export interface AdminCalls {
  readonly client: SealedClient;
  /** Repeats a call that may succeed later. Setting a status twice does no harm. */
  retry<T>(call: () => Promise<T>): Promise<T>;
  /** The pages of a listing to its end. Each is tried again by itself. An answer that is no page, or pages without an end, are no listing. */
  pages(open: OpenListing): AsyncGenerator<readonly unknown[]>;
  /** All that a listing holds, each id once. One item that `read` refuses, and it is no listing. */
  all<T extends { readonly id: string }>(
    open: OpenListing,
    read: (item: unknown) => T,
  ): Promise<readonly T[]>;
}

/** Asks for the first page. */
type OpenListing = (options: CallOptions) => PromiseLike<AbstractPage<unknown>>;

export interface CallOptions {
  readonly signal: AbortSignal;
}

export const within = (milliseconds = ATTEMPT_TIMEOUT): CallOptions => ({
  signal: AbortSignal.timeout(milliseconds),
});

/** Items of a page: the most that Anthropic gives of keys, members and workspaces. */
export const PAGE_SIZE = 1000;
/** Milliseconds for all pages of a listing. */
export const LISTING_TIMEOUT = MINUTE;
const MAX_ATTEMPTS = 3;
const MAX_PAGES = 100;

export function createCalls(client: SealedClient, clock: Clock): AdminCalls {
  async function retry<T>(call: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await call();
      } catch (error) {
        const failure = adminErrorOf(error);
        if (failure.failure !== 'unavailable' || attempt === MAX_ATTEMPTS) throw failure;
        await clock.sleep(1_000 * 2 ** attempt);
      }
    }
  }

  async function* pages(open: OpenListing) {
    const asked = new Set<string>();
    let page = await retry(async () => requirePage(await open(within(LISTING_TIMEOUT))));
    for (;;) {
      yield page.getPaginatedItems();
      if (!hasMore(page)) return;
      const next = JSON.stringify(page.nextPageRequestOptions()?.query);
      if (next === undefined || asked.has(next) || asked.size === MAX_PAGES - 1)
        throw new AdminError('unavailable', 'The listing does not end.');
      asked.add(next);
      const last = page;
      page = await retry(async () => requirePage(await last.getNextPage()));
    }
  }

  async function all<T extends { readonly id: string }>(open: OpenListing, read: (item: unknown) => T) {
    const found = new Map<string, T>();
    for await (const page of pages(open))
      for (const one of page.map(read)) if (!found.has(one.id)) found.set(one.id, one);
    return [...found.values()];
  }

  return { client, retry, pages, all };
}

/** To the SDK any body is a page, and without `data` an empty one: an answer of a proxy would look as if there were nothing. */
function requirePage<Page extends AbstractPage<unknown>>(page: Page): Page {
  const body: unknown = Reflect.get(page, 'body');
  if (typeof body === 'object' && body !== null && 'data' in body && Array.isArray(body.data))
    if ('has_more' in body || 'next_page' in body) return page;
  throw new AdminError('unavailable', 'The answer is not a page of a listing.');
}

const hasMore = (page: object): boolean =>
  'has_more' in page ? page.has_more === true : 'next_page' in page && Boolean(page.next_page);

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
  const answer = answerOf(error, error.status);
  const failure = failureOf(answer);
  return new AdminError(failure, `${WORDS[failure]} (${inShort(answer)}).`, answer);
}

function answerOf({ errorCode, type, message }: APIError, status: number): AdminErrorAnswer {
  const isCode = typeof errorCode === 'string' && /^[a-z_]{1,60}$/.test(errorCode);
  return {
    status,
    ...(isCode && { code: errorCode }),
    // The one refusal that has no code of its own.
    ...(type === 'invalid_request_error' && /\bnot enabled\b/i.test(message) && { notEnabled: true }),
  };
}

const inShort = ({ status, code }: AdminErrorAnswer) => `status ${status}${code ? `, ${code}` : ''}`;

const LIMITS: readonly unknown[] = ['org_api_key_limit_exceeded', 'workspace_api_key_limit_exceeded'];

function failureOf({ status, code }: AdminErrorAnswer): AdminFailure {
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

/** A part of the organization that can be read or not. */
export interface Part {
  /** As it is called within a sentence, e.g. `members`. */
  readonly name: string;
  /** Which credential it takes, if not any with Admin access. */
  readonly takes?: string;
  /** What a 404 means. @default 'not-offered' */
  readonly missing?: Unread['why'];
}

/** Why a part of the organization was not read. */
export function unreadOf(error: unknown, { name, takes, missing = 'not-offered' }: Part): Unread {
  const { failure, answer, message } = adminErrorOf(error);
  const status = answer ? ` (${inShort(answer)})` : '';
  const because = (why: Unread['why'], words: string): Unread => ({ kind: 'unread', why, words });
  if (failure === 'no-permission' && !answer) return because('not-permitted', message);
  if (failure === 'no-permission' || (failure === 'not-found' && missing === 'not-permitted'))
    return because(
      'not-permitted',
      `Anthropic does not let this credential read the ${name}${status}${takes ? `: that takes ${takes}` : ''}.`,
    );
  if (failure === 'not-found' || answer?.notEnabled)
    return because('not-offered', `Anthropic offers this organization no ${name}${status}.`);
  return because('unavailable', `Anthropic gave no readable answer about the ${name}${status}.`);
}
