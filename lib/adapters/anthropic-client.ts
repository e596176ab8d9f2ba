import { BaseAnthropic, type ClientOptions } from '@anthropic-ai/sdk/client';
import { isAnthropicUrl } from '../contract/env';

type Credential = Pick<ClientOptions, 'apiKey'> | Pick<ClientOptions, 'credentials'>;

export type Fetch = NonNullable<ClientOptions['fetch']>;

/** Where Anthropic is. Both come from the deployment; a proxy is the runtime's own matter (`NODE_USE_ENV_PROXY`). */
export interface AnthropicEndpoint {
  /** https, or loopback http for a fake. */
  readonly baseURL: string;
  /** Takes the requests, for demo and tests. @default the runtime's own `fetch` */
  readonly fetch?: Fetch;
}

/**
 * The SDK's client with nothing left to the environment. By itself the SDK lets `ANTHROPIC_*` variables move the endpoint,
 * replace the credential and add headers, and then a probe would test something else than the key it was given.
 */
export class SealedClient extends BaseAnthropic {
  constructor(endpoint: AnthropicEndpoint, credential: Credential) {
    super({
      baseURL: requireSafeURL(endpoint.baseURL),
      fetch: endpoint.fetch,
      // A redirect would carry the request to another host, whose answer is not Anthropic's.
      fetchOptions: { redirect: 'manual' },
      // The SDK obeys `retry-after` without limit, for longer than a function may live. Retrying is the caller's.
      maxRetries: 0,
      timeout: ATTEMPT_TIMEOUT,
      logLevel: 'off',
      openTelemetry: false,
      webhookKey: null,
      ...credential,
    });
    // ANTHROPIC_CUSTOM_HEADERS has no option that switches it off, and wins even over the Authorization header.
    Object.assign(Reflect.get(this as object, '_options'), { defaultHeaders: undefined });
  }
}

/** Milliseconds for one request and its answer. */
export const ATTEMPT_TIMEOUT = 10_000;

/** Lets no key travel in the open. @throws Error unless the URL is https, or http to this machine. */
export function requireSafeURL(baseURL: string): string {
  if (!isAnthropicUrl(baseURL)) throw new Error('The base URL of Anthropic must be an https URL.');
  return baseURL;
}
