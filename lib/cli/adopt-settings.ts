import { isName, MOST_CHARACTERS } from '../contract/names';
import {
  ENVIRONMENT_TAG,
  POLICY_PREFIX,
  PolicyTagsError,
  policyFromTags,
  policyToTags,
} from '../contract/policy-tags';
import type { SecretDescription } from '../contract/read-secret';
import { DEFAULT_POLICY, type KeyIdentity, keyName, type Policy, remindsInTime } from '../domain/policy';
import type { CliContext, Configured } from './context';
import { UsageError } from './exit-code';

/** What the command line says. */
export interface Given {
  readonly environment?: string;
  readonly service?: string;
  readonly owner?: string;
  readonly policy: Partial<Policy>;
  /** Fleet file. @default `keys.yaml` in the current folder */
  readonly config?: string;
}

/** What an adopted secret is tagged with, and where that comes from. */
export interface Settings {
  readonly key: Pick<KeyIdentity, 'environment' | 'service' | 'owner' | 'consumers'>;
  readonly policy: Policy;
  readonly tags: Readonly<Record<string, string>>;
  /** The fleet file, if it has this key already. Owner and policy come from it. */
  readonly file?: { readonly name: string; readonly namesSecret: boolean };
  /** The default policy of its environment. */
  readonly base: Policy;
}

/**
 * The fleet file decides if it has the key: the deployment makes the schedule from it, and tags with another policy would contradict that
 * schedule. For a key that is not in it yet, options decide first, then existing tags.
 */
export async function settingsOf(
  given: Given,
  { name, arn, tags }: SecretDescription,
  context: CliContext,
): Promise<Settings> {
  const before = tagged(tags);
  const [lastPart, partBefore] = name.split('/').reverse();
  const environment = given.environment ?? before?.key.environment ?? partBefore;
  const service = given.service ?? before?.key.service ?? lastPart;
  if (!isUsable('environment', environment) || !isUsable('service', service))
    throw new UsageError(
      `The name ${name} does not say which key this is: give --environment and --service.`,
    );
  if (before && (before.key.environment !== environment || before.key.service !== service))
    throw new UsageError(
      `${arn} is managed as ${keyName(before.key)} already. To rename it, remove it from keys.yaml if it is there, and remove its tags that start with ${POLICY_PREFIX}.`,
    );
  const configured = await context.configured({ environment, service }, given.config);
  if (!configured && given.config) throw new UsageError(`There is no file ${given.config}.`);
  if (configured && configured.faults.length > 0)
    throw new UsageError(`Correct ${configured.file} first. ${configured.faults.join('; ')}`);
  const { found, file } = configured ?? {};
  const inFile = found?.key;
  if (configured && inFile) refuseContradiction(keyName({ environment, service }), given, arn, configured);
  const owner = inFile?.owner ?? given.owner ?? before?.key.owner;
  if (!owner) throw new UsageError('--owner is missing: the team that acts on notices, by e-mail address.');
  const base = found?.policy ?? DEFAULT_POLICY;
  const policy = inFile ? base : { ...(before?.policy ?? base), ...given.policy };
  if (!remindsInTime(policy))
    throw new UsageError(
      `Keys that last ${policy.maxAgeDays} days cannot have a reminder ${policy.warnDays[0]} days before: set maxAgeDays and warnDays in keys.yaml, and leave --max-age-days out.`,
    );
  const consumers = inFile ? inFile.consumers : before?.key.consumers;
  const key = { environment, service, owner, consumers };
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

function refuseContradiction(name: string, given: Given, arn: string, { file, found }: Configured): void {
  const { policy, key } = found!;
  if (key!.existing && key!.existing !== arn)
    throw new UsageError(`${file} names another secret for ${name}: ${key!.existing}.`);
  const options = { owner: given.owner, ...given.policy };
  const inFile: Readonly<Record<string, unknown>> = { ...policy, owner: key!.owner };
  for (const [field, value] of Object.entries(options))
    if (value !== undefined && value !== inFile[field])
      throw new UsageError(
        `${file} says ${field} ${inFile[field]} for ${name}, not ${value}. The deployment follows the file: change it there, and leave the option out.`,
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

/** What to do in the fleet file after a secret was tagged, and the lines that belong there. */
export function fleetLines(
  { key, policy, base, file }: Settings,
  arn: string,
): { readonly todo: string; readonly lines: readonly string[] } {
  if (file?.namesSecret)
    return {
      todo: `${file.name} has it already. Deploy if its schedule or maximum age changed.`,
      lines: [],
    };
  if (file) return { todo: `Add to this key in ${file.name}, then deploy:`, lines: [`existing: ${arn}`] };
  // The values need no quotes in YAML: they were validated as names, an address, an ARN and numbers.
  const special = (['maxAgeDays', 'graceHours'] as const)
    .filter((field) => policy[field] !== base[field])
    .map((field) => `${field}: ${policy[field]}`);
  return {
    todo: 'Add to keys.yaml, then deploy. The first check after that tests its value:',
    lines: [
      'environments:',
      `  ${key.environment}:`,
      '    keys:',
      `      ${key.service}:`,
      `        owner: ${key.owner}`,
      `        existing: ${arn}`,
      ...(special.length > 0 ? [`        policy: { ${special.join(', ')} }`] : []),
    ],
  };
}
