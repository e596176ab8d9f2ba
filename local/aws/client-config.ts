import { ConfiguredRetryStrategy } from '@smithy/core/retry';
import { DirectHandler } from './direct-handler';
import './quick-options';
import type { FakeAws } from './fake-aws';

/**
 * Options for any AWS client that talks to the embedded world under a name of its own, which `calls` shows as the caller.
 * Retries go on as in production, without waiting: real time stands still for nobody here.
 */
export function clientConfig(
  aws: Pick<FakeAws, 'endpoint' | 'region' | 'exchange'>,
  caller: string,
  attempts = 3,
) {
  return {
    ...(aws.exchange && { requestHandler: new DirectHandler(aws.exchange) }),
    endpoint: aws.endpoint,
    region: aws.region,
    ...SETTLED,
    credentials: { accessKeyId: caller, secretAccessKey: 'none' },
    signer: { sign: async <Request extends Headed>(request: Request) => named(request, caller) },
    maxAttempts: attempts,
    retryStrategy: new ConfiguredRetryStrategy(attempts, () => 0),
  };
}

/**
 * What an SDK would work out for each client from this machine's files and variables, or for each request although it is the same each time: a
 * fifth of the time of a request. Nothing here depends on it.
 */
const SETTLED = {
  cacheMiddleware: true,
  defaultUserAgentProvider: async () => [],
  userAgentAppId: async () => undefined,
  useDualstackEndpoint: false,
  useFipsEndpoint: false,
};

interface Headed {
  readonly headers: Record<string, string>;
}

/** Says who asks, without a signature: nobody here checks one, and computing them takes a quarter of all the time. */
function named<Request extends Headed>(request: Request, caller: string): Request {
  request.headers.authorization = `AWS4-HMAC-SHA256 Credential=${caller}/local`;
  return request;
}
