import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FindingKind, rowOf } from '../../lib/domain/findings/catalogue';
import type { FakeAws } from '../../local/aws';
import type { BusEvent } from '../../local/aws/events';
import { TestKey } from '../lifecycle/test-key';
import { SCENARIOS, type Scenario } from '../notices/scenarios';
import type { SentEvent } from './validator';

/** One event of each type, as flows sent it, never made by hand. `npm run golden` writes them anew. */
const FOLDER = join(__dirname, 'golden');

/** Kinds that the demo never comes to. */
export const NOT_IN_DEMO = ['refused', 'unaccepted', 'lost-track', 'refused-key-works', 'keyless'] as const;

/** The first event of each type, by its file. */
export function goldenEvents(clouds: readonly FakeAws[]): ReadonlyMap<string, SentEvent> {
  const received = clouds.flatMap(({ events }) => events.received);
  const found = new Map<string, SentEvent>();
  for (const event of [...received].sort((a, b) => a.at.getTime() - b.at.getTime())) {
    const file = fileOf(event.detailType);
    if (!found.has(file)) found.set(file, asSent(event));
  }
  return found;
}

/** The event of a kind that the demo lacks, from the course that leads to its mail. */
export async function goldenEventOf(kind: FindingKind): Promise<readonly [file: string, event: SentEvent]> {
  const [scenario] = SCENARIOS[kind] as readonly Scenario[];
  const { adminAccess, policy, consumers, reach } = scenario!;
  const graceHours = 48;
  const testKey = await TestKey.build({ adminAccess, policy: { ...policy, graceHours }, consumers });
  try {
    await reach(testKey, graceHours);
    const { event } = rowOf(kind);
    const sent = testKey.sandbox.aws.events.received.find(({ detailType }) => detailType === event);
    if (!sent) throw new Error(`The course of ${kind} sends no ${event}`);
    return [fileOf(event), asSent(sent)];
  } finally {
    await testKey.close();
  }
}

/** The golden events as they are stored, by detail-type. */
export const storedEvents = (): ReadonlyMap<string, SentEvent> =>
  new Map(
    readdirSync(FOLDER)
      .sort()
      .map((file) => JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as SentEvent)
      .map((event) => [event['detail-type'], event]),
  );

export function storeEvents(events: ReadonlyMap<string, SentEvent>): void {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  for (const [file, event] of events)
    writeFileSync(join(FOLDER, file), `${JSON.stringify(event, null, 2)}\n`);
}

const fileOf = (detailType: string) => `${detailType.toLowerCase().replaceAll(' ', '-')}.json`;

export const asSent = ({ source, detailType, detail }: BusEvent): SentEvent => ({
  source,
  'detail-type': detailType,
  detail,
});
