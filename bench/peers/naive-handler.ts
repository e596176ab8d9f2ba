import Anthropic from '@anthropic-ai/sdk';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';

const secretsManager = new SecretsManagerClient({});
const sns = new SNSClient({});

/** What one would write in an afternoon: a function that mails when a key is dead. */
export async function handler({ secretId }: { readonly secretId: string }): Promise<void> {
  const { SecretString = '{}' } = await secretsManager.send(
    new GetSecretValueCommand({ SecretId: secretId }),
  );
  const anthropic = new Anthropic({ apiKey: JSON.parse(SecretString).ANTHROPIC_API_KEY });
  try {
    await anthropic.messages.create({
      model: 'claude-haiku-5-5',
      max_tokens: 1,
      messages: [{ role: 'user', content: 'Hi' }],
    });
  } catch (error) {
    if (!(error instanceof Anthropic.AuthenticationError)) throw error;
    await sns.send(
      new PublishCommand({
        TopicArn: process.env.TOPIC_ARN,
        Subject: `${secretId} is dead`,
        Message: String(error),
      }),
    );
  }
}
