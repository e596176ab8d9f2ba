import { createAdminApi } from '../../lib/adapters/anthropic-admin';
import { listOf, objectOf } from '../../lib/adapters/outside-json';
import type { ConsoleRecord } from '../../lib/domain/console/record';
import type { ApiKey } from '../../lib/domain/key';
import type { Verdict } from '../../lib/domain/probe/verdict';
import { DAY, HOUR, MINUTE, plus } from '../../lib/domain/time';
import type { AdminApi } from '../../lib/workflows/ports';
import { answerInShort, type Exchange, isDefinite, isListing, isWord } from './exchanges';
import { poll, type Sitting, seconds } from './sitting';
import type { Arrival, Departure } from './throw-away-key';

const KEYS = '/v1/organizations/api_keys';
const FEED = '/v1/compliance/activities';
const ANALYTICS = '/v1/organizations/analytics/usage';
const MESSAGES_REPORT = '/v1/organizations/usage_report/messages';

/** What is asked with an Admin API key. Nothing is changed by it. */
export const ADMIN_CALLS: readonly string[] = [
  KEYS,
  '/v1/organizations/users',
  '/v1/organizations/workspaces',
  FEED,
  ANALYTICS,
  MESSAGES_REPORT,
  '/v1/organizations/service_accounts',
  '/v1/organizations/federation_issuers',
  '/v1/organizations/federation_rules',
];

/** The organization as an Admin API key shows it. */
export interface Organization extends Sitting {
  readonly api: AdminApi;
  /** One request, once. A refusal is an exchange as well. */
  get(path: string, query: readonly (readonly [string, string])[]): Promise<Exchange>;
}

export function organizationOf(sitting: Sitting, adminKey: ApiKey): Organization {
  const { baseURL, clock, exchanges } = sitting;
  const { fetch } = exchanges;
  return {
    ...sitting,
    api: createAdminApi({ baseURL, fetch, clock, credential: { adminKey } }),
    async get(path, query) {
      const url = new URL(path, baseURL);
      for (const [name, value] of query) url.searchParams.append(name, value);
      const headers = { 'x-api-key': adminKey.reveal(), 'anthropic-version': '2023-06-01' };
      const signal = AbortSignal.timeout(10_000);
      await fetch(url.href, { headers, signal, redirect: 'manual' }).catch(() => undefined);
      return exchanges.all.at(-1)!;
    },
  };
}

/** Items of all pages of a listing, as they came. */
const itemsOf = (answers: readonly Exchange[]) =>
  answers.flatMap(({ body }) => listOf(objectOf(body).data).map(objectOf));

const tally = (words: readonly string[]) =>
  [...new Set(words)].sort().map((word) => `${word} ×${words.filter((one) => one === word).length}`);

/** Finds the record of the throw-away key. Undefined if there is none, or more than one that fits. */
async function recordOf({ api }: Organization, key: ApiKey, { evidence }: Verdict) {
  const fits = ({ hint, workspaceId }: ConsoleRecord) =>
    hint !== undefined &&
    key.matchesHint(hint) &&
    (workspaceId === undefined || evidence.workspaceId === undefined || workspaceId === evidence.workspaceId);
  const records = await api.records();
  const found = records.filter(fits);
  return { records, record: found.length === 1 ? found[0] : undefined };
}

/** Keys, members and workspaces. Returns the record of the throw-away key. */
export async function lookAtKeys(
  organization: Organization,
  key: ApiKey,
  arrival: Arrival,
): Promise<ConsoleRecord | undefined> {
  const { proof, exchanges, api } = organization;
  let record: ConsoleRecord | undefined;
  await proof.attempt(['key-record', 'key-of-archived-workspace'], async () => {
    const found = await recordOf(organization, key, arrival.verdict).catch(() => undefined);
    if (!found)
      return proof.leave(
        ['key-record', 'key-of-archived-workspace'],
        `the keys were not listed: ${answerInShort(exchanges.to(KEYS).at(-1) ?? {})}`,
      );
    ({ record } = found);
    if (record) noteRecord(organization, record, arrival);
    else proof.leave('key-record', 'no single record fits the key');
    const [members, workspaces] = [await api.members(), await api.workspaces()];
    noteOrphans(organization, found.records, {
      archived:
        workspaces.kind === 'read' ? idsOf(workspaces.all.filter((one) => one.archivedAt)) : undefined,
      members: members.kind === 'read' ? idsOf(members.all) : undefined,
    });
  });
  if (!record) proof.leave(BY_RECORD, 'no single record of the throw-away key was found');
  return record;
}

