import { doubtNamed } from '../domain/console/usage';
import type { Memory, RememberedVerdict, RetiringKey, Timeline } from '../domain/memory';
import { isBlockedReason } from '../domain/probe/outcomes';
import type { VerdictKind } from '../domain/probe/verdict';
import { isRefusal } from '../domain/refusal';
import { isPlausible, utcDay } from '../domain/time';

/** Prefix of the tags that functions write at run time; CDK writes the policy tags. */
export const MEMORY_PREFIX = 'anthropic-key-state:';

/** The only tag keys that a function may write: its role lists them. */
export const MEMORY_TAG_KEYS = [
  'checked',
  'verdict',
  'notices',
  'notices-more',
  'record',
  'snooze',
  'rotation',
  'submission',
].map((key) => MEMORY_PREFIX + key);

/** Characters of a tag value that AWS allows. */
const MAX_LENGTH = 256;

const NONE = '-';

type Tags = Readonly<Record<string, string>>;
type Fields = Readonly<Record<string, string>>;

const tag = (name: string) => MEMORY_PREFIX + name;

/** Packs the memory into tags that AWS accepts. Safety does not depend on it. */
export function memoryToTags(memory: Memory): Record<string, string> {
  const [notices, more] = packNotices(memory.notices);
  const values: Record<string, string | undefined> = {
    checked: encodeChecked(memory),
    verdict: memory.verdict && encodeVerdict(memory.verdict),
    notices,
    'notices-more': more,
    record: memory.record && encodeRecord(memory.record),
    snooze: memory.snooze && `${iso(memory.snooze.until)}/${memory.snooze.reason}`.slice(0, MAX_LENGTH),
    rotation: withDoubt(withHints(encodeTimeline(memory.timeline), memory.retiringHints), memory.doubted),
    submission: encodeSubmission(memory),
  };
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value ? [[tag(name), value]] : [])),
  );
}

/** Reads memory back. What is absent or damaged is forgotten, at the cost of one repeated mail, or of one more test of a refused submission. */
export function memoryFromTags(tags: Tags): Memory {
  const submission = decodeFields(tags[tag('submission')] ?? '');
  const rotation = decodeFields(tags[tag('rotation')] ?? '');
  const [checkedOn, sent, retiringKeys] = (tags[tag('checked')] ?? '').split(' ');
  return {
    checkedOn: present(checkedOn || undefined),
    sent: list(sent).map((id) => NOTICE + id),
    verdict: decodeVerdict(tags[tag('verdict')]),
    notices: unpackNotices(tags[tag('notices')], tags[tag('notices-more')]),
    record: decodeRecord(tags[tag('record')]),
    snooze: decodeSnooze(tags[tag('snooze')]),
    home: decodeHome(submission.home),
    pendingRejection: decodeRejection(submission),
    rejectedKeys: list(submission.refused),
    leaked: decodeLeaks(submission.leaked),
    timeline: decodeTimeline(rotation),
    retiringHints: decodeHints(rotation.hints),
    ...decodeDoubt(rotation.usage),
    retiringKeys: list(retiringKeys).flatMap(decodeRetiringKey),
  };
}

const NOTICE = 'AKR-';

/** The day of the last check, then the ids of the last notices, then as many old keys as there is room for. Earlier releases read the first two. */
function encodeChecked({ checkedOn, sent, retiringKeys }: Memory): string | undefined {
  const ids = sent.map((id) => id.slice(NOTICE.length)).join('/');
  const short = ids === '' ? checkedOn : `${checkedOn ?? NONE} ${ids}`;
  const keys = retiringKeys.map(encodeRetiringKey);
  const fitting = keys.map((_, index) => `${checkedOn ?? NONE} ${ids} ${keys.slice(0, index + 1).join('/')}`);
  return fitting.findLast((text) => text.length <= MAX_LENGTH) ?? short;
}

const encodeRetiringKey = ({ version, fingerprint, hint }: RetiringKey) =>
  [version, fingerprint, shortHint(hint)].join(':');

function decodeRetiringKey(text: string): readonly RetiringKey[] {
  const [, version, fingerprint, hint] = /^([0-9a-f]{8}):([0-9a-f]{12}):([^:]+)$/.exec(text) ?? [];
  return version && fingerprint && hint ? [{ version, fingerprint, hint: longHint(hint) }] : [];
}

