import { memoryFromTags } from '../contract/memory-tags';
import { METRIC } from '../contract/metric-names';
import { functionName } from '../contract/names';
import type { Finding } from '../domain/finding';
import { findingId } from '../domain/finding-id';
import type { FleetRow } from '../domain/fleet';
import { watcherIsDown } from '../domain/fleet-report';
import { rungOf } from '../domain/ladder';
import { finding } from '../domain/make-finding';
import { renderNotice } from '../domain/notices';
import { withTold } from '../domain/remember';
import { daysBetween } from '../domain/time';
import { deliver } from './tell';
import type { World } from './world';
import { writeMemory } from './write-memory';

/**
 * Tells owners that nobody checks their key, on the ladder of that finding, and once when it is checked again. What was told is remembered on the
 * secret itself, as by a check. When the watcher as a whole is down, the figure counts the keys and the alarm says it once.
 */
export async function tellUnwatched(rows: readonly FleetRow[], world: World): Promise<number> {
  const unwatched = rows.filter((row) => row.unwatchedSince).length;
  if (watcherIsDown(unwatched, rows.length)) {
    world.log.error('Hardly any key is checked: told by the alarm, not key by key', { unwatched });
    return unwatched;
  }
  for (const row of rows) {
    const due = dueNow(row, world.clock.now());
    // One secret that can't be written must not keep the others' notices back, nor the report.
    await (due && tellOne(row, due, world))?.catch((error: unknown) =>
      world.log.error('Not told or not remembered', { secret: row.key.secretName, error: String(error) }),
    );
  }
  return unwatched;
}

interface Due {
  readonly finding: Finding;
  /** Absent where the state is over and is to be forgotten. */
  readonly rung?: string;
}

function dueNow({ unwatchedSince, checkedOn, policy, told }: FleetRow, now: Date): Due | undefined {
  if (!unwatchedSince)
    return told.unwatched === undefined
      ? undefined
      : {
          finding: {
            ...finding('resolved', '0', { was: 'unwatched' }),
            id: findingId('resolved', 'unwatched'),
          },
        };
  const rung = rungOf('unwatched', daysBetween(unwatchedSince, now));
  if (told.unwatched === rung) return undefined;
  const reason = `it is checked by ${policy.checkEvery}, and ${checkedOn ? `no check finished after ${checkedOn}` : 'no check is remembered'}`;
  return { finding: finding('unwatched', rung, { lastChecked: checkedOn, reason }), rung };
}

/** Alert, then record: a notice may come twice but is never lost. Memory is read again, because the listing is some seconds old. */
async function tellOne({ key, policy }: FleetRow, { finding, rung }: Due, world: World): Promise<void> {
  const { env, clock, store, admin } = world;
  const context = {
    key,
    policy,
    now: clock.now(),
    home: env.expectedHome,
    adminAccess: admin !== undefined,
    checkFunction: functionName(env.environment, 'check'),
  };
  const notice = renderNotice(context, finding);
  if (!(await deliver(notice, world))) return;
  const secret = await store.describe(key.secretArn);
  const memory = memoryFromTags(secret.tags);
  await writeMemory(secret, withTold(memory, { id: findingId('unwatched'), rung }, notice.id), world);
}

/** Counts what the alarms and the dashboard read once a day. */
export function countFleet(rows: readonly FleetRow[], unwatched: number, { metrics }: World): void {
  const ages = rows.flatMap(({ ageDays }) => ageDays ?? []);
  metrics.count(METRIC.keyUnwatched, unwatched);
  if (ages.length > 0) metrics.count(METRIC.oldestKeyAgeDays, Math.max(...ages));
}
