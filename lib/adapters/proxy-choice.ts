import { isLoopback } from '../contract/env';

/** Environment variables. */
export type Variables = Readonly<Record<string, string | undefined>>;

/**
 * The proxy for a URL, as `aws` chooses it: HTTPS_PROXY or HTTP_PROXY by the URL's scheme, unless NO_PROXY names the host or a domain above it.
 * The lower-case form of each variable wins. Undefined for a direct connection, which one to this machine always is: no proxy gets a key that is
 * meant for a fake. @throws Error for a proxy that is neither http nor https
 */
export function proxyFor(url: string | URL, vars: Variables): URL | undefined {
  const { protocol, hostname, port } = new URL(url);
  const name = protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const text = variable(name, vars);
  if (!text || isLoopback(hostname) || isExempt(hostname, port || PORTS[name], variable('NO_PROXY', vars)))
    return undefined;
  const proxy = text.includes('://') ? text : `http://${text}`;
  const parsed = URL.canParse(proxy) ? new URL(proxy) : undefined;
  if (parsed && /^https?:$/.test(parsed.protocol) && parsed.hostname) return parsed;
  // A password may be part of it.
  throw new Error(
    `${name} cannot be used${parsed ? `: it begins with ${parsed.protocol}//` : ''}. Expected a proxy such as http://proxy.example.com:3128.`,
  );
}

/** Whether there may be a proxy for some URL. */
export const namesProxy = (vars: Variables): boolean =>
  (['HTTPS_PROXY', 'HTTP_PROXY'] as const).some((name) => Boolean(variable(name, vars)));

/** A URL does not name the usual port, and an entry of NO_PROXY may. */
const PORTS = { HTTPS_PROXY: '443', HTTP_PROXY: '80' } as const;

const variable = (name: string, vars: Variables) => vars[name.toLowerCase()] ?? vars[name];

/** `*` is everything; any other entry is a host, or a domain with all below it, perhaps with a port. */
const isExempt = (hostname: string, port: string, list = '') =>
  list
    .split(',')
    .map((entry) =>
      entry
        .trim()
        .toLowerCase()
        .replace(/^\*?\./, ''),
    )
    .filter((entry) => entry !== '')
    .some(
      (entry) =>
        entry === '*' ||
        [hostname, `${hostname}:${port}`].some((host) => host === entry || host.endsWith(`.${entry}`)),
    );
