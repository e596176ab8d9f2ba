import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Server } from 'node:net';

/** An HTTP proxy that leads every connection to one place, whichever host it was asked for. */
export interface CompanyProxy {
  readonly url: string;
  /** What it was asked to connect to, as `host:port`. */
  readonly asked: string[];
  close(): void;
}

/** The code that the MFA device shows. */
export const MFA_CODE = '123456';

export interface Upstream {
  readonly aws: string;
  readonly anthropic: string;
}

/**
 * Stands before the embedded AWS and Anthropic, and is what they are not: the part of STS that lets a role be assumed with an MFA code, and the
 * sign-in service that ends the session of `aws login`.
 */
export const front =
  ({ aws, anthropic }: Upstream): RequestListener =>
  async (request, response) => {
    const body = await textOf(request);
    if (request.url?.startsWith('/v1/token')) {
      response
        .writeHead(400, { 'content-type': 'application/json', 'x-amzn-errortype': 'AccessDeniedException' })
        .end(JSON.stringify({ error: 'TOKEN_EXPIRED', message: 'expired' }));
      return;
    }
    const form = new URLSearchParams(body);
    if (form.get('Action') === 'AssumeRole') {
      const right = form.get('TokenCode') === MFA_CODE;
      response.writeHead(right ? 200 : 403, { 'content-type': 'text/xml' }).end(right ? ASSUMED : REFUSED);
      return;
    }
    const to = request.headers.host?.startsWith('api.anthropic.com') ? anthropic : aws;
    const {
      host,
      connection,
      'content-length': _,
      'transfer-encoding': __,
      expect,
      ...headers
    } = request.headers;
    const answer = await fetch(new URL(request.url ?? '/', to), {
      method: request.method,
      headers: headers as Record<string, string>,
      ...(body && { body }),
    });
    const { 'content-encoding': ___, 'content-length': ____, ...shown } = Object.fromEntries(answer.headers);
    response.writeHead(answer.status, shown).end(Buffer.from(await answer.arrayBuffer()));
  };

const ASSUMED = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
<Credentials><AccessKeyId>ASIAWITHMFA</AccessKeyId><SecretAccessKey>none</SecretAccessKey><SessionToken>t</SessionToken>
<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>
<AssumedRoleUser><Arn>arn:aws:sts::111122223333:assumed-role/Ops/ada</Arn><AssumedRoleId>AROA:ada</AssumedRoleId></AssumedRoleUser>
</AssumeRoleResult></AssumeRoleResponse>`;

const REFUSED = `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>AccessDenied</Code>
<Message>MultiFactorAuthentication failed with invalid MFA one time pass code. </Message></Error></ErrorResponse>`;

export async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** Listens on a free port of 127.0.0.1, with TLS if there is a certificate. */
export const serve = (listener: RequestListener, tls?: { readonly key: string; readonly cert: string }) =>
  listen(tls ? createTlsServer(tls, listener) : createServer(listener));

/** Opens a proxy before a server on this machine. */
export async function openProxy(port: number): Promise<CompanyProxy> {
  const asked: string[] = [];
  const server = createServer();
  server.on('connect', ({ url = '' }, socket) => {
    asked.push(url);
    const through = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      through.pipe(socket).pipe(through);
    });
    for (const end of [through, socket])
      end.on('error', () => [through, socket].map((each) => each.destroy()));
  });
  const { port: own, close } = await listen(server);
  return { url: `http://127.0.0.1:${own}`, asked, close };
}

async function listen(server: Server & { closeAllConnections?(): void }) {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.close();
      server.closeAllConnections?.();
    },
  };
}
