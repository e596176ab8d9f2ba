const SECRET = process.env.SECRET_ID ?? 'anthropic/prod/summaries';

/** Where the AWS Parameters and Secrets Lambda Extension listens. */
const EXTENSION = `http://localhost:${process.env.PARAMETERS_SECRETS_EXTENSION_HTTP_PORT ?? 2773}`;

/** Ask for it at every request: the extension keeps it for `SECRETS_MANAGER_TTL` seconds, by default and at most 300. */
export async function readKey(): Promise<string> {
  const answer = await fetch(`${EXTENSION}/secretsmanager/get?secretId=${encodeURIComponent(SECRET)}`, {
    headers: { 'X-Aws-Parameters-Secrets-Token': process.env.AWS_SESSION_TOKEN ?? '' },
  });
  if (!answer.ok) throw new Error(`The extension answered ${answer.status} for the secret ${SECRET}.`);
  const { SecretString } = (await answer.json()) as { SecretString: string };
  return (JSON.parse(SecretString) as { ANTHROPIC_API_KEY: string }).ANTHROPIC_API_KEY;
}
