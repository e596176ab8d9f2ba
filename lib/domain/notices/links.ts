import type { KeyIdentity } from '../policy';
import { placeOf } from './context';

/** Pages of the Claude Console: rate limits are under `limits`, spend limits under `billing` and under each workspace. */
export const CONSOLE = {
  keys: 'https://platform.claude.com/settings/keys',
  limits: 'https://platform.claude.com/settings/limits',
  billing: 'https://platform.claude.com/settings/billing',
  workspaces: 'https://platform.claude.com/settings/workspaces',
  usage: 'https://platform.claude.com/usage',
} as const;

/** The secret's page in the AWS console; undefined in partitions whose console has another host. */
export function secretPage(key: KeyIdentity): string | undefined {
  const { partition, region } = placeOf(key);
  if (partition !== 'aws' || !region) return undefined;
  const query = new URLSearchParams({ name: key.secretName, region });
  return `https://console.aws.amazon.com/secretsmanager/secret?${query}`;
}
