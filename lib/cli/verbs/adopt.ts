import { claimedName } from '../../contract/managed';
import { isName, MOST_CHARACTERS } from '../../contract/names';
import {
  CREATED_AT_TAG,
  ENVIRONMENT_TAG,
  POLICY_PREFIX,
  statedCreationToTags,
} from '../../contract/policy-tags';
import type { SecretDescription } from '../../contract/read-secret';
import { keyName } from '../../domain/policy';
import { utcDay } from '../../domain/time';
import { KEEP_ONE } from '../../domain/wording/phrases';
import { isMailAddress, MAIL_ADDRESS_RULE } from '../../domain/wording/text';
import { IllegalTransition } from '../../workflows/errors';
import { fleetLines, type Given, type Settings, settingsOf } from '../adopt-settings';
import type { CliContext } from '../context';
import { EXIT, UsageError } from '../exit-code';
import { needText, readDay, readNumber } from '../read-options';
import { whole } from '../style';
import { takeKey } from '../submit/take-key';
import type { Options, Verb } from '../verb';

interface Intent extends Given {
  readonly secretId: string;
  readonly created?: { readonly at: Date; readonly fingerprint?: string };
}

/** Starts to manage an existing secret. */
export const adopt: Verb<Intent> = {
  name: 'adopt',
  summary: 'manage a secret that exists already',
  about:
    'Writes the policy tags on an existing secret, with your own credentials, and prints the lines for keys.yaml. A key that is in keys.yaml gets its owner and whole policy from there. Run adopt again after you change them, because a deployment leaves these tags alone. The value is neither read nor changed. With --created-at the age of the key counts from that day instead of today. The key is then asked for on a hidden prompt (or named by --fingerprint), so that the date counts for that key only.',
  argument: ['<secret>', 'name or ARN of the secret'],
  options: [
    ['-e, --environment <name>', 'default: from a name such as anthropic/prod/api-gateway'],
    ['--service <name>', 'default: from the name'],
    ['--owner <address>', 'e-mail address of the team that acts on notices'],
    ['--created-at <day>', 'when its key was created, such as 2026-09-01'],
    ['--fingerprint <hex>', 'the key that --created-at is about'],
    ['--config <file>', 'fleet file with its policy; default: $ROTATION_KEYS_FILE, else keys.yaml'],
    ['--max-age-days <number>', 'for a key that is not in the file yet; default: 90'],
    ['--grace-hours <number>', 'for a key that is not in the file yet; default: 48'],
  ],
  examples: [
    'adopt anthropic/prod/billing --owner billing@example.com',
    'adopt legacy/claude --environment prod --service search --owner search@example.com --created-at 2026-09-01',
  ],
  seeAlso: ['doctor', 'show', 'submit'],
  document: 'adopt/1',
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
      config: typeof options.config === 'string' ? options.config : undefined,
      created: createdOption(options),
    };
  },
  async prepare(intent, context) {
    const { store } = context;
    const secret = await store.describe(intent.secretId);
    const settings = await settingsOf(intent, secret, context);
    const { key, policy, file } = settings;
    const name = keyName(key);
    await refuseTakenName(name, secret, context);
    const stale = staleTags(secret.tags, settings);
    return {
      steps: [
        `Write the tags of ${name} on ${secret.name}${file ? `, as ${file.name} has them` : ''}: owner ${key.owner}, ${policy.maxAgeDays} days, ${policy.graceHours} hours of grace.`,
        ...(stale.length > 0 ? [`Remove what ${file!.name} no longer says: ${stale.join(', ')}.`] : []),
        ...(intent.created ? [`State that its key was created on ${utcDay(intent.created.at)}.`] : []),
        'Print what belongs in keys.yaml. The value is neither read nor changed.',
      ],
      confirm: `Manage ${secret.name} as ${name}?`,
      async execute() {
        const stated = intent.created ? await statedCreation(intent.created, context) : {};
        const tags = { ...settings.tags, ...stated };
        await store.tag(secret.arn, tags);
        if (stale.length > 0) await store.untag(secret.arn, stale);
        const { todo, lines } = fleetLines(settings, secret.arn);
        return {
          exit: EXIT.fine,
          json: { key: name, secretArn: secret.arn, tags, lines: lines.join('\n') },
          text: ({ good }) =>
            [
              good(`${secret.name} is tagged as ${name}.`),
              todo,
              ...(lines.length > 0 ? ['', ...lines.map(whole)] : []),
            ].join('\n'),
        };
      },
    };
  },
};

/** Under a name that another secret has, commands and mails would reach the wrong key. */
async function refuseTakenName(name: string, { arn }: SecretDescription, { store }: CliContext) {
  const tagged = await store.list({ tagKey: ENVIRONMENT_TAG });
  const other = tagged.find((each) => each.arn !== arn && claimedName(each) === name);
  if (!other) return;
  throw new IllegalTransition(
    'several-secrets',
    `${name} is the name of ${other.name} already. Nothing was changed. ${KEEP_ONE}`,
  );
}

/** Policy tags that the file's policy no longer has, such as dropped working hours. What a person stated about the key stays. */
const staleTags = (before: SecretDescription['tags'], { tags, file }: Settings): readonly string[] =>
  Object.keys(before).filter(
    (tag) => file && tag.startsWith(POLICY_PREFIX) && tag !== CREATED_AT_TAG && tags[tag] === undefined,
  );

async function statedCreation({ at, fingerprint }: NonNullable<Intent['created']>, context: CliContext) {
  const known =
    fingerprint ?? (await takeKey('The key it holds (not shown, not stored):', context)).fingerprint;
  return statedCreationToTags({ fingerprint: known, createdAt: at });
}

function nameOption(options: Options, name: 'environment' | 'service'): string | undefined {
  const text = options[name];
  const most = MOST_CHARACTERS[name];
  if (text === undefined || (typeof text === 'string' && isName(text, most))) return text;
  throw new UsageError(
    `--${name} takes lower-case letters, digits and single dashes, at most ${most} characters; not ${JSON.stringify(text)}.`,
  );
}

function ownerOption({ owner }: Options): string | undefined {
  if (owner === undefined || (typeof owner === 'string' && isMailAddress(owner))) return owner;
  throw new UsageError(`--owner takes ${MAIL_ADDRESS_RULE}, not ${JSON.stringify(owner)}.`);
}

function number(options: Options, name: string, bounds: readonly [number, number]): Record<string, number> {
  return options[name] === undefined ? {} : { [name]: readNumber(String(options[name]), name, bounds) };
}

function createdOption(options: Options): Intent['created'] {
  const { createdAt, fingerprint } = options;
  if (createdAt === undefined) {
    if (fingerprint !== undefined) throw new UsageError('--fingerprint needs --created-at.');
    return undefined;
  }
  const at = readDay(needText(options, 'createdAt', 'a day.'), 'createdAt');
  if (fingerprint === undefined) return { at };
  if (typeof fingerprint === 'string' && /^[0-9a-f]{12}$/.test(fingerprint)) return { at, fingerprint };
  throw new UsageError('--fingerprint takes the 12 hex digits that `show` lists.');
}
