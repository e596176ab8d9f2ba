import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { createTransitionBus } from '../../lib/adapters/eventbridge';
import { FAULT } from '../../local/aws';
import { embeddedAws } from '../local/aws/embedded-aws';

const embedded = embeddedAws();
const busOf = (name = 'default') => createTransitionBus(embedded.client(EventBridgeClient), name);
const promoted = { type: 'Key Promoted', detail: { schema: 'x/1', environment: 'prod' } };

test('an event arrives unchanged, with our source', async () => {
  await busOf().emit(promoted);
  expect(embedded.aws.events.received).toEqual([
    expect.objectContaining({
      source: 'anthropic-key-rotation',
      detailType: 'Key Promoted',
      detail: promoted.detail,
      bus: 'default',
    }),
  ]);
});

test('an event that the bus refuses is an error, although the call succeeds', async () => {
  await expect(busOf('nowhere').emit(promoted)).rejects.toThrow('PutEvents refused Key Promoted');
  expect(embedded.aws.calls.all().at(-1)).toMatchObject({ operation: 'PutEvents', outcome: 'ok' });
});

test('a call that fails is an error', async () => {
  embedded.aws.faults.on({ times: Number.POSITIVE_INFINITY }, FAULT.denied);
  await expect(busOf().emit(promoted)).rejects.toThrow('PutEvents: AccessDeniedException');
});
