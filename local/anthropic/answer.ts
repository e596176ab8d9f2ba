import type { IncomingHttpHeaders } from 'node:http';
import { isErrorAnswer, type RawAnswer } from './answers';
import { reply } from './api';
import type { FakeRequest, LoggedRequest, Script, World } from './world';

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
export function answer(world: World, incoming: WireRequest): WireAnswer {
  const request = readRequest(incoming);
  const logged = logEntry(world, request);
  world.log.push(logged);
  const given = answerTo(world, request, logged);
  if (given.ending === undefined) logged.status = given.status;
  return given;
}

function answerTo(world: World, request: FakeRequest, logged: LoggedRequest): WireAnswer {
  const scripted = takeScript(world, logged)?.answer;
  if (scripted && !isErrorAnswer(scripted)) return rawAnswer(scripted, request);
  const { status, headers, body } = reply(world, request, scripted);
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}

function rawAnswer({ status = 200, headers = {}, body = '', ending }: RawAnswer, request: FakeRequest) {
  const text = typeof body === 'function' ? body(request.credential) : body;
  return { status, headers, body: text, ending };
}

function takeScript(world: World, { path, keyId }: LoggedRequest): Script | undefined {
  const script = [...world.scripts].find(
    (waiting) => (waiting.path ?? path) === path && (waiting.keyId ?? keyId) === keyId,
  );
  if (script) {
    script.left -= 1;
    if (script.left <= 0) world.scripts.delete(script);
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

function logEntry(world: World, request: FakeRequest): LoggedRequest {
  const { method, path, headers } = request;
  return {
    at: world.clock.now(),
    method,
    path,
    keyId: world.keys.find(request.credential)?.id,
    credential: headers.authorization ? 'bearer' : headers['x-api-key'] ? 'x-api-key' : 'none',
    apiVersion: headers['anthropic-version']?.toString(),
    beta: headers['anthropic-beta']?.toString(),
  };
}
