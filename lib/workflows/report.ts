import { memoryFromTags } from '../contract/memory-tags';
import { functionName, REPORT_EVENT_TYPE } from '../contract/names';
import type { Finding } from '../domain/findings/catalogue';
import { resolved } from '../domain/findings/kinds/resolved';
import { unwatched } from '../domain/findings/kinds/unwatched';
import { type UnmatchedKeys, unmatchedKeys } from '../domain/fleet/console-match';
import { type FleetListing, fleetOf } from '../domain/fleet/fleet';
import type { FleetRow } from '../domain/fleet/row';
import { withTold } from '../domain/memory';
import { METRIC } from '../domain/metrics';
import { audienceOf, reaches, type Subscription } from '../domain/notices/audience';
import { renderNotice } from '../domain/notices/render';
import { renderReport } from '../domain/notices/report';
import type { FleetReport } from '../domain/notices/report-input';
import { fetchListing } from './fetch-secret';
import type { Ports } from './ports';
import { deliver } from './send-notices';
import { writeMemory } from './write-secret';

/** The schedule asks nothing. A person asks for the mail now, or for the text alone, which changes and sends nothing. */
export interface ReportRequest {
  readonly force?: boolean;
  readonly preview?: boolean;
}

/** What came of it; the text lets a reader compare a mail with what the deployment itself says. */
export interface Reported extends Pick<FleetReport, 'id' | 'subject' | 'text'> {
  readonly mailed: boolean;
  readonly keys: number;
  readonly unwatched: number;
}

/** Looks at all keys of the environment, says which go unwatched, and mails the fleet report on its day. */
export async function reportFleet(request: ReportRequest, ports: Ports): Promise<Reported> {
  const { env, clock, store, metrics } = ports;
  const now = clock.now();
  const { listed, unreadable } = await fetchListing(store);
  const everywhere = fleetOf(listed, unreadable, now);
  const fleet = fleetOf(listed, unreadable, now, { environment: env.environment });
  const home = listed.find(({ key, memory }) => key.environment === env.environment && memory.home);
  const workspaceId = env.expectedHome.workspaceId ?? home?.memory.home?.workspaceId;
  const [subscriptions, unmatched] = await Promise.all([
    ports.board.subscriptions(),
    lookAtConsole(everywhere, workspaceId, ports),
  ]);
  const report = write(fleet, audienceOf(subscriptions, fleet.rows, env.alertAddresses), unmatched, ports);
  const { id, subject, text } = report;
  const outcome = { id, subject, text, keys: fleet.rows.length };
  const unwatchedNow = fleet.rows.filter((row) => row.unwatchedSince).length + fleet.unreadable.length;
  if (request.preview) return { ...outcome, mailed: false, unwatched: unwatchedNow };
  const unwatched = (await tellUnwatched(fleet.rows, ports)) + fleet.unreadable.length;
  countFleet(fleet.rows, unwatched, ports);
  const wanted = request.force === true || isReportDay(now);
  const sent = wanted && (await mail(report, subscriptions, ports));
  metrics.count(METRIC.reportCompleted);
  return { ...outcome, mailed: sent, unwatched };
}

/** No answer is no information: the report is mailed without this section. */
async function lookAtConsole(
  { rows }: FleetListing,
  workspaceId: string | undefined,
  { admin, log }: Ports,
): Promise<UnmatchedKeys | undefined> {
  if (!admin || workspaceId === undefined) return undefined;
  try {
    const answer = await admin.ask({ verb: 'inspect-fleet' });
    if (answer.outcome === 'fleet') return unmatchedKeys(answer.records, rows, workspaceId);
    log.warn('The Console was not listed', { answer: answer.outcome });
  } catch (error) {
    log.warn('The Console was not listed', { error: String(error) });
  }
  return undefined;
}

function write(
  fleet: FleetListing,
  subscriptions: readonly Subscription[],
  unmatched: UnmatchedKeys | undefined,
  { env }: Ports,
): FleetReport {
  const reviewed = env.spendLimitReviewed;
  return renderReport({
    environment: env.environment,
    now: fleet.now,
    topicArn: env.topicArn,
    rows: fleet.rows,
    unreadable: fleet.unreadable,
    subscriptions,
    unmatched: unmatched?.keys,
    perhapsHeld: unmatched?.perhapsHeld,
    shared: fleet.shared,
    spendLimitReview: reviewed === undefined ? undefined : { on: new Date(`${reviewed}T00:00:00Z`) },
  });
}

