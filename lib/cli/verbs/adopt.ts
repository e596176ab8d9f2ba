import { ENVIRONMENT_TAG, PolicyTagsError, policyFromTags, policyToTags } from '../../contract/policy-tags';
import { statedCreationToTags } from '../../contract/stated-creation';
import { DEFAULT_POLICY, type Policy } from '../../domain/policy';
import { utcDay } from '../../domain/time';
import type { SecretDescription } from '../../workflows/ports';
import type { Desk } from '../desk';
import { EXIT, UsageError } from '../exit-code';
import { needText, readDay, readNumber } from '../read-options';
import { takeKey } from '../submit/take-key';
import type { Options, Verb } from '../verb';

interface Intent {
  readonly secretId: string;
  readonly environment?: string;
  readonly service?: string;
  readonly owner?: string;
  readonly policy: Partial<Policy>;
  readonly created?: { readonly at: Date; readonly fingerprint?: string };
}

/** Takes an existing secret into care. */
export const adopt: Verb<Intent> = {
  name: 'adopt',
  summary: 'take a secret that exists already into care',
  about:
    'Writes the policy tags on an existing secret, with your own credentials, and prints the lines for keys.yaml. Its value is neither read nor changed. With --created-at the age of its key begins on that day instead of today: the key is then asked for on a hidden prompt (or named by --fingerprint), so that the date counts for that key only. Run it again after its policy changed.',
  argument: ['<secret>', 'name or ARN of the secret'],
  options: [
    ['--environment <name>', 'default: from a name such as anthropic/prod/api-gateway'],
    ['--service <name>', 'default: from the name'],
    ['--owner <address>', 'e-mail address of the team that acts on notices'],
    ['--created-at <day>', 'when its key was created, such as 2026-09-01'],
    ['--fingerprint <hex>', 'the key that --created-at speaks of'],
    ['--max-age-days <number>', 'default: 90'],
    ['--grace-hours <number>', 'default: 48'],
  ],
  examples: [
    'adopt anthropic/prod/billing --owner billing@example.com',
    'adopt legacy/claude --environment prod --service search --owner search@example.com --created-at 2026-09-01',
  ],
  seeAlso: ['doctor', 'show', 'submit'],
  read(secretId, options) {
    if (!secretId) throw new UsageError('Which secret? Give its name or ARN.');
    return {
      secretId,
      environment: nameOption(options, 'environment'),
      service: nameOption(options, 'service'),
      owner: ownerOption(options),
      policy: {
        ...number(options, 'maxAgeDays', [1, 90]),
        ...number(options, 'graceHours', [0, 336]),
      },
      created: createdOption(options),
    };
  },
  async prepare(intent, desk) {
    const secret = await desk.store.describe(intent.secretId);
    const { key, policy } = settings(intent, secret);
    const name = `${key.environment}/${key.service}`;
    return {
      plan: [
        `Write the tags of ${name} on ${secret.name}: owner ${key.owner}, ${policy.maxAgeDays} days, ${policy.graceHours} hours of grace.`,
        ...(intent.created ? [`State that its key was created on ${utcDay(intent.created.at)}.`] : []),
        'Print the lines for keys.yaml. Neither read nor change its value.',
      ],
      asks: `Take ${secret.name} into care as ${name}?`,
      async go() {
        const stated = intent.created ? await statedCreation(intent.created, desk) : {};
        await desk.store.tag(secret.arn, { ...policyToTags(key, policy), ...stated });
        const lines = fleetLines(key, policy, secret.arn);
        return {
          exit: EXIT.fine,
          json: {
            key: name,
            secretArn: secret.arn,
            tags: { ...policyToTags(key, policy), ...stated },
            lines,
          },
          text: ({ good }) =>
            [
              good(`${secret.name} is tagged as ${name}.`),
              'Add to keys.yaml, then deploy. The first check after that judges its value:',
              '',
              lines,
            ].join('\n'),
        };
      },
    };
  },
};

function settings(intent: Intent, { name, tags, arn }: SecretDescription) {
  const before = tagged(tags);
  const [service, environment] = name.split('/').reverse();
  const key = {
    environment: intent.environment ?? before?.key.environment ?? environment,
    service: intent.service ?? before?.key.service ?? service,
    owner: intent.owner ?? before?.key.owner,
  };
  if (!key.environment || !key.service || !/^[a-z0-9-]+$/.test(`${key.environment}${key.service}`))
    throw new UsageError(`The name ${name} does not tell: give --environment and --service.`);
  if (!key.owner)
    throw new UsageError('--owner is missing: the team that acts on notices, by e-mail address.');
  if (before && (before.key.environment !== key.environment || before.key.service !== key.service))
    throw new UsageError(
      `${arn} is in care as ${before.key.environment}/${before.key.service} already: take it out of keys.yaml there first.`,
    );
  const policy = { ...(before?.policy ?? DEFAULT_POLICY), ...intent.policy };
  return { key: { environment: key.environment, service: key.service, owner: key.owner }, policy };
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

async function statedCreation({ at, fingerprint }: NonNullable<Intent['created']>, desk: Desk) {
  const known =
    fingerprint ?? (await takeKey('The key that it holds (not shown, not stored):', desk)).fingerprint;
  return statedCreationToTags({ fingerprint: known, createdAt: at });
}

/** Written by hand, because every value was judged before: names, an address, an ARN and numbers need no quotes in YAML. */
function fleetLines(
  key: { readonly environment: string; readonly service: string; readonly owner: string },
  policy: Policy,
  arn: string,
): string {
  const special = (['maxAgeDays', 'graceHours'] as const)
    .filter((field) => policy[field] !== DEFAULT_POLICY[field])
    .map((field) => `${field}: ${policy[field]}`);
  return [
    'environments:',
    `  ${key.environment}:`,
    '    keys:',
    `      ${key.service}:`,
    `        owner: ${key.owner}`,
    `        existing: ${arn}`,
    ...(special.length > 0 ? [`        policy: { ${special.join(', ')} }`] : []),
  ].join('\n');
}

function nameOption(options: Options, name: string): string | undefined {
  const text = options[name];
  if (text === undefined) return undefined;
  if (typeof text === 'string' && /^[a-z][a-z0-9-]{0,39}$/.test(text)) return text;
  throw new UsageError(
    `--${name} takes lower-case letters, digits and hyphens; ${JSON.stringify(text)} has others.`,
  );
}

function ownerOption({ owner }: Options): string | undefined {
  if (owner === undefined) return undefined;
  if (typeof owner === 'string' && /^[\w.+=-]+@[\w-]+(?:\.[\w-]+)+$/.test(owner)) return owner;
  throw new UsageError(`--owner takes an e-mail address; ${JSON.stringify(owner)} is none.`);
}

function number(options: Options, name: string, bounds: readonly [number, number]): Record<string, number> {
  return options[name] === undefined ? {} : { [name]: readNumber(String(options[name]), name, bounds) };
}

function createdOption(options: Options): Intent['created'] {
  const { createdAt, fingerprint } = options;
  if (createdAt === undefined) {
    if (fingerprint !== undefined)
      throw new UsageError('--fingerprint says which key --created-at speaks of.');
    return undefined;
  }
  const at = readDay(needText(options, 'createdAt', 'a day.'), 'createdAt');
  if (fingerprint === undefined) return { at };
  if (typeof fingerprint === 'string' && /^[0-9a-f]{12}$/.test(fingerprint)) return { at, fingerprint };
  throw new UsageError('--fingerprint takes the 12 hex digits that `show` lists.');
}
