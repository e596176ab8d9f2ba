import { CONSUMER_TAGS, tagsTooMany } from '../contract/consumer-tags';
import { MOST_SERVICES, parseServiceArn, unreachable } from '../contract/ecs-service';
import type { Consumer } from '../domain/consumer';
import { count, minutes } from '../domain/wording/text';
import type { Path, Problem } from './fault';
import type { FleetConsumer, FleetEnvironment, FleetKey } from './fleet';

/** In place of a part of an ARN that a token gives: nothing is known of it. */
export const AT_DEPLOYMENT = 'known-at-deployment';

const named = ({ kind, name, refresh = 'restart', service }: FleetConsumer): Consumer => ({
  kind,
  name: name ?? parseServiceArn(service ?? '')?.name ?? '',
  refresh,
  ...(service !== undefined && { restarted: true as const }),
});

/** The consumers of a key as functions and mails know them, with every default filled in. */
export const namedConsumers = (given: readonly FleetConsumer[] = []): readonly Consumer[] => given.map(named);

/** What consumers of a key contradict: each other, where the key is, and the room in its tags and for what restarts them. */
export function contradictingConsumers(
  { account }: Pick<FleetEnvironment, 'account'>,
  { service: key, consumers = [] }: Pick<FleetKey, 'service' | 'consumers'>,
): readonly Problem[] {
  const at = (...more: Path): Path => ['keys', key, 'consumers', ...more];
  const found = consumers.flatMap((consumer, index) => [
    ...twice(consumers, index).map((expected) => ({ path: at(index), expected })),
    ...misplaced(consumer, account).map(([field, expected]) => ({ path: at(index, field), expected })),
  ]);
  const services = consumers.filter(({ service }) => service !== undefined).length;
  const tooMany = tagsTooMany(namedConsumers(consumers));
  const expected = `fewer consumers, or shorter names: they are kept in at most ${CONSUMER_TAGS.length} tags of 256 characters, because a secret takes fifty tags in all. These need ${count(CONSUMER_TAGS.length + tooMany, 'tag')}`;
  return [
    ...found,
    ...(tooMany > 0 ? [{ path: at(), expected }] : []),
    ...(services > MOST_SERVICES
      ? [
          {
            path: at(),
            expected: `at most ${MOST_SERVICES} with a service, which one function restarts: these are ${services}`,
          },
        ]
      : []),
  ];
}

/** Whether a consumer is in the list already, by its name or by its ECS service. */
function twice(consumers: readonly FleetConsumer[], index: number): readonly string[] {
  const one = consumers[index]!;
  const same = (other: FleetConsumer) =>
    (other.kind === one.kind && named(other).name === named(one).name) ||
    (isKnown(one.service) && other.service === one.service);
  const first = consumers.findIndex(same);
  return first < index ? [`each consumer once: consumers[${first}] is the same`] : [];
}

const isKnown = (arn: string | undefined): arn is string => arn !== undefined && !arn.includes(AT_DEPLOYMENT);

/** A service of another account is restarted by a role of that account. */
function misplaced(
  { service, role }: FleetConsumer,
  account: string | undefined,
): readonly (readonly ['service' | 'role', string])[] {
  const problem = service === undefined ? undefined : unreachable({ arn: service, role }, account, isKnown);
  return problem ? [[problem.field === 'arn' ? 'service' : 'role', problem.expected]] : [];
}

/** How many keys a warning names. */
const MOST_NAMED = 12;

/** A warning that can be acknowledged by its id. */
interface Warning {
  readonly id: 'anthropic-keys:consumers' | 'anthropic-keys:refresh';
  readonly text: string;
}

/** What will surprise whoever relies on the consumers of an environment. */
export function consumerWarnings({
  environment,
  keys,
}: Pick<FleetEnvironment, 'environment' | 'keys'>): readonly Warning[] {
  const nobody = keys.filter(({ consumers }) => consumers === undefined).map(({ service }) => service);
  const shown = nobody.slice(0, MOST_NAMED).join(', ');
  const more = nobody.length > MOST_NAMED ? ` and ${count(nobody.length - MOST_NAMED, 'other key')}` : '';
  const text = `${environment}: nothing names who reads ${shown}${more}; list consumers, so that mails say who must be restarted, or write "consumers: []" where nobody reads a key`;
  return [
    ...(nobody.length > 0 ? [{ id: 'anthropic-keys:consumers', text } as const] : []),
    ...keys.flatMap((key) => slowConsumers(environment, key)),
  ];
}

/** Consumers that would still use the old key when its grace is over. */
const slowConsumers = (environment: string, { service, policy, consumers }: FleetKey): readonly Warning[] =>
  namedConsumers(consumers).flatMap(({ kind, name, refresh }) => {
    if (refresh === 'restart' || refresh <= policy.graceHours * 60) return [];
    const text = `${environment}/${service}: ${kind} ${name} keeps a key for ${minutes(refresh)}, longer than the old one works (graceHours ${policy.graceHours}); shorten its refresh, or lengthen the grace`;
    return [{ id: 'anthropic-keys:refresh', text }];
  });