/** @throws NotDelivered, so that Lambda tries again and the alarm of failed reports hears of it */
async function mail(
  report: FleetReport,
  subscriptions: readonly Subscription[],
  { board, bus, metrics, log, env }: Ports,
): Promise<boolean> {
  await bus
    .emit({ type: REPORT_EVENT_TYPE, detail: { ...report.data } })
    .catch((error: unknown) => log.error('Event not emitted', { report: report.id, error: String(error) }));
  if (!reaches(subscriptions, env.alertAddresses)) {
    metrics.count(METRIC.nobodyListens);
    log.warn('Nobody has confirmed a subscription that gets it: report not mailed', { report: report.id });
    return false;
  }
  await board.publishReport(report);
  log.info('Report mailed', { report: report.id, subject: report.subject });
  return true;
}

/**
 * Tells owners that nobody checks their key, on the ladder of that finding, and once when it is checked again. What was told is remembered on the
 * secret itself, as by a check. When the watcher as a whole is down, the figure counts the keys and the alarm says it once.
 */
async function tellUnwatched(rows: readonly FleetRow[], ports: Ports): Promise<number> {
  const many = rows.filter((row) => row.unwatchedSince).length;
  if (watcherIsDown(many, rows.length)) {
    ports.log.error('Hardly any key is checked: told by the alarm, not key by key', { unwatched: many });
    return many;
  }
  for (const row of rows) {
    const due = dueNow(row, ports.clock.now());
    // One secret that can't be written must not keep the others' notices back, nor the report.
    await (due && tellOne(row, due, ports))?.catch((error: unknown) =>
      ports.log.error('Not told or not remembered', { secret: row.key.secretName, error: String(error) }),
    );
  }
  return many;
}

interface Due {
  readonly finding: Finding;
  /** Absent where the state is over and is to be forgotten. */
  readonly reminder?: string;
}

function dueNow({ unwatchedSince, checkedOn, policy, told }: FleetRow, now: Date): Due | undefined {
  const id = unwatched.idOf();
  if (!unwatchedSince) {
    if (told[id] === undefined) return undefined;
    const over = { was: unwatched.kind, says: unwatched.ends!.says };
    return { finding: resolved.find(over, { about: id }) };
  }
  const reason = `it is checked by ${policy.checkEvery}, and ${checkedOn ? `no check finished after ${checkedOn}` : 'no check is remembered'}`;
  const finding = unwatched.find({ lastChecked: checkedOn, reason }, { since: unwatchedSince, now });
  return told[id] === finding.reminder ? undefined : { finding, reminder: finding.reminder };
}

/** Alert, then record: a notice may come twice but is never lost. Memory is read again, because the listing is some seconds old. */
async function tellOne({ key, policy }: FleetRow, { finding, reminder }: Due, ports: Ports): Promise<void> {
  const { env, clock, store, admin } = ports;
  const context = {
    key,
    policy,
    now: clock.now(),
    home: env.expectedHome,
    adminAccess: admin !== undefined,
    checkFunction: functionName(env.environment, 'check'),
  };
  const notice = renderNotice(context, finding);
  if (!(await deliver(notice, ports))) return;
  const secret = await store.describe(key.secretArn);
  const memory = memoryFromTags(secret.tags);
  await writeMemory(secret, withTold(memory, { id: unwatched.idOf(), reminder }, notice.id), ports);
}

/** Counts what the alarms and the dashboard read once a day. */
function countFleet(rows: readonly FleetRow[], unwatched: number, { metrics }: Ports): void {
  const ages = rows.flatMap(({ ageDays }) => ageDays ?? []);
  metrics.count(METRIC.keyUnwatched, unwatched);
  if (ages.length > 0) metrics.count(METRIC.oldestKeyAgeDays, Math.max(...ages));
}

/** Days of the week as JavaScript counts them, in UTC. */
const MONDAY = 1;

/**
 * Whether the report is mailed by itself now. It has no secret of its own to remember a mail on, so the calendar decides: the function runs once a day,
 * and Monday is one day a week. A run that is repeated on a Monday, after a failure or a double delivery, mails again under the same id.
 */
export const isReportDay = (now: Date) => now.getUTCDay() === MONDAY;

/** More keys than this unwatched at once, or more than half, is one broken watcher and not so many broken keys. */
const MOST_TOLD_SINGLY = 20;

const FEW = 3;

/** Whether the watcher itself is down: then the alarms say so once, and no mail per key does. */
export const watcherIsDown = (unwatched: number, all: number) =>
  unwatched > MOST_TOLD_SINGLY || (unwatched > FEW && unwatched * 2 > all);
