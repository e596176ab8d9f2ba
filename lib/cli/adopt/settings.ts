import { isName, MOST_CHARACTERS } from '../../contract/names';
import {
  ENVIRONMENT_TAG,
  POLICY_PREFIX,
  PolicyTagsError,
  policyFromTags,
  policyToTags,
} from '../../contract/policy-tags';
import type { SecretDescription } from '../../contract/read-secret';
import { DEFAULT_POLICY, keyName, type Policy, remindsInTime } from '../../domain/policy';
import type { CliContext, Configured } from '../context';
import { UsageError } from '../exit-code';

/** What was said on the command line. */
export interface Said {
  readonly environment?: string;
  readonly service?: string;
  readonly owner?: string;
  readonly policy: Partial<Policy>;
  /** Fleet file; the checkout's own where none is named. */
  readonly config?: string;
}

/** What an adopted secret is tagged as, and where that comes from. */
export interface Settings {
  readonly key: { readonly environment: string; readonly service: string; readonly owner: string };
  readonly policy: Policy;
  readonly tags: Readonly<Record<string, string>>;
  /** The fleet file that has this key already: owner and policy are as it says. */
  readonly file?: { readonly name: string; readonly namesSecret: boolean };
  /** What a key of that environment gets that says nothing of its own. */
  readonly base: Policy;
}

/**
 * The fleet file decides for a key that it has: the deployment makes the schedule after it, and functions that read another policy from the
 * tags would not fit. Options decide for a key that is not in it yet, and the tags that it has for the rest.
 */
export async function settingsOf(
  said: Said,
  { name, arn, tags }: SecretDescription,
  context: CliContext,
): Promise<Settings> {
  const before = tagged(tags);
  const [lastPart, partBefore] = name.split('/').reverse();
  const environment = said.environment ?? before?.key.environment ?? partBefore;
  const service = said.service ?? before?.key.service ?? lastPart;
  if (!isUsable('environment', environment) || !isUsable('service', service))
    throw new UsageError(`The name ${name} does not tell: give --environment and --service.`);
  if (before && (before.key.environment !== environment || before.key.service !== service))
    throw new UsageError(
      `${arn} is in care as ${keyName(before.key)} already. To give it another name, take it out of keys.yaml where it stands there, and take off its tags that begin with ${POLICY_PREFIX}.`,
    );
  const configured = await context.configured({ environment, service }, said.config);
  if (!configured && said.config) throw new UsageError(`There is no ${said.config}.`);
  if (configured && configured.faults.length > 0)
    throw new UsageError(`Mend ${configured.file} first. ${configured.faults.join('; ')}`);
  const { found, file } = configured ?? {};
  const inFile = found?.key;
  if (configured && inFile) refuseContradiction(keyName({ environment, service }), said, arn, configured);
  const owner = inFile?.owner ?? said.owner ?? before?.key.owner;
  if (!owner) throw new UsageError('--owner is missing: the team that acts on notices, by e-mail address.');
  const base = found?.policy ?? DEFAULT_POLICY;
  const policy = inFile ? base : { ...(before?.policy ?? base), ...said.policy };
  if (!remindsInTime(policy))
    throw new UsageError(
      `Keys of ${policy.maxAgeDays} days cannot be reminded of ${policy.warnDays[0]} days before: write maxAgeDays and warnDays into keys.yaml, and leave --max-age-days out.`,
    );
  const key = { environment, service, owner };
  return {
    key,
    policy,
    base,
    tags: policyToTags(key, policy, found?.home),
    file: inFile && { name: file!, namesSecret: inFile.existing === arn },
  };
}

const isUsable = (what: 'environment' | 'service', name: string | undefined): name is string =>
  name !== undefined && isName(name, MOST_CHARACTERS[what]);

function refuseContradiction(name: string, said: Said, arn: string, { file, found }: Configured): void {
  const { policy, key } = found!;
  if (key!.existing && key!.existing !== arn)
    throw new UsageError(`${file} names another secret for ${name}: ${key!.existing}.`);
  const options = { owner: said.owner, ...said.policy };
  const inFile: Readonly<Record<string, unknown>> = { ...policy, owner: key!.owner };
  for (const [field, value] of Object.entries(options))
    if (value !== undefined && value !== inFile[field])
      throw new UsageError(
        `${file} says ${field} ${inFile[field]} for ${name}, and not ${value}. The deployment goes by the file: change it there, and leave the option out.`,
      );
}

function tagged(tags: SecretDescription['tags']) {
  if (!tags[ENVIRONMENT_TAG]) return undefined;
  try {
    return policyFromTags(tags);
  } catch (error) {
    if (error instanceof PolicyTagsError) return undefined;
    throw error;
  }
}
