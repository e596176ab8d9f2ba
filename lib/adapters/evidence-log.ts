import {
  type CloudWatchLogsClient,
  type FilteredLogEvent,
  FilterLogEventsCommand,
  type LogGroup,
  paginateDescribeLogGroups,
} from '@aws-sdk/client-cloudwatch-logs';
import { EVENT_SOURCE, evidenceLogPrefix } from '../contract/names';
import { DAY, elapsed, plus } from '../domain/time';
import type { EvidenceLog, EvidenceRead, ReportedEvent } from '../workflows/operator-ports';
import type { Clock } from '../workflows/ports';
import { unreadable } from './aws-failure';
import { objectOf, parsed, textOf } from './outside-json';

/** Pages of a log group, each of up to 10,000 events or a megabyte. */
const MAX_PAGES = 200;

/** Reads what EventBridge wrote into the evidence logs of an environment. */
export function createEvidenceLog(client: CloudWatchLogsClient, clock: Clock): EvidenceLog {
  return {
    async read(environment) {
      try {
        const groups = await groupsOf(client, environment);
        if (groups.length === 0) return { readable: false, why: 'missing' };
        return joined(await Promise.all(groups.map((group) => readGroup(client, group, environment, clock))));
      } catch (error) {
        return unreadable('logs:FilterLogEvents', error);
      }
    },
  };
}

async function groupsOf(client: CloudWatchLogsClient, environment: string): Promise<readonly LogGroup[]> {
  const groups: LogGroup[] = [];
  const logGroupNamePrefix = evidenceLogPrefix(environment);
  for await (const page of paginateDescribeLogGroups({ client }, { logGroupNamePrefix }))
    groups.push(...(page.logGroups ?? []));
  return groups;
}

type Readable = EvidenceRead & { readonly readable: true };

async function readGroup(
  client: CloudWatchLogsClient,
  { logGroupName, creationTime = 0, retentionInDays }: LogGroup,
  environment: string,
  clock: Clock,
): Promise<Readable> {
  const kept = retentionInDays === undefined ? 0 : plus(clock.now(), -retentionInDays * DAY).getTime();
  const since = new Date(Math.max(creationTime, kept));
  const events: ReportedEvent[] = [];
  let nextToken: string | undefined;
  let until = since;
  for (let page = 1; page <= MAX_PAGES; page++) {
    const answer = await client.send(new FilterLogEventsCommand({ logGroupName, nextToken }));
    for (const logged of answer.events ?? []) {
      until = new Date(logged.timestamp ?? until);
      const event = reportedEvent(logged, environment);
      if (event) events.push(event);
    }
    ({ nextToken } = answer);
    if (nextToken === undefined) return { readable: true, since, events };
  }
  return { readable: true, since, until, events };
}

function joined(parts: readonly Readable[]): Readable {
  const least = (dates: readonly Date[]) => new Date(Math.min(...dates.map((date) => date.getTime())));
  const unread = parts.flatMap(({ until }) => until ?? []);
  return {
    readable: true,
    since: least(parts.map(({ since }) => since)),
    ...(unread.length > 0 && { until: least(unread) }),
    events: parts.flatMap(({ events }) => events),
  };
}

/** How far the time that an event states may be from the time at which it was written: nobody dates an event back. */
const DELIVERY = DAY;

/** Picks what a history needs from one event, field by field. Undefined unless it is a notice about a key of the environment. */
export function reportedEvent(
  { message, timestamp, ingestionTime = timestamp }: FilteredLogEvent,
  environment: string,
): ReportedEvent | undefined {
  const event = parsed(message);
  const detail = objectOf(event.detail);
  const written = new Date(ingestionTime ?? Number.NaN);
  const [id, notice, kind, secretArn] = [event.id, detail.id, detail.kind, detail.secretArn].map(textOf);
  if (!id || !notice || !kind || !secretArn || Number.isNaN(written.getTime())) return undefined;
  if (event.source !== EVENT_SOURCE || detail.environment !== environment) return undefined;
  const stated = new Date(textOf(event.time) ?? Number.NaN);
  const at = Math.abs(elapsed(stated, written)) <= DELIVERY ? stated : written;
  return { id, at, secretArn, notice, kind, details: objectOf(detail.details) };
}
