import { underway } from '../underway';
import { answer, type WireAnswer } from './answer';
import type { FakeOrganization } from './fake-organization';

/** Statuses whose answers have no body. */
const BODILESS = new Set([204, 205, 304]);

/** A `fetch` that reaches the fake Anthropic as a call, and answers as the runtime's own does over a socket. */
export const directFetch =
  (fake: FakeOrganization): typeof fetch =>
  async (input, { method = 'GET', headers, body, signal } = {}) => {
    signal?.throwIfAborted();
    const request = {
      method,
      url: String(input),
      headers: Object.fromEntries(new Headers(headers)),
      body: typeof body === 'string' ? body : '',
    };
    if (fake.manner.delay) await fake.clock.sleep(fake.manner.delay);
    const given = await underway(() => answerOrReset(fake, request));
    signal?.throwIfAborted();
    if (given.ending === 'reset') throw failed(RESET);
    // The runtime's fetch gives no answer to see, since it can't ask anybody for the proxy's password.
    if (given.status === 407) throw failed(new Error('proxy authentication required'));
    const { status, headers: sent } = given;
    return new Response(BODILESS.has(status) ? null : bodyOf(given, signal), { status, headers: sent });
  };

function answerOrReset(fake: FakeOrganization, request: Parameters<typeof answer>[1]): WireAnswer {
  try {
    return answer(fake, request);
  } catch {
    return { status: 500, headers: {}, body: '', ending: 'reset' };
  }
}

/** The whole body; or its beginning, and then an end that nobody wanted, or none. */
function bodyOf({ body, ending }: WireAnswer, signal: AbortSignal | null | undefined) {
  // As bytes: a body of text would bring a content type along.
  const bytes = new TextEncoder().encode(body);
  if (ending === undefined) return bytes;
  return new ReadableStream<Uint8Array>({
    start(stream) {
      stream.enqueue(bytes);
      signal?.addEventListener('abort', () => stream.error(signal.reason), { once: true });
    },
    pull(stream) {
      if (ending === 'cut') stream.error(new TypeError('terminated', { cause: RESET }));
    },
  });
}

const RESET = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });

const failed = (cause: Error) => new TypeError('fetch failed', { cause });
