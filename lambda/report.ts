import { type Host, serving } from '../lib/adapters/host';
import { systemClock } from '../lib/adapters/system-clock';
import { memoryFromTags } from '../lib/contract/memory-tags';
import { METRIC } from '../lib/contract/metric-names';
import { ENVIRONMENT_TAG } from '../lib/contract/policy-tags';

const DAY_AND_TWO_HOURS = 26 * 3_600_000;

/** Looks once a day for managed keys that nobody checked since yesterday. */
export const reportOn = (host: Host) =>
  serving(host, 'report', async (_event: unknown, { env, store, clock, metrics }) => {
    const earliest = new Date(clock.now().getTime() - DAY_AND_TWO_HOURS).toISOString().slice(0, 10);
    const secrets = await store.list({ tagKey: ENVIRONMENT_TAG, environment: env.environment });
    const unwatched = secrets.filter(({ tags }) => (memoryFromTags(tags).checkedOn ?? '') < earliest);
    if (unwatched.length > 0) metrics.count(METRIC.keyUnwatched, unwatched.length);
    metrics.count(METRIC.reportCompleted);
    return { unwatched: unwatched.map(({ name }) => name) };
  });

export const handler = reportOn({ vars: process.env, clock: systemClock });
