import { deployedNames } from '../contract/names';
import { type Finding, rowOf } from '../domain/findings/catalogue';
import type { NoticePlan } from '../domain/findings/plan';
import { type Holders, holdersOf, holdersOfEnd } from '../domain/findings/repeat';
import { type Memory, withTold } from '../domain/memory';
import { METRIC } from '../domain/metrics';
import { reachOf } from '../domain/notices/audience';
import type { Notice, NoticeData } from '../domain/notices/notice';
import { renderNotice } from '../domain/notices/render';
import type { Home } from '../domain/probe/verdict';
import { homeOf, needsNoKey, type Observation } from '../domain/secret';
import type { NoticeContext } from '../domain/wording/sheet';
import type { Ports } from './ports';

/** The part of memory to write, and the ids of all findings whose present reminder was sent, now or before. */
interface Sent extends Pick<Memory, 'notices' | 'sent'> {
  /** People have it. */
  readonly reported: ReadonlySet<string>;
  /** The bus has its event. */
  readonly emitted: ReadonlySet<string>;
}

/**
 * Sends what is due. Alert, then record: a notice that could not be sent is due again at the next check, so it may come twice but is never
 * lost. Memory holds who has it, so that the next check sends it under the same id to those alone who do not.
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
  const idsOf = (have: (holders: Holders) => boolean) =>
    new Set(findings.flatMap((f) => (have(holdersOf(memory.notices[f.id], f.reminder)) ? f.id : [])));
  return { ...memory, reported: idsOf(({ people }) => people), emitted: idsOf(({ bus }) => bus) };
}

/** Sends a notice to those who do not have it, as memory tells, and returns what to remember then. */
export async function tell<M extends Pick<Memory, 'notices' | 'sent'>>(
  notice: Notice,
  remember: { readonly id: string; readonly reminder?: string },
  memory: M,
  ports: Ports,
): Promise<M> {
  const { id, reminder } = remember;
  const remembered = memory.notices[id];
  const have = reminder === undefined ? holdersOfEnd(remembered) : holdersOf(remembered, reminder);
  return withTold(memory, remember, await send(notice, have, ports), notice.id);
}

/** The same for a notice that must have reached people before something is done. `heard` says whether it has. */
export async function tellFirst<M extends Pick<Memory, 'notices' | 'sent'>>(
  notice: Notice,
  finding: Pick<Finding, 'id' | 'reminder'>,
  memory: M,
  ports: Ports,
): Promise<{ readonly memory: M; readonly heard: boolean; readonly emitted: boolean }> {
  const told = await tell(notice, finding, memory, ports);
  const { people: heard, bus: emitted } = holdersOf(told.notices[finding.id], finding.reminder);
  return { memory: told, heard, emitted };
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
  const keyless = needsNoKey(o.live) && ({ needsNoKey: true } as const);
  return renderNotice({ ...contextOf(o, homeOf(o), ports), adminAccess, ...keyless }, finding);
}

/** Gives a notice to those who do not have it, and returns who has it then. */
async function send(notice: Notice, have: Holders, ports: Ports): Promise<Holders> {
  const bus = have.bus || (await emit(notice.data, ports));
  return have.people ? { ...have, bus } : { ...(await publish(notice, { ...have, bus }, ports)), bus };
}

/** Publishes to the topic: for people as soon as one of them listens, before that for its machines, once. */
async function publish(
  notice: Notice,
  have: Holders,
  ports: Ports,
): Promise<Pick<Holders, 'people' | 'topic'>> {
  const { id, kind, subject, data } = notice;
  try {
    const { people, machines } = reachOf(await ports.board.subscriptions(), ports.env.alerts, data);
    if (!people) {
      ports.metrics.count(METRIC.nobodyListens);
      ports.log.warn('Nobody who should have it has confirmed a subscription: notice kept', {
        notice: id,
        subject,
      });
    }
    if (people || (machines && !have.topic)) {
      await ports.board.publish(notice);
      ports.log.info('Notice sent', { notice: id, kind, subject, people });
    }
    // A topic without machines owes them nothing, but that alone is nobody who has it.
    return { people, topic: people || machines || have.topic || have.bus };
  } catch (error) {
    ports.metrics.count(METRIC.noticeNotDelivered);
    ports.log.error('Notice not delivered: kept for the next check', { notice: id, error: String(error) });
    return have;
  }
}

/** Whether the bus took it. */
export async function emit(data: NoticeData, ports: Ports): Promise<boolean> {
  try {
    await ports.bus.emit({ type: rowOf(data.kind).event, detail: { ...data } });
    return true;
  } catch (error) {
    ports.metrics.count(METRIC.eventNotDelivered);
    ports.log.error('Event not emitted', { notice: data.id, error: String(error) });
    return false;
  }
}
