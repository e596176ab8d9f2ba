import type { KeyIdentity, Policy } from '../domain/policy';
import type { Home } from '../domain/verdict';
import { decodeSchedule, decodeWorkingHours, encodeSchedule, encodeWorkingHours } from './policy-tag-codecs';

/** Prefix of the tags that say what a secret is and how its key is kept. */
export const POLICY_PREFIX = 'anthropic-key:';

/** Tag that marks a secret as managed; roles are limited to secrets that carry their environment here. */
export const ENVIRONMENT_TAG = `${POLICY_PREFIX}environment`;

/** Tag of the workspace that the configuration expects. People and the CLI read it; a function takes its home from its environment alone. */
export const WORKSPACE_TAG = `${POLICY_PREFIX}workspace-id`;

/** Tag of an adopted key, `<fingerprint>/<ISO date>`: when it was created, as a human stated it. Never written by CDK. */
export const CREATED_AT_TAG = `${POLICY_PREFIX}created-at`;

type Named = Pick<KeyIdentity, 'environment' | 'service' | 'owner'>;

/** What the policy tags of a secret say. */
export interface TaggedKey {
  readonly key: Named;
  readonly policy: Policy;
}

/** Tags that are missing or unreadable. The message names every one of them. */
export class PolicyTagsError extends Error {
  override readonly name = 'PolicyTagsError';
  constructor(readonly faults: readonly string[]) {
    super(`The secret's policy tags cannot be used: ${faults.join('; ')}.`);
  }
}

/** Deployment side: the tags of a managed secret. */
export function policyToTags(key: Named, policy: Policy, home: Home = {}): Record<string, string> {
  const tags: Record<string, string | undefined> = {
    environment: key.environment,
    service: key.service,
    owner: key.owner,
    'max-age-days': String(policy.maxAgeDays),
    'warn-days': policy.warnDays.join('/'),
    'grace-hours': String(policy.graceHours),
    'check-every': encodeSchedule(policy.checkEvery),
    'probe-model': policy.probeModel,
    'health-probe': policy.healthProbe,
    deactivate: policy.deactivate,
    'max-grace-extensions': String(policy.maxGraceExtensions),
    'auto-rollback': String(policy.autoRollback),
    'working-hours': policy.workingHours && encodeWorkingHours(policy.workingHours),
    'allow-long-age': policy.allowLongAge,
    'workspace-id': home.workspaceId,
  };
  return Object.fromEntries(
    Object.entries(tags).flatMap(([name, value]) =>
      value === undefined ? [] : [[POLICY_PREFIX + name, value]],
    ),
  );
}

/** Function side. There are no defaults here: what the deployment decided is on the secret. @throws PolicyTagsError */
export function policyFromTags(tags: Readonly<Record<string, string>>): TaggedKey {
  const faults: string[] = [];
  function read<T>(name: string, expected: string, decode: (text: string) => T | undefined): T | undefined {
    const text = tags[POLICY_PREFIX + name];
    if (text === undefined) return undefined;
    const value = decode(text);
    if (value === undefined)
      faults.push(`${POLICY_PREFIX}${name} is ${JSON.stringify(text)}, expected ${expected}`);
    return value;
  }
  function need<T>(name: string, expected: string, decode: (text: string) => T | undefined): T {
    if (tags[POLICY_PREFIX + name] === undefined) faults.push(`${POLICY_PREFIX}${name} is missing`);
    return read(name, expected, decode) as T;
  }
  const key = {
    environment: need('environment', 'a name', text),
    service: need('service', 'a name', text),
    owner: need('owner', 'an e-mail address', text),
  };
  const policy: Policy = {
    maxAgeDays: need('max-age-days', 'days', positive),
    warnDays: need('warn-days', 'days such as 14/7/1', days),
    graceHours: need('grace-hours', 'hours', whole),
    checkEvery: need('check-every', 'a schedule such as "rate 1 hour"', decodeSchedule),
    probeModel: read('probe-model', 'a model name', text),
    healthProbe: need('health-probe', 'messages or count-tokens', oneOf('messages', 'count-tokens')),
    deactivate: need('deactivate', 'prompt or automatic', oneOf('prompt', 'automatic')),
    maxGraceExtensions: need('max-grace-extensions', 'a whole number', whole),
    autoRollback: need('auto-rollback', 'true or false', yesOrNo),
    workingHours: read('working-hours', 'such as "1-5 9-17 Europe/Berlin"', decodeWorkingHours),
    allowLongAge: read('allow-long-age', 'a reason', text),
  };
  if (faults.length > 0) throw new PolicyTagsError(faults);
  return { key, policy: withoutAbsent(policy) };
}

const text = (value: string) => value.trim() || undefined;
const whole = (value: string) => (/^\d{1,6}$/.test(value) ? Number(value) : undefined);
const positive = (value: string) => whole(value) || undefined;
const yesOrNo = (value: string) => ({ true: true, false: false })[value];
const oneOf =
  <T extends string>(...allowed: readonly T[]) =>
  (value: string) =>
    allowed.find((each) => each === value);

function days(value: string): readonly number[] | undefined {
  if (value === '') return [];
  const parts = value.split('/').map(whole);
  return parts.every((part) => part !== undefined) ? parts : undefined;
}

function withoutAbsent<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T;
}
