import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answer, type WireAnswer } from './answer';
import type { FakeOrganization } from './fake-organization';

/** Speaks for an organization over HTTP on a free port of 127.0.0.1. */
export async function serveAnthropic(
  fake: FakeOrganization,
): Promise<{ url: string; stop(): Promise<void> }> {
  const server = createServer((incoming, outgoing) => {
    const { method = 'GET', url = '/', headers } = incoming;
    bodyOf(incoming)
      .then(async (body) => {
        if (fake.manner.delay) await fake.clock.sleep(fake.manner.delay);
        return body;
      })
      .then((body) => send(outgoing, answer(fake, { method, url, headers, body })))
      .catch(() => outgoing.destroy());
  });
  // A client that reuses a connection just as it is closed would see a fault that nobody armed.
  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function send(outgoing: ServerResponse, { status, headers, body, ending }: WireAnswer): void {
  if (ending === 'reset') {
    outgoing.socket?.resetAndDestroy();
    return;
  }
  outgoing.writeHead(status, headers);
  if (ending === undefined) {
    outgoing.end(body);
    return;
  }
  outgoing.write(body, () => {
    if (ending === 'cut') outgoing.socket?.resetAndDestroy();
  });
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
