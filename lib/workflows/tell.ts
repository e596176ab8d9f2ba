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
import type { World } from './ports';

/** What was told, now and before: the memory to write, and the ids of all findings whose present reminder people have heard of. */
export interface Told {
  readonly notices: Memory['notices'];
  readonly ids: ReadonlySet<string>;
  /** As in memory, with what went out now. */
  readonly sent: Memory['sent'];
}

/**
 * Sends what is due. Alert, then record: what could not be sent stays unsent in memory and is due again at the next tick, so a notice may
 * come twice but is never lost. While nobody who would get it has confirmed a subscription it is not published.
 */
export async function tell(
  o: Observation,
  findings: readonly Finding[],
  plan: NoticePlan,
  world: World,
): Promise<Told> {
  let told = { notices: plan.keep, sent: o.memory.sent };
  for (const { finding, remember } of plan.send) {
    const notice = compose(o, finding, world);
    if (!(await deliver(notice, world))) continue;
    told = withTold(told, remember, notice.id);
  }
  const heard = findings.filter((f) => told.notices[f.id] === f.reminder);
  return { ...told, ids: new Set(heard.map(({ id }) => id)) };
}

/** The notice of one finding of one key. */
export function compose(o: Observation, finding: Finding, world: World): Notice {
  const { key, policy, adminAccess } = o;
  const checkFunction = functionName(world.env.environment, 'check');
  const now = world.clock.now();
  return renderNotice({ key, policy, now, home: homeOf(o), adminAccess, checkFunction }, finding);
}

/** Publishes one notice to people and machines. False where people did not get it; machines may then get it again, under the same id. */
export async function deliver(notice: Notice, world: World): Promise<boolean> {
  await emit(notice, world);
  try {
    if (!reaches(await world.board.subscriptions(), world.env.alertAddresses, notice.data.owner)) {
      world.metrics.count(METRIC.nobodyListens);
      world.log.warn('Nobody has confirmed a subscription that gets it: notice kept', {
        notice: notice.id,
        subject: notice.subject,
      });
      return false;
    }
    await world.board.publish(notice);
    world.log.info('Notice sent', { notice: notice.id, kind: notice.kind, subject: notice.subject });
    return true;
  } catch (error) {
    world.metrics.count(METRIC.noticeNotDelivered);
    world.log.error('Notice not delivered: kept for the next check', {
      notice: notice.id,
      error: String(error),
    });
    return false;
  }
}

async function emit(notice: Notice, world: World): Promise<void> {
  try {
    await world.bus.emit({ type: rowOf(notice.kind).event, detail: { ...notice.data } });
  } catch (error) {
    world.log.error('Event not emitted', { notice: notice.id, error: String(error) });
  }
}
