import {
  type EventBridgeClient,
  ListRulesCommand,
  type ListRulesResponse,
  ListTargetsByRuleCommand,
  type ListTargetsByRuleResponse,
  type Rule,
} from '@aws-sdk/client-eventbridge';
import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { consumerIn, restartPrefix } from '../contract/restart';
import type { ConsumerLook } from '../domain/freshness';
import { scrub } from '../domain/key';
import type { KeyConsumers } from '../workflows/ports';
import { awsFailure } from './aws-failure';
import { type Json, listOf, objectOf, parsed, textOf } from './outside-json';

/** The longest that a look may take, in milliseconds: a check has ten minutes in all. */
const PATIENCE = 60_000;

/**
 * A rule of `RestartOnRotation` on the bus is the registration of a consumer. Its target of the same name is the function that knows whether the
 * consumer is fresh. A rule without that target has targets of its owner's own, which nobody can ask.
 */
export function createKeyConsumers(
  events: EventBridgeClient,
  lambda: LambdaClient,
  EventBusName: string,
): KeyConsumers {
  const rules = (NamePrefix: string) =>
    pages<Rule>(async (NextToken) => {
      const page: ListRulesResponse = await events
        .send(new ListRulesCommand({ NamePrefix, EventBusName, NextToken }))
        .catch(failed('events:ListRules'));
      return { found: page.Rules, next: page.NextToken };
    });
  const targets = (rule: string) =>
    pages<string>(async (NextToken) => {
      const page: ListTargetsByRuleResponse = await events
        .send(new ListTargetsByRuleCommand({ Rule: rule, EventBusName, NextToken }))
        .catch(failed('events:ListTargetsByRule'));
      return { found: page.Targets?.flatMap(({ Arn }) => Arn ?? []), next: page.NextToken };
    });
  const ask = async (functionName: string, since: Date): Promise<readonly ConsumerLook[]> => {
    const request = { verb: 'look', since: since.toISOString() };
    const command = new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(request) });
    const answer = await lambda
      .send(command, { abortSignal: AbortSignal.timeout(PATIENCE) })
      .catch(failed('lambda:InvokeFunction'));
    const text = answer.Payload?.transformToString() ?? '';
    if (answer.FunctionError) throw new Error(`its function failed: ${messageIn(text)}`);
    return readLooks(text);
  };
  const lookAt = async ({ Name = '', Description }: Rule, since: Date | undefined) => {
    const name = consumerIn(Description) ?? Name;
    try {
      const isAskable = (await targets(Name)).some((arn) => arn.endsWith(`:function:${Name}`));
      if (!isAskable) return [];
      if (!since) return [unknown(name, 'nobody remembers when the key changed')];
      return await ask(Name, since);
    } catch (error) {
      return [unknown(name, error)];
    }
  };
  return {
    async look({ environment, service }, since) {
      try {
        const found = await rules(restartPrefix(environment, service));
        return (await Promise.all(found.map((rule) => lookAt(rule, since)))).flat();
      } catch (error) {
        return [unknown('whatever reads this key', error)];
      }
    },
  };
}

const unknown = (name: string, why: unknown): ConsumerLook => ({
  name,
  state: 'unknown',
  why: scrub(why instanceof Error ? why.message : String(why)),
});

const failed = (action: string) => (error: unknown) => {
  throw new Error(`${action}: ${awsFailure(error).message}`);
};

async function pages<T>(
  read: (token: string | undefined) => Promise<{ found?: readonly T[]; next?: string }>,
): Promise<readonly T[]> {
  const all: T[] = [];
  let token: string | undefined;
  do {
    const { found = [], next } = await read(token);
    all.push(...found);
    token = next;
  } while (token);
  return all;
}

/** Whoever may change functions of this account wrote the answer, so each part is looked at. @throws Error if it is none */
function readLooks(text: string): readonly ConsumerLook[] {
  const services = listOf(parsed(text).services);
  if (services.length === 0) throw new Error('its function gave another answer than this release expects');
  return services.map((one) => readLook(objectOf(one)));
}

function readLook({ name, state, tasks, oldest, why }: Json): ConsumerLook {
  const named = textOf(name) ?? '';
  if (state === 'fresh') return { name: named, state };
  const since = new Date(typeof oldest === 'string' ? oldest : Number.NaN);
  if (state === 'stale' && typeof tasks === 'number' && !Number.isNaN(since.getTime()))
    return { name: named, state, tasks, oldest: since };
  return unknown(named, textOf(why) ?? 'its function did not say');
}

const messageIn = (text: string) => textOf(parsed(text).errorMessage) ?? text.slice(0, 200);