function encodeVerdict(v: RememberedVerdict): string {
  const hint = v.hint.replace('…', '...');
  return [
    v.fingerprint,
    v.kind,
    v.reason ?? NONE,
    iso(v.since),
    iso(v.unknownSince),
    iso(v.keyCreatedAt),
    hint,
    ...(v.refusedSince ? [iso(v.refusedSince)] : []),
  ].join('/');
}

const VERDICTS: readonly string[] = ['ALIVE', 'BLOCKED', 'DEAD', 'UNKNOWN'] satisfies VerdictKind[];

function decodeVerdict(value: string | undefined): RememberedVerdict | undefined {
  const [fingerprint, kind, reason, since, unknownSince, keyCreatedAt, hint, refusedSince] =
    value?.split('/') ?? [];
  const [from, created] = [date(since), date(keyCreatedAt)];
  if (!fingerprint || !kind || !VERDICTS.includes(kind) || !from || !created || !hint) return undefined;
  return {
    fingerprint,
    hint: hint.replace('...', '…'),
    keyCreatedAt: created,
    kind: kind as VerdictKind,
    reason: reason && isBlockedReason(reason) ? reason : undefined,
    since: from,
    unknownSince: date(unknownSince),
    refusedSince: date(refusedSince),
  };
}

function encodeRecord(r: NonNullable<Memory['record']>): string {
  const owner = r.personal ? 'person' : 'service';
  return [r.fingerprint, r.id, iso(r.createdAt), iso(r.expiresAt), owner, r.inspectedOn].join('/');
}

function decodeRecord(value: string | undefined): Memory['record'] {
  const [fingerprint, id, created, expires, owner, inspectedOn] = value?.split('/') ?? [];
  const createdAt = date(created);
  if (!fingerprint || !id || !createdAt || !inspectedOn) return undefined;
  return { fingerprint, id, createdAt, expiresAt: date(expires), personal: owner === 'person', inspectedOn };
}

function decodeSnooze(value: string | undefined): Memory['snooze'] {
  const slash = value?.indexOf('/') ?? -1;
  const until = date(value?.slice(0, slash));
  return until ? { until, reason: value!.slice(slash + 1) } : undefined;
}

function decodeHome(value: string | undefined): Memory['home'] {
  const [organizationId, workspaceId] = value?.split('/') ?? [];
  return value ? { organizationId: present(organizationId), workspaceId: present(workspaceId) } : undefined;
}

const TIMES = {
  submitted: 'submittedAt',
  promoted: 'promotedAt',
  changed: 'changedAt',
  grace: 'graceEndsAt',
  deactivated: 'deactivatedAt',
  off: 'recordOffAt',
  proven: 'provenAt',
} as const satisfies Record<string, keyof Timeline>;

function encodeTimeline(timeline: Timeline): string {
  const times = Object.entries(TIMES).map(
    ([name, field]) => [name, timeline[field] && iso(timeline[field])] as const,
  );
  return encodeFields([
    ['old', timeline.fingerprint],
    ['how', timeline.how],
    ['undone', timeline.undone],
    ['undos', timeline.undos && encodeUndos(timeline.undos)],
    ...times,
  ]);
}

/** Every hint begins so, and a tag has little room. */
const HINT_START = 'sk-ant-';

/** Adds as many hints as the tag has room for. */
function withHints(rotation: string, hints: readonly string[]): string {
  const short = hints.map(shortHint);
  const fitting = short.map((_, index) =>
    [rotation, `hints=${short.slice(0, index + 1).join('/')}`].filter(Boolean).join(' '),
  );
  return fitting.findLast((text) => text.length <= MAX_LENGTH) ?? rotation;
}

/** Adds why the use of an old key is not known, if the tag still has room. */
function withDoubt(rotation: string, doubted: Memory['doubted']): string {
  if (!doubted) return rotation;
  const { fingerprint, doubt } = doubted;
  const parts = [fingerprint, doubt.reason, ...('statuses' in doubt ? doubt.statuses : [])];
  const text = [rotation, `usage=${parts.join(':')}`].filter(Boolean).join(' ');
  return text.length <= MAX_LENGTH ? text : rotation;
}

function decodeDoubt(text: string | undefined): Pick<Memory, 'doubted'> {
  const [fingerprint, reason = '', ...statuses] = text?.split(':') ?? [];
  const doubt = doubtNamed(reason, statuses.map(Number).filter(Number.isInteger));
  return fingerprint && doubt ? { doubted: { fingerprint, doubt } } : {};
}

