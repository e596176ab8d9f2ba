import { BaseAnthropic, type ClientOptions } from '@anthropic-ai/sdk/client';
import { isSafeUrl } from '../contract/env';

type Credential = Pick<ClientOptions, 'apiKey'> | Pick<ClientOptions, 'credentials'>;

export type Fetch = NonNullable<ClientOptions['fetch']>;

/** Where Anthropic is. Functions are led to a proxy by Node itself (`NODE_USE_ENV_PROXY`), the command line by its `fetch`. */
export interface AnthropicEndpoint {
  /** https, or loopback http for a fake. */
  readonly baseURL: string;
  /** Replaced by demo and tests. @default the global `fetch` */
  readonly fetch?: Fetch;
}

/**
 * The SDK's client without any influence of the environment. `ANTHROPIC_*` variables could otherwise change endpoint, credential and headers,
 * and a probe would test something else than the given key.
 */
export class SealedClient extends BaseAnthropic {
  constructor(endpoint: AnthropicEndpoint, longestBody: number, credential: Credential) {
    super({
      baseURL: requireSafeURL(endpoint.baseURL),
      fetch: cappedFetch(longestBody, endpoint.fetch),
      // A redirect would send the request to another host.
      fetchOptions: { redirect: 'manual' },
      // The SDK obeys any `retry-after`, even beyond a function's timeout. The caller retries.
      maxRetries: 0,
      timeout: ATTEMPT_TIMEOUT,
      logLevel: 'off',
      openTelemetry: false,
      webhookKey: null,
      ...credential,
    });
    // No option disables ANTHROPIC_CUSTOM_HEADERS, which would override even the Authorization header.
    Object.assign(Reflect.get(this as object, '_options'), { defaultHeaders: undefined });
  }
}

/** Milliseconds for one request and its answer. */
export const ATTEMPT_TIMEOUT = 10_000;

/** @throws Error unless the URL is https, or http to this machine: no key travels unencrypted */
export function requireSafeURL(baseURL: string): string {
  if (!isSafeUrl(baseURL)) throw new Error('The base URL of Anthropic must be an https URL.');
  return baseURL;
}

/**
 * Ends an answer whose body is longer than any that Anthropic gives, however it was compressed on the way: functions have 512 MB, and an endless
 * body fills them within the time of one request.
 */
export const cappedFetch =
  (most: number, ask: Fetch = globalThis.fetch): Fetch =>
  async (url, init) => {
    const answer = await ask(url, init);
    if (!answer.body) return answer;
    const { status, statusText, headers } = answer;
    return new Response(limited(answer.body, most), { status, statusText, headers });
  };

/** @throws Error where more follows than `most` bytes */
async function* limited(body: AsyncIterable<Uint8Array>, most: number): AsyncGenerator<Uint8Array> {
  let passed = 0;
  for await (const chunk of body) {
    passed += chunk.byteLength;
    if (passed > most) throw new Error(`The body is longer than ${most} bytes.`);
    yield chunk;
  }
}
