/** What a rotating key needs to know. */
export interface RotatingKeyOptions {
  /** Name or ARN of the secret, e.g. `anthropic/prod/api-gateway`. */
  readonly secretId: string;
  /** Region of the secret. @default that of the ARN, otherwise the one that the AWS SDK finds */
  readonly region?: string;
  /** A `SecretsManagerClient` of yours. @default one with the AWS SDK's own settings, made at the first read */
  readonly client?: SecretsClient;
  /** Field of a JSON secret that holds the key. A secret that is no JSON object is the key itself. @default 'ANTHROPIC_API_KEY' */
  readonly field?: string;
  /** How long a key is used before the secret is read again, in seconds, from 1 to 3600. @default 300 */
  readonly ttlSeconds?: number;
  /** Sends the requests. @default the runtime's own */
  readonly fetch?: typeof globalThis.fetch;
  /** The time in milliseconds. @default Date.now */
  readonly now?: () => number;
}

/** What is used of the AWS SDK's `SecretsManagerClient`. */
export interface SecretsClient {
  send(
    command: never,
    options?: { readonly abortSignal?: AbortSignal },
  ): Promise<{ readonly SecretString?: string }>;
}

/** A key that follows its secret through rotations: `new Anthropic({ apiKey: key.get, fetch: key.fetch })`. */
export interface RotatingKey {
  /** The live key, at most `ttlSeconds` old; older while the secret cannot be read. @throws KeyUnavailableError where there is none */
  readonly get: () => Promise<string>;
  /**
   * A `fetch` that sends a request which was refused with 401 once more if the secret holds another key by now. It adds the key as `x-api-key` to a
   * request without credentials. @throws KeyUnavailableError where such a request finds no key
   */
  readonly fetch: typeof globalThis.fetch;
}

/** There is no key: the secret was never read so far, or holds none. Names the secret, and no value. */
export class KeyUnavailableError extends Error {
  override readonly name = 'KeyUnavailableError';
}

/** Longest time that a read may take before what is known is used, in milliseconds. */
const READ_TIMEOUT = 5000;

/** How long nobody reads after a failed read, in milliseconds: this, then twice as long each time, up to the most. */
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 30_000;

/**
 * Reads the live key of a secret when it is needed, and again after `ttlSeconds` or when Anthropic refuses it. Starts no timer and reads nothing by
 * itself. @throws TypeError for options that cannot be meant
 */
export function rotatingKey(options: RotatingKeyOptions): RotatingKey {
  const { secretId, field = 'ANTHROPIC_API_KEY', ttlSeconds = 300, now = Date.now } = options;
  validate(secretId, ttlSeconds);
  const send: typeof fetch = options.fetch ?? ((...request) => globalThis.fetch(...request));
  const readSecret = secretReader(options);
  const ttl = ttlSeconds * 1000;

  let held: { readonly key: string; readonly readAt: number } | undefined;
  let previous: string | undefined;
  let failure:
    | { readonly error: KeyUnavailableError; readonly at: number; readonly count: number }
    | undefined;
  let readForRefusalAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;

  /** Whether so much time has passed. A clock that was put back has no say. */
  const isOver = (since: number, span: number) => now() < since || now() >= since + span;
  const isFresh = () => held !== undefined && !isOver(held.readAt, ttl);
  const isPausing = () => failure !== undefined && !isOver(failure.at, pauseAfter(failure.count));

  /** One read, however many wait for it. Never rejects. */
  const refresh = () => {
    reading ??= readOnce().finally(() => {
      reading = undefined;
    });
    return reading;
  };

  async function readOnce(): Promise<void> {
    const startedAt = now();
    const fail = (problem: string) => {
      const error = new KeyUnavailableError(`The secret ${secretId} ${problem}`);
      failure = { error, at: now(), count: (failure?.count ?? 0) + 1 };
    };
    let text: string;
    try {
      text = await readSecret();
    } catch (error) {
      fail(`cannot be read: ${describe(error)}`);
      return;
    }
    const found = textIn(text, field);
    const key = /^sk-ant-[\w-]{20,250}$/.test(found) ? found : undefined;
    if (key !== held?.key) previous = held?.key ?? previous;
    // Text in the place of a key is an answer, perhaps a deliberate stop: the key before it is not used any longer.
    held = key === undefined ? undefined : { key, readAt: startedAt };
    if (key !== undefined) failure = undefined;
    else if (found === '') fail('holds no Anthropic API key yet: it is empty.');
    else fail(`holds no Anthropic API key: expected sk-ant-… as its text, or in the field ${field}.`);
  }

  async function get(): Promise<string> {
    if (reading || (!isFresh() && !isPausing())) {
      const read = refresh();
      // After a read that failed nobody waits for the next one while a key is known: it may hang as well.
      if (!held || !failure) await read;
    }
    if (held) return held.key;
    throw failure!.error;
  }

  /** The key to send a refused request again with: undefined where there is no other one, as far as may be known. */
  async function replacementOf(refused: string): Promise<string | undefined> {
    while (reading) await reading;
    if (held?.key === refused && !isPausing() && isOver(readForRefusalAt, ttl)) {
      const before = readForRefusalAt;
      readForRefusalAt = now();
      await refresh();
      if (failure) readForRefusalAt = before;
    }
    return held?.key === refused ? undefined : held?.key;
  }

  return {
    get,
    fetch: async (input, init) => {
      const given = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
      const places = CREDENTIALS.filter((name) => given.has(name));
      const isOurs = (name: string) => [held?.key, previous].includes(credentialOf(given, name));
      const ours = places.length === 0 ? ['x-api-key'] : places.filter(isOurs);
      if (ours.length === 0) return send(input, init);
      // The runtime takes this header along to wherever it is redirected, unlike Authorization.
      const rest: RequestInit = places.length === 0 ? { redirect: 'error', ...init } : { ...init };

      const attempt = (key: string) => {
        const headers = new Headers(given);
        for (const name of ours) headers.set(name, name === 'authorization' ? `Bearer ${key}` : key);
        return send(input, { ...rest, headers });
      };
      const signal = init?.signal ?? (input instanceof Request ? input.signal : undefined);
      const key =
        places.length === 0
          ? await untilAborted(get(), signal)
          : (held?.key ?? credentialOf(given, ours[0]!));
      const response = await attempt(key);
      if (response.status !== 401) return response;
      const replacement = await untilAborted(replacementOf(key), signal);
      if (replacement === undefined || !isReplayable(input, init)) return response;
      await response.body?.cancel().catch(() => {});
      return attempt(replacement);
    },
  };
}

