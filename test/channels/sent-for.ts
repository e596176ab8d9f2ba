import type { Template } from 'aws-cdk-lib/assertions';
import type { SentEvent } from '../schema/validator';
import { statementsOf } from './synthesised';

interface RuleProperties {
  readonly EventPattern: Pattern;
  readonly Targets: readonly {
    readonly Arn: unknown;
    readonly DeadLetterConfig?: object;
    readonly InputTransformer: {
      readonly InputPathsMap: Record<string, string>;
      readonly InputTemplate: string;
    };
  }[];
}

type Pattern = { readonly [field: string]: readonly unknown[] | Pattern };

/** As EventBridge matches: each field has one of its values, or a number that is larger. */
function matches(pattern: Pattern, event: unknown): boolean {
  const fields = (event ?? {}) as Readonly<Record<string, unknown>>;
  return Object.entries(pattern).every(([field, accepted]) =>
    Array.isArray(accepted)
      ? accepted.some((one) => one === fields[field] || isLarger(one, fields[field]))
      : matches(accepted as Pattern, fields[field]),
  );
}

const isLarger = (one: unknown, value: unknown) => {
  const [operator, than] = (one as { numeric?: [string, number] }).numeric ?? [];
  return operator === '>' && typeof value === 'number' && value > than!;
};

/** What EventBridge sends for an event. */
export function sentFor(template: Template, event: SentEvent): readonly Record<string, unknown>[] {
  const rules = Object.values(template.findResources('AWS::Events::Rule')).map(
    ({ Properties }) => Properties as RuleProperties,
  );
  return rules
    .filter(({ EventPattern }) => matches(EventPattern, event))
    .map(({ Targets: [target] }) => {
      const { InputPathsMap, InputTemplate } = target!.InputTransformer;
      const textOf = (name: string) => {
        const path = InputPathsMap[name]!.split('.').slice(1);
        const value = path.reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], event);
        if (value === undefined) throw new Error(`${event['detail-type']} has no ${InputPathsMap[name]}`);
        return JSON.stringify(value);
      };
      // Alone, a value keeps its quotes; within a text it loses them.
      const filled = InputTemplate.replace(/"(?:[^"\\]|\\.)*"|<([^>]+)>/g, (found, alone?: string) =>
        alone ? textOf(alone) : found.replace(/<([^>]+)>/g, (_, name: string) => textOf(name).slice(1, -1)),
      );
      return JSON.parse(filled) as Record<string, unknown>;
    });
}

/** What holds for every rule that ends at an API destination. */
export function holdsOfRules(template: Template): void {
  for (const { Properties } of Object.values(template.findResources('AWS::Events::Rule'))) {
    const { EventPattern, Targets } = Properties as RuleProperties;
    expect(EventPattern).toMatchObject({
      source: ['anthropic-key-rotation'],
      detail: { environment: ['prod'] },
    });
    expect(Targets).toEqual([
      expect.objectContaining({
        Arn: { 'Fn::GetAtt': [expect.stringContaining('Destination'), 'Arn'] },
        DeadLetterConfig: { Arn: { 'Fn::GetAtt': [expect.stringContaining('Undelivered'), 'Arn'] } },
      }),
    ]);
  }
  expect(statementsOf(template)).toEqual([
    {
      Effect: 'Allow',
      Action: 'events:InvokeApiDestination',
      Resource: { 'Fn::GetAtt': [expect.stringContaining('Destination'), 'Arn'] },
    },
  ]);
}
