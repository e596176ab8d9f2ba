import { Usage as AnalyticsReports } from '@anthropic-ai/sdk/resources/beta/organization/analytics/usage';
import {
  findSpike,
  judgeAnswers,
  type ReportFailure,
  SPIKE_BASELINE_DAYS,
  type UsageHour,
  type UsageReport,
} from '../domain/console/usage';
import { DAY, HOUR, plus } from '../domain/time';
import { AdminError } from '../workflows/errors';
import type { AdminApi } from '../workflows/ports';
import { type AdminCalls, type CallOptions, LISTING_TIMEOUT, within } from './anthropic-calls';
import { date, list, object } from './anthropic-shape';

/** Longest span of a usage report. */
const MAX_REPORT_DAYS = 31;
/** Most hours on a page of the Messages report. */
const MAX_HOURS = 168;
/** More pages than its longest span takes. */
const MAX_PAGES = 10;

const MESSAGES_REPORT = '/v1/organizations/usage_report/messages';

/**
 * Use of keys, by the two reports that Anthropic has of it. The analytics report says how fresh it is, and is refused to some organizations and
 * credentials. The Messages report is asked where that one settles nothing.
 */
export function readUsage({
  client,
  retry,
  pages,
}: AdminCalls): Pick<AdminApi, 'usage' | 'spike' | 'usageSources'> {
  const analytics = async (recordId: string, from: Date, to: Date): Promise<UsageReport> => {
    const hours: UsageHour[] = [];
    const params = {
      starting_at: from.toISOString(),
      ending_at: to.toISOString(),
      time_bucket_width: '1h' as const,
      api_key_ids: [recordId],
      group_by: ['api_key_id' as const, 'model' as const],
      order_by: 'time' as const,
      limit: 1000,
    };
    let refreshedAt: Date | undefined;
    const reports = new AnalyticsReports(client);
    const open = async (options: CallOptions) => {
      const first = await reports.list(params, options);
      refreshedAt = first.data_refreshed_at ? date(first.data_refreshed_at) : undefined;
      return first;
    };
    for await (const rows of pages(open))
      for (const row of rows.map(readAnalyticsRow)) if (row.keyId === recordId) hours.push(row);
    return { hours, refreshedAt };
  };

  /** Without `ending_at` it runs until now; with one it leaves out the hour that has not ended. */
  const page = async (query: object): Promise<MessagesPage> =>
    readPage(await client.get<unknown>(MESSAGES_REPORT, { query, ...within(LISTING_TIMEOUT) }));

  /** One answer holds both keys: what is said of the live one shows how far the answer reaches for the other. */
  const messages = (recordId: string, from: Date, liveRecordId: string | undefined) =>
    retry(async (): Promise<UsageReport> => {
      const live = liveRecordId === recordId ? undefined : liveRecordId;
      const query = {
        starting_at: from.toISOString(),
        bucket_width: '1h',
        api_key_ids: [recordId, ...(live ? [live] : [])],
        group_by: ['api_key_id', 'model'],
        limit: MAX_HOURS,
      };
      const rows: MessagesRow[] = [];
      let next: string | undefined;
      for (let pages = 0; pages < MAX_PAGES; pages++) {
        const read = await page({ ...query, ...(next !== undefined && { page: next }) });
        rows.push(...read.rows);
        next = read.next;
        if (next === undefined) break;
      }
      if (next !== undefined) throw new AdminError('unavailable', 'The report of usage does not end.');
      const of = (id: string | undefined) => rows.filter(({ keyId }) => keyId === id);
      return {
        hours: of(recordId).map(({ start, tokens, model }) => ({ start, requests: 1, tokens, model })),
        witnessed: of(live).flatMap(({ start, tokens }) => (tokens > 0 ? start : [])),
      };
    });

  return {
    usage: async (recordId, { from, to }, liveRecordId) => {
      const start = new Date(Math.max(from.getTime(), plus(to, -MAX_REPORT_DAYS * DAY).getTime()));
      const window = { from: start, to };
      const first = await answerOf(analytics(recordId, start, to));
      const usage = judgeAnswers([first], window);
      if (usage.kind !== 'unknown') return usage;
      return judgeAnswers([first, await answerOf(messages(recordId, start, liveRecordId))], window);
    },
    // The Messages report has no number of requests, so no spike is found in it.
    spike: async (recordId, now) => {
      const answer = await answerOf(analytics(recordId, plus(now, -(SPIKE_BASELINE_DAYS + 1) * DAY), now));
      return 'failure' in answer ? undefined : findSpike(answer, now);
    },
    usageSources: async (now) => {
      const hour = { starting_at: plus(now, -HOUR).toISOString(), ending_at: now.toISOString(), limit: 1 };
      const [first, second] = await Promise.all([
        answerOf(
          retry(() =>
            new AnalyticsReports(client).list({ ...hour, time_bucket_width: '1h' }, within(LISTING_TIMEOUT)),
          ),
        ),
        answerOf(retry(() => page({ ...hour, bucket_width: '1h' }))),
      ]);
      const stateOf = (answer: object | ReportFailure) => ('failure' in answer ? answer : 'answers');
      return { analytics: stateOf(first), messages: stateOf(second) };
    },
  };
}

