import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';

/** The floor of a function's import: the two AWS clients that no check can do without, and nothing else. */
export const handler = async () => [
  ...[SecretsManagerClient, DescribeSecretCommand, ListSecretVersionIdsCommand, GetSecretValueCommand],
  ...[SNSClient, PublishCommand],
];
