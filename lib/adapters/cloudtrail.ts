import { type CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { DAY, plus } from '../domain/time';
import type { Clock, Trail, TrailEvent, TrailReader } from '../workflows/ports';
import { awsFailure, isDenial, isOutage, isThrottle } from './aws-failure';
import { trailEvent } from './trail-record';

/** What tells of a rotation, in the order in which it happens. Calls that only read are not asked for: the checks alone make thousands a month. */
const EVENT_NAMES = [
  'PutSecretValue',
  'UpdateSecret',
  'RotateSecret',
  'UpdateSecretVersionStage',
  'RotationSucceeded',
  'RotationFailed',
  'RotationAbandoned',
] as const;

/** CloudTrail keeps its event history for 90 days. */
const KEPT = 90 * DAY;

/** Two lookups a second are allowed per account and region. */
const PAUSE = 550;

/** Pages of 50 events per name, the newest first; an account that changes other secrets all day would never end. */
const MOST_PAGES = 20;

/**
 * CloudTrail behind the port. A lookup takes a single condition, so it goes by the name of the event: the number of lookups does not grow
 * with the fleet, and the events that only read, which a lookup by secret would return first, stay out.
 */
export function createTrailReader(client: CloudTrailClient, clock: Clock): TrailReader {
  return {
    async read() {
      try {
        return await history(client, clock);
      } catch (error) {
        const failure = awsFailure(error);
        if (!isDenial(failure) && !isThrottle(failure) && !isOutage(failure))
          throw new Error(`LookupEvents: ${failure.message}`);
        return { readable: false, why: failure.message };
      }
    },
  };
}

async function history(client: CloudTrailClient, clock: Clock): Promise<Trail> {
  const end = clock.now();
  const events: TrailEvent[] = [];
  let since = plus(end, -KEPT);
  for (const name of EVENT_NAMES) {
    let NextToken: string | undefined;
    let oldest = end;
    const found = new Map<string, TrailEvent>();
    for (let page = 1; page <= MOST_PAGES; page++) {
      if (page > 1 || name !== EVENT_NAMES[0]) await clock.sleep(PAUSE);
      const answer = await client.send(
        new LookupEventsCommand({
          LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: name }],
          StartTime: plus(end, -KEPT),
          EndTime: end,
          MaxResults: 50,
          NextToken,
        }),
      );
      for (const { CloudTrailEvent, EventTime = oldest } of answer.Events ?? []) {
        if (EventTime < oldest) oldest = EventTime;
        const event = trailEvent(CloudTrailEvent);
        if (event) found.set(event.id, event);
      }
      ({ NextToken } = answer);
      if (NextToken === undefined) break;
    }
    if (NextToken !== undefined && oldest > since) since = oldest;
    // CloudTrail returns the newest first, with times in whole seconds: reversed, events of one second keep their order.
    events.push(...[...found.values()].reverse());
  }
  return { readable: true, since, events };
}
