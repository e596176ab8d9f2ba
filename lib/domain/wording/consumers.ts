import { type Consumer, type ConsumerKind, ecsServiceOf, workloadOf } from '../consumer';
import type { StaleConsumer } from '../freshness';
import { MINUTE, plus } from '../time';
import { restartEcsService, restartWorkload } from './actions';
import type { NoticeContext, Piece, Step } from './sheet';
import { absolute, count, enumerated, freeText, minuteAfter, minutes, moment } from './text';

/**
 * Who reads a key, as mails tell it. Consumers that keys.yaml names are known by kind, name and refresh. Those that a `RestartOnRotation` registered are
 * asked, and are told of where they are stale: they hold an old key, or nobody knows. One service can be both, and is named once.
 */

const WORDS: Readonly<Record<ConsumerKind, string>> = {
  ecs: 'ECS service',
  lambda: 'Lambda function',
  kubernetes: 'Kubernetes workload',
  host: 'host',
  other: 'consumer',
};

/** `ECS service prod/gateway`. A host name must not become a link. */
export const nameConsumer = ({ kind, name }: Consumer) => `${WORDS[kind]} ${freeText(name, 100)}`;

/** Characters of the names in one sentence, and commands of one step: a mail has to stay short. Of more commands it shows one. */
const MOST_CHARACTERS = 130;
const MOST_COMMANDS = 2;

/** `a`, `a and b`, `a, b and 3 more`. The first one always has room. */
function inWords(names: readonly string[]): string {
  const fitting = names.filter(
    (_, at) => at === 0 || names.slice(0, at + 1).join(', ').length <= MOST_CHARACTERS,
  );
  const rest = names.length - fitting.length;
  const said = rest > 0 ? [...fitting, `${rest} more${ALL}`] : names;
  return enumerated(said);
}

const ALL = ' (describe-secret, below, shows all)';

const nameAll = (consumers: readonly Consumer[]) => inWords(consumers.map(nameConsumer));

interface ByReach {
  /** They keep the key that they read at their start, or longer than until the deadline. */
  readonly byPeople: readonly Consumer[];
  /** ECS services that RestartOnRotation restarts. */
  readonly byMachine: readonly Consumer[];
  /** They read it again by themselves, with the moment from which they have it. */
  readonly byThemselves: readonly { readonly consumer: Consumer; readonly by: Date }[];
}

/** Who reads the key, by how a change reaches them. `until`: when a key that they may hold stops. */
function consumersOf({ key, now }: Pick<NoticeContext, 'key' | 'now'>, until?: Date): ByReach {
  const { consumers = [] } = key;
  const timed = consumers.flatMap((consumer) => {
    if (consumer.refresh === 'restart') return [];
    return [{ consumer, by: minuteAfter(plus(now, consumer.refresh * MINUTE)) }];
  });
  const inTime = timed.filter(({ by }) => until === undefined || by <= until);
  const byMachine = consumers.filter(({ restarted }) => restarted);
  const others = new Set([...byMachine, ...inTime.map(({ consumer }) => consumer)]);
  return { byPeople: consumers.filter((each) => !others.has(each)), byMachine, byThemselves: inTime };
}

/** Who has a changed key without a person's doing, and when. Counted from the mail, which comes after the change. */
export function withoutRestart(context: NoticeContext, until?: Date): readonly string[] {
  const { byMachine, byThemselves } = consumersOf(context, until);
  const times = byThemselves.map(({ consumer, by }) => `${nameConsumer(consumer)} by ${absolute(by)}`);
  return [
    ...(times.length > 0 ? [`Without a restart, the key reaches ${inWords(times)}.`] : []),
    ...(byMachine.length > 0
      ? [`Restarted automatically, by RestartOnRotation: ${nameAll(byMachine)}.`]
      : []),
  ];
}

/** Has people restart whoever keeps what it read. `opening` ends before a colon; `otherwise` is for a key whose consumers nobody named. */
export function restartConsumers(
  context: NoticeContext,
  opening: string,
  { otherwise, until }: { readonly otherwise: string; readonly until?: Date },
): Step {
  if (!context.key.consumers) return [otherwise];
  const { byPeople } = consumersOf(context, until);
  if (byPeople.length === 0) return [NOBODY];
  return [`${opening}: ${nameAll(byPeople)}.`, ...commandsFor(byPeople, context)];
}

const NOBODY = 'Restart nothing: each consumer that keys.yaml names gets the live key without you.';

/** Has people start whoever needs the first key. */
export function startConsumers(context: NoticeContext, field: string): Step {
  const { consumers } = context.key;
  if (!consumers) return [`Have the service read the ${field} field of the secret, and start it.`];
  return [
    `Have whoever needs the key read the ${field} field of the secret, and start or restart it: ${nameAll(consumers)}.`,
    ...commandsFor(consumersOf(context).byPeople, context),
  ];
}