const decodeHints = (text: string | undefined) => list(text).map(longHint);

const shortHint = (hint: string) => hint.replace(HINT_START, '').replace('…', '...');

const longHint = (short: string) => HINT_START + short.replace('...', '…');

/** The home that submissions must match, and the keys that must never come back. */
function encodeSubmission({ home, pendingRejection, rejectedKeys, leaked }: Memory): string {
  return encodeFields([
    ['home', home && `${home.organizationId ?? NONE}/${home.workspaceId ?? NONE}`],
    ['rejected', pendingRejection?.version],
    ['because', pendingRejection?.reason],
    ['refused', rejectedKeys.join('/')],
    ['leaked', leaked.map(({ beginning, on }) => `${beginning}@${utcDay(on)}`).join('/')],
  ]);
}

const decodeRejection = ({
  rejected: version,
  because: reason = NONE,
}: Fields): Memory['pendingRejection'] => (version && isRefusal(reason) ? { version, reason } : undefined);

const decodeLeaks = (text: string | undefined): Memory['leaked'] =>
  list(text).flatMap((leak) => {
    const [beginning, day] = leak.split('@');
    const on = date(day);
    return beginning && on ? [{ beginning, on }] : [];
  });

const encodeFields = (fields: readonly (readonly [string, string | undefined])[]) =>
  fields.flatMap(([name, value]) => (value ? `${name}=${value}` : [])).join(' ');

const HOW: readonly string[] = ['first-key', 'submitted', 'direct-edit', 'rolled-back', 'keyless'];

function decodeTimeline(fields: Fields): Timeline {
  const times = Object.entries(TIMES).flatMap(([name, field]) => {
    const at = date(fields[name]);
    return at ? [[field, at]] : [];
  });
  return {
    ...(fields.old ? { fingerprint: fields.old } : {}),
    ...(fields.undone ? { undone: fields.undone } : {}),
    ...decodeUndos(fields.undos),
    ...(fields.how && HOW.includes(fields.how) ? { how: fields.how as Timeline['how'] } : {}),
    ...Object.fromEntries(times),
  };
}

const encodeUndos = ({ count, on, submitted }: NonNullable<Timeline['undos']>) =>
  [count, on, ...(submitted ? ['submitted'] : [])].join('/');

function decodeUndos(text: string | undefined): Pick<Timeline, 'undos'> {
  const [, count, on, submitted] = /^(\d{1,5})\/(\d{4}-\d\d-\d\d)(\/submitted)?$/.exec(text ?? '') ?? [];
  if (!count || !on) return {};
  return { undos: { count: Number(count), on, ...(submitted && { submitted: true as const }) } };
}

/** `id=reminder` pairs over two tags. What does not fit is the oldest, and is sent once more. */
function packNotices(notices: Memory['notices']): readonly [string, string] {
  const packed: [string, string] = ['', ''];
  const pairs = Object.entries(notices).map(([id, reminder]) => `${id}=${reminder}`);
  for (const pair of pairs.reverse()) {
    const slot = packed.findIndex((text) => text.length + pair.length + 1 <= MAX_LENGTH);
    if (slot >= 0) packed[slot] = packed[slot] ? `${packed[slot]} ${pair}` : pair;
  }
  return packed;
}

/** Tags hold the latest notice first, memory the oldest first. */
const unpackNotices = (...packed: readonly (string | undefined)[]): Memory['notices'] =>
  Object.fromEntries(Object.entries(decodeFields(packed.join(' '))).reverse());

function decodeFields(text: string): Record<string, string> {
  return Object.fromEntries(
    text
      .split(' ')
      .map((pair) => pair.split('='))
      .filter((pair): pair is [string, string] => pair.length === 2 && pair[0] !== '' && pair[1] !== ''),
  );
}

/** ISO 8601 without milliseconds, to save space. */
const iso = (at: Date | undefined) => at?.toISOString().replace(/\.\d+Z$/, 'Z') ?? NONE;

/** The parts of a list such as `a/b`. */
const list = (text: string | undefined) => text?.split('/').filter(Boolean) ?? [];

const present = (value: string | undefined) => (value === undefined || value === NONE ? undefined : value);

/** Anybody who may write tags writes any date: one that no calendar of ours reaches would break whoever reckons with it. */
function date(value: string | undefined): Date | undefined {
  if (!value || value === NONE) return undefined;
  const parsed = new Date(value);
  return isPlausible(parsed) ? parsed : undefined;
}