/** The answer, or why there is none: what is not known of usage keeps nothing else of a key from being known. */
async function answerOf<T extends object>(asked: Promise<T>): Promise<T | ReportFailure> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof AdminError)) throw error;
    const { failure, answer } = error;
    return failure === 'unavailable' || !answer
      ? { failure: 'unavailable' }
      : { failure: 'refused', status: answer.status };
  }
}

/** A row means use, even without a number of requests. */
function readAnalyticsRow(row: unknown): UsageHour & { readonly keyId: string } {
  const { starting_at, group, usage } = object(row);
  const { api_key_id, model } = object(group);
  const { requests } = object(usage);
  return {
    keyId: keyIn(api_key_id),
    start: date(starting_at),
    requests: typeof requests === 'number' && requests > 0 ? requests : 1,
    ...(typeof model === 'string' && { model }),
  };
}

/** Rows are asked for by key. One that names none may be of any key: left out, it would read as no use. */
function keyIn(value: unknown): string {
  if (typeof value !== 'string') throw new AdminError('unavailable', 'The answer holds use of no key.');
  return value;
}

interface MessagesRow {
  readonly keyId: string;
  readonly start: Date;
  readonly tokens: number;
  readonly model?: string;
}

interface MessagesPage {
  readonly rows: readonly MessagesRow[];
  readonly next?: string;
}

/** The SDK has no types for it. Whatever is not as documented is no answer, because a missing row would read as no use. */
function readPage(body: unknown): MessagesPage {
  const { data, has_more: more, next_page: next } = object(body);
  if (more !== false && (more !== true || typeof next !== 'string'))
    throw new AdminError('unavailable', 'The answer does not say whether it is the whole report.');
  const rows = list(data, object).flatMap(({ starting_at, results }) => {
    const start = date(starting_at);
    return list(results, (row) => readRow(start, object(row)));
  });
  return { rows, ...(more && { next: next as string }) };
}

function readRow(start: Date, row: ReturnType<typeof object>): MessagesRow {
  const { api_key_id, model } = row;
  return {
    keyId: keyIn(api_key_id),
    start,
    tokens: tokensIn(row),
    ...(typeof model === 'string' && { model }),
  };
}

/** All counts of tokens, at whatever depth. */
const tokensIn = (row: object): number =>
  Object.entries(row).reduce((total, [name, value]: [string, unknown]) => {
    if (typeof value === 'number') return name.endsWith('_tokens') ? total + value : total;
    return typeof value === 'object' && value !== null ? total + tokensIn(value) : total;
  }, 0);
