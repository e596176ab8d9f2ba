import { deployedNames } from '../contract/names';
import { type Finding, rowOf } from '../domain/findings/catalogue';
import type { NoticePlan } from '../domain/findings/plan';
import { forMachinesOnly, OVER } from '../domain/findings/repeat';
import { type Memory, withTold } from '../domain/memory';
import { METRIC } from '../domain/metrics';
import { reachOf } from '../domain/notices/audience';
import type { Notice, NoticeData } from '../domain/notices/notice';
import { renderNotice } from '../domain/notices/render';
import type { Home } from '../domain/probe/verdict';
import { homeOf, type Observation } from '../domain/secret';
import type { NoticeContext } from '../domain/wording/sheet';
import type { Ports } from './ports';

/** The part of memory to write. `reported` holds the ids of all findings whose present reminder was sent, now or before. */
interface Sent extends Pick<Memory, 'notices' | 'sent'> {
  readonly reported: ReadonlySet<string>;
}

/**
 * Sends what is due. Alert, then record: a notice that could not be sent is due again at the next check, so it may come twice but is never
 * lost. Until a mailbox that should have it has confirmed, only machines get it, once, and it stays due for people.
 */
export async function sendNotices(
  o: Observation,
  findings: readonly Finding[],
  plan: NoticePlan,
  ports: Ports,
): Promise<Sent> {
  let memory = { notices: plan.keep, sent: o.memory.sent };
  for (const { finding, remember } of plan.send)
    memory = await tell(compose(o, finding, ports), remember, memory, ports);
  const reported = findings.filter((f) => memory.notices[f.id] === f.reminder);
  return { ...memory, reported: new Set(reported.map(({ id }) => id)) };
}

/** Delivers a notice, and returns what to remember then. */
export async function tell<M extends Pick<Memory, 'notices' | 'sent'>>(
  notice: Notice,
  remember: { readonly id: string; readonly reminder?: string },
  memory: M,
  ports: Ports,
): Promise<M> {
  const { id, reminder = OVER } = remember;
  const machinesHaveIt = memory.notices[id] === forMachinesOnly(reminder);
  const reached = await publish(notice, machinesHaveIt, ports);
  if (reached === 'people') return withTold(memory, remember, notice.id);
  if (reached === 'nobody' || machinesHaveIt) return memory;
  return withTold(memory, { id, reminder: forMachinesOnly(reminder) }, notice.id);
}

/** What a notice about a key is written from. */
export const contextOf = (
  { key, policy }: Pick<NoticeContext, 'key' | 'policy'>,
  home: Home,
  { env, clock, admin }: Ports,
): NoticeContext => ({
  key,
  policy,
  now: clock.now(),
  home,
  adminAccess: admin !== undefined,
  deployed: deployedNames(env),
});

/** Renders the notice of one finding. */
export function compose(o: Observation, finding: Finding, ports: Ports): Notice {
  const { adminAccess } = o;
  return renderNotice({ ...contextOf(o, homeOf(o), ports), adminAccess }, finding);
}

/** Publishes a notice to people and machines. False if people did not get it; machines may then get it again under the same id. */
export const deliver = async (notice: Notice, ports: Ports): Promise<boolean> =>
  (await publish(notice, false, ports)) === 'people';

/** `machinesHaveIt`: then it is published only for people, who were not there before. */
async function publish(
  notice: Notice,
  machinesHaveIt: boolean,
  ports: Ports,
): Promise<'people' | 'machines' | 'nobody'> {
  const { id, kind, subject, data } = notice;
  const emitted = machinesHaveIt || (await emit(data, ports));
  try {
    const { people, machines } = reachOf(await ports.board.subscriptions(), ports.env.alerts, data);
    if (!people) {
      ports.metrics.count(METRIC.nobodyListens);
      ports.log.warn('Nobody who should have it has confirmed a subscription: notice kept', {
        notice: id,
        subject,
      });
    }
    if (people || (machines && !machinesHaveIt)) {
      await ports.board.publish(notice);
      ports.log.info('Notice sent', { notice: id, kind, subject, people });
    }
    if (people) return 'people';
    return machines || emitted ? 'machines' : 'nobody';
  } catch (error) {
    ports.metrics.count(METRIC.noticeNotDelivered);
    ports.log.error('Notice not delivered: kept for the next check', { notice: id, error: String(error) });
    return 'nobody';
  }
}

/** Whether the bus took it. */
export async function emit(data: NoticeData, ports: Ports): Promise<boolean> {
  try {
    await ports.bus.emit({ type: rowOf(data.kind).event, detail: { ...data } });
    return true;
  } catch (error) {
    ports.log.error('Event not emitted', { notice: data.id, error: String(error) });
    return false;
  }
}
