import { cappedFetch, type Fetch } from '../../lib/adapters/anthropic-client';
import { objectOf, parsed } from '../../lib/adapters/outside-json';

/** A request and its answer, as far as they may be told; and the body, which stays in this process. */
export interface Exchange {
  readonly path: string;
  /** Absent if no answer came. */
  readonly status?: number;
  readonly errorType?: string;
  readonly errorCode?: string;
  /** Anthropic's sentence says that the organization has not enabled it. */
  readonly notEnabled: boolean;
  /** Names of its headers, in lower case. */
  readonly headers: readonly string[];
  /** Its request id has the form of Anthropic's. */
  readonly hasRequestId: boolean;
  readonly body: unknown;
}

/** Bytes of the longest answer: a page of activities. */
const LONGEST_BODY = 16 * 1024 * 1024;

/** A `fetch` that remembers each answer. */
export class Exchanges {
  readonly all: Exchange[] = [];
  readonly #ask: Fetch = cappedFetch(LONGEST_BODY);

  constructor(private readonly answeredBy: (host: string) => void) {}

  readonly fetch: Fetch = async (input, init) => {
    const { pathname: path, host } = new URL(input instanceof Request ? input.url : input);
    const answer = await this.#ask(input, init).catch((error: unknown) => {
      this.all.push({ path, notEnabled: false, headers: [], hasRequestId: false, body: undefined });
      throw error;
    });
    this.answeredBy(host);
    const body = await answer.clone().text();
    this.all.push(exchangeOf(path, answer, parsed(body)));
    return answer;
  };

  /** The answers to requests for a path, oldest first. */
  to(path: string, from = 0): readonly Exchange[] {
    return this.all.slice(from).filter((exchange) => exchange.path === path);
  }
}

function exchangeOf(path: string, { status, headers }: Response, body: unknown): Exchange {
  const error = objectOf(objectOf(body).error);
  const [errorType, errorCode] = [error.type, objectOf(error.details).error_code];
  return {
    path,
    status,
    ...(isWord(errorType) && { errorType }),
    ...(isWord(errorCode) && { errorCode }),
    notEnabled: typeof error.message === 'string' && /\bis not enabled\b/i.test(error.message),
    headers: [...headers.keys()].filter((name) => /^[a-z0-9-]{1,60}$/.test(name)),
    hasRequestId: /^req_\w{8,}$/.test(headers.get('request-id') ?? ''),
    body,
  };
}

/** Words of Anthropic's interface are like `permission_error`: names and addresses are not. */
export const isWord = (value: unknown): value is string =>
  typeof value === 'string' && /^[a-z]{1,20}(_[a-z]{1,20}){1,5}$/.test(value);

/** Whether it is a definite answer of Anthropic's: no outage, no limit of requests, and none of a proxy. */
export const isDefinite = (exchange: Exchange | undefined): exchange is Exchange & { status: number } =>
  isListing(exchange) ||
  (exchange?.status !== undefined &&
    exchange.errorType !== undefined &&
    exchange.status < 500 &&
    exchange.status !== 429);

/** Whether it is a page of a listing or report. */
export const isListing = (exchange: Exchange | undefined): exchange is Exchange & { status: 200 } =>
  exchange?.status === 200 && Array.isArray(objectOf(exchange.body).data);

/** Status, type and code, e.g. `401 authentication_error`. */
export const answerInShort = ({
  status,
  errorType,
  errorCode,
}: Pick<Exchange, 'status' | 'errorType' | 'errorCode'>): string =>
  [status ?? 'no answer', errorType, errorCode].filter((part) => part !== undefined).join(' ');
