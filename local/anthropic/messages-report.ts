import { DAY, HOUR, MINUTE } from '../../lib/domain/time';
import { badRequest, Refused } from './answers';
import { limitOf } from './pages';

/** Requests that one key made. */
export interface Use {
  readonly keyId: string;
  readonly workspace: string;
  readonly at: Date;
  readonly requests: number;
  readonly model: string;
}

/** Each width with the buckets of a page: how many if not asked, and how many at most. */
const WIDTHS = {
  '1m': { length: MINUTE, usual: 60, most: 1440 },
  '1h': { length: HOUR, usual: 24, most: 168 },
  '1d': { length: DAY, usual: 7, most: 31 },
} as const;

const GROUPS = ['api_key_id', 'workspace_id', 'model', 'service_tier', 'context_window'];

/** What was used in a bucket, by the dimensions that were asked for. It has no number of requests. */
export interface MessagesUsage {
  readonly api_key_id: string | null;
  readonly workspace_id: string | null;
  readonly model: string | null;
  readonly service_tier: string | null;
  readonly context_window: string | null;
  readonly uncached_input_tokens: number;
  readonly cache_creation: {
    readonly ephemeral_1h_input_tokens: number;
    readonly ephemeral_5m_input_tokens: number;
  };
  readonly cache_read_input_tokens: number;
  readonly output_tokens: number;
  readonly server_tool_use: { readonly web_search_requests: number };
}

export interface MessagesReport {
  readonly data: readonly {
    readonly starting_at: string;
    readonly ending_at: string;
    readonly results: readonly MessagesUsage[];
  }[];
  readonly has_more: boolean;
  readonly next_page: string | null;
}

/** `GET /v1/organizations/usage_report/messages`, for which the SDK has neither method nor type. Buckets without use are there, empty. */
export function messagesReport(
  uses: (keyIds: readonly string[], from: number, to: number) => readonly Use[],
  query: URLSearchParams,
  { now, refreshedAt, defaultWorkspace }: { now: number; refreshedAt: number; defaultWorkspace: string },
): MessagesReport {
  const width = WIDTHS[(query.get('bucket_width') ?? '1d') as keyof typeof WIDTHS];
  if (!width) throw new Refused(badRequest('bucket_width: Input should be 1m, 1h or 1d'));
  const groups = query.getAll('group_by[]');
  if (groups.some((group) => !GROUPS.includes(group)))
    throw new Refused(badRequest('group_by[]: unknown dimension'));
  const { length } = width;
  const limit = limitOf(query, width);
  const from = timeOf(query.get('page')?.replace(/^page_/, '') ?? query.get('starting_at'));
  // Buckets that end by then; without it, the one that has not ended, too.
  const to = query.has('ending_at') ? Math.floor(timeOf(query.get('ending_at')) / length) * length : now;
  const first = Math.floor(from / length) * length;
  const starts = Array.from(
    { length: Math.max(0, Math.ceil((to - first) / length)) },
    (_, n) => first + n * length,
  );
  const page = starts.slice(0, limit);
  const inBuckets = new Map<number, Use[]>(page.map((start) => [start, []]));
  const end = first + page.length * length;
  for (const use of uses(query.getAll('api_key_ids[]'), first, Math.min(end, refreshedAt)))
    if (use.requests > 0) inBuckets.get(Math.floor(use.at.getTime() / length) * length)?.push(use);
  const next = starts[limit];
  return {
    data: [...inBuckets].map(([start, used]) => ({
      starting_at: iso(start),
      ending_at: iso(start + length),
      results: resultsOf(used, groups, defaultWorkspace),
    })),
    has_more: next !== undefined,
    next_page: next === undefined ? null : `page_${iso(next)}`,
  };
}

/** One row for each combination of the dimensions that were asked for. The default workspace goes without its id here. */
function resultsOf(
  used: readonly Use[],
  groups: readonly string[],
  defaultWorkspace: string,
): MessagesUsage[] {
  const rows = new Map<string, MessagesUsage>();
  for (const { keyId, workspace, model, requests } of used) {
    const grouped = {
      api_key_id: groups.includes('api_key_id') ? keyId : null,
      workspace_id: groups.includes('workspace_id') && workspace !== defaultWorkspace ? workspace : null,
      model: groups.includes('model') ? model : null,
      service_tier: groups.includes('service_tier') ? 'standard' : null,
      context_window: groups.includes('context_window') ? '0-200k' : null,
    };
    const id = JSON.stringify(grouped);
    const tokens = (rows.get(id)?.output_tokens ?? 0) + 10 * requests;
    rows.set(id, {
      ...grouped,
      uncached_input_tokens: tokens,
      cache_creation: { ephemeral_1h_input_tokens: 0, ephemeral_5m_input_tokens: 0 },
      cache_read_input_tokens: 0,
      output_tokens: tokens,
      server_tool_use: { web_search_requests: 0 },
    });
  }
  return [...rows.values()];
}

const iso = (milliseconds: number) => new Date(milliseconds).toISOString();

function timeOf(text: string | null): number {
  const time = Date.parse(text ?? '');
  if (Number.isNaN(time)) throw new Refused(badRequest('starting_at: Input should be a valid datetime'));
  return time;
}
