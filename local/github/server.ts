import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { FakeGithub } from './fake-github';

/** Speaks for a repository at GitHub over HTTP on a free port of 127.0.0.1. */
export async function serveGithub(fake: FakeGithub): Promise<{ url: string; stop(): Promise<void> }> {
  const server = createServer(async (incoming, outgoing) => {
    const { method = 'GET', url = '/', headers } = incoming;
    const answer = fake.answer({ method, url, headers, body: await text(incoming) });
    if (answer === 'hang-up') outgoing.socket?.destroy();
    else
      outgoing
        .writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers })
        .end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
  });
  // A client that reuses a connection just as it is closed would see a fault that nobody armed.
  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  fake.url = `http://127.0.0.1:${port}`;
  return {
    url: fake.url,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
