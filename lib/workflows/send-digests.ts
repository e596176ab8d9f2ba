import { memoryFromTags } from '../contract/memory-tags';
import { readSecret } from '../contract/read-secret';
import type { Finding } from '../domain/findings/catalogue';
import { type DigestedFinding, digestedIn } from '../domain/findings/digest';
import { type Holders, holdersOf } from '../domain/findings/repeat';
import type { ListedKey } from '../domain/listed-key';
import { EMPTY_MEMORY, type Memory, withSent, withTold } from '../domain/memory';
import { METRIC } from '../domain/metrics';
import { reachOf, type Subscription } from '../domain/notices/audience';
import { type DigestItem, renderDigest } from '../domain/notices/digest';
import { type NoticeData, noticeId } from '../domain/notices/notice';
import { renderNotice } from '../domain/notices/render';
import { homeOf } from '../domain/secret';
import type { Ports } from './ports';
import { contextOf, emit, tell } from './send-notices';
import { writeMemory } from './write-secret';

/** Reminders in one mail: SNS takes 256 KB, with each notice once for every kind of machine. */
const MOST_IN_A_MAIL = 30;

/** A reminder that waits, and how its notice is written. */
interface Item extends DigestItem, DigestedFinding {}

/**
 * Sends what checks left to the digest: one mail per owner, or the usual one where a single reminder waits. A mail that fails, or whom nobody could
 * hear, is left as it is: after 26 hours the checks send each reminder by itself. Returns how many reminders were sent.
 */
export async function sendDigests(
  keys: readonly ListedKey[],
  subscriptions: readonly Subscription[],
  ports: Ports,
): Promise<number> {
  const now = ports.clock.now();
  const waiting = keys.filter((listed) => digestedIn(listed, now).length > 0);
  let sent = 0;
  for (const owner of new Set(waiting.map(({ key }) => key.owner))) {
    const { people } = reachOf(subscriptions, ports.env.alerts, { owner, severity: 'warning' });
    if (!people) {
      ports.metrics.count(METRIC.nobodyListens);
      ports.log.warn('Nobody who should have it has confirmed a subscription: digest not sent', { owner });
      continue;
    }
    const read = await waitingNow(
      waiting.filter(({ key }) => key.owner === owner),
      ports,
    );
    // A key that has another owner by now is that one's: it waits for the next run, or for its check.
    const items = read.filter(({ context }) => context.key.owner === owner);
    for (let from = 0; from < items.length; from += MOST_IN_A_MAIL) {
      const some = items.slice(from, from + MOST_IN_A_MAIL);
      if (await send(some, ports)) sent += some.length;
    }
  }
  return sent;
}

/** What still waits: a listing may be outdated, and another run may have sent the same. */
async function waitingNow(keys: readonly ListedKey[], ports: Ports): Promise<readonly Item[]> {
  const { env, store, log } = ports;
  const items: Item[] = [];
  for (const { key } of keys) {
    try {
      const listed = readSecret(await store.describe(key.secretArn));
      const home = homeOf({ expectedHome: env.expectedHome, memory: listed.memory });
      const context = contextOf(listed, home, ports);
      items.push(...digestedIn(listed, context.now).map((found) => ({ ...found, context })));
    } catch (error) {
      log.error('Secret left out of the digest', { secret: key.secretName, error: String(error) });
    }
  }
  return items;
}

/** Alert, then record: a digest may come twice but is never lost. */
async function send(items: readonly Item[], ports: Ports): Promise<boolean> {
  const sent = items.length === 1 ? await sendAlone(items[0]!, ports) : await sendTogether(items, ports);
  for (const [item, holders] of sent.holders)
    await remember(item, holders, sent.id, ports).catch((error: unknown) =>
      ports.log.error('Digest not remembered: the reminder comes again', {
        secret: item.context.key.secretName,
        error: String(error),
      }),
    );
  return sent.holders.some(([, { people }]) => people);
}

/** The id of a mail, and who has each reminder now. */
interface Mailed {
  readonly id: string;
  readonly holders: readonly (readonly [Item, Holders])[];
}

/** Whoever it did not reach gets it from the next check: it waits no longer. */
async function sendAlone(item: Item, ports: Ports): Promise<Mailed> {
  const { context, finding } = item;
  const notice = renderNotice(context, finding);
  const { notices } = await tell(notice, finding, EMPTY_MEMORY, ports);
  const remembered = notices[finding.id];
  return { id: notice.id, holders: remembered ? [[item, holdersOf(remembered, finding.reminder)]] : [] };
}

/** Each reminder has its own event, once people have the mail. An event that is refused is sent by the next check. */
async function sendTogether(items: readonly Item[], ports: Ports): Promise<Mailed> {
  const { board, log, metrics } = ports;
  const digest = renderDigest(items);
  const { id, subject } = digest;
  try {
    await board.publishDigest(digest);
  } catch (error) {
    metrics.count(METRIC.noticeNotDelivered);
    log.error('Digest not delivered: kept for the checks', { notice: id, error: String(error) });
    return { id, holders: [] };
  }
  log.info('Digest sent', { notice: id, subject, reminders: items.length });
  const holders: [Item, Holders][] = [];
  for (const notice of digest.data.notices) {
    const bus = await emit(notice, ports);
    const item = items.find(({ context, finding }) => isAbout(notice, context.key.secretArn, finding))!;
    holders.push([item, { people: true, topic: true, bus }]);
  }
  return { id, holders };
}

const isAbout = ({ id }: NoticeData, secretArn: string, { id: finding, reminder }: Finding) =>
  id === noticeId(secretArn, finding, reminder);

/** Reads the memory again, so that what a check wrote meanwhile stays. Where the reminder waits no longer, only the mail is remembered. */
async function remember(
  { context, finding, remembered }: Item,
  holders: Holders,
  noticeId: string,
  ports: Ports,
): Promise<void> {
  const secret = await ports.store.describe(context.key.secretArn);
  const memory = memoryFromTags(secret.tags);
  const told: Memory =
    memory.notices[finding.id] === remembered
      ? withTold(memory, finding, holders, noticeId)
      : { ...memory, sent: withSent(memory.sent, noticeId) };
  await writeMemory(secret, told, ports);
}
