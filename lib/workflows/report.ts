import { METRIC } from '../contract/metric-names';
import { ENVIRONMENT_TAG } from '../contract/policy-tags';
import { REPORT_EVENT_TYPE } from '../contract/transitions';
import { type Fleet, fleetOf } from '../domain/fleet';
import { audienceOf, reaches } from '../domain/fleet-audience';
import { type UnmatchedKeys, unmatchedKeys } from '../domain/fleet-console';
import { isReportDay, mailed } from '../domain/fleet-report';
import { type FleetReport, renderReport, type Subscription } from '../domain/notices';
import { countFleet, tellUnwatched } from './report-unwatched';
import { readListing } from './survey';
import type { World } from './world';

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
export async function reportFleet(request: ReportRequest, world: World): Promise<Reported> {
  const { env, clock, store, metrics } = world;
  const now = clock.now();
  const secrets = await store.list({ tagKey: ENVIRONMENT_TAG });
  const { listed, unreadable } = readListing(secrets);
  const everywhere = fleetOf(listed, unreadable, now);
  const fleet = fleetOf(listed, unreadable, now, { environment: env.environment });
  const home = listed.find(({ key, memory }) => key.environment === env.environment && memory.home);
  const workspaceId = env.expectedHome.workspaceId ?? home?.memory.home?.workspaceId;
  const [subscriptions, unmatched] = await Promise.all([
    world.board.subscriptions(),
    lookAtConsole(everywhere, workspaceId, world),
  ]);
  const report = write(fleet, audienceOf(subscriptions, fleet.rows, env.alertAddresses), unmatched, world);
  const { id, subject, text } = report;
  const outcome = { id, subject, text, keys: fleet.rows.length };
  const unwatchedNow = fleet.rows.filter((row) => row.unwatchedSince).length + fleet.unreadable.length;
  if (request.preview) return { ...outcome, mailed: false, unwatched: unwatchedNow };
  const unwatched = (await tellUnwatched(fleet.rows, world)) + fleet.unreadable.length;
  countFleet(fleet.rows, unwatched, world);
  const wanted = request.force === true || isReportDay(now);
  const sent = wanted && (await mail(report, subscriptions, world));
  metrics.count(METRIC.reportCompleted);
  return { ...outcome, mailed: sent, unwatched };
}

/** No answer is no information: the report is mailed without this section. */
async function lookAtConsole(
  { rows }: Fleet,
  workspaceId: string | undefined,
  { admin, log }: World,
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
  fleet: Fleet,
  subscriptions: readonly Subscription[],
  unmatched: UnmatchedKeys | undefined,
  { env }: World,
): FleetReport {
  const reviewed = env.spendLimitReviewed;
  return renderReport({
    environment: env.environment,
    now: fleet.now,
    topicArn: env.topicArn,
    rows: fleet.rows.map(mailed),
    unreadable: fleet.unreadable,
    subscriptions,
    unheld: unmatched?.keys.map(({ id, name, hint, createdAt }) => ({ recordId: id, name, hint, createdAt })),
    perhapsHeld: unmatched?.perhapsHeld,
    shared: fleet.shared,
    spendLimitReview: reviewed === undefined ? undefined : { on: new Date(`${reviewed}T00:00:00Z`) },
  });
}

/** @throws NotDelivered, so that Lambda tries again and the alarm of failed reports hears of it */
async function mail(
  report: FleetReport,
  subscriptions: readonly Subscription[],
  { board, bus, metrics, log, env }: World,
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
