import { secretName } from '../contract/names';
import { ENVIRONMENT_TAG, POLICY_PREFIX } from '../contract/policy-tags';
import type { SecretDescription } from '../contract/read-secret';
import { StoreError } from '../workflows/errors';
import type { OperatorStore } from '../workflows/operator-ports';
import { UsageError } from './exit-code';
import { nearest } from './suggest';

/** The name of a managed secret's key, as people type it; undefined where the secret is not managed. */
function nameOf({ tags }: Pick<SecretDescription, 'tags'>): string | undefined {
  const environment = tags[ENVIRONMENT_TAG];
  const service = tags[`${POLICY_PREFIX}service`];
  return environment && service ? `${environment}/${service}` : undefined;
}

/** Refuses what can be no name of a key before anything is called. @throws UsageError */
export function readKeyName(text: string | undefined): string {
  if (!text) throw new UsageError('Which key? Name it like prod/api-gateway; `status` lists all.');
  if (text.startsWith('arn:') || /^[\w.@=+-]+(?:\/[\w.@=+-]+)+$/.test(text)) return text;
  throw new UsageError(
    `${JSON.stringify(text)} is no name of a key: expected <environment>/<service>, such as prod/api-gateway.`,
  );
}

/**
 * Finds a managed key by `prod/api-gateway`, by its secret's name or by its ARN. One call where the secret has the name that it was deployed
 * with; adopted secrets have names of their own and cost a listing. @throws UsageError with what was probably meant
 */
export async function findKey(wanted: string, store: OperatorStore): Promise<SecretDescription> {
  const direct = await store.describe(guess(wanted)).catch(unlessMissing);
  if (direct && (nameOf(direct) === wanted || direct.arn === wanted || direct.name === wanted)) {
    if (nameOf(direct)) return direct;
    throw new UsageError(`${direct.name} exists and is not managed. \`adopt\` takes a secret into care.`);
  }
  const all = await store.list({ tagKey: ENVIRONMENT_TAG });
  const found = all.find((secret) => nameOf(secret) === wanted) ?? all.find(({ name }) => name === wanted);
  if (found) return store.describe(found.arn);
  throw new UsageError(
    notFound(
      wanted,
      all.flatMap((secret) => nameOf(secret) ?? []),
    ),
  );
}

function guess(wanted: string): string {
  const [environment = '', service = '', ...more] = wanted.split('/');
  return wanted.startsWith('arn:') || more.length > 0 ? wanted : secretName(environment, service);
}

function unlessMissing(error: unknown): undefined {
  // A role that may only see its own environment is refused for a name outside of it.
  if (error instanceof StoreError && (error.failure === 'not-found' || error.failure === 'denied'))
    return undefined;
  throw error;
}

function notFound(wanted: string, names: readonly string[]): string {
  if (names.length === 0)
    return `There is no managed key ${wanted}, and none at all in this account and region. Is it the right --profile and --region?`;
  const near = nearest(wanted, names);
  const hint = near.length > 0 ? `Did you mean ${near.join(' or ')}?` : '`status` lists all.';
  return `There is no managed key ${wanted} in this account and region. ${hint}`;
}
