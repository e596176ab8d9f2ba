import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGzip } from 'node:zlib';
import { createAdminApi } from '../../lib/adapters/anthropic-admin';
import { createKeyProbe } from '../../lib/adapters/anthropic-probe';
import { VirtualClock } from '../../local/clock';
import { keyOf, keyText } from '../keys';

const clock = new VirtualClock(new Date('2026-11-21T08:00:00Z'));
const chunk = Buffer.alloc(1 << 16, ' ');
let server: Server;
let sent: number;
let baseURL: string;

/** Answers with JSON that never ends, as fast as it is taken. */
async function serve(status: number, compressed: boolean): Promise<void> {
  sent = 0;
  server = createServer((incoming, outgoing) => {
    incoming.resume();
    const encoding = compressed ? { 'content-encoding': 'gzip' } : {};
    outgoing.writeHead(status, { 'content-type': 'application/json', ...encoding });
    const zipped = createGzip();
    const body = compressed ? zipped : outgoing;
    if (compressed) zipped.pipe(outgoing);
    const push = () => {
      for (let more = true; more && !outgoing.destroyed; sent += chunk.length) more = body.write(chunk);
    };
    body.on('drain', push);
    push();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** A gzip of spaces is about a thousandth of them: what is sent on is far less than what was compressed. */
const A_FEW_MEGABYTES = 64 * 1024 * 1024;

describe.each([
  ['plain', false],
  ['compressed', true],
])('an endless body, %s', (_, compressed) => {
  test.each([200, 401])('with status %i is ended by the probe, and proves nothing', async (status) => {
    await serve(status, compressed);
    const probe = createKeyProbe({ baseURL, clock });
    const verdict = await probe.probe(keyOf(keyText('endless')), { probe: 'messages', within: 400 });
    expect(verdict).toMatchObject({ kind: 'UNKNOWN' });
    expect(sent).toBeLessThan(A_FEW_MEGABYTES);
  });

  test('is ended by the client with Admin access', async () => {
    await serve(200, compressed);
    const credential = { adminKey: keyOf(keyText('admin')) };
    await expect(createAdminApi({ baseURL, clock, credential }).organization()).rejects.toMatchObject({
      failure: 'unavailable',
    });
    expect(sent).toBeLessThan(3 * A_FEW_MEGABYTES);
  });
});
