import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Exchange } from './wire';

/** Answers over HTTP on a free port of 127.0.0.1. */
export async function serveAws(exchange: Exchange): Promise<{ endpoint: string; close(): Promise<void> }> {
  const server = createServer(async (request, response) => {
    const { url = '/', headers } = request;
    const answer = await bodyOf(request).then(
      (body) => exchange({ url, headers, body }),
      () => 'hang-up' as const,
    );
    if (answer === 'hang-up') response.socket?.destroy();
    else response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  // Idle connections stay open: a client that reuses one just as it is closed would see a fault nobody armed.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
