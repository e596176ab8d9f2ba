import { readFile } from 'node:fs/promises';
import { rootCertificates } from 'node:tls';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Dispatcher } from 'undici';
import type { Fetch } from './anthropic-client';
import { namesProxy, proxyFor, type Variables } from './proxy-choice';

/** How this machine reaches AWS and Anthropic. */
export interface Outbound {
  /** For every AWS client. */
  readonly requestHandler: Pick<NodeHttpHandler, 'handle' | 'destroy'>;
  /** For Anthropic. */
  readonly fetch: Fetch;
}

/** Milliseconds in which AWS takes a connection, or a firewall swallows it: the system alone would wait for minutes, three times. */
const CONNECT_WITHIN = 10_000;

/**
 * Connections through the proxies that the variables name, trusting the CA bundle of `aws`. As with `aws` the bundle replaces the usual CAs for
 * AWS. For Anthropic it adds to them: `aws` says nothing of that host.
 */
export function openOutbound(vars: Variables, caBundle: () => Promise<string | undefined>): Outbound {
  let read: Promise<string | undefined> | undefined;
  const bundle = () => {
    read ??= readBundle(caBundle);
    return read;
  };
  const dispatchers = new Map<string, Dispatcher>();
  return {
    requestHandler: new OpenedWhenUsed(async () => {
      const ca = await bundle();
      const options = { keepAlive: true, ...(ca && { ca }) };
      const handler = { connectionTimeout: CONNECT_WITHIN };
      if (!namesProxy(vars))
        return new NodeHttpHandler({ ...handler, httpAgent: options, httpsAgent: options });
      const { AwsProxyAgent } = await import('./outbound-packages.ts');
      const getProxyForUrl = (url: string) => proxyFor(url, vars)?.href ?? '';
      const agent = new AwsProxyAgent({ getProxyForUrl, ...options });
      return new NodeHttpHandler({ ...handler, httpAgent: agent, httpsAgent: agent });
    }),
    async fetch(url, init) {
      const target = typeof url === 'object' && 'url' in url ? url.url : url;
      const proxy = proxyFor(target, vars)?.href ?? '';
      const added = await bundle();
      if (!proxy && !added) return fetch(url, init);
      const { Agent, ProxyAgent, fetch: ask } = await import('./outbound-packages.ts');
      const dispatcher =
        dispatchers.get(proxy) ?? dispatcherFor(proxy, await trusted(added, vars), { Agent, ProxyAgent });
      dispatchers.set(proxy, dispatcher);
      // Not the global one: that of another version of undici may not take this dispatcher.
      return (await ask(String(target), { ...(init as object), dispatcher })) as unknown as Response;
    },
  };
}

/** A handler that the first request opens: what is wrong with a file is that request's error, and none where nothing is asked. */
class OpenedWhenUsed {
  readonly metadata = { handlerProtocol: 'http/1.1' };
  #opened: Promise<NodeHttpHandler> | undefined;

  constructor(private readonly open: () => Promise<NodeHttpHandler>) {}

  async handle(...request: Parameters<NodeHttpHandler['handle']>) {
    this.#opened ??= this.open();
    return (await this.#opened).handle(...request);
  }

  destroy(): void {
    this.#opened?.then(
      (handler) => handler.destroy(),
      () => undefined,
    );
  }
}

function dispatcherFor(
  proxy: string,
  ca: readonly string[],
  { Agent, ProxyAgent }: Pick<typeof import('undici'), 'Agent' | 'ProxyAgent'>,
): Dispatcher {
  const tls = { ca: [...ca] };
  return proxy === ''
    ? new Agent({ connect: tls })
    : new ProxyAgent({ uri: proxy, requestTls: tls, proxyTls: tls });
}

/** @throws Error that names the file which cannot be read */
async function readBundle(path: () => Promise<string | undefined>): Promise<string | undefined> {
  const file = await path();
  return file ? readCertificates(file, 'AWS_CA_BUNDLE (or ca_bundle of the profile)') : undefined;
}

async function readCertificates(file: string, named: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${named} names ${file}, which cannot be read (${error.code}).`);
  });
  if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
  throw new Error(`${named} names ${file}, which holds no certificate in PEM form.`);
}

/** Node's own CAs, which an explicit list replaces, and what is added to them. */
async function trusted(added: string | undefined, vars: Variables): Promise<readonly string[]> {
  const extra = vars.NODE_EXTRA_CA_CERTS;
  return [
    ...rootCertificates,
    ...(extra ? [await readCertificates(extra, 'NODE_EXTRA_CA_CERTS')] : []),
    ...(added ? [added] : []),
  ];
}
