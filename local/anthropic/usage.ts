import { DAY, HOUR, MINUTE } from '../../lib/domain/time';
import type { Clock } from '../../lib/workflows/ports';
import { firstWhere } from '../halving';
import { badRequest, type ErrorAnswer, Refused, TROUBLE } from './answers';
import { type MessagesReport, messagesReport, type Use } from './messages-report';
import { limitOf } from './pages';

/** Why a report is not given to an organization or a credential. */
const REFUSAL = {
  hipaa: badRequest('This report is not available to organizations with HIPAA readiness.'),
  scope: TROUBLE.permission,
  'not-offered': TROUBLE['not-found'],
} as const satisfies Record<string, ErrorAnswer>;

/** Whether a report is given, and else why not. */
export type Given = 'given' | keyof typeof REFUSAL;

function admit(given: Given): void {
  if (given !== 'given') throw new Refused(REFUSAL[given]);
}

const WIDTH = { '1m': MINUTE, '1h': HOUR, '1d': DAY } as const;

/** What was used, and the two reports on it, which lag behind. */
export class UsageLedger {
  /** By the id of the key, oldest first: reports are asked for one key at a time, and a few days. */
  readonly #uses = new Map<string, Use[]>();
  /** Milliseconds by which reports trail. */
  lag = 10 * MINUTE;
  /** The same for the report on messages. */
  messagesLag = 5 * MINUTE;
  /** Reports may come without saying how fresh they are. */
  tellsFreshness = true;
  analyticsGiven: Given = 'given';
  messagesGiven: Given = 'given';

  constructor(private readonly clock: Clock) {}

  record(use: Use): void {
    const uses = this.#uses.get(use.keyId);
    // After what was used at the same moment: nearly always at the end.
    if (uses) uses.splice(uses.findLastIndex(({ at }) => at <= use.at) + 1, 0, use);
    else this.#uses.set(use.keyId, [use]);
  }

  /** Remembers what was used. Returns what puts it back. */
  snapshot(): () => void {
    const then = [...this.#uses].map(([id, uses]) => [id, [...uses]] as const);
    return () => {
      this.#uses.clear();
      for (const [id, uses] of then) this.#uses.set(id, [...uses]);
    };
  }

  /** `GET /v1/organizations/analytics/usage`, as far as the project asks for it. */
  report(query: URLSearchParams): object {
    admit(this.analyticsGiven);
    const from = time(query.get('starting_at'), 'starting_at');
    const to = time(query.get('ending_at'), 'ending_at');
    const named = query.get('time_bucket_width');
    // Without a width, a row is about the whole range.
    const width = named === null ? undefined : WIDTH[named as keyof typeof WIDTH];
    if (named !== null && !width) throw bad('time_bucket_width: unknown width');
    if (to - from > 31 * WIDTH['1d']) throw bad('The range may span at most 31 days.');
    if (width === WIDTH['1m'] && to - from > WIDTH['1d']) throw bad('The range may span at most 24 hours.');
    const refreshedAt = this.clock.now().getTime() - this.lag;
    const rows = this.#rows({ from, to: Math.min(to, refreshedAt), width, query });
    const limit = limitOf(query, { usual: 20, most: 1000 });
    const start = Number(query.get('page') ?? 0);
    const next = start + limit < rows.length ? String(start + limit) : null;
    return {
      data: rows.slice(start, start + limit),
      has_more: next !== null,
      next_page: next,
      data_refreshed_at: this.tellsFreshness ? iso(refreshedAt) : null,
    };
  }

  /** `GET /v1/organizations/usage_report/messages` */
  messages(query: URLSearchParams, defaultWorkspace: string): MessagesReport {
    admit(this.messagesGiven);
    const now = this.clock.now().getTime();
    const times = { now, refreshedAt: now - this.messagesLag, defaultWorkspace };
    return messagesReport((keys, from, to) => this.#usesOf(keys, from, to), query, times);
  }

  /** What keys used, all where none is named, from a time on and before another. */
  #usesOf(keys: readonly string[], from: number, to: number): readonly Use[] {
    return (keys.length > 0 ? keys : [...this.#uses.keys()]).flatMap((id) => {
      const uses = this.#uses.get(id) ?? [];
      return uses.slice(firstFrom(uses, from), firstFrom(uses, to));
    });
  }

  #rows(range: { from: number; to: number; width?: number; query: URLSearchParams }): object[] {
    const keys = range.query.getAll('api_key_ids[]');
    const groups = new Set(range.query.getAll('group_by[]'));
    const [byKey, byModel] = [groups.has('api_key_id'), groups.has('model')];
    const found = new Map<string, { start: number; use: Use; requests: number }>();
    for (const use of this.#usesOf(keys, range.from, range.to)) {
      const start = range.width ? Math.floor(use.at.getTime() / range.width) * range.width : range.from;
      const id = `${start}/${byKey && use.keyId}/${byModel && use.model}`;
      const row = found.get(id);
      if (row) row.requests += use.requests;
      else found.set(id, { start, use, requests: use.requests });
    }
    return [...found.values()].map(({ start, use, requests }) => ({
      starting_at: iso(start),
      ending_at: iso(range.width ? start + range.width : range.to),
      group: {
        api_key_id: byKey ? use.keyId : null,
        model: byModel ? use.model : null,
        workspace_id: groups.has('workspace_id') ? use.workspace : null,
      },
      usage: {
        requests,
        total_tokens: requests * 20,
        uncached_input_tokens: requests * 10,
        output_tokens: requests * 10,
      },
    }));
  }
}

/** Where the uses from a time on begin. */
const firstFrom = (uses: readonly Use[], time: number) => firstWhere(uses, ({ at }) => at.getTime() >= time);

const iso = (milliseconds: number) => new Date(milliseconds).toISOString();

function time(text: string | null, name: string): number {
  const milliseconds = Date.parse(text ?? '');
  if (Number.isNaN(milliseconds)) throw bad(`${name}: a time is required`);
  return milliseconds;
}

const bad = (message: string) =>
  new Refused({ status: 400, type: 'invalid_request_error', message } satisfies ErrorAnswer);
