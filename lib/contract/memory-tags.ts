import type { Memory, RememberedVerdict, Timeline } from '../domain/observation';
import type { VerdictKind } from '../domain/verdict';
import { MEMORY_PREFIX } from './memory-tag-keys';

/** AWS ends a tag value here. */
const LONGEST = 256;

const NONE = '-';

type Tags = Readonly<Record<string, string>>;

const tag = (name: string) => MEMORY_PREFIX + name;

/** Packs what is remembered into tags that AWS accepts; nothing of it is needed for safety. */
export function memoryToTags(memory: Memory): Record<string, string> {
  const [notices, more] = packNotices(memory.notices);
  const values: Record<string, string | undefined> = {
    checked: memory.checkedOn,
    verdict: memory.verdict && encodeVerdict(memory.verdict),
    notices,
    'notices-more': more,
    record: memory.record && encodeRecord(memory.record),
    snooze: memory.snooze && `${iso(memory.snooze.until)}/${memory.snooze.reason}`.slice(0, LONGEST),
    rotation: encodeTimeline(memory.timeline),
    submission: encodeSubmission(memory),
  };
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value ? [[tag(name), value]] : [])),
  );
}

/** Reads memory back. What is absent, damaged or of another version is forgotten: that costs one repeated mail at most. */
export function memoryFromTags(tags: Tags): Memory {
  const notices = `${tags[tag('notices')] ?? ''} ${tags[tag('notices-more')] ?? ''}`;
  const submission = decodeFields(tags[tag('submission')] ?? '');
  return {
    checkedOn: tags[tag('checked')],
    verdict: decodeVerdict(tags[tag('verdict')]),
    notices: decodeFields(notices),
    record: decodeRecord(tags[tag('record')]),
    snooze: decodeSnooze(tags[tag('snooze')]),
    home: decodeHome(submission.home),
    rejected: submission.rejected
      ? { version: submission.rejected, reason: submission.because ?? NONE }
      : undefined,
    refused: submission.refused?.split('/') ?? [],
    timeline: decodeTimeline(decodeFields(tags[tag('rotation')] ?? '')),
  };
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
  ].join('/');
}

const VERDICTS: readonly string[] = ['ALIVE', 'BLOCKED', 'DEAD', 'UNKNOWN'] satisfies VerdictKind[];

function decodeVerdict(value: string | undefined): RememberedVerdict | undefined {
  const [fingerprint, kind, reason, since, unknownSince, keyCreatedAt, hint] = value?.split('/') ?? [];
  const [from, created] = [date(since), date(keyCreatedAt)];
  if (!fingerprint || !kind || !VERDICTS.includes(kind) || !from || !created || !hint) return undefined;
  return {
    fingerprint,
    hint: hint.replace('...', '…'),
    keyCreatedAt: created,
    kind: kind as VerdictKind,
    reason: present(reason),
    since: from,
    unknownSince: date(unknownSince),
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
  grace: 'graceEndsAt',
  deactivated: 'deactivatedAt',
  off: 'recordOffAt',
  proven: 'provenAt',
} as const satisfies Record<string, keyof Timeline>;

function encodeTimeline(timeline: Timeline): string {
  const times = Object.entries(TIMES).map(
    ([name, field]) => [name, timeline[field] && iso(timeline[field])] as const,
  );
  return encodeFields([['old', timeline.fingerprint], ['how', timeline.how], ...times]);
}

/** What submissions are measured against, and what became of the last ones. */
function encodeSubmission({ home, rejected, refused }: Memory): string {
  return encodeFields([
    ['home', home && `${home.organizationId ?? NONE}/${home.workspaceId ?? NONE}`],
    ['rejected', rejected?.version],
    ['because', rejected?.reason],
    ['refused', refused.join('/')],
  ]);
}

const encodeFields = (fields: readonly (readonly [string, string | undefined])[]) =>
  fields.flatMap(([name, value]) => (value ? `${name}=${value}` : [])).join(' ');

const HOW: readonly string[] = ['first-key', 'submitted', 'direct-edit'];

function decodeTimeline(fields: Readonly<Record<string, string>>): Timeline {
  const times = Object.entries(TIMES).flatMap(([name, field]) => {
    const at = date(fields[name]);
    return at ? [[field, at]] : [];
  });
  return {
    ...(fields.old ? { fingerprint: fields.old } : {}),
    ...(fields.how && HOW.includes(fields.how) ? { how: fields.how as Timeline['how'] } : {}),
    ...Object.fromEntries(times),
  };
}

/** `id=rung` pairs over two tags; the oldest go first where even two are too short, which costs a repeated mail. */
function packNotices(notices: Memory['notices']): readonly [string, string] {
  const packed: [string, string] = ['', ''];
  for (const pair of Object.entries(notices).map(([id, rung]) => `${id}=${rung}`)) {
    const slot = packed.findIndex((text) => text.length + pair.length + 1 <= LONGEST);
    if (slot >= 0) packed[slot] = packed[slot] ? `${packed[slot]} ${pair}` : pair;
  }
  return packed;
}

function decodeFields(text: string): Record<string, string> {
  return Object.fromEntries(
    text
      .split(' ')
      .map((pair) => pair.split('='))
      .filter((pair): pair is [string, string] => pair.length === 2 && pair[0] !== '' && pair[1] !== ''),
  );
}

/** Seconds are enough, and shorter. */
const iso = (at: Date | undefined) => at?.toISOString().replace(/\.\d+Z$/, 'Z') ?? NONE;

const present = (value: string | undefined) => (value === undefined || value === NONE ? undefined : value);

function date(value: string | undefined): Date | undefined {
  if (!value || value === NONE) return undefined;
  const parsed = new Date(value);
  return Number.isNaN(parsed.getTime()) ? undefined : parsed;
}
