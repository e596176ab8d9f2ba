import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { EVENT_SOURCE } from '../contract/names';
import { scrub } from '../domain/key';
import type { TransitionBus } from '../workflows/ports';
import { awsFailure } from './aws-failure';

/** The call succeeds even if the bus refuses the event, so the answer's failure count matters. */
export function createTransitionBus(client: EventBridgeClient, busName: string): TransitionBus {
  return {
    async emit({ type, detail }) {
      const entry = {
        Source: EVENT_SOURCE,
        DetailType: type,
        Detail: JSON.stringify(detail),
        EventBusName: busName,
      };
      const answer = await client.send(new PutEventsCommand({ Entries: [entry] })).catch((error: unknown) => {
        throw new Error(`PutEvents: ${awsFailure(error).message}`);
      });
      if (!answer.FailedEntryCount) return;
      const { ErrorCode, ErrorMessage } = answer.Entries?.[0] ?? {};
      throw new Error(scrub(`PutEvents refused ${type}: ${ErrorCode ?? 'unknown'}: ${ErrorMessage ?? ''}`));
    },
  };
}
