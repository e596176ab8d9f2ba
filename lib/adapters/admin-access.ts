import { GetWebIdentityTokenCommand, STSClient } from '@aws-sdk/client-sts';
import { type AdminEnv, decodeAdminEnv } from '../contract/env';
import { readAdminKey } from '../domain/key';
import { AdminError } from '../workflows/errors';
import type { AdminApi, Ports } from '../workflows/ports';
import { type AdminCredential, createAdminApi } from './anthropic-admin';
import type { Runtime } from './runtime';

/** Seconds for which the token that says who the function is can be exchanged: it is used at once. */
const IDENTITY_LASTS = 300;

/** Opens Anthropic's Admin API by whichever of the two ways the deployment chose. */
export async function openAdminApi(host: Runtime, ports: Ports): Promise<AdminApi> {
  const credential = await credentialOf(decodeAdminEnv(host.vars), host, ports);
  const { anthropicBaseUrl: baseURL } = ports.env;
  const api = createAdminApi({ baseURL, fetch: host.fetch, clock: ports.clock, credential });
  return host.around ? host.around('api', api) : api;
}

async function credentialOf(env: AdminEnv, host: Runtime, ports: Ports): Promise<AdminCredential> {
  if (env.federation) {
    const { audience, ...rule } = env.federation;
    return { ...rule, identityToken: () => identityToken(audience, host) };
  }
  const stored = await ports.store.read(env.adminKeySecretArn!);
  const adminKey = stored && readAdminKey(stored.value);
  if (!adminKey)
    throw new AdminError('no-permission', 'The secret for the Admin API key holds no Admin API key.');
  return { adminKey };
}

async function identityToken(audience: string, host: Runtime): Promise<string> {
  const sts = new STSClient(host.aws ?? {});
  const command = new GetWebIdentityTokenCommand({
    Audience: [audience],
    SigningAlgorithm: 'ES384',
    DurationSeconds: IDENTITY_LASTS,
  });
  const { WebIdentityToken } = await sts.send(command);
  if (!WebIdentityToken)
    throw new AdminError('no-permission', 'STS gave no identity token for the function.');
  return WebIdentityToken;
}