/** What is looked for under the id of the throw-away key. */
const BY_RECORD = [
  'feed-own-change',
  'feed-delay',
  'usage-reports',
  'usage-delay',
  'count-tokens-as-usage',
] as const;

const idsOf = (all: readonly { readonly id: string }[]): ReadonlySet<string> =>
  new Set(all.map(({ id }) => id));

const KINDS = ['user', 'service_account', 'user_actor', 'service_account_actor', 'workspace', 'organization'];

/** What a field holds: null, a kind that is known, or only that there is something. */
function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (value === undefined) return 'missing';
  if (typeof value === 'string') return 'a text';
  const { type } = objectOf(value);
  return KINDS.includes(type as string) ? (type as string) : 'another kind';
}

function noteRecord(
  { proof, exchanges }: Organization,
  { id, createdAt }: ConsoleRecord,
  arrival: Arrival,
): void {
  const raw = itemsOf(exchanges.to(KEYS)).find((item) => item.id === id) ?? {};
  const told = ['created_by', 'principal', 'scope', 'expires_at', 'partial_key_hint'].map(
    (field) => `${field} ${kindOf(raw[field])}`,
  );
  proof.settle('key-record', told.join(', '), {
    fields: Object.keys(raw).filter((field) => /^[a-z_]{1,40}$/.test(field)),
  });
  if (!arrival.atOnce) return;
  const age = seconds(arrival.askedAt.getTime() - createdAt.getTime());
  // Both clocks may be wrong by a second or two, and an older key shows nothing.
  if (age >= 0 && age <= 60)
    proof.settle('new-key-refused', `no: accepted ${age} s after it was created`, { seconds: age });
}

interface Known {
  readonly archived?: ReadonlySet<string>;
  readonly members?: ReadonlySet<string>;
}

/** A key of an archived workspace, or of a person who left, that is still called active shows that its status does not follow. */
function noteOrphans(
  { proof }: Organization,
  records: readonly ConsoleRecord[],
  { archived, members }: Known,
): void {
  const ended = records.filter(({ workspaceId }) => workspaceId && archived?.has(workspaceId));
  const left = records.filter(
    ({ principal }) => principal?.kind === 'user' && members && !members.has(principal.id),
  );
  const statuses = (of: readonly ConsoleRecord[]) => tally(of.map(({ status }) => status));
  const evidence = { archivedWorkspace: statuses(ended), leftMember: statuses(left) };
  const active = (of: readonly ConsoleRecord[]) => of.some(({ status }) => status === 'active');
  const stay = [
    ...(active(ended) ? ['of an archived workspace'] : []),
    ...(active(left) ? ['of a person who left'] : []),
  ];
  if (stay.length > 0)
    proof.settle('key-of-archived-workspace', `no: keys ${stay.join(' and ')} are active`, evidence);
  else if (!archived || !members)
    proof.leave('key-of-archived-workspace', 'members or workspaces were not listed', evidence);
  else
    proof.leave(
      'key-of-archived-workspace',
      'no active key of an archived workspace or of a person who left is listed: create a key in a new workspace, archive the workspace, and run this again',
      evidence,
    );
}

/** How the Activity Feed answers, how much it gives at once, and who disabled keys in it. */
export async function lookAtFeed(organization: Organization): Promise<void> {
  const { proof, api, clock, exchanges } = organization;
  await proof.attempt(['feed-absent', 'feed-page-size', 'feed-leaked-key'], async () => {
    const from = exchanges.all.length;
    await api.activities(plus(clock.now(), -365 * DAY));
    const answers = exchanges.to(FEED, from);
    const first = answers[0];
    if (!isListing(first)) return noteNoFeed(organization, first);
    proof.leave('feed-absent', 'this organization has the feed');
    const larger = await organization.get(FEED, [['limit', '5000']]);
    const at5000 = isDefinite(larger) ? answerInShort(larger) : 'without a definite answer';
    proof.settle('feed-page-size', `yes: limit=1000 ${first.status}, limit=5000 ${at5000}`, {
      statuses: [first.status, larger.status ?? 0],
    });
    const disabled = itemsOf(answers).filter((item) => statusSetBy(item) === 'inactive');
    const actors = tally(disabled.map(actorTypeOf));
    const byAnthropic = actors.filter((actor) => /^(anthropic|system)_actor /.test(actor));
    if (byAnthropic.length > 0)
      proof.settle('feed-leaked-key', byAnthropic.join(', '), { disabledBy: actors });
    else
      proof.leave('feed-leaked-key', 'Anthropic disabled no key in the last year of this feed', {
        disabledBy: actors,
      });
  });
}

