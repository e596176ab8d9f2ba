import { holderOf, LABEL, readLabels } from '../contract/labels';
import { memoryFromTags } from '../contract/memory-tags';
import { policyFromTags, statedCreationFromTags } from '../contract/policy-tags';
import type { Content } from '../domain/key';
import { type ApiKey, parseApiKey, readContent } from '../domain/key';
import { leakedOn } from '../domain/memory';
import { METRIC } from '../domain/metrics';
import { type Verdict, whereabouts } from '../domain/probe/verdict';
import {
  badBecause,
  fingerprintOf,
  homeOf,
  type KeyVersion,
  type Observation,
  sameKey,
  withRoles,
} from '../domain/secret';
import { StoreError } from './errors';
import { inspect } from './inspect';
import { judgeKeys, type KeyQuestion } from './judge-keys';
import { inOutage, withHolders } from './key-holders';
import type { SecretDescription, SecretVersionRow, StoredValue, World } from './ports';

/** One look at a secret: what it holds, and what its keys answered. */
export interface Look {
  readonly secret: SecretDescription;
  readonly observation: Observation;
}

/** The keys of a look by version id, for those who must ask about them. */
export type Keys = ReadonlyMap<string, ApiKey>;

/** How often a look is thrown away because the secret changed under it. */
const LOOKS = 4;

/** Looks at a secret and asks Anthropic about every key in it that something depends on. */
export async function observe(secretId: string, world: World): Promise<Look> {
  const { secret, observation, keys } = await read(secretId, world);
  const answered = await withHolders(await probeKeys(observation, keys, world), world);
  const inspections = await inspect(secret.arn, answered, world);
  const outage = await inOutage(answered, world);
  return { secret, observation: { ...answered, inspections, outage } };
}

/** Reads without asking Anthropic: in a steady state three calls, side by side. `every` reads every value that AWS still has. */
export async function read(secretId: string, world: World, every = false) {
  const { secret, rows, value } = await consistent(secretId, world);
  const keys = new Map<string, ApiKey>();
  const { key, policy } = policyFromTags(secret.tags);
  const wanted = every ? () => true : dependedOn(rows);
  const versions = await Promise.all(
    rows.filter(every ? () => true : inView(rows)).map(async (row): Promise<KeyVersion> => {
      const stored =
        row.id === value?.versionId ? value : wanted(row) ? await readOld(secret, row, world) : undefined;
      return {
        id: row.id,
        createdAt: row.createdAt,
        ...readLabels(row.labels),
        content: content(stored, keys),
      };
    }),
  );
  const observation = withRoles({
    key: { ...key, secretName: secret.name, secretArn: secret.arn },
    policy,
    versions,
    memory: memoryFromTags(secret.tags),
    expectedHome: world.env.expectedHome,
    adminAccess: world.admin !== undefined,
    inspections: [],
    statedCreation: statedCreationFromTags(secret.tags),
  });
  return { secret, observation, keys };
}

/**
 * Reads a version that is not live. A superseded one that may not be read, e.g. since the secret moved to another KMS key, must not end the
 * watch over the live key: it counts as unread, nothing is decided about it, and the alarm for failed checks speaks.
 */
async function readOld(secret: SecretDescription, { id, labels }: SecretVersionRow, world: World) {
  try {
    return await world.store.read(secret.arn, { versionId: id });
  } catch (error) {
    const denied = error instanceof StoreError && error.failure === 'denied';
    if (!denied || labels.includes(LABEL.accepted)) throw error;
    world.metrics.count(METRIC.checkFailed);
    world.log.error('A version may not be read', { secret: secret.name, version: id, error: String(error) });
    return undefined;
  }
}

/** Three reads that belong together: a look during which AWSCURRENT moved is thrown away. */
async function consistent(secretId: string, { store, clock }: World) {
  for (let look = 1; ; look++) {
    const [secret, rows, value] = await Promise.all([
      store.describe(secretId),
      store.listVersions(secretId, { deprecated: true }),
      store.read(secretId),
    ]);
    const current = holderOf(secret.stages, LABEL.current);
    const listed = rows.find((row) => row.labels.includes(LABEL.current))?.id;
    if (current === value?.versionId && current === listed) return { secret, rows, value };
    if (look === LOOKS)
      throw new Error(
        `The secret ${secret.name} kept changing while it was read; the next check tries again.`,
      );
    await clock.sleep(500 * look);
  }
}

