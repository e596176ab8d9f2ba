import type { Consumer } from '../consumer';
import { type KeyIdentity, keyName } from '../policy';
import type { Home } from '../probe/verdict';
import type { Role } from './workload';

/** The audience of identity tokens for Anthropic. */
export const AUDIENCE = 'https://api.anthropic.com';

/** What a consumer's tokens may do. */
export const SCOPE = 'workspace:inference';

/** What one consumer needs at Anthropic to do without a key. */
export interface Need {
  readonly serviceAccount: { readonly name: string; readonly role: 'developer' };
  /** Where the key lives; absent where that is not known. */
  readonly workspaceId?: string;
  readonly issuer: { readonly name: string; readonly url: string };
  readonly rule: {
    readonly name: string;
    /** The exact ARN of the role. */
    readonly subject: string;
    readonly audience: string;
    readonly scope: string;
  };
}

interface Workload {
  readonly key: Pick<KeyIdentity, 'environment' | 'service'>;
  readonly consumer: Pick<Consumer, 'name'>;
  readonly role: Role;
  readonly issuer: string;
  readonly home: Home;
}

/** One service account for all that used one key, as its usage was counted together, and a rule for each role. */
export function needOf({ key, consumer, role, issuer, home: { workspaceId } }: Workload): Need {
  const name = slug(keyName(key));
  return {
    serviceAccount: { name, role: 'developer' },
    ...(workspaceId !== undefined && { workspaceId }),
    issuer: { name: `aws-${role.account}`, url: issuer },
    rule: { name: `${name}-${slug(consumer.name)}`, subject: role.arn, audience: AUDIENCE, scope: SCOPE },
  };
}

/** Lowercase letters, digits and hyphens, which is all that Anthropic takes in a name. */
const slug = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

/** A request to Anthropic's Admin API that makes a part of it. */
export interface Payload {
  readonly method: 'POST';
  readonly path: string;
  readonly body: object;
}

/**
 * The same as the steps in the Console, for people who make it with a program of their own. This project sends none of it: whoever may make rules may
 * let anybody into the organization.
 */
export function payloadsOf({ serviceAccount, workspaceId, issuer, rule }: Need): readonly Payload[] {
  const post = (path: string, body: object): Payload => ({
    method: 'POST',
    path: `/v1/organizations/${path}`,
    body,
  });
  const workspace = workspaceId ?? '<id of the workspace>';
  return [
    post('service_accounts', { name: serviceAccount.name, organization_role: serviceAccount.role }),
    post('service_accounts/<id of the service account>/workspaces', {
      workspace_id: workspace,
      workspace_role: 'workspace_user',
    }),
    post('federation_issuers', { name: issuer.name, issuer_url: issuer.url, jwks: { type: 'discovery' } }),
    post('federation_rules', {
      name: rule.name,
      issuer_id: '<id of the issuer>',
      match: { subject_prefix: rule.subject, audience: rule.audience },
      target: { type: 'service_account', service_account_id: '<id of the service account>' },
      oauth_scope: rule.scope,
      workspace_id: workspace,
    }),
  ];
}

/** The statement that the role needs: tokens for Anthropic, and for nobody else. */
export const IDENTITY_STATEMENT = {
  Effect: 'Allow',
  Action: 'sts:GetWebIdentityToken',
  Resource: '*',
  Condition: {
    'ForAllValues:StringEquals': { 'sts:IdentityTokenAudience': [AUDIENCE] },
    Null: { 'sts:IdentityTokenAudience': 'false' },
  },
} as const;