/** Where Anthropic takes a key from. */
const CREDENTIALS = ['x-api-key', 'authorization'];

const credentialOf = (headers: Headers, name: string) => (headers.get(name) ?? '').replace(/^Bearer\s+/i, '');

/** Waits no longer than the caller of a request does. What others wait for goes on. */
async function untilAborted<T>(waited: Promise<T>, signal: AbortSignal | undefined | null): Promise<T> {
  if (!signal) return waited;
  let giveUp = () => {};
  const aborted = new Promise<never>((_, reject) => {
    giveUp = () => reject(signal.reason);
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { once: true });
  });
  try {
    return await Promise.race([waited, aborted]);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

const pauseAfter = (failures: number) => Math.min(FIRST_PAUSE * 2 ** (failures - 1), LONGEST_PAUSE);

/** Whether a request can be sent twice: a stream is gone once it was read. */
function isReplayable(input: string | URL | Request, init: RequestInit | undefined): boolean {
  const body = init?.body ?? (input instanceof Request ? input.body : undefined) ?? '';
  return (
    typeof body === 'string' ||
    body instanceof ArrayBuffer ||
    ArrayBuffer.isView(body) ||
    [Blob, FormData, URLSearchParams].some((kind) => body instanceof kind)
  );
}

/** Reads AWSCURRENT: whoever may read the live key only may not name a version. */
function secretReader({ secretId, region, client }: RotatingKeyOptions): () => Promise<string> {
  let reader = client;
  return async () => {
    const { GetSecretValueCommand, SecretsManagerClient } = await loadAwsSdk();
    reader ??= new SecretsManagerClient({
      region: region ?? /^arn:[^:]+:secretsmanager:([^:]+):/.exec(secretId)?.[1],
    });
    const command = new GetSecretValueCommand({ SecretId: secretId });
    const answer = await reader.send(command as never, { abortSignal: AbortSignal.timeout(READ_TIMEOUT) });
    if (answer.SecretString === undefined) throw new Error('the answer has no text.');
    return answer.SecretString;
  };
}

/** The application's own. Where it is missing, Node.js lists all files that asked for it. */
const loadAwsSdk = () =>
  import('@aws-sdk/client-secrets-manager').catch((error: { readonly code?: string }) => {
    if (!error.code?.endsWith('MODULE_NOT_FOUND')) throw error;
    throw new Error(
      '@aws-sdk/client-secrets-manager cannot be loaded: npm install @aws-sdk/client-secrets-manager',
    );
  });

/** The text of a field of a JSON object, otherwise the whole text. */
function textIn(stored: string, field: string): string {
  if (!stored.trimStart().startsWith('{')) return stored.trim();
  try {
    const value = (JSON.parse(stored) as Record<string, unknown>)[field];
    return typeof value === 'string' ? value.trim() : 'no text';
  } catch {
    return stored;
  }
}

/** What went wrong with a read. What a parser says quotes the text that it read, so that is left out. */
function describe(error: unknown): string {
  if (!(error instanceof Error) || error.name === 'SyntaxError') return 'the answer makes no sense.';
  return `${error.name}: ${error.message}`.replace(/sk-ant-[\w-]*/g, 'sk-ant-…');
}

function validate(secretId: string, ttlSeconds: number): void {
  if (typeof secretId !== 'string' || secretId.trim() === '')
    throw new TypeError(`secretId is ${JSON.stringify(secretId)}: expected the name or ARN of a secret.`);
  if (secretId.includes('sk-ant-'))
    throw new TypeError('secretId is an API key: expected the name or ARN of the secret that holds it.');
  if (!(ttlSeconds >= 1 && ttlSeconds <= 3600))
    throw new TypeError(`ttlSeconds is ${ttlSeconds}: expected 1 to 3600 seconds.`);
}
