import { Usage as UsageReports } from '@anthropic-ai/sdk/resources/beta/organization/analytics/usage';
import { type LastUses, stretchesToAsk, type UseStretch } from '../domain/console/last-use';
import type { AdminApi } from '../workflows/ports';
import { type AdminCalls, PAGE_SIZE, unreadOf } from './anthropic-calls';
import { date, object } from './anthropic-shape';

/** Reads which keys were used in which stretch of time. A stretch is a call, and another for each thousand keys that were used in it. */
export const readLastUses = (calls: AdminCalls): Pick<AdminApi, 'lastUses'> => ({
  lastUses: (now, idleDays) =>
    lastUses(calls, now, idleDays).catch((error) => unreadOf(error, { name: 'usage report' })),
});

async function lastUses(calls: AdminCalls, now: Date, idleDays: number): Promise<LastUses> {
  const stretches: UseStretch[] = [];
  const later = new Set<string>();
  let until: Date | undefined;
  for (const { from, to } of stretchesToAsk(now, idleDays)) {
    const { used, refreshedAt } = await keysUsed(calls, from, to);
    if (refreshedAt === undefined)
      return { kind: 'unread', why: 'unavailable', words: 'The usage report does not say how fresh it is.' };
    until ??= refreshedAt < now ? refreshedAt : now;
    // A key is named only where it was used last.
    stretches.push({ from, to, used: [...used].filter((id) => !later.has(id)) });
    for (const id of used) later.add(id);
  }
  return { kind: 'read', from: stretches.at(-1)!.from, until: until!, stretches };
}

/** Without a width of time buckets, a report has one row for each key that was used. */
async function keysUsed({ client, pages }: AdminCalls, from: Date, to: Date) {
  const used = new Set<string>();
  let refreshedAt: Date | undefined;
  const query = {
    starting_at: from.toISOString(),
    ending_at: to.toISOString(),
    group_by: ['api_key_id' as const],
    limit: PAGE_SIZE,
  };
  const report = pages(async (options) => {
    const page = await new UsageReports(client).list(query, options);
    if (page.data_refreshed_at) refreshedAt = date(page.data_refreshed_at);
    return page;
  });
  for await (const rows of report)
    for (const row of rows) {
      const key = object(object(row).group).api_key_id;
      // Use without a key has none.
      if (typeof key === 'string') used.add(key);
    }
  return { used, refreshedAt };
}