function noteNoFeed({ proof }: Organization, answer: Exchange | undefined): void {
  const told = answerInShort(answer ?? {});
  proof.leave(['feed-leaked-key'], `the feed is not readable: ${told}`);
  const evidence = { status: answer?.status ?? 0 };
  const isAbsent = isDefinite(answer) && (answer.status === 404 || answer.notEnabled);
  if (isAbsent) proof.settle('feed-absent', told, evidence);
  else
    proof.leave(
      'feed-absent',
      `${told}: with the feed, a key that was made before it was enabled may be refused like this`,
      evidence,
    );
  if (isDefinite(answer) && answer.status === 400 && !isAbsent)
    proof.settle('feed-page-size', `no: limit=1000 ${told}`, evidence);
  else proof.leave('feed-page-size', `the feed is not readable: ${told}`, evidence);
}

const statusSetBy = ({ updates }: Readonly<Record<string, unknown>>) =>
  listOf(updates)
    .map(objectOf)
    .findLast(({ type }) => type === 'status')?.current_value;

function actorTypeOf({ actor }: Readonly<Record<string, unknown>>): string {
  const { type } = objectOf(actor);
  return isWord(type) ? type : 'another type';
}

/** How the feed shows the throw-away key: its creation, and that a person disabled it. */
export async function lookForOwnChange(
  organization: Organization,
  { id }: ConsoleRecord,
  { disabledAt }: Departure,
): Promise<void> {
  const { proof, clock, exchanges, prover } = organization;
  const wanted = ['feed-own-change', 'feed-delay'] as const;
  await proof.attempt(wanted, async () => {
    const first = exchanges.to(FEED).at(-1);
    if (!isListing(first))
      return proof.leave(wanted, `the feed is not readable: ${answerInShort(first ?? {})}`);
    prover.say('\nWaiting for the Activity Feed to show it (at most five minutes).');
    const query = [
      ['activity_types[]', 'platform_api_key_created'],
      ['activity_types[]', 'platform_api_key_updated'],
      ['created_at.gte', plus(disabledAt, -2 * HOUR).toISOString()],
      ['limit', '1000'],
    ] as const;
    let own: readonly Readonly<Record<string, unknown>>[] = [];
    const timing = { every: 5_000, until: clock.now().getTime() + 5 * MINUTE };
    const shown = await poll(organization, timing, async () => {
      own = itemsOf([await organization.get(FEED, query)]).filter(({ api_key_id }) => api_key_id === id);
      return own.find((item) => statusSetBy(item) === 'inactive');
    });
    const created = own.find(({ type }) => type === 'platform_api_key_created');
    const told = {
      created: created ? actorTypeOf(created) : 'not shown',
      disabled: shown ? actorTypeOf(shown) : 'not shown',
    };
    if (!shown) return proof.leave(wanted, 'the feed did not show the change within five minutes', told);
    proof.settle('feed-own-change', `created: ${told.created}, disabled: ${told.disabled}`, told);
    const took = seconds(clock.now().getTime() - disabledAt.getTime());
    proof.settle('feed-delay', `at most ${took} s`, { seconds: took });
  });
}

