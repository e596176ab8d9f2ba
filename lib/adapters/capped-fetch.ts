import type { Fetch } from './anthropic-client';

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
    return new Response(answer.body.pipeThrough(limit(most)), { status, statusText, headers });
  };

function limit(most: number): TransformStream<Uint8Array, Uint8Array> {
  let passed = 0;
  return new TransformStream({
    transform(chunk, controller) {
      passed += chunk.byteLength;
      if (passed > most) controller.error(new Error(`The body is longer than ${most} bytes.`));
      else controller.enqueue(chunk);
    },
  });
}
