import { GetWebIdentityTokenCommand, STSClient } from '@aws-sdk/client-sts';
import { type AdminEnv, decodeAdminEnv } from '../contract/env';
import { readAdminKey } from '../domain/key';
import { AdminError } from '../workflows/errors';
import type { AdminApi, Ports } from '../workflows/ports';
import { type AdminCredential, createAdminApi } from './anthropic-admin';
import type { Runtime } from './runtime';

/** Seconds for which the identity token is valid: it is exchanged at once. */
const TOKEN_LIFETIME = 300;

/** Opens Anthropic's Admin API with the credential that the deployment chose. */
export async function openAdminApi(runtime: Runtime, ports: Ports): Promise<AdminApi> {
  const credential = await credentialOf(decodeAdminEnv(runtime.vars), runtime, ports);
  const { anthropicBaseUrl: baseURL } = ports.env;
  const api = createAdminApi({ baseURL, fetch: runtime.fetch, clock: ports.clock, credential });
  return runtime.around ? runtime.around('api', api) : api;
}

async function credentialOf(env: AdminEnv, runtime: Runtime, ports: Ports): Promise<AdminCredential> {
  if (env.federation) {
    const { audience, ...rule } = env.federation;
    return { ...rule, identityToken: () => identityToken(audience, runtime) };
  }
  const stored = await ports.store.read(env.adminKeySecretArn!);
  const adminKey = stored && readAdminKey(stored.value);
  if (!adminKey)
    throw new AdminError('no-permission', 'The secret for the Admin API key holds no Admin API key.');
  return { adminKey };
}

async function identityToken(audience: string, runtime: Runtime): Promise<string> {
  const sts = new STSClient(runtime.aws ?? {});
  const command = new GetWebIdentityTokenCommand({
    Audience: [audience],
    SigningAlgorithm: 'ES384',
    DurationSeconds: TOKEN_LIFETIME,
  });
  const { WebIdentityToken } = await sts.send(command);
  if (!WebIdentityToken)
    throw new AdminError('no-permission', 'STS gave no identity token for the function.');
  return WebIdentityToken;
}
