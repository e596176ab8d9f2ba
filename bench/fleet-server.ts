import { systemClock } from '../lib/adapters/system-clock';
import { functionName } from '../lib/contract/names';
import type { SecretDescription } from '../lib/contract/read-secret';
import { utcDay } from '../lib/domain/time';
import { openFakeAws } from '../local/aws';
import { serveAws } from '../local/aws/server';
import { aKey, aKeyRef, aRememberedVerdict, daysAgo } from '../test/builders';
import { aListing, aMemory } from '../test/fleet-listing';

/** Most secrets in one answer of ListSecrets. */
const PAGE = 100;

/** Keys of five environments, of all ages that need nobody now: what is urgent would end a command with a code of its own. */
function fleetOf(size: number): readonly SecretDescription[] {
  const now = systemClock.now();
  return Array.from({ length: size }, (_, n) => {
    const created = daysAgo(n % 90, now);
    const verdict = aRememberedVerdict({ ...aKeyRef(String(n)), keyCreatedAt: created, since: created });
    const key = aKey({ environment: `team-${n % 5}`, service: `service-${n}` });
    return aListing({ key, memory: aMemory({ verdict, checkedOn: utcDay(now) }) });
  });
}

/** A secret as ListSecrets describes it, with all that AWS says of one. */
function entryOf({ arn, name, createdAt, tags, stages }: SecretDescription, environment: string): object {
  const created = createdAt.getTime() / 1000;
  const [, , , region, account] = arn.split(':');
  return {
    ARN: arn,
    Name: name,
    Description: 'Anthropic API key; managed by anthropic-key-rotation',
    CreatedDate: created,
    LastChangedDate: created,
    LastAccessedDate: created,
    LastRotatedDate: created,
    NextRotationDate: created,
    RotationEnabled: true,
    RotationLambdaARN: `arn:aws:lambda:${region}:${account}:function:${functionName(environment, 'rotate')}`,
    RotationRules: { ScheduleExpression: 'rate(999 days)' },
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    SecretVersionsToStages: stages,
  };
}

/** Answers of ListSecrets, made once: what a command takes is then the command's, and hardly the server's. */
function pagesOf(size: number): readonly string[] {
  const entries = fleetOf(size).map((secret, n) => entryOf(secret, `team-${n % 5}`));
  return Array.from({ length: Math.ceil(size / PAGE) }, (_, page) =>
    JSON.stringify({
      SecretList: entries.slice(page * PAGE, (page + 1) * PAGE),
      ...((page + 1) * PAGE < size && { NextToken: String(page + 1) }),
    }),
  );
}

/** How many calls came since this was last asked, and the milliseconds of CPU that they took here. */
export interface Served {
  readonly calls: number;
  readonly cpu: number;
}

/** An embedded AWS in a process of its own. Its first message is its endpoint. It answers each that it gets with what it has `Served`. */
async function main(size: number): Promise<void> {
  const aws = openFakeAws({ clock: systemClock });
  const pages = pagesOf(size);
  let calls = 0;
  let used = process.cpuUsage();
  const { endpoint } = await serveAws(async (request) => {
    calls += 1;
    if (request.headers['x-amz-target'] !== 'secretsmanager.ListSecrets') return aws.exchange!(request);
    const { NextToken = '0' } = JSON.parse(request.body) as { readonly NextToken?: string };
    const headers = { 'content-type': 'application/x-amz-json-1.1' };
    return { status: 200, headers, body: pages[Number(NextToken)]! };
  });
  process.on('message', () => {
    const { user, system } = process.cpuUsage(used);
    process.send!({ calls, cpu: (user + system) / 1000 } satisfies Served);
    calls = 0;
    used = process.cpuUsage();
  });
  process.on('disconnect', () => process.exit(0));
  process.send!(endpoint);
}

void main(Number(process.argv[2]));
