import { type Consumer, type ConsumerKind, ecsServiceOf, workloadOf } from '../consumer';
import type { StaleConsumer } from '../freshness';
import { MINUTE, plus } from '../time';
import { restartEcsService, restartWorkload } from './actions';
import type { NoticeContext, Piece, Step } from './sheet';
import { absolute, freeText, minuteAfter, minutes } from './text';

const WORDS: Readonly<Record<ConsumerKind, string>> = {
  ecs: 'ECS service',
  lambda: 'Lambda function',
  kubernetes: 'Kubernetes workload',
  host: 'host',
  other: 'consumer',
};

/** `ECS service prod/gateway`. A host name must not become a link. */
const nameConsumer = ({ kind, name }: Consumer) => `${WORDS[kind]} ${freeText(name, 100)}`;

/** Characters of the names in one sentence, and commands of one step: a mail has to stay short. Of more commands it shows one. */
const MOST_CHARACTERS = 130;
const MOST_COMMANDS = 2;

/** `a`, `a and b`, `a, b and 3 more`. */
function inWords(names: readonly string[]): string {
  const fitting = names.filter((_, at) => names.slice(0, at + 1).join(', ').length <= MOST_CHARACTERS);
  const rest = names.length - fitting.length;
  const said = rest > 0 ? [...fitting, `${rest} more${ALL}`] : names;
  return said.length < 2 ? said.join('') : `${said.slice(0, -1).join(', ')} and ${said.at(-1)}`;
}

const ALL = ' (describe-secret, below, shows all)';

const nameAll = (consumers: readonly Consumer[]) => inWords(consumers.map(nameConsumer));

interface Readers {
  /** They keep the key that they read at their start, or longer than until the deadline. */
  readonly byPeople: readonly Consumer[];
  /** ECS services that RestartOnRotation restarts. */
  readonly byMachine: readonly Consumer[];
  /** They read it again by themselves, with the moment from which they have it. */
  readonly byThemselves: readonly { readonly consumer: Consumer; readonly by: Date }[];
}

/** Who reads the key, by how a change reaches them. `until`: when a key that they may hold stops. */
function readersOf({ key, now }: Pick<NoticeContext, 'key' | 'now'>, until?: Date): Readers {
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
  const { byMachine, byThemselves } = readersOf(context, until);
  const times = byThemselves.map(({ consumer, by }) => `${nameConsumer(consumer)} by ${absolute(by)}`);
  return [
    ...(times.length > 0 ? [`Without a restart, the key reaches ${inWords(times)}.`] : []),
    ...(byMachine.length > 0
      ? [`Restarted automatically, by RestartOnRotation: ${nameAll(byMachine)}.`]
      : []),
  ];
}

/** Has people restart whoever keeps what it read. `opening` ends before a colon; `otherwise` is for a key whose consumers nobody named. */
export function restartReaders(
  context: NoticeContext,
  opening: string,
  { otherwise, until }: { readonly otherwise: string; readonly until?: Date },
): Step {
  if (!context.key.consumers) return [otherwise];
  const { byPeople } = readersOf(context, until);
  if (byPeople.length === 0) return [NOBODY];
  return [`${opening}: ${nameAll(byPeople)}.`, ...commandsFor(byPeople, context)];
}

const NOBODY = 'Restart nothing: each consumer that keys.yaml names gets the live key without you.';

/** Has people start whoever needs the first key. */
export function startReaders(context: NoticeContext, field: string): Step {
  const { consumers } = context.key;
  if (!consumers) return [`Have the service read the ${field} field of the secret, and start it.`];
  return [
    `Have whoever needs the key read the ${field} field of the secret, and start or restart it: ${nameAll(consumers)}.`,
    ...commandsFor(readersOf(context).byPeople, context),
  ];
}

/** Who may still use an old key, of those that keys.yaml names. `stale`: those that a machine restarts were asked, and these are not fresh. */
export function suspects(context: NoticeContext, stale: readonly StaleConsumer[] = []): readonly Step[] {
  const { byPeople, byMachine, byThemselves } = readersOf(context);
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

const howOften = ({ consumer }: Readers['byThemselves'][number]) =>
  `${nameConsumer(consumer)} (${minutes(Number(consumer.refresh))})`;

/** The commands for those whose name says exactly what to restart. */
function commandsFor(consumers: readonly Consumer[], { key }: NoticeContext): readonly Piece[] {
  const commands = consumers.flatMap((consumer) => {
    // Of a single one the sentence before has just said the name.
    const about = consumers.length > 1 ? nameConsumer(consumer) : undefined;
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
