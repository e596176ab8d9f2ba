import type { Delivery, Subscription } from './topics';

/** What a queue or function receives of a delivery: the text itself where raw delivery is on, else SNS's envelope. */
export function envelope(delivery: Delivery, subscription: Subscription): string {
  if (subscription.attributes.RawMessageDelivery === 'true') return delivery.body;
  const attributes = Object.entries(delivery.attributes).map(
    ([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      { Type: DataType, Value: StringValue ?? BinaryValue },
    ],
  );
  return JSON.stringify({
    Type: 'Notification',
    MessageId: delivery.messageId,
    TopicArn: delivery.topicArn,
    Subject: delivery.subject,
    Message: delivery.body,
    Timestamp: delivery.at.toISOString(),
    MessageAttributes: attributes.length > 0 ? Object.fromEntries(attributes) : undefined,
  });
}
