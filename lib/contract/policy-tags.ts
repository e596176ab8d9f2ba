import type { Consumer } from '../domain/consumer';
import {
  areHours,
  type Bounds,
  DEFAULT_POLICY,
  type KeyIdentity,
  LONG_AGE_DAYS,
  MOST_REMINDERS,
  nearest,
  POLICY_BOUNDS,
  type Policy,
  type WorkingHours,
} from '../domain/policy';
import type { Home } from '../domain/probe/verdict';
import { isPlausible, utcDay } from '../domain/time';
import { CONSUMER_TAGS, CONSUMERS_EXAMPLE, consumersFromTag, consumersToTags } from './consumer-tags';

/** Prefix of the tags that hold a key's identity and policy. */
export const POLICY_PREFIX = 'anthropic-key:';

/** Tag that marks a secret as managed. Roles reach only secrets with their own environment in it. */
export const ENVIRONMENT_TAG = `${POLICY_PREFIX}environment`;

/** Tag of the expected workspace, for people and the CLI. Functions take it from their environment variables alone. */
export const WORKSPACE_TAG = `${POLICY_PREFIX}workspace-id`;

/** Tag of an adopted key, `<fingerprint>/<ISO date>`: its creation as stated by a human. CDK never writes it. */
export const CREATED_AT_TAG = `${POLICY_PREFIX}created-at`;

type Named = Pick<KeyIdentity, 'environment' | 'service' | 'owner' | 'consumers'>;

/** A key as its secret's policy tags describe it. */
interface TaggedKey {
  readonly key: Named;
  readonly policy: Policy;
  /** What is wrong with its tags, a sentence each. */
  readonly faults: readonly string[];
}

/** The message names every missing or unreadable tag. */
export class PolicyTagsError extends Error {
  override readonly name = 'PolicyTagsError';
  constructor(readonly faults: readonly string[]) {
    super(`The secret's policy tags cannot be used: ${faults.join('; ')}.`);
  }
}

/** Deployment side. @throws RangeError if a schedule or the consumers cannot be written */
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
    ...consumersToTags(key.consumers),
  };
  return Object.fromEntries(
    Object.entries(tags).flatMap(([name, value]) =>
      value === undefined ? [] : [[POLICY_PREFIX + name, value]],
    ),
  );
}

/**
 * Function side, for a key that must be kept whatever its tags say: who may write tags must not be able to stop its checks, or to have it kept
 * without end. An unreadable or missing value is replaced by the default, and a number out of bounds by the nearest bound; each is a fault. With
 * a fault nothing is switched off by itself. @throws PolicyTagsError if the tags do not say which key it is
 */
export function readPolicyTags(tags: Readonly<Record<string, string>>): TaggedKey {
  const faults: string[] = [];
  function read<T>(name: string, expected: string, decode: (text: string) => T | undefined): T | undefined {
    const text = tags[POLICY_PREFIX + name];
    const value = text === undefined ? undefined : decode(text);
    if (text !== undefined && value === undefined)
      faults.push(`${POLICY_PREFIX}${name} is ${JSON.stringify(text)}, expected ${expected}`);
    return value;
  }
  function need<T>(name: string, expected: string, decode: (text: string) => T | undefined): T | undefined {
    if (tags[POLICY_PREFIX + name] === undefined) faults.push(`${POLICY_PREFIX}${name} is missing`);
    return read(name, expected, decode);
  }
  function number(field: Numeric, name: string, what: string, bounds: Bounds = POLICY_BOUNDS[field]): number {
    const value = need(name, what, whole) ?? DEFAULT_POLICY[field];
    const bounded = nearest(value, bounds);
    if (value !== bounded)
      faults.push(`${POLICY_PREFIX}${name} is ${value}, expected ${bounds[0]} to ${bounds[1]} ${what}`);
    return bounded;
  }
  const environment = need('environment', 'a name', text);
  const service = need('service', 'a name', text);
  const owner = need('owner', 'an e-mail address', text);
  const allowLongAge = read('allow-long-age', 'a reason', text);
  const [youngest, oldest] = POLICY_BOUNDS.maxAgeDays;
  const ages: Bounds = [youngest, allowLongAge ? oldest : LONG_AGE_DAYS];
  const maxAgeDays = number('maxAgeDays', 'max-age-days', 'days', ages);
  const announced = need('warn-days', 'days such as 14/7/1', days) ?? DEFAULT_POLICY.warnDays;
  const warnDays = announced.filter(
    (day) => day < maxAgeDays && day === nearest(day, POLICY_BOUNDS.warnDays),
  );
  if (warnDays.length < announced.length || announced.length > MOST_REMINDERS)
    faults.push(
      `${POLICY_PREFIX}warn-days is ${JSON.stringify(announced.join('/'))}, expected at most ${MOST_REMINDERS} days below ${maxAgeDays}`,
    );
  const policy: Policy = {
    maxAgeDays,
    warnDays: warnDays.slice(0, MOST_REMINDERS),
    graceHours: number('graceHours', 'grace-hours', 'hours'),
    checkEvery:
      need('check-every', 'a schedule such as "rate 1 hour"', decodeSchedule) ?? DEFAULT_POLICY.checkEvery,
    probeModel: read('probe-model', 'a model name', text),
    healthProbe:
      need('health-probe', 'messages or count-tokens', oneOf('messages', 'count-tokens')) ??
      DEFAULT_POLICY.healthProbe,
    deactivate: need('deactivate', 'prompt or automatic', oneOf('prompt', 'automatic')) ?? 'prompt',
    maxGraceExtensions: number('maxGraceExtensions', 'max-grace-extensions', 'days'),
    autoRollback: need('auto-rollback', 'true or false', yesOrNo) ?? false,
    workingHours: read('working-hours', 'such as "1-5 9-17 Europe/Berlin"', decodeWorkingHours),
    allowLongAge,
  };
  const consumers = readConsumers(tags, read);
  if (!environment || !service || !owner) throw new PolicyTagsError(faults);
  const kept: Policy = faults.length > 0 ? { ...policy, deactivate: 'prompt' } : policy;
  const key = { environment, service, owner, ...(consumers && { consumers }) };
  return { key, policy: withoutAbsent(kept), faults };
}

