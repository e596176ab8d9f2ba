import type { IncomingHttpHeaders } from 'node:http';
import { isErrorAnswer, type RawAnswer } from './answers';
import { reply } from './api';
import type { FakeOrganization, FakeRequest, LoggedRequest, Script } from './fake-organization';

/** A request as it came in, over a socket or without one. */
export interface WireRequest {
  readonly method: string;
  /** From the path on, or whole. */
  readonly url: string;
  /** By names in lower case. */
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What is sent back, and how the connection ends. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** @default sent whole */
  readonly ending?: RawAnswer['ending'];
}

/** Answers one request and logs it. @throws where the request can't be read, which breaks the connection */
export function answer(fake: FakeOrganization, incoming: WireRequest): WireAnswer {
  const request = readRequest(incoming);
  const logged = logEntry(fake, request);
  fake.log.push(logged);
  const given = answerTo(fake, request, logged);
  if (given.ending === undefined) logged.status = given.status;
  return given;
}

function answerTo(fake: FakeOrganization, request: FakeRequest, logged: LoggedRequest): WireAnswer {
  const scripted = takeScript(fake, logged)?.answer;
  if (scripted && !isErrorAnswer(scripted)) return rawAnswer(scripted, request);
  const { status, headers, body } = reply(fake, request, scripted);
  return {
    status,
    headers: { 'content-type': 'application/json', ...(fake.manner.stripsHeaders ? {} : headers) },
    body: JSON.stringify(body),
  };
}

function rawAnswer({ status = 200, headers = {}, body = '', ending }: RawAnswer, request: FakeRequest) {
  const text = typeof body === 'function' ? body(request.credential) : body;
  return { status, headers, body: text, ending };
}

function takeScript(fake: FakeOrganization, { path, keyId }: LoggedRequest): Script | undefined {
  const script = [...fake.scripts].find(
    (waiting) => (waiting.path ?? path) === path && (waiting.keyId ?? keyId) === keyId,
  );
  if (script) {
    script.left -= 1;
    if (script.left <= 0) fake.scripts.delete(script);
  }
  return script;
}

function readRequest({ method, url: target, headers, body }: WireRequest): FakeRequest {
  const url = new URL(target, 'http://localhost');
  const { authorization, 'x-api-key': older } = headers;
  return {
    method,
    path: url.pathname,
    query: url.searchParams,
    headers,
    body: body === '' ? undefined : JSON.parse(body),
    credential: authorization?.replace(/^Bearer /i, '') ?? String(older ?? ''),
  };
}

function logEntry(fake: FakeOrganization, request: FakeRequest): LoggedRequest {
  const { method, path, headers } = request;
  return {
    at: fake.clock.now(),
    method,
    path,
    keyId: fake.keys.find(request.credential)?.id,
    credential: headers.authorization ? 'bearer' : headers['x-api-key'] ? 'x-api-key' : 'none',
    apiVersion: headers['anthropic-version']?.toString(),
    beta: headers['anthropic-beta']?.toString(),
  };
}
