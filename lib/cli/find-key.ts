import { secretName } from '../contract/names';
import { ENVIRONMENT_TAG, POLICY_PREFIX } from '../contract/policy-tags';
import type { SecretDescription } from '../contract/read-secret';
import { StoreError } from '../workflows/errors';
import type { OperatorStore } from '../workflows/operator-ports';
import { UsageError } from './exit-code';
import { didYouMean } from './suggest';

/** The name of a secret's key, as people type it; undefined if the secret is not managed. */
function nameOf({ tags }: Pick<SecretDescription, 'tags'>): string | undefined {
  const environment = tags[ENVIRONMENT_TAG];
  const service = tags[`${POLICY_PREFIX}service`];
  return environment && service ? `${environment}/${service}` : undefined;
}

/** Refuses text that cannot be the name of a key, before anything is called. @throws UsageError */
export function readKeyName(text: string | undefined): string {
  if (!text) throw new UsageError('Which key? Name it like prod/api-gateway; `status` lists all.');
  if (text.startsWith('arn:') || /^[\w.@=+-]+(?:\/[\w.@=+-]+)+$/.test(text)) return text;
  throw new UsageError(
    `${JSON.stringify(text)} is not the name of a key: expected <environment>/<service>, such as prod/api-gateway.`,
  );
}

/**
 * Finds a managed key by `prod/api-gateway`, by its secret's name or by its ARN. One call if the secret has the name that a deployment gives;
 * adopted secrets have names of their own and cost a listing. @throws UsageError with what was probably meant
 */
export async function findKey(wanted: string, store: OperatorStore): Promise<SecretDescription> {
  const direct = await store.describe(guess(wanted)).catch(unlessMissing);
  if (direct && (nameOf(direct) === wanted || direct.arn === wanted || direct.name === wanted)) {
    if (nameOf(direct)) return direct;
    throw new UsageError(`${direct.name} exists but is not managed. \`adopt\` changes that.`);
  }
  const all = await store.list({ tagKey: ENVIRONMENT_TAG });
  const found = all.find((secret) => nameOf(secret) === wanted) ?? all.find(({ name }) => name === wanted);
  if (found) return store.describe(found.arn);
  const names = all.flatMap((secret) => nameOf(secret) ?? []);
  throw new UsageError(
    names.length === 0
      ? `There is no managed key ${wanted}, and none at all in this account and region. Are --profile and --region right?`
      : `There is no managed key ${wanted} in this account and region. ${didYouMean(wanted, names) ?? '`status` lists all.'}`,
  );
}

function guess(wanted: string): string {
  const [environment = '', service = '', ...more] = wanted.split('/');
  return wanted.startsWith('arn:') || more.length > 0 ? wanted : secretName(environment, service);
}

function unlessMissing(error: unknown): undefined {
  // A role that may only see its own environment is denied for a name outside of it.
  if (error instanceof StoreError && (error.failure === 'not-found' || error.failure === 'denied'))
    return undefined;
  throw error;
}
