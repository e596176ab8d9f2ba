import type { PageResponse } from '@anthropic-ai/sdk/core/pagination';
import type { Clock } from '../../lib/workflows/ports';
import { lengthOf } from '../snapshot';
import { badRequest, Refused, TROUBLE } from './answers';
import { pageAfterId } from './pages';

/** Who did it, in the shapes that Anthropic documents for the actors of keys. */
export type ActivityActor =
  | { type: 'user_actor'; email_address: string; user_id: string; ip_address: string; user_agent: string }
  | { type: 'admin_api_key_actor'; admin_api_key_id: string; ip_address: string; user_agent: string }
  | { type: 'service_account_actor'; service_account_id: string; ip_address: string; user_agent: string }
  | { type: 'anthropic_actor'; email_address: null };

/** An activity of a key. The SDK has no type for it. */
export interface Activity {
  readonly id: string;
  readonly created_at: string;
  readonly organization_id: string;
  readonly organization_uuid: string;
  readonly type: 'platform_api_key_created' | 'platform_api_key_updated';
  readonly actor: ActivityActor;
  readonly api_key_id: string;
  readonly updates?: readonly {
    readonly type: 'name' | 'status' | 'workspace';
    readonly previous_value: string;
    readonly current_value: string;
  }[];
}

const PARAMETERS = /^(activity_types\[\]|created_at\.(gte|gt|lte|lt)|after_id|limit)$/;
const TYPES = ['platform_api_key_created', 'platform_api_key_updated'];

/** What happened to keys, and the feed of it. */
export class ActivityLog {
  /** Oldest first. */
  readonly #activities: Activity[] = [];
  /** An organization that has not enabled it has none. */
  offered = true;
  /** Nothing that happened before is shown, and Admin keys made before may not read it. */
  since = new Date(0);
  /** Whether any credential may read it. */
  permitted = true;
  /** Milliseconds until an activity is shown. */
  lag = 0;

  constructor(private readonly clock: Clock) {}

  record(activity: Omit<Activity, 'created_at'>): void {
    this.#activities.push({ ...activity, created_at: this.clock.now().toISOString() });
  }

  /** Remembers what happened. Returns what forgets the rest. */
  snapshot(): () => void {
    return lengthOf(this.#activities);
  }

  /** `GET /v1/compliance/activities` */
  page(query: URLSearchParams, by: { readonly adminKeySince?: Date }): PageResponse<Activity> {
    // Anthropic takes no token here and doesn't say so.
    if (!by.adminKeySince) throw new Refused({ ...TROUBLE['not-found'], message: 'Not found' });
    if (!this.offered) throw new Refused(badRequest('Compliance API is not enabled for this organization'));
    if (!this.permitted || by.adminKeySince < this.since)
      throw new Refused({
        status: 403,
        type: 'permission_error',
        message: "Missing required scopes. Got: [] Needed one of: ['read:compliance_activities']",
      });
    const unknown = [...query.keys()].find((name) => !PARAMETERS.test(name));
    if (unknown) throw new Refused(badRequest(`Unknown query parameter: '${unknown}'.`));
    const types = query.getAll('activity_types[]');
    const wrong = types.findIndex((type) => !TYPES.includes(type));
    if (wrong >= 0)
      throw new Refused(badRequest(`activity_types[].${wrong}: Input is not one of the permitted values.`));
    const shown = this.#activities.filter(
      (activity) => (types.length === 0 || types.includes(activity.type)) && this.#isShown(activity, query),
    );
    return pageAfterId(shown.reverse(), query, { usual: 100, most: 5000 });
  }

  #isShown({ created_at }: Activity, query: URLSearchParams): boolean {
    const at = Date.parse(created_at);
    const bound = (name: string) => (query.has(name) ? timeOf(query.get(name)!, name) : undefined);
    const [gte, gt] = [bound('created_at.gte'), bound('created_at.gt')];
    const [lte, lt] = [bound('created_at.lte'), bound('created_at.lt')];
    return (
      at >= this.since.getTime() &&
      at <= this.clock.now().getTime() - this.lag &&
      (gte === undefined || at >= gte) &&
      (gt === undefined || at > gt) &&
      (lte === undefined || at <= lte) &&
      (lt === undefined || at < lt)
    );
  }
}

function timeOf(text: string, name: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new Refused(badRequest(`${name}: Input should be a valid datetime or date`));
  return time;
}
