import {
  APIConnectionError,
  APIConnectionTimeoutError,
  APIError,
  APIUserAbortError,
} from '@anthropic-ai/sdk/core/error';
import type { Answer, BodyKind, TransportFault } from '../domain/probe/answer';
import { objectOf } from './outside-json';

/** Translates a success of the SDK. Its body may be anything. */
export function answerOfSuccess(data: unknown, response: Response): Answer {
  const headers = headersOf(response.headers);
  const { id, usage } = objectOf(data);
  const hasUsage = typeof usage === 'object' && usage !== null;
  return {
    status: response.status,
    headers,
    bodyKind: trusted(bodyKindOf(data), headers),
    messageId: hasUsage && typeof id === 'string' && /^msg_[\w-]{8,80}$/.test(id) ? id : undefined,
  };
}

/** Translates any error of the SDK into the parts that a verdict depends on. */
export function answerOfError(error: unknown): Answer {
  if (!(error instanceof APIError) || error.status === undefined)
    return { headers: {}, bodyKind: 'empty', transport: faultOf(error) };
  const headers = headersOf(error.headers);
  return {
    status: error.status,
    headers,
    bodyKind: trusted(bodyKindOf(error.error), headers),
    bodyRequestId: text(objectOf(error.error).request_id),
    type: text(error.type),
    errorCode: text(error.errorCode),
    message: text(error.apiMessage),
  };
}

/** A document under another content type than JSON's own does not come from Anthropic, whatever the SDK makes of it. */
const trusted = (found: BodyKind, headers: Answer['headers']): BodyKind =>
  found === 'empty' || /^application\/json\s*(?:;.*)?$/i.test(headers['content-type'] ?? '')
    ? found
    : 'not-json';

function bodyKindOf(body: unknown): BodyKind {
  if (body === undefined || body === null || body === '') return 'empty';
  if (typeof body !== 'object') return 'not-json';
  const document = objectOf(body);
  const inner = document.error as Record<string, unknown> | null | undefined;
  if (document.type === 'error' && typeof inner === 'object' && typeof inner?.type === 'string')
    return 'envelope';
  if (document.type === 'message' && document.role === 'assistant' && Array.isArray(document.content))
    return 'message';
  if (typeof document.input_tokens === 'number' && document.error === undefined) return 'token-count';
  return 'other-json';
}

/** Error codes of Node. Its fetch nests them in causes. */
const FAULTS: readonly (readonly [RegExp, TransportFault])[] = [
  [/^(?:ENOTFOUND|EAI_)/, 'dns'],
  [/CERT|TLS|SSL|SELF_SIGNED|ISSUER/, 'tls'],
  [/TIMEOUT|ETIMEDOUT/, 'timeout'],
];

function faultOf(error: unknown): TransportFault {
  if (error instanceof APIConnectionTimeoutError || error instanceof APIUserAbortError) return 'timeout';
  // Checked by shape, not by class: an abort may be an Error of another JavaScript realm.
  let cause = error as { code?: unknown; name?: unknown; cause?: unknown } | null | undefined;
  for (let depth = 0; typeof cause === 'object' && cause !== null && depth < 8; depth += 1) {
    const { code, name } = cause;
    const fault = FAULTS.find(([pattern]) => typeof code === 'string' && pattern.test(code));
    if (fault) return fault[1];
    if (name === 'TimeoutError' || name === 'AbortError') return 'timeout';
    cause = cause.cause as typeof cause;
  }
  return error instanceof APIConnectionError ? 'network' : 'unreadable-body';
}

function headersOf(headers: Headers | undefined): Record<string, string> {
  return Object.fromEntries(headers?.entries() ?? []);
}

const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
