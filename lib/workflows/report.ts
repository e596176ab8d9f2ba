import { memoryFromTags } from '../contract/memory-tags';
import { REPORT_EVENT_TYPE } from '../contract/names';
import type { Finding } from '../domain/findings/catalogue';
import { resolved } from '../domain/findings/kinds/resolved';
import { unwatched } from '../domain/findings/kinds/unwatched';
import { type FleetListing, fleetOf } from '../domain/fleet/fleet';
import type { FleetRow } from '../domain/fleet/row';
import { IDLE_DAYS, inventoryOf, inWorkspace } from '../domain/inventory/inventory';
import { begunOf, METRIC } from '../domain/metrics';
import { audienceOf, reachOf, type Subscription } from '../domain/notices/audience';
import { renderNotice } from '../domain/notices/render';
import { renderReport } from '../domain/notices/report';
import type { FleetReport, ReportInput } from '../domain/notices/report-input';
import { DAY, elapsed } from '../domain/time';
import { fetchListing } from './fetch-secret';
import type { Ports } from './ports';
import { sendDigests } from './send-digests';
import { contextOf, tell } from './send-notices';
import { writeMemory } from './write-secret';

/** The schedule sends no options. `force` mails the report now; `preview` only returns it, and changes and sends nothing. */
export interface ReportRequest {
  readonly force?: boolean;
  readonly preview?: boolean;
}

/** The text lets a reader compare a mail with the deployment's own report. */
export interface Reported extends Pick<FleetReport, 'id' | 'subject' | 'text'> {
  readonly mailed: boolean;
  readonly keys: number;
  readonly unwatched: number;
  /** Reminders of checks that were sent in the mails to their owners. */
  readonly digested: number;
}

/** Reads all keys of the environment, sends owners their digest, tells them of unwatched keys, and mails the fleet report on Mondays. */
export async function reportFleet(request: ReportRequest, ports: Ports): Promise<Reported> {
  const { env, clock, store, metrics } = ports;
  const now = clock.now();
  const { listed, unreadable, claimed } = await fetchListing(store);
  const allEnvironments = fleetOf(listed, unreadable, now);
  const fleet = fleetOf(listed, unreadable, now, { environment: env.environment }, claimed);
  const home = listed.find(({ key, memory }) => key.environment === env.environment && memory.home);
  const workspaceId = env.expectedHome.workspaceId ?? home?.memory.home?.workspaceId;
  const [subscriptions, inventory] = await Promise.all([
    ports.board.subscriptions(),
    readInventory({ ...allEnvironments, claimed }, workspaceId, ports),
  ]);
  const report = write(fleet, audienceOf(subscriptions, fleet.rows, env.alerts), inventory, ports);
  const { id, subject, text } = report;
  const outcome = { id, subject, text, keys: fleet.rows.length };
  const unwatchedNow = fleet.rows.filter((row) => row.unwatchedSince).length + fleet.unreadable.length;
  if (request.preview) return { ...outcome, mailed: false, unwatched: unwatchedNow, digested: 0 };
  const watched = new Set(fleet.rows.flatMap((row) => (row.unwatchedSince ? [] : row.key.secretArn)));
  const digested = await sendDigests(
    listed.filter(({ key }) => watched.has(key.secretArn)),
    subscriptions,
    ports,
  );
  const unwatched = (await notifyUnwatched(fleet.rows, ports)) + fleet.unreadable.length;
  countFleet(fleet.rows, unwatched, ports);
  const wanted = request.force === true || isReportDay(now);
  const sent = wanted && (await mail(report, subscriptions, ports));
  metrics.count(METRIC.reportCompleted);
  return { ...outcome, mailed: sent, unwatched, digested };
}

/** The keys of the environment's workspace: other workspaces are other teams'. One listing of the organization serves for all that is said of them. */
async function readInventory(
  secrets: FleetListing,
  workspaceId: string | undefined,
  { admin, log }: Ports,
): Promise<ReportInput['inventory']> {
  if (!admin || workspaceId === undefined) return undefined;
  try {
    const answer = await admin.ask({ verb: 'inspect-organization', idleDays: IDLE_DAYS });
    if (answer.outcome === 'organization')
      return inWorkspace(inventoryOf([answer.listing], secrets, secrets.now), workspaceId);
    log.warn('The keys of the organization were not listed', {
      answer: answer.outcome,
      ...(answer.outcome === 'refused' && { why: answer.why }),
    });
  } catch (error) {
    log.warn('The keys of the organization were not listed', { error: String(error) });
  }
  return 'not-listed';
}