/**
 * Versions that lost their labels may hold keys that are still alive: those newer than the accepted one, and all while the live version is
 * not the accepted one.
 */
function inView(rows: readonly SecretVersionRow[]): (row: SecretVersionRow) => boolean {
  const current = rows.find((row) => row.labels.includes(LABEL.current));
  const accepted = rows.find((row) => row.labels.includes(LABEL.accepted));
  const settled = current === undefined || current.id === accepted?.id;
  return (row) =>
    !settled || row.labels.length > 0 || accepted === undefined || row.createdAt > accepted.createdAt;
}

/** Old values that nothing depends on stay unread. */
function dependedOn(rows: readonly SecretVersionRow[]): (row: SecretVersionRow) => boolean {
  const acceptedAt = rows.find((row) => row.labels.includes(LABEL.accepted))?.createdAt;
  return (row) => {
    const labels = readLabels(row.labels);
    const mayBeOvertaken = acceptedAt === undefined || row.createdAt >= acceptedAt;
    return labels.accepted || labels.submitted || labels.retire.length > 0 || mayBeOvertaken;
  };
}

function content(stored: StoredValue | undefined, keys: Map<string, ApiKey>): Content {
  if (!stored) return { kind: 'unread' };
  const judged = parseApiKey(stored.value);
  if (judged.ok) keys.set(stored.versionId, judged.key);
  return readContent(stored.value);
}

/**
 * Asks Anthropic about every key that something depends on: the live one, the superseded ones, and the accepted one where the live one is bad.
 * Without `confirm` no death is proven, and no minute spent on it.
 */
export async function probeKeys(
  o: Observation,
  keys: Keys,
  world: World,
  confirm = true,
): Promise<Observation> {
  const current = o.live;
  const accepted = o.accepted;
  const settled = sameKey(current, accepted);
  const live = settled ? o.policy.healthProbe : 'messages';
  const questions: Question[] = [
    ...(current ? [{ version: current, probe: live } as const] : []),
    ...o.retiring.map(({ version }) => ({ version, probe: 'count-tokens' as const })),
    ...o.loose.map((version) => ({ version, probe: 'count-tokens' as const, confirm: !settled })),
  ];
  const first = await ask(o, [...questions, ...leakedBesides(o, questions)], keys, world, confirm);
  const bad = first.versions.find((v) => v.current && badBecause(v));
  return bad && accepted && !settled
    ? ask(first, [{ version: accepted, probe: 'messages' }], keys, world, confirm)
    : first;
}

/** Leaked keys that nothing else depends on, e.g. the accepted one behind a stop: people are told of them as long as they answer. */
function leakedBesides(o: Observation, questions: readonly Question[]): readonly Question[] {
  const asked = new Set(questions.map(({ version }) => fingerprintOf(version)));
  return o.versions.flatMap((version) => {
    const fingerprint = fingerprintOf(version);
    if (asked.has(fingerprint) || !leakedOn(o, fingerprint)) return [];
    asked.add(fingerprint);
    return [{ version, probe: 'count-tokens', confirm: false }];
  });
}

type Question = Omit<KeyQuestion, 'key'> & { readonly version: KeyVersion };

async function ask(
  o: Observation,
  questions: readonly Question[],
  keys: Keys,
  world: World,
  confirm: boolean,
): Promise<Observation> {
  const answerable = questions.flatMap((q) => {
    const key = keys.get(q.version.id);
    return key ? [{ ...q, key, confirm: confirm && q.confirm !== false }] : [];
  });
  const verdicts = await judgeKeys(answerable, o.policy.probeModel, world);
  const answers = new Map(answerable.map(({ version }, index) => [version.id, verdicts[index]!]));
  const home = homeOf(o);
  return withRoles({ ...o, versions: o.versions.map((v) => ({ ...v, ...seen(answers.get(v.id), home) })) });
}

function seen(verdict: Verdict | undefined, home: Observation['expectedHome']) {
  if (!verdict) return {};
  return { verdict, whereabouts: whereabouts(home, verdict.evidence) };
}
