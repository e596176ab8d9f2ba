import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { keyChangedPattern } from '../../lib/contract/events';
import { EVENT_SOURCE, REPORT_EVENT_TYPE } from '../../lib/contract/names';
import { KINDS, rowOf } from '../../lib/domain/findings/catalogue';
import type { NoticeData } from '../../lib/domain/notices/notice';
import { renderNotice } from '../../lib/domain/notices/render';
import { type EventPattern, matches } from '../../local/aws/event-pattern';
import { aNoticeContext } from '../builders';
import { EVERY_FINDING } from '../notices/every-kind';
import { ROOT } from '../root';
import { eventJsonSchema } from './event-schema';
import { eventsPage } from './events-page';
import { asSent, goldenEventOf, NOT_IN_DEMO, storedEvents } from './golden-events';
import { faultsOf, type SentEvent } from './validator';

const stored = storedEvents();
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

test('schema and page are what the types say; `npm run schema` writes them anew', () => {
  expect(read('events.schema.json')).toBe(eventJsonSchema());
  expect(read('docs/events.md')).toBe(eventsPage(read('docs/events.md')));
});

const blocks = [...read('docs/events.md').matchAll(/^```json\n([\s\S]*?)^```$/gm)].map(
  ([, json]) => JSON.parse(json!) as object,
);
const patterns = blocks.filter((block) => Array.isArray((block as { source: unknown }).source));

test('each JSON of the page is an event, as it was sent, or a pattern', () => {
  const events = blocks.filter((block) => !patterns.includes(block));
  expect(events).toEqual(
    [...KINDS.map(({ event }) => event), REPORT_EVENT_TYPE].map((type) => stored.get(type)),
  );
  const matched = patterns.map((pattern) =>
    [...stored.values()].flatMap((event) =>
      matches(pattern as EventPattern, inOne(event)) ? event['detail-type'] : [],
    ),
  );
  const { detailType, ...rest } = keyChangedPattern('prod', 'api-gateway');
  expect(patterns[0]).toEqual({ ...rest, 'detail-type': detailType });
  expect(matched).toEqual([
    ['Key Promoted', 'Key Rolled Back'],
    KINDS.filter(({ severity }) => severity === 'critical')
      .map(({ event }) => event)
      .sort(),
    ['Key Dead', 'Key Foreign', 'Key Refused'],
    ['Key Resolved'],
  ]);
});

/** The event as it would be of the environment and the service that the patterns are about. */
const inOne = (event: SentEvent) => {
  const details = {
    ...((event.detail as NoticeData).details as object),
    ...(event['detail-type'] === 'Key Resolved' && { was: 'dead' }),
  };
  return {
    ...event,
    detail: { ...(event.detail as NoticeData), environment: 'prod', service: 'api-gateway', details },
  };
};

test('each type has its golden event', () => {
  const types = [...KINDS.map(({ event }) => event), REPORT_EVENT_TYPE];
  expect([...stored.keys()].sort()).toEqual([...types].sort());
  for (const event of stored.values()) expect(faultsOf(event)).toEqual([]);
});

test.each(NOT_IN_DEMO)('the golden event of %s is what its course sends', async (kind) => {
  const [, event] = await goldenEventOf(kind);
  expect(stored.get(rowOf(kind).event)).toEqual(event);
});

const eventOf = ({ kind, ...data }: NoticeData) =>
  asSent({
    ...{ id: '', bus: 'default', at: new Date(data.at), source: EVENT_SOURCE },
    ...{ detailType: rowOf(kind).event, detail: { kind, ...data } },
  });

test.each(EVERY_FINDING)('the event of %s is as the schema says', (_, finding) => {
  expect(faultsOf(eventOf(renderNotice(aNoticeContext(), finding).data))).toEqual([]);
});

describe('an event is wrong', () => {
  const promoted = stored.get('Key Promoted') as SentEvent & { detail: NoticeData };
  const withDetail = (changed: object) => ({ ...promoted, detail: { ...promoted.detail, ...changed } });
  const { id: _, ...without } = promoted.detail;

  test.each<[string, SentEvent, RegExp]>([
    ['of another source', { ...promoted, source: 'aws.events' }, /source/],
    ['of an unknown type', { ...promoted, 'detail-type': 'Key Vanished' }, /detail-type/],
    ['of the type of another kind', { ...promoted, 'detail-type': 'Key Dead' }, /kind/],
    ['without an id', { ...promoted, detail: without }, /'id'/],
    ['whose id has a letter that looks like a digit', withDetail({ id: 'AKR-OOOO-IIII' }), /pattern/],
    [
      'whose schema is of another number',
      withDetail({ schema: 'anthropic-key-rotation/notice/2' }),
      /schema/,
    ],
    ['whose moment is none', withDetail({ at: 'yesterday' }), /date-time/],
    ['that leaves out a detail', withDetail({ details: { current: {}, retiring: [] } }), /'how'/],
    [
      'that has a detail that nobody named',
      withDetail({ details: { ...(promoted.detail.details as object), key: 'x' } }),
      /"key"/,
    ],
  ])('%s', (_, event, fault) => {
    expect(faultsOf(event).join('\n')).toMatch(fault);
  });
});