/** Whether an Admin API key may list what federation knows. */
export async function lookAtFederation({ proof, api, exchanges }: Organization): Promise<void> {
  await proof.attempt(['federation-by-admin-key', 'federation-page-size'], async () => {
    const from = exchanges.all.length;
    await api.federation();
    const all = exchanges.all.slice(from);
    const answers = all.filter(isDefinite);
    const told = [...new Set(all.map(answerInShort))].join(', ');
    if (answers.length < all.length || all.length === 0)
      return proof.leave(['federation-by-admin-key', 'federation-page-size'], `no definite answer: ${told}`);
    proof.settle('federation-by-admin-key', told, { statuses: answers.map(({ status }) => status) });
    if (answers.every(isListing)) proof.settle('federation-page-size', 'a hundred are given', { limit: 100 });
    else proof.leave('federation-page-size', `an Admin key does not list them: ${told}`);
  });
}

/** Whether both reports on usage answer. */
export async function lookAtUsage(organization: Organization, record: ConsoleRecord): Promise<void> {
  const { proof, api, clock, exchanges } = organization;
  await proof.attempt(['usage-reports'], async () => {
    const now = clock.now();
    const from = exchanges.all.length;
    const usage = await api.usage(record.id, { from: plus(now, -HOUR), to: now }).catch(() => undefined);
    const analytics = exchanges.to(ANALYTICS, from).at(-1);
    const messages = await organization.get(MESSAGES_REPORT, messagesQuery(record, plus(now, -HOUR)));
    const told = `analytics/usage ${answerInShort(analytics ?? {})}, usage_report/messages ${answerInShort(messages)}`;
    if (!isDefinite(analytics) || !isDefinite(messages))
      return proof.leave('usage-reports', `no definite answer: ${told}`);
    proof.settle('usage-reports', told, {
      statuses: [analytics.status, messages.status],
      saysHowFresh: typeof objectOf(analytics.body).data_refreshed_at === 'string',
      readable: usage !== undefined,
    });
  });
}

const messagesQuery = ({ id }: ConsoleRecord, since: Date) =>
  [
    ['starting_at', since.toISOString()],
    ['bucket_width', '1m'],
    ['api_key_ids[]', id],
    ['group_by[]', 'api_key_id'],
    ['limit', '1440'],
  ] as const;

const USAGE_AT_MOST = 30 * MINUTE;

/** When a prompt was counted, and when a message was sent in a later minute. */
export interface Requests {
  readonly countedAt: Date;
  readonly billedAt: Date;
}

/** Waits until the report on messages has the billed message, and looks whether the counted prompt is there as well. */
export async function lookForUsage(
  organization: Organization,
  record: ConsoleRecord,
  { countedAt, billedAt }: Requests,
): Promise<void> {
  const { proof, clock, prover } = organization;
  const wanted = ['usage-delay', 'count-tokens-as-usage'] as const;
  await proof.attempt(wanted, async () => {
    const typed = await prover.line(
      '\nWait until the message is in the usage report, for at most half an hour? Enter: wait, n: skip.',
    );
    if (typed.trim() !== '') return proof.skip(wanted, 'nobody waited for the report');
    const until = clock.now().getTime() + USAGE_AT_MOST;
    let last: Exchange | undefined;
    const used = await poll(organization, { every: 30_000, until }, async () => {
      last = await organization.get(MESSAGES_REPORT, messagesQuery(record, plus(countedAt, -5 * MINUTE)));
      const minutes = minutesWithUse(last);
      return minutes.some(isMessage) ? minutes : undefined;
    });
    if (!used)
      return proof.leave(wanted, `not in the report after half an hour: ${answerInShort(last ?? {})}`);
    const took = seconds(clock.now().getTime() - billedAt.getTime());
    proof.settle('usage-delay', `usage_report/messages: at most ${took} s`, { seconds: took });
    const counts = !used.every(isMessage);
    proof.settle(
      'count-tokens-as-usage',
      counts ? 'yes: minutes in which tokens were only counted have usage' : 'no: only the message is there',
      { minutesWithUse: used.length },
    );
  });
}

type Minute = readonly Readonly<Record<string, unknown>>[];

/** The rows of each minute that has some. */
const minutesWithUse = ({ body }: Exchange): readonly Minute[] =>
  listOf(objectOf(body).data)
    .map((bucket) => listOf(objectOf(bucket).results).map(objectOf))
    .filter((rows) => rows.length > 0);

/** Only a message has an answer: a counted prompt has none. */
const isMessage = (minute: Minute) => minute.some(({ output_tokens: tokens }) => Number(tokens) > 0);
