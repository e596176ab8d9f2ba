import { type CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { DAY, plus } from '../domain/time';
import type { Clock, Trail, TrailEvent, TrailReader } from '../workflows/ports';
import { unreadable } from './aws-failure';
import { type Json, listOf, objectOf, parsed, textOf } from './outside-json';

/** Events of a rotation, in their order. Reads are left out, because the checks alone make thousands a month. */
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
const RETENTION = 90 * DAY;

/** Milliseconds: CloudTrail allows two lookups a second per account and region. */
const PAUSE = 550;

/** Pages of 50 events per name, newest first. In an account with many other secrets the lookup would never end. */
const MAX_PAGES = 20;

/**
 * A lookup takes a single condition. By event name, the number of lookups does not grow with the fleet, and reads are left out; a lookup by
 * secret would return those first.
 */
export function createTrailReader(client: CloudTrailClient, clock: Clock): TrailReader {
  return {
    async read(looking) {
      try {
        return await history(client, clock, looking);
      } catch (error) {
        return unreadable('cloudtrail:LookupEvents', error);
      }
    },
  };
}

async function history(
  client: CloudTrailClient,
  clock: Clock,
  looking?: Parameters<TrailReader['read']>[0],
): Promise<Trail> {
  const end = clock.now();
  const events: TrailEvent[] = [];
  let since = plus(end, -RETENTION);
  for (const [index, name] of EVENT_NAMES.entries()) {
    let NextToken: string | undefined;
    let oldest = end;
    const found = new Map<string, TrailEvent>();
    for (let page = 1; page <= MAX_PAGES; page++) {
      looking?.({ kind: index + 1, kinds: EVENT_NAMES.length, page });
      if (page > 1 || index > 0) await clock.sleep(PAUSE);
      const answer = await client.send(
        new LookupEventsCommand({
          LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: name }],
          StartTime: plus(end, -RETENTION),
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
    // CloudTrail returns the newest first, in whole seconds. Reversing keeps the order of events in the same second.
    events.push(...[...found.values()].reverse());
  }
  return { readable: true, since, events };
}

/**
 * Picks what an audit needs from one CloudTrail record, field by field. Undefined unless it changes a secret's versions: for refused calls, a
 * rotation that is only configured, and records without id, time or secret.
 */
export function trailEvent(record: string | undefined): TrailEvent | undefined {
  const event = parsed(record);
  const [request, response] = [objectOf(event.requestParameters), objectOf(event.responseElements)];
  const { SecretId } = objectOf(event.additionalEventData);
  const [id, name] = [textOf(event.eventID), textOf(event.eventName)];
  const at = new Date(textOf(event.eventTime) ?? Number.NaN);
  // The spelling of `arn` changed in February 2024. Secrets Manager's own events have `SecretId` instead.
  const secretId = [response.arn, response.aRN, response.ARN, request.secretId, SecretId]
    .map(textOf)
    .find((text) => text !== undefined);
  if (!id || !name || !secretId || Number.isNaN(at.getTime()) || event.errorCode !== undefined)
    return undefined;
  if (request.rotateImmediately === false) return undefined;
  // UpdateSecret always sends a token, even if it creates no version.
  const token = name === 'UpdateSecret' ? undefined : textOf(request.clientRequestToken);
  const versionId = textOf(response.versionId) ?? textOf(request.moveToVersionId) ?? token;
  const by = callerOf(objectOf(event.userIdentity), textOf(event.recipientAccountId));
  return {
    id,
    at,
    name,
    secretId,
    labels: [...listOf(request.versionStages), request.versionStage].flatMap((each) => textOf(each) ?? []),
    ...(by !== undefined && { by }),
    ...(versionId !== undefined && { versionId }),
  };
}

/** Suffix that IAM Identity Center gives to the roles it makes. */
const SSO_SUFFIX = /^(AWSReservedSSO_.+)_[0-9a-f]{16}$/;

/** The caller as readers know them: role and session, or user, with the account if it is another one. */
function callerOf(identity: Json, account: string | undefined): string | undefined {
  const arn = textOf(identity.arn);
  if (arn === undefined) return undefined;
  const [, , , , owner, ...rest] = arn.split(':');
  const [kind, ...name] = rest.join(':').split('/');
  const [role = '', ...session] = name;
  const words = kind === 'assumed-role' ? [role.replace(SSO_SUFFIX, '$1'), ...session] : name;
  const short = words.length > 0 ? words.join('/') : kind === 'root' ? 'the root user' : arn;
  const source = textOf(objectOf(identity.sessionContext).sourceIdentity);
  return [
    short,
    ...(source && source !== session[0] ? [`for ${source}`] : []),
    ...(owner && account && owner !== account ? [`of account ${owner}`] : []),
  ].join(' ');
}
