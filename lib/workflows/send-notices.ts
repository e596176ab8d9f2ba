import { functionName } from '../contract/names';
import { type Finding, rowOf } from '../domain/findings/catalogue';
import type { NoticePlan } from '../domain/findings/plan';
import type { Memory } from '../domain/memory';
import { withTold } from '../domain/memory';
import { METRIC } from '../domain/metrics';
import { reaches } from '../domain/notices/audience';
import type { Notice } from '../domain/notices/notice';
import { renderNotice } from '../domain/notices/render';
import type { Observation } from '../domain/secret';
import { homeOf } from '../domain/secret';
import type { Ports } from './ports';

/** What was told, now and before: the memory to write, and the ids of all findings whose present reminder people have heard of. */
export interface Sent {
  readonly notices: Memory['notices'];
  readonly ids: ReadonlySet<string>;
  /** As in memory, with what went out now. */
  readonly sent: Memory['sent'];
}

/**
 * Sends what is due. Alert, then record: what could not be sent stays unsent in memory and is due again at the next tick, so a notice may
 * come twice but is never lost. While nobody who would get it has confirmed a subscription it is not published.
 */
export async function sendNotices(
  o: Observation,
  findings: readonly Finding[],
  plan: NoticePlan,
  ports: Ports,
): Promise<Sent> {
  let told = { notices: plan.keep, sent: o.memory.sent };
  for (const { finding, remember } of plan.send) {
    const notice = compose(o, finding, ports);
    if (!(await deliver(notice, ports))) continue;
    told = withTold(told, remember, notice.id);
  }
  const heard = findings.filter((f) => told.notices[f.id] === f.reminder);
  return { ...told, ids: new Set(heard.map(({ id }) => id)) };
}

/** The notice of one finding of one key. */
export function compose(o: Observation, finding: Finding, ports: Ports): Notice {
  const { key, policy, adminAccess } = o;
  const checkFunction = functionName(ports.env.environment, 'check');
  const now = ports.clock.now();
  return renderNotice({ key, policy, now, home: homeOf(o), adminAccess, checkFunction }, finding);
}

/** Publishes one notice to people and machines. False where people did not get it; machines may then get it again, under the same id. */
export async function deliver(notice: Notice, ports: Ports): Promise<boolean> {
  await emit(notice, ports);
  try {
    if (!reaches(await ports.board.subscriptions(), ports.env.alertAddresses, notice.data.owner)) {
      ports.metrics.count(METRIC.nobodyListens);
      ports.log.warn('Nobody has confirmed a subscription that gets it: notice kept', {
        notice: notice.id,
        subject: notice.subject,
      });
      return false;
    }
    await ports.board.publish(notice);
    ports.log.info('Notice sent', { notice: notice.id, kind: notice.kind, subject: notice.subject });
    return true;
  } catch (error) {
    ports.metrics.count(METRIC.noticeNotDelivered);
    ports.log.error('Notice not delivered: kept for the next check', {
      notice: notice.id,
      error: String(error),
    });
    return false;
  }
}

async function emit(notice: Notice, ports: Ports): Promise<void> {
  try {
    await ports.bus.emit({ type: rowOf(notice.kind).event, detail: { ...notice.data } });
  } catch (error) {
    ports.log.error('Event not emitted', { notice: notice.id, error: String(error) });
  }
}
