import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isErrorAnswer, type RawAnswer } from './answers';
import { reply } from './api';
import type { FakeRequest, LoggedRequest, Script, World } from './world';

/** Makes the HTTP server that speaks for `world`. */
export function createAnthropicServer(world: World): Server {
  return createServer((incoming, outgoing) => {
    readRequest(incoming)
      .then((request) => answer(world, request, outgoing))
      .catch(() => outgoing.destroy());
  });
}

function answer(world: World, request: FakeRequest, outgoing: ServerResponse): void {
  const logged = logEntry(world, request);
  world.log.push(logged);
  outgoing.once('finish', () => {
    logged.status = outgoing.statusCode;
  });
  const scripted = takeScript(world, logged)?.answer;
  if (scripted && !isErrorAnswer(scripted)) {
    sendRaw(outgoing, scripted, request);
    return;
  }
  const { status, headers, body } = reply(world, request, scripted);
  outgoing.writeHead(status, { 'content-type': 'application/json', ...headers });
  outgoing.end(JSON.stringify(body));
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

function sendRaw(outgoing: ServerResponse, raw: RawAnswer, request: FakeRequest): void {
  if (raw.ending === 'reset') {
    outgoing.socket?.resetAndDestroy();
    return;
  }
  const body = typeof raw.body === 'function' ? raw.body(request.credential) : (raw.body ?? '');
  outgoing.writeHead(raw.status ?? 200, { ...raw.headers });
  if (raw.ending === undefined) {
    outgoing.end(body);
    return;
  }
  outgoing.write(body, () => {
    if (raw.ending === 'cut') outgoing.socket?.resetAndDestroy();
  });
}

async function readRequest(incoming: IncomingMessage): Promise<FakeRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  const url = new URL(incoming.url ?? '/', 'http://localhost');
  const { authorization, 'x-api-key': older } = incoming.headers;
  return {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: incoming.headers,
    body: text === '' ? undefined : JSON.parse(text),
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
