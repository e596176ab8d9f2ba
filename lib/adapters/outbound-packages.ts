/**
 * What takes a request through a proxy, or trusts further CAs: a megabyte that a machine without either need not load. It is a file of our own because a
 * CommonJS package that is imported dynamically has no names once esbuild has divided the program.
 */
export { ProxyAgent as AwsProxyAgent } from 'proxy-agent';
export { Agent, fetch, ProxyAgent } from 'undici';
