import { functionName } from '../contract/names';
import { type Finding, rowOf } from '../domain/findings/catalogue';
import type { NoticePlan } from '../domain/findings/plan';
import { type Memory, withTold } from '../domain/memory';
import { METRIC } from '../domain/metrics';
import { reaches } from '../domain/notices/audience';
import type { Notice } from '../domain/notices/notice';
import { renderNotice } from '../domain/notices/render';
import { homeOf, type Observation } from '../domain/secret';
import type { Ports } from './ports';

/** The part of memory to write. `reported` holds the ids of all findings whose present reminder was sent, now or before. */
interface Sent extends Pick<Memory, 'notices' | 'sent'> {
  readonly reported: ReadonlySet<string>;
}

/**
 * Sends what is due. Alert, then record: a notice that could not be sent is due again at the next check, so it may come twice but is never
 * lost. It is not published until one of its recipients has confirmed a subscription.
 */
export async function sendNotices(
  o: Observation,
  findings: readonly Finding[],
  plan: NoticePlan,
  ports: Ports,
): Promise<Sent> {
  let memory = { notices: plan.keep, sent: o.memory.sent };
  for (const { finding, remember } of plan.send) {
    const notice = compose(o, finding, ports);
    if (!(await deliver(notice, ports))) continue;
    memory = withTold(memory, remember, notice.id);
  }
  const reported = findings.filter((f) => memory.notices[f.id] === f.reminder);
  return { ...memory, reported: new Set(reported.map(({ id }) => id)) };
}

/** Renders the notice of one finding. */
export function compose(o: Observation, finding: Finding, ports: Ports): Notice {
  const { key, policy, adminAccess } = o;
  const checkFunction = functionName(ports.env.environment, 'check');
  const now = ports.clock.now();
  return renderNotice({ key, policy, now, home: homeOf(o), adminAccess, checkFunction }, finding);
}

/** Publishes a notice to people and machines. False if people did not get it; machines may then get it again under the same id. */
export async function deliver(notice: Notice, ports: Ports): Promise<boolean> {
  await emit(notice, ports);
  try {
    if (!reaches(await ports.board.subscriptions(), ports.env.alertAddresses, notice.data.owner)) {
      ports.metrics.count(METRIC.nobodyListens);
      const { id, subject } = notice;
      ports.log.warn('Nobody has confirmed a subscription that gets it: notice kept', {
        notice: id,
        subject,
      });
      return false;
    }
    await ports.board.publish(notice);
    ports.log.info('Notice sent', { notice: notice.id, kind: notice.kind, subject: notice.subject });
    return true;
  } catch (error) {
    ports.metrics.count(METRIC.noticeNotDelivered);
    const { id } = notice;
    ports.log.error('Notice not delivered: kept for the next check', { notice: id, error: String(error) });
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
