import assert from 'node:assert/strict';
import {
  ConfirmSubscriptionCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsCommand,
} from '@aws-sdk/client-sns';
import type { LocalWorld } from '../../../local/deploy/local-world';
import type { Step } from '../step';
import { fireFor } from './schedules';

export const nobodyListens: Step<LocalWorld> = {
  does: 'As long as nobody has confirmed a subscription, nothing is published, nor remembered as sent',
  async run(world) {
    await fireFor(world, 'dev', 'playground');
    // The check leaves its first reminder to the daily report.
    await fireFor(world, 'dev', 'daily.report');
    assert.equal((await world.mails()).length, 0);
    const { log } = world.runtime.invocations.at(-1)!;
    assert.match(log, /Nobody who should have it has confirmed a subscription: digest not sent/);
    return 'no mail';
  },
};

export const confirmations: Step<LocalWorld> = {
  does: 'Everybody confirms the subscription of their mailbox',
  async run({ topics }) {
    const { Subscriptions = [] } = await topics.send(new ListSubscriptionsCommand({}));
    for (const { TopicArn, SubscriptionArn } of Subscriptions)
      await topics.send(
        new ConfirmSubscriptionCommand({ TopicArn, Token: SubscriptionArn!.split(':').at(-1) }),
      );
    for (const TopicArn of new Set(Subscriptions.map((one) => one.TopicArn))) {
      const { Attributes } = await topics.send(new GetTopicAttributesCommand({ TopicArn }));
      assert.equal(Attributes!.SubscriptionsPending, '0');
    }
    return Subscriptions.map(({ Endpoint }) => Endpoint).join(' · ');
  },
};