/** Who may still use an old key, of those that keys.yaml names, without those that are stale: a step of their own is about them. */
export function suspects(context: NoticeContext, stale: readonly StaleConsumer[] = []): readonly Step[] {
  if (context.needsNoKey) return [];
  const { byPeople: all, byMachine, byThemselves } = consumersOf(context);
  const byPeople = all.filter(({ name }) => !stale.some((one) => one.name === name));
  const others = [
    ...(byMachine.length > 0 && stale.length === 0
      ? [`RestartOnRotation should have restarted ${nameAll(byMachine)}: look at the last deployment.`]
      : []),
    ...(byThemselves.length > 0
      ? [`These read the secret again by themselves: ${inWords(byThemselves.map(howOften))}.`]
      : []),
  ];
  const restart = `Restart what has run since before the key was replaced: ${nameAll(byPeople)}.`;
  if (byPeople.length > 0) return [[restart, ...commandsFor(byPeople, context), ...others]];
  const [first, ...rest] = others;
  return first === undefined ? [] : [[first, ...rest]];
}

const howOften = ({ consumer }: ByReach['byThemselves'][number]) =>
  `${nameConsumer(consumer)} (${minutes(Number(consumer.refresh))})`;

/** A stale consumer, as people know it: its name comes from a rule or a function of the account. */
const nameStale = ({ name }: StaleConsumer, most = 120) =>
  freeText(name, most) || '(a consumer without a name)';

/** The most stale consumers that a mail names before its first command. */
const MOST_NAMED = 3;

/** `prod/gateway, prod/worker and 2 more`. */
function nameSome(stale: readonly StaleConsumer[]): string {
  const named = stale.slice(0, MOST_NAMED).map((one) => nameStale(one, 40));
  const more = stale.length - named.length;
  return `${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Who may still hold an old key in one sentence, for a mail whose first command must come soon. */
export const mayStillHold = (stale: readonly StaleConsumer[]): readonly string[] =>
  stale.length > 0 ? [`May still run with it: ${nameSome(stale)}.`] : [];

/** The same, one sentence each. */
export const staleInWords = (stale: readonly StaleConsumer[], now: Date): readonly string[] =>
  stale.map((one) =>
    one.state === 'stale'
      ? `${nameStale(one)} still runs ${count(one.tasks, 'task')} created before the key changed, the oldest at ${moment(one.oldest, now)}.`
      : `Whether ${nameStale(one)} runs with the new key is not known: ${freeText(one.why, 160).replace(/\.+$/, '')}.`,
  );

/** Has people restart those that may still hold an old key, one step each. */
export const restartFirst = (context: NoticeContext, stale: readonly StaleConsumer[]): readonly Step[] =>
  (context.needsNoKey ? [] : stale).map((one) => [
    one.state === 'stale'
      ? `Restart ${nameStale(one)}, so that it reads the new key (ECS: force a new deployment).`
      : `Make sure that ${nameStale(one)} was started after the key changed, and find out why it gives no answer.`,
    ...commandsFor(alsoNamed([one], context), context),
  ]);

/** The same in one step, for a mail whose first command must come soon. */
export const restartAllFirst = (context: NoticeContext, stale: readonly StaleConsumer[]): readonly Step[] =>
  stale.length === 0 || context.needsNoKey
    ? []
    : [
        [
          `Restart first: ${nameSome(stale)}.`,
          ...commandsFor(alsoNamed(stale, context), context, stale.length > 1),
        ],
      ];

/** Those that keys.yaml names, too, in the account and region of the key. Of a `service` by its ARN nobody knows here where it is. */
const alsoNamed = (stale: readonly StaleConsumer[], { key: { consumers = [] } }: NoticeContext) =>
  consumers.filter(({ name, restarted }) => !restarted && stale.some((one) => one.name === name));

/** The commands for those whose name says exactly what to restart. `named`: the sentence before says several names. */
function commandsFor(
  consumers: readonly Consumer[],
  { key }: NoticeContext,
  named = consumers.length > 1,
): readonly Piece[] {
  const commands = consumers.flatMap((consumer) => {
    const about = named ? nameConsumer(consumer) : undefined;
    const service = ecsServiceOf(consumer);
    const workload = workloadOf(consumer);
    if (service) return [{ about, ...restartEcsService(key, service) }];
    return workload ? [{ about, ...restartWorkload(workload) }] : [];
  });
  return commands.length > MOST_COMMANDS ? [commands[0]!, 'The others in the same way.'] : commands;
}

/** `ECS service prod/gateway (at its start)`, for lists of a key's facts. */
export const consumerInWords = (consumer: Consumer) =>
  `${nameConsumer(consumer)} (${consumer.restarted ? 'restarted automatically' : consumer.refresh === 'restart' ? 'reads it at its start' : `within ${minutes(consumer.refresh)}`})`;