/** None if any tag is malformed: a list that lacks some would mislead. */
function readConsumers(
  tags: Readonly<Record<string, string>>,
  read: (
    name: string,
    expected: string,
    decode: typeof consumersFromTag,
  ) => ReturnType<typeof consumersFromTag>,
): readonly Consumer[] | undefined {
  const present = CONSUMER_TAGS.filter((name) => tags[POLICY_PREFIX + name] !== undefined);
  const found = present.map((name) => read(name, `such as "${CONSUMERS_EXAMPLE}"`, consumersFromTag));
  return found.length > 0 && found.every((each) => each !== undefined) ? found.flat() : undefined;
}

/** Only undamaged tags: the deployment wrote every decision to them. @throws PolicyTagsError */
export function policyFromTags(tags: Readonly<Record<string, string>>): Omit<TaggedKey, 'faults'> {
  const { faults, ...tagged } = readPolicyTags(tags);
  if (faults.length > 0) throw new PolicyTagsError(faults);
  return tagged;
}

type Numeric = 'maxAgeDays' | 'graceHours' | 'maxGraceExtensions';

const text = (value: string) => value.trim() || undefined;

const whole = (value: string) => (/^\d{1,15}$/.test(value) ? Number(value) : undefined);

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

// AWS allows no brackets, commas or asterisks in a tag value. These replace what a cron expression needs.
const STAND_IN: Readonly<Record<string, string>> = { '*': '@', '?': '.', ',': ':', '#': '=' };

const STANDS_FOR = Object.fromEntries(Object.entries(STAND_IN).map(([sign, standIn]) => [standIn, sign]));

const SCHEDULE = /^(rate|cron)\(([^()]+)\)$/;

/** A schedule expression as a tag value: `rate(1 hour)` is `rate 1 hour`. */
function encodeSchedule(expression: string): string {
  const match = SCHEDULE.exec(expression);
  if (!match) throw new RangeError(`${JSON.stringify(expression)} is neither rate(…) nor cron(…)`);
  return `${match[1]} ${match[2]!.replace(/[*?,#]/g, (sign) => STAND_IN[sign]!)}`;
}

/** The schedule expression of a tag value; undefined if malformed. */
function decodeSchedule(value: string): string | undefined {
  const match = /^(rate|cron) (\S.*)$/.exec(value);
  if (!match) return undefined;
  const inner = match[2]!.replace(/[@.:=]/g, (standIn) => STANDS_FOR[standIn]!);
  return `${match[1]}(${inner})`;
}

/** Working hours as a tag value: `1-5 9-17 Europe/Berlin`. */
const encodeWorkingHours = ({ days, hours, timeZone }: WorkingHours) =>
  `${days.join('-')} ${hours.join('-')} ${timeZone}`;

/** The working hours of a tag value; undefined if malformed or impossible. */
function decodeWorkingHours(value: string): WorkingHours | undefined {
  const match = /^([1-7])-([1-7]) (\d{1,2})-(\d{1,2}) (\S+)$/.exec(value);
  if (!match) return undefined;
  const [firstDay, lastDay, from, to] = match.slice(1, 5).map(Number) as [number, number, number, number];
  if (!areHours([from, to]) || !isTimeZone(match[5]!)) return undefined;
  return { days: [firstDay, lastDay], hours: [from, to], timeZone: match[5]! };
}

/** Whether the runtime knows the IANA time zone. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** A human's statement of when an adopted key was created. The fingerprint ties it to that key alone. */
interface StatedCreation {
  readonly fingerprint: string;
  readonly createdAt: Date;
}

/** The tag that `adopt` writes. */
export const statedCreationToTags = ({ fingerprint, createdAt }: StatedCreation) => ({
  [CREATED_AT_TAG]: `${fingerprint}/${utcDay(createdAt)}`,
});

/** Undefined if nothing was stated or the tag is malformed. */
export function statedCreationFromTags(tags: Readonly<Record<string, string>>): StatedCreation | undefined {
  const match = /^([0-9a-f]{12})\/(\d{4}-\d\d-\d\d)$/.exec(tags[CREATED_AT_TAG] ?? '');
  const createdAt = new Date(`${match?.[2]}T00:00:00Z`);
  return match && isPlausible(createdAt) ? { fingerprint: match[1]!, createdAt } : undefined;
}

/** What AWS refuses in a tag value: all but letters, digits, spaces and `_ . : / = + - @`. No comma, no bracket. */
const REFUSED = /[^\p{L}\p{N}\p{Zs}_.:/=+\-@]/gu;

/** Whether AWS accepts `text` as a tag value. */
export const isTagText = (text: string) => [...text].length <= 256 && text.search(REFUSED) < 0;

/** Replaces what AWS refuses in a tag value by spaces. */
export const toTagText = (text: string) => text.replace(REFUSED, ' ').trim();

/** The rule of `isTagText` in words. */
export const TAG_TEXT_RULE = 'letters, digits, spaces and _ . : / = + - @ (at most 256)';
