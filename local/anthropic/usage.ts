import { DAY, HOUR, MINUTE } from '../../lib/domain/time';
import type { Clock } from '../../lib/workflows/ports';
import { type ErrorAnswer, Refused } from './answers';

/** Requests that one key made. */
export interface Use {
  readonly keyId: string;
  readonly workspace: string;
  readonly at: Date;
  readonly requests: number;
  readonly model: string;
}

/** Why a report is not given to an organization or a credential. */
const REFUSAL = {
  hipaa: {
    status: 400,
    type: 'invalid_request_error',
    message: 'This report is not available to organizations with HIPAA readiness.',
  },
  scope: { status: 403, type: 'permission_error', message: 'The scope read:analytics is required.' },
  'not-offered': { status: 404, type: 'not_found_error', message: 'Not found' },
} as const satisfies Record<string, ErrorAnswer>;

/** Whether a report is given, and else why not. */
export type Given = 'given' | keyof typeof REFUSAL;

const WIDTH = { '1m': MINUTE, '1h': HOUR, '1d': DAY } as const;

/** Buckets on a page of the Messages report. */
const BUCKETS = {
  '1m': { usual: 60, most: 1440 },
  '1h': { usual: 24, most: 168 },
  '1d': { usual: 7, most: 31 },
} as const;

/** What was used, and the report on it, which lags behind. */
export class UsageLedger {
  /** By the id of the key: reports are asked for one key at a time. */
  readonly #uses = new Map<string, Use[]>();
  /** Milliseconds by which reports trail. */
  lag = 10 * MINUTE;
  /** Reports may come without saying how fresh they are. */
  tellsFreshness = true;
  analytics: Given = 'given';
  messages: Given = 'given';

  constructor(private readonly clock: Clock) {}

  record(use: Use): void {
    const uses = this.#uses.get(use.keyId);
    if (uses) uses.push(use);
    else this.#uses.set(use.keyId, [use]);
  }

  /** `GET /v1/organizations/analytics/usage`, as far as the project asks for it. */
  report(query: URLSearchParams): unknown {
    admit(this.analytics);
    const from = time(query.get('starting_at'), 'starting_at');
    const to = time(query.get('ending_at'), 'ending_at');
    const width = WIDTH[(query.get('time_bucket_width') ?? '1h') as keyof typeof WIDTH];
    if (!width) throw bad('time_bucket_width: unknown width');
    if (to - from > 31 * WIDTH['1d']) throw bad('The range may span at most 31 days.');
    if (width === WIDTH['1m'] && to - from > WIDTH['1d']) throw bad('The range may span at most 24 hours.');
    const refreshedAt = this.clock.now().getTime() - this.lag;
    const rows = this.#grouped({ from, to: Math.min(to, refreshedAt), width, query }).map(analyticsRow);
    const limit = Number(query.get('limit') ?? 20);
    const start = Number(query.get('page') ?? 0);
    const next = start + limit < rows.length ? String(start + limit) : null;
    return {
      data: rows.slice(start, start + limit),
      has_more: next !== null,
      next_page: next,
      data_refreshed_at: this.tellsFreshness ? iso(refreshedAt) : null,
    };
  }

  /**
   * `GET /v1/organizations/usage_report/messages`, as far as the project asks for it. Every hour of the range has a bucket, also one that the report
   * has not reached yet: nothing tells it from an hour without use.
   */
  messagesReport(query: URLSearchParams): unknown {
    admit(this.messages);
    const name = (query.get('bucket_width') ?? '1d') as keyof typeof WIDTH;
    const width = WIDTH[name];
    if (!width) throw bad('bucket_width: unknown width');
    const { usual, most } = BUCKETS[name];
    const limit = Number(query.get('limit') ?? usual);
    if (!(limit >= 1 && limit <= most)) throw bad(`limit: at most ${most} buckets of ${name}`);
    const now = this.clock.now().getTime();
    const page = query.get('page');
    const start = page === null ? time(query.get('starting_at'), 'starting_at') : time(page.slice(5), 'page');
    const from = Math.floor(start / width) * width;
    const ending = query.get('ending_at');
    // Buckets that end by then; without it the one that has not ended, too.
    const to = ending === null ? now : Math.floor(time(ending, 'ending_at') / width) * width;
    const left = Math.max(0, Math.ceil((to - from) / width));
    const until = from + Math.min(left, limit) * width;
    const reached = Math.min(until, now - this.lag);
    const rows = this.#grouped({ from, to: reached, width, query });
    return {
      data: Array.from({ length: Math.min(left, limit) }, (_, index) => {
        const at = from + index * width;
        return {
          starting_at: iso(at),
          ending_at: iso(at + width),
          results: rows.filter(({ start }) => start === at).map(messagesResult),
        };
      }),
      has_more: left > limit,
      next_page: left > limit ? `page_${iso(until)}` : null,
    };
  }

  /** Use by bucket and by what is asked for. */
  #grouped({ from, to, width, query }: Range): readonly Group[] {
    const keys = query.getAll('api_key_ids[]');
    const by = new Set(query.getAll('group_by[]'));
    const found = new Map<string, Group>();
    const asked = keys.length > 0 ? keys : [...this.#uses.keys()];
    for (const { keyId, model, workspace, at, requests } of asked.flatMap((id) => this.#uses.get(id) ?? [])) {
      if (at.getTime() < from || at.getTime() >= to) continue;
      const group = {
        start: Math.floor(at.getTime() / width) * width,
        end: (Math.floor(at.getTime() / width) + 1) * width,
        key: by.has('api_key_id') ? keyId : null,
        model: by.has('model') ? model : null,
        workspace: by.has('workspace_id') ? workspace : null,
      };
      const id = Object.values(group).join('/');
      found.set(id, { ...group, requests: (found.get(id)?.requests ?? 0) + requests });
    }
    return [...found.values()];
  }
}

interface Range {
  readonly from: number;
  readonly to: number;
  readonly width: number;
  readonly query: URLSearchParams;
}

interface Group {
  readonly start: number;
  readonly end: number;
  readonly key: string | null;
  readonly model: string | null;
  readonly workspace: string | null;
  readonly requests: number;
}

const analyticsRow = ({ start, end, key, model, workspace, requests }: Group) => ({
  starting_at: iso(start),
  ending_at: iso(end),
  group: { api_key_id: key, model, workspace_id: workspace },
  usage: {
    requests,
    total_tokens: requests * 20,
    uncached_input_tokens: requests * 10,
    output_tokens: requests * 10,
  },
});

/** It counts tokens and no requests. */
const messagesResult = ({ key, model, workspace, requests }: Group) => ({
  api_key_id: key,
  workspace_id: workspace,
  model,
  service_tier: null,
  context_window: null,
  uncached_input_tokens: requests * 10,
  cache_creation: { ephemeral_1h_input_tokens: 0, ephemeral_5m_input_tokens: 0 },
  cache_read_input_tokens: 0,
  output_tokens: requests * 10,
  server_tool_use: { web_search_requests: 0 },
});

function admit(given: Given): void {
  if (given !== 'given') throw new Refused(REFUSAL[given]);
}

const iso = (milliseconds: number) => new Date(milliseconds).toISOString();

function time(text: string | null, name: string): number {
  const milliseconds = Date.parse(text ?? '');
  if (Number.isNaN(milliseconds)) throw bad(`${name}: a time is required`);
  return milliseconds;
}

const bad = (message: string) =>
  new Refused({ status: 400, type: 'invalid_request_error', message } satisfies ErrorAnswer);
