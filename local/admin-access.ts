import type { FakeAnthropic } from './anthropic/fake-anthropic';
import type { FakeAws } from './aws';
import { tokens } from './tokens';

type Variables = Readonly<Record<string, string>>;

interface Around {
  readonly aws: FakeAws;
  readonly anthropic: FakeAnthropic;
}

/** What a person sets up in the Console, so that the function may administer keys without a stored secret. */
export function allowFederation({ anthropic, aws }: Around, variables: Variables): void {
  const ruleId = variables.ROTATION_FEDERATION_RULE;
  const serviceAccountId = variables.ROTATION_FEDERATION_SERVICE_ACCOUNT;
  if (!ruleId || !serviceAccountId) return;
  const accepts = (token: string) => claimsOf(token).iss === aws.sts.issuer;
  anthropic.allowFederation({ ruleId, serviceAccountId, accepts });
}

/** What a token says of itself. */
const claimsOf = (token: string): { iss?: string } =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8') || '{}');

/** An Admin API key in a secret of its own, where the environment chose that. */
export async function adminKey({ aws, anthropic }: Around, variables: Variables): Promise<Variables> {
  const declared = variables.ROTATION_ADMIN_KEY_SECRET;
  if (!declared) return {};
  const Name = declared
    .split(':')
    .at(-1)!
    .replace(/-[A-Za-z0-9]{6}$/, '');
  const existing = aws.secretsManager.inspect(Name);
  if (existing) return { ROTATION_ADMIN_KEY_SECRET: existing.arn };
  const { ARN } = (await aws.secretsManager.perform('CreateSecret', {
    Name,
    SecretString: anthropic.createAdminKey(),
    ClientRequestToken: tokens(Name)(),
  })) as { ARN: string };
  return { ROTATION_ADMIN_KEY_SECRET: ARN };
}
