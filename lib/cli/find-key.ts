import { claimedName, isManaged } from '../contract/managed';
import { secretName } from '../contract/names';
import { environmentIn } from '../contract/people';
import { ENVIRONMENT_TAG } from '../contract/policy-tags';
import type { SecretDescription } from '../contract/read-secret';
import { CLI_COMMAND } from '../domain/wording/cli-command';
import { KEEP_ONE } from '../domain/wording/phrases';
import { IllegalTransition, StoreError } from '../workflows/errors';
import type { CliContext } from './context';
import { UsageError } from './exit-code';
import { didYouMean, noKeyHere } from './suggest';

/** Refuses text that cannot be the name of a key, before anything is called. @throws UsageError */
export function readKeyName(text: string | undefined): string {
  if (!text) throw new UsageError('Which key? Name it like prod/api-gateway; `status` lists all.');
  if (text.startsWith('arn:') || /^[\w.@=+-]+(?:\/[\w.@=+-]+)+$/.test(text)) return text;
  throw new UsageError(
    `${JSON.stringify(text)} is not the name of a key: expected <environment>/<service>, such as prod/api-gateway.`,
  );
}

/**
 * Finds the one managed key of a name such as `prod/api-gateway`, or by its secret's name or ARN. A name that several secrets have is refused,
 * since a key would reach the wrong one. With `claimed` a secret that is tagged and not yet deployed is found, too, where no managed one has the
 * name. @throws UsageError with what was probably meant; IllegalTransition for a name of several
 */
export async function findKey(
  wanted: string,
  { store, place }: Pick<CliContext, 'store' | 'place'>,
  { claimed = false } = {},
): Promise<SecretDescription> {
  // A listing may lag behind by minutes, so the secret is also looked up by the name that a deployment gives.
  const [direct, listed] = await Promise.all([
    store.describe(usualSecretName(wanted)).catch(unlessMissing),
    store.list({ tagKey: ENVIRONMENT_TAG }),
  ]);
  const all = direct ? [direct, ...listed.filter(({ arn }) => arn !== direct.arn)] : listed;
  const managed = all.filter(isManaged);
  const unmanaged = all.filter((secret) => !isManaged(secret));
  const found = only(wanted, managed);
  if (found) return found === direct ? direct : store.describe(found.arn);
  const stranger = only(wanted, unmanaged);
  if (stranger && claimed && claimedName(stranger)) return store.describe(stranger.arn);
  if (stranger) throw notManaged(stranger);
  throw managed.length === 0 ? await noKeyHere({ place }, wanted) : unknownKey(wanted, managed);
}

/** The secret of that key name; without one, that with the name or ARN. @throws IllegalTransition if several have the key name */
function only(wanted: string, secrets: readonly SecretDescription[]): SecretDescription | undefined {
  const [first, ...others] = secrets.filter((secret) => claimedName(secret) === wanted);
  if (first && others.length > 0) throw severalSecrets(wanted, [first, ...others]);
  return first ?? secrets.find(({ arn, name }) => arn === wanted || name === wanted);
}

function severalSecrets(name: string, secrets: readonly SecretDescription[]): IllegalTransition {
  const names = secrets.map((secret) => secret.name).sort();
  return new IllegalTransition(
    'several-secrets',
    `${names.length} secrets are tagged as ${name}: ${names.join(' and ')}. Nothing was changed. ${KEEP_ONE} Until then name one by its secret: ${CLI_COMMAND} show ${names[0]}`,
  );
}

function notManaged(secret: SecretDescription): UsageError {
  const name = claimedName(secret);
  return new UsageError(
    name
      ? `${secret.name} is tagged as ${name}, but no deployment manages it. Add it to keys.yaml with existing: ${secret.arn}, and deploy.`
      : `${secret.name} exists but is not managed. \`adopt\` changes that.`,
  );
}

function unknownKey(wanted: string, managed: readonly SecretDescription[]): UsageError {
  const names = managed.flatMap((secret) => claimedName(secret) ?? []);
  return new UsageError(
    `There is no managed key ${wanted} in this account and region. ${didYouMean(wanted, names) ?? '`status` lists all.'}`,
  );
}

/** The secret that a deployment makes for a name such as `prod/api-gateway`. A secret's own name or ARN stays as it is. */
export function usualSecretName(wanted: string): string {
  const [environment = '', service = '', ...more] = wanted.split('/');
  return wanted.startsWith('arn:') || more.length > 0 ? wanted : secretName(environment, service);
}

/** The environment that a key's name, or the usual name or ARN of its secret, speaks of. */
export function environmentOf(wanted: string): string | undefined {
  if (wanted.startsWith('arn:')) return environmentIn(wanted);
  const parts = wanted.split('/');
  return parts.length > 1 ? parts.at(-2) : undefined;
}

function unlessMissing(error: unknown): undefined {
  // A role that may only see its own environment is denied for a name outside of it.
  if (error instanceof StoreError && (error.failure === 'not-found' || error.failure === 'denied'))
    return undefined;
  throw error;
}
