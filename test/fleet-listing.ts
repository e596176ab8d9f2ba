import { retireLabel } from '../lib/contract/labels';
import { memoryToTags } from '../lib/contract/memory-tags';
import { policyToTags } from '../lib/contract/policy-tags';
import type { SecretDescription } from '../lib/contract/read-secret';
import type { ListedKey } from '../lib/domain/listed-key';
import { EMPTY_MEMORY, type Memory } from '../lib/domain/memory';
import type { KeyIdentity, Policy } from '../lib/domain/policy';
import { utcDay } from '../lib/domain/time';
import { aKey, aPolicy, aRememberedVerdict, daysAgo, NOW } from './builders';

/** What a healthy key's memory holds: checked today, alive for ten days. */
export const aMemory = (overrides: Partial<Memory> = {}): Memory => ({
  ...EMPTY_MEMORY,
  checkedOn: utcDay(NOW),
  verdict: aRememberedVerdict(),
  ...overrides,
});

/** A healthy key as one entry of a listing shows it. */
export const aListedKey = (overrides: Partial<ListedKey> = {}): ListedKey => ({
  key: aKey(),
  policy: aPolicy(),
  memory: aMemory(),
  createdAt: daysAgo(200),
  rotationEnabled: true,
  deployed: true,
  accepted: true,
  submitted: false,
  retiring: [],
  leaks: [],
  ...overrides,
});

const LIVE = '11111111-0000-4000-8000-000000000001';
const OLD = '22222222-0000-4000-8000-000000000002';

/** A healthy key as Secrets Manager's listing gives it. */
export function aListing(
  wanted: {
    readonly key?: Partial<KeyIdentity>;
    readonly policy?: Partial<Policy>;
    readonly memory?: Memory;
    readonly retiringUntil?: readonly Date[];
    readonly labels?: readonly string[];
  } = {},
): SecretDescription {
  const key = aKey(wanted.key);
  const retiring = (wanted.retiringUntil ?? []).map((until) => retireLabel(OLD, until));
  return {
    arn: key.secretArn,
    name: key.secretName,
    createdAt: daysAgo(200),
    rotationEnabled: true,
    tags: { ...policyToTags(key, aPolicy(wanted.policy)), ...memoryToTags(wanted.memory ?? aMemory()) },
    stages: {
      [LIVE]: wanted.labels ?? ['AWSCURRENT', 'ACCEPTED'],
      ...(retiring.length > 0 && { [OLD]: ['AWSPREVIOUS', ...retiring] }),
    },
  };
}
