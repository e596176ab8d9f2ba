import { z } from 'zod';
import { AwsError } from './aws-error';
import { type EventPattern, matches } from './event-pattern';
import { type Operations, operation } from './operation';

/** A rule that was made by a call, as ListRules shows it. */
interface StoredRule {
  readonly name: string;
  readonly bus: string;
  readonly arn: string;
  readonly pattern: string;
  readonly description?: string;
  readonly state: 'ENABLED' | 'DISABLED';
  readonly targets: Map<string, { readonly Id: string; readonly Arn: string }>;
}

const EventBusName = z.string().default('default');
const NextToken = z.string().optional();
const Limit = z.number().int().min(1).max(100).default(100);
const name = z.string().regex(/^[\w.-]{1,64}$/);

const putRule = z.strictObject({
  Name: name,
  EventBusName,
  EventPattern: z.string(),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  Description: z.string().max(512).optional(),
});

const targetList = z
  .array(z.strictObject({ Id: name, Arn: z.string().startsWith('arn:') }))
  .min(1)
  .max(100);

/** Rules that calls make and list. Their targets are functions, which get whole events. */
export class FakeRules {
  readonly operations: Operations;
  readonly #rules = new Map<string, StoredRule>();

  constructor(
    private readonly place: { readonly accountId: string; readonly region: string },
    private readonly invoke: (functionArn: string, event: string) => void,
    private readonly hasBus: (bus: string) => boolean,
  ) {
    this.operations = {
      PutRule: operation(putRule, (input) => this.#put(input)),
      DeleteRule: operation(z.strictObject({ Name: name, EventBusName }), (input) => this.#delete(input)),
      PutTargets: operation(z.strictObject({ Rule: name, EventBusName, Targets: targetList }), (input) => {
        const { targets } = this.#find(input.Rule, input.EventBusName);
        for (const target of input.Targets) targets.set(target.Id, target);
        return { FailedEntryCount: 0, FailedEntries: [] };
      }),
      RemoveTargets: operation(
        z.strictObject({ Rule: name, EventBusName, Ids: z.array(name).min(1).max(100) }),
        (input) => {
          const { targets } = this.#find(input.Rule, input.EventBusName);
          for (const id of input.Ids) targets.delete(id);
          return { FailedEntryCount: 0, FailedEntries: [] };
        },
      ),
      ListRules: operation(
        z.strictObject({ NamePrefix: name.optional(), EventBusName, NextToken, Limit }),
        (input) => this.#list(input),
      ),
      ListTargetsByRule: operation(
        z.strictObject({ Rule: name, EventBusName, NextToken, Limit }),
        (input) => {
          const { found, next } = page(
            [...this.#find(input.Rule, input.EventBusName).targets.values()],
            input,
          );
          return { Targets: found, ...next };
        },
      ),
    };
  }

  /** Hands an event to the targets of every rule that it matches. */
  deliver(bus: string, event: object): void {
    for (const rule of this.#rules.values())
      if (
        rule.bus === bus &&
        rule.state === 'ENABLED' &&
        matches(JSON.parse(rule.pattern) as EventPattern, event)
      )
        for (const { Arn } of rule.targets.values()) this.invoke(Arn, JSON.stringify(event));
  }

  #put(input: z.output<typeof putRule>): object {
    const { Name, EventBusName: bus, EventPattern: pattern, State: state, Description: description } = input;
    this.#requireBus(bus);
    const targets = this.#rules.get(keyOf(Name, bus))?.targets ?? new Map();
    const { accountId, region } = this.place;
    const path = bus === 'default' ? Name : `${bus}/${Name}`;
    const arn = `arn:aws:events:${region}:${accountId}:rule/${path}`;
    this.#rules.set(keyOf(Name, bus), { name: Name, bus, arn, pattern, state, description, targets });
    return { RuleArn: arn };
  }

  /** To delete a rule that is not there is no error; one that has targets is not deleted. */
  #delete({ Name, EventBusName: bus }: { Name: string; EventBusName: string }): object {
    this.#requireBus(bus);
    const rule = this.#rules.get(keyOf(Name, bus));
    if (rule && rule.targets.size > 0)
      throw new AwsError('ValidationException', "Rule can't be deleted since it has targets.");
    this.#rules.delete(keyOf(Name, bus));
    return {};
  }

  #list({
    NamePrefix = '',
    EventBusName: bus,
    ...paging
  }: { NamePrefix?: string; EventBusName: string } & Paging) {
    this.#requireBus(bus);
    const rules = [...this.#rules.values()]
      .filter((rule) => rule.bus === bus && rule.name.startsWith(NamePrefix))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const { found, next } = page(rules, paging);
    const Rules = found.map(({ name, arn, pattern, description, state }) => ({
      Name: name,
      Arn: arn,
      EventPattern: pattern,
      State: state,
      ...(description !== undefined && { Description: description }),
      EventBusName: bus,
    }));
    return { Rules, ...next };
  }

  #find(rule: string, bus: string): StoredRule {
    this.#requireBus(bus);
    const found = this.#rules.get(keyOf(rule, bus));
    if (found) return found;
    throw new AwsError('ResourceNotFoundException', `Rule ${rule} does not exist on EventBus ${bus}.`);
  }

  #requireBus(bus: string): void {
    if (!this.hasBus(bus))
      throw new AwsError('ResourceNotFoundException', `Event bus ${bus} does not exist.`);
  }
}

const keyOf = (rule: string, bus: string) => `${bus}/${rule}`;

interface Paging {
  readonly NextToken?: string;
  readonly Limit: number;
}

function page<T>(all: readonly T[], { NextToken: token = '0', Limit: limit }: Paging) {
  const from = Number(token);
  const next = from + limit < all.length ? { NextToken: String(from + limit) } : {};
  return { found: all.slice(from, from + limit), next };
}
