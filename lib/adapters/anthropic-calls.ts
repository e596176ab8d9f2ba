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

interface PageBody {
  readonly data: readonly unknown[];
  readonly has_more?: boolean;
  readonly next_page?: string | null;
}

const bodyOf = (page: AbstractPage<unknown>) =>
  Reflect.get(page, 'body') as Partial<PageBody> | null | undefined;

/** To the SDK any body is a page, and without `data` an empty one: the page of a proxy would look as if there were nothing. */
function requirePage<Page extends AbstractPage<unknown>>(page: Page): Page {
  const { data, has_more, next_page } = bodyOf(page) ?? {};
  const saysIfMore = typeof has_more === 'boolean' || typeof next_page === 'string' || next_page === null;
  if (Array.isArray(data) && saysIfMore) return page;
  throw new AdminError('unavailable', 'The answer is not a page of a listing.');
}

function hasMore(page: AbstractPage<unknown>): boolean {
  const { has_more, next_page } = bodyOf(page) ?? {};
  return has_more ?? Boolean(next_page);
}

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
  // A proxy's refusal is none of Anthropic's.
  const failure = error.type ? failureOf(answer) : 'unavailable';
  return new AdminError(failure, `${WORDS[failure]} (${inShort(answer)}).`, answer);
}

/** Codes that say that the organization does not have what was asked for. */
const NOT_ENABLED: readonly unknown[] = [
  'organization_not_enrolled_in_beta',
  'organization_type_not_supported',
  'parent_organization_required',
];

function answerOf({ errorCode, type, apiMessage }: APIError, status: number): AdminErrorAnswer {
  const isCode = typeof errorCode === 'string' && /^[a-z_]{1,60}$/.test(errorCode);
  // The Activity Feed says it in a sentence and without a code.
  const saysSo =
    status === 400 && type === 'invalid_request_error' && /\bis not enabled\b/i.test(apiMessage ?? '');
  return {
    status,
    ...(isCode && { code: errorCode }),
    ...((saysSo || NOT_ENABLED.includes(errorCode)) && { notEnabled: true }),
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
  const unread = (why: Unread['why'], words: string): Unread => ({ kind: 'unread', why, words });
  // Without an answer it is about the credential itself, and the message says what to do.
  if (failure === 'no-permission' && !answer) return unread('not-permitted', message);
  if (failure === 'no-permission' || (failure === 'not-found' && missing === 'not-permitted')) {
    const because = takes ? `: that takes ${takes}` : '';
    return unread(
      'not-permitted',
      `Anthropic does not let this credential read the ${name}${status}${because}.`,
    );
  }
  if (failure === 'not-found' || answer?.notEnabled)
    return unread('not-offered', `Anthropic offers this organization no ${name}${status}.`);
  return unread(
    'unavailable',
    `The ${name} could not be read${status || ': Anthropic gave no readable answer'}.`,
  );
}