function write(
  fleet: FleetListing,
  subscriptions: readonly Subscription[],
  inventory: ReportInput['inventory'],
  { env }: Ports,
): FleetReport {
  const reviewed = env.spendLimitReviewed;
  return renderReport({
    environment: env.environment,
    now: fleet.now,
    topicArn: env.topicArn,
    cliCommand: env.cliCommand,
    rows: fleet.rows,
    unreadable: fleet.unreadable,
    subscriptions,
    inventory,
    shared: fleet.shared,
    twins: fleet.twins,
    claimed: fleet.claimed,
    spendLimitReview: reviewed === undefined ? undefined : { on: new Date(`${reviewed}T00:00:00Z`) },
  });
}

/** @throws NotDelivered, so that Lambda tries again and the alarm for failed reports fires */
async function mail(
  report: FleetReport,
  subscriptions: readonly Subscription[],
  { board, bus, metrics, log, env }: Ports,
): Promise<boolean> {
  await bus.emit({ type: REPORT_EVENT_TYPE, detail: { ...report.data } }).catch((error: unknown) => {
    metrics.count(METRIC.eventNotDelivered);
    log.error('Event not emitted', { report: report.id, error: String(error) });
  });
  const { people, machines } = reachOf(subscriptions, env.alerts);
  if (!people) {
    metrics.count(METRIC.nobodyListens);
    log.warn('Nobody who should have it has confirmed a subscription: report not mailed', {
      report: report.id,
    });
  }
  if (people || machines) await board.publishReport(report);
  if (people) log.info('Report mailed', { report: report.id, subject: report.subject });
  return people;
}

/**
 * Reminds owners that their key is not checked, and tells them once when it is checked again. The secret remembers this as after a check. If
 * the checks as a whole are down, only the metric counts the keys, and one alarm fires.
 */
async function notifyUnwatched(rows: readonly FleetRow[], ports: Ports): Promise<number> {
  const many = rows.filter((row) => row.unwatchedSince).length;
  if (watcherIsDown(many, rows.length)) {
    ports.log.error('Hardly any key is checked: the alarm says so, no notice per key is sent', {
      unwatched: many,
    });
    return many;
  }
  for (const row of rows) {
    const due = dueNow(row, ports.clock.now());
    // One secret that cannot be written must hold back neither the other notices nor the report.
    await (due && notifyOwner(row, due, ports))?.catch((error: unknown) =>
      ports.log.error('Notice not sent or not remembered', {
        secret: row.key.secretName,
        error: String(error),
      }),
    );
  }
  return many;
}

interface Due {
  readonly finding: Finding;
  /** Absent if the finding is over and will be forgotten. */
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

/** Alert, then record: a notice may come twice but is never lost. Memory is read again, because the listing may be outdated. */
async function notifyOwner(row: FleetRow, { finding, reminder }: Due, ports: Ports): Promise<void> {
  const { env, store } = ports;
  const notice = renderNotice(contextOf(row, env.expectedHome, ports), finding);
  const secret = await store.describe(row.key.secretArn);
  const memory = memoryFromTags(secret.tags);
  const told = await tell(notice, { id: unwatched.idOf(), reminder }, memory, ports);
  if (told !== memory) await writeMemory(secret, told, ports);
}

/** Counts what the alarms and the dashboard read once a day. */
function countFleet(rows: readonly FleetRow[], unwatched: number, { metrics, clock }: Ports): void {
  const ages = rows.flatMap(({ ageDays }) => ageDays ?? []);
  metrics.count(METRIC.keyUnwatched, unwatched);
  const begun = rows.filter((row) => isNewlyUnwatched(row, clock.now())).length;
  if (begun > 0) metrics.count(begunOf(METRIC.keyUnwatched), begun);
  if (ages.length > 0) metrics.count(METRIC.oldestKeyAgeDays, Math.max(...ages));
}

/** Since the last daily run. A second run on the same day does not count it again once its owner was told. */
const isNewlyUnwatched = ({ unwatchedSince: since, told }: FleetRow, now: Date) =>
  since !== undefined && elapsed(since, now) < DAY && told[unwatched.idOf()] === undefined;

/** As `getUTCDay` counts. */
const MONDAY = 1;

/**
 * Whether the daily run mails the report. There is no secret to remember a mail on, so the calendar decides. A repeated run on a Monday, after
 * a failure or a double delivery, mails again under the same id.
 */
export const isReportDay = (now: Date) => now.getUTCDay() === MONDAY;

/** More than 20 unwatched keys, or more than 3 and half of all: the checks themselves are down. One alarm says so, not a mail per key. */
export const watcherIsDown = (unwatched: number, all: number) =>
  unwatched > 20 || (unwatched > 3 && unwatched * 2 > all);
