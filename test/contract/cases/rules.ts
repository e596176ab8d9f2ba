import {
  DeleteRuleCommand,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { refused } from '../secret-at-hand';
import { type Case, type ContractWorld, eventually } from '../world';

const EventPattern = JSON.stringify({ source: ['contract'], detail: { service: ['api-gateway'] } });

/** A rule with this ending of its name, and with one target. */
async function aRule({ events, ...world }: ContractWorld, ending = '') {
  const Name = `${world.name('rule')}${ending}`;
  const Description = 'Restarts gateway after a change of the Anthropic key prod/api-gateway';
  const { RuleArn } = await events.send(new PutRuleCommand({ Name, EventPattern, Description }));
  const Arn = RuleArn!.replace(':events:', ':sqs:').replace(/:rule\/.*$/, ':contract');
  await events.send(new PutTargetsCommand({ Rule: Name, Targets: [{ Id: 'Restart', Arn }] }));
  return { Name, Arn, Description };
}

export const RULE_CASES: readonly Case[] = [
  {
    sentence: 'rules are listed by the beginning of their names, page by page',
    async prove(world) {
      const [{ Name }, second] = [await aRule(world), await aRule(world)];
      const shared = Name.slice(0, Name.lastIndexOf('-') + 1);
      await eventually(world, async () => {
        const found: string[] = [];
        let NextToken: string | undefined;
        do {
          const page = await world.events.send(
            new ListRulesCommand({ NamePrefix: shared, EventBusName: 'default', Limit: 1, NextToken }),
          );
          expect(page.Rules!.length).toBeLessThanOrEqual(1);
          found.push(...page.Rules!.map((rule) => rule.Name!));
          NextToken = page.NextToken;
        } while (NextToken);
        expect(found).toEqual(expect.arrayContaining([Name, second.Name]));
      });
      const { Rules } = await world.events.send(new ListRulesCommand({ NamePrefix: `${Name}_` }));
      expect(Rules).toEqual([]);
    },
  },
  {
    sentence: 'a rule is listed with its description, and its targets with their ARNs',
    async prove(world) {
      const { Name, Arn, Description } = await aRule(world);
      await eventually(world, async () => {
        const { Rules } = await world.events.send(new ListRulesCommand({ NamePrefix: Name }));
        expect(Rules).toMatchObject([{ Name, Description, State: 'ENABLED' }]);
        const { Targets } = await world.events.send(
          new ListTargetsByRuleCommand({ Rule: Name, EventBusName: 'default' }),
        );
        expect(Targets).toMatchObject([{ Id: 'Restart', Arn }]);
      });
    },
  },
  {
    sentence: 'a rule with targets is not deleted, and one without is gone',
    async prove(world) {
      const { Name } = await aRule(world);
      const { events } = world;
      await expect(events.send(new DeleteRuleCommand({ Name }))).rejects.toEqual(
        refused('ValidationException'),
      );
      await events.send(new RemoveTargetsCommand({ Rule: Name, Ids: ['Restart'] }));
      await events.send(new DeleteRuleCommand({ Name }));
      await eventually(world, async () => {
        expect((await events.send(new ListRulesCommand({ NamePrefix: Name }))).Rules).toEqual([]);
      });
    },
  },
  {
    sentence: 'the targets of a rule that is not there are refused',
    async prove({ events, ...world }) {
      const asked = events.send(new ListTargetsByRuleCommand({ Rule: world.name('rule') }));
      await expect(asked).rejects.toEqual(refused('ResourceNotFoundException'));
    },
  },
];
