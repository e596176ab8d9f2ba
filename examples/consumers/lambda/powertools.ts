import Anthropic, { AuthenticationError } from '@anthropic-ai/sdk';
import { getSecret } from '@aws-lambda-powertools/parameters/secrets';

const SECRET = process.env.SECRET_ID ?? 'anthropic/prod/summaries';

/** Seconds for which a key that was read is used: far less than the grace period. */
const KEPT_SECONDS = 300;

async function readKey({ forceFetch = false } = {}): Promise<string> {
  const secret = await getSecret<{ ANTHROPIC_API_KEY: string }>(SECRET, {
    maxAge: KEPT_SECONDS,
    forceFetch,
    transform: 'json',
  });
  if (!secret?.ANTHROPIC_API_KEY) throw new Error(`The secret ${SECRET} holds no key.`);
  return secret.ANTHROPIC_API_KEY;
}

async function summarize(text: string, apiKey: string): Promise<string> {
  const answer = await new Anthropic({ apiKey }).messages.create({
    model: 'claude-haiku-5-5',
    max_tokens: 300,
    messages: [{ role: 'user', content: `Summarize in one sentence: ${text}` }],
  });
  return answer.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

/** A key that is refused may just have been replaced: it is read once more, past the cache, and the request is sent again. */
export async function handler({ text }: { readonly text: string }): Promise<string> {
  const apiKey = await readKey();
  try {
    return await summarize(text, apiKey);
  } catch (error) {
    if (!(error instanceof AuthenticationError)) throw error;
    const now = await readKey({ forceFetch: true });
    // The same key again would be refused again.
    if (now === apiKey) throw error;
    return summarize(text, now);
  }
}
