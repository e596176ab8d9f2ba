import { type EventPattern, type IEventBus, type OnEventOptions, Rule } from 'aws-cdk-lib/aws-events';
import { Stack, Token, TokenComparison } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

/** A rule as `onEvent` of the CDK makes one, for some events of a bus. */
export function eventRule(
  scope: Construct,
  id: string,
  { crossStackScope, target, ...options }: OnEventOptions,
  { eventBus, pattern }: { readonly eventBus: IEventBus; readonly pattern: EventPattern },
): Rule {
  const rule = new Rule(crossStackScope ?? scope, id, { ...options, eventBus });
  rule.addEventPattern(pattern);
  rule.addTarget(target);
  return rule;
}

/** Whether something is known to be in another account or region than a construct. */
export function isElsewhere(scope: Construct, { env }: Pick<IEventBus, 'env'>): boolean {
  const { account, region } = Stack.of(scope);
  const differs = (one: string, other: string) =>
    Token.compareStrings(one, other) === TokenComparison.DIFFERENT;
  return differs(env.account, account) || differs(env.region, region);
}
