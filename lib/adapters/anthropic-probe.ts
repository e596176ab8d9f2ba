import { Messages } from '@anthropic-ai/sdk/resources/messages/messages';
import { Models } from '@anthropic-ai/sdk/resources/models';
import type { ApiKey } from '../domain/key';
import type { Answer } from '../domain/probe/answer';
import { classify } from '../domain/probe/classify';
import { pauseAfter } from '../domain/probe/patience';
import type { ProbeKind, Verdict } from '../domain/probe/verdict';
import type { Clock, KeyProbe, ProbeRequest } from '../workflows/ports';
import { answerOfError, answerOfSuccess } from './anthropic-answer';
import { type AnthropicEndpoint, ATTEMPT_TIMEOUT, requireSafeURL, SealedClient } from './anthropic-client';

export interface KeyProbeOptions extends AnthropicEndpoint {
  readonly clock: Clock;
  /** From 0 to 1: spreads the retries of many functions. @default Math.random */
  readonly random?: () => number;
  /** Milliseconds for one request and its answer. @default 10 seconds */
  readonly attemptTimeout?: number;
}

/** Tried in this order after the configured model and before the first active haiku that the key can list. */
const MODELS = ['claude-haiku-5-5', 'claude-haiku-4-5'] as const;

/** Bytes of the longest body: a hundred models. */
const LONGEST_BODY = 64 * 1024;

/** Asks Anthropic about keys over the SDK. Every outcome becomes a verdict, without any part of the key or of an error. */
export function createKeyProbe(options: KeyProbeOptions): KeyProbe {
  const { clock, random = Math.random, attemptTimeout = ATTEMPT_TIMEOUT } = options;
  requireSafeURL(options.baseURL);

  /** One request. The SDK's timeout covers only the headers; the signal also limits a slow body. */
  async function ask(client: SealedClient, probe: ProbeKind, model: string, left: number): Promise<Answer> {
    if (left <= 0) return { headers: {}, bodyKind: 'empty', transport: 'no-time-left' };
    const messages = new Messages(client);
    const params = { model, messages: [{ role: 'user' as const, content: 'Hi' }] };
    const limits = { signal: AbortSignal.timeout(Math.min(attemptTimeout, left)) };
    try {
      const { data, response } =
        probe === 'messages'
          ? await messages.create({ ...params, max_tokens: 1 }, limits).withResponse()
          : await messages.countTokens(params, limits).withResponse();
      return answerOfSuccess(data, response);
    } catch (error) {
      return answerOfError(error);
    }
  }

  async function askPatiently(
    client: SealedClient,
    { probe, home }: ProbeRequest,
    model: string,
    deadline: number,
  ) {
    for (let attempt = 1; ; attempt++) {
      const at = clock.now();
      const answer = await ask(client, probe, model, deadline - at.getTime());
      const verdict = classify(answer, { at, probe, model, home });
      const retryAfter = answer.headers['retry-after'];
      const left = deadline - clock.now().getTime();
      const pause = pauseAfter({ attempt, verdict, retryAfter, left, random: random() });
      if (pause === undefined) return verdict;
      await clock.sleep(pause);
    }
  }

  async function probe(key: ApiKey, request: ProbeRequest): Promise<Verdict> {
    const deadline = clock.now().getTime() + request.within;
    const client = new SealedClient(options, LONGEST_BODY, { apiKey: async () => key.reveal() });
    let verdict: Verdict | undefined;
    for await (const model of candidates(client, request.model, attemptTimeout)) {
      verdict = await askPatiently(client, request, model, deadline);
      if (verdict.kind !== 'BLOCKED' || verdict.reason !== 'model') break;
    }
    return verdict!;
  }

  return { probe };
}

/** Models to try, each once, so that a retired model never looks like a dead key. */
async function* candidates(client: SealedClient, configured: string | undefined, timeout: number) {
  const tried = new Set([configured, ...MODELS].filter((model) => model !== undefined));
  yield* tried;
  const haiku = await firstHaiku(client, tried, timeout);
  if (haiku !== undefined) yield haiku;
}

/** Undefined if the list is not available, which proves nothing. */
async function firstHaiku(client: SealedClient, tried: ReadonlySet<string>, timeout: number) {
  try {
    const limits = { signal: AbortSignal.timeout(timeout) };
    const { data } = await new Models(client).list({ lifecycle: ['active'], limit: 100 }, limits);
    return data.find(({ id }) => /^claude-[\w.-]*haiku[\w.-]*$/.test(id) && !tried.has(id))?.id;
  } catch {
    return undefined;
  }
}
