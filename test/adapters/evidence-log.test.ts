import { CloudWatchLogsClient, type FilteredLogEvent } from '@aws-sdk/client-cloudwatch-logs';
import fc from 'fast-check';
import { createEvidenceLog, reportedEvent } from '../../lib/adapters/evidence-log';
import { DAY, plus } from '../../lib/domain/time';
import { FAULT } from '../../local/aws';
import { keyText } from '../keys';
import { embeddedAws } from '../local/aws/embedded-aws';

const embedded = embeddedAws();
const reader = () => createEvidenceLog(embedded.client(CloudWatchLogsClient, 'auditor'), embedded.clock);
const PROD = '/aws/events/anthropic-keys-prod/';
const ARN = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:anthropic/prod/api-gateway-a1B2c3';

/** An event as EventBridge writes it. */
const anEvent = (changes: object = {}, detail: object = {}) => ({
  version: '0',
  id: 'c0ffee00-0000-4000-8000-000000000001',
  'detail-type': 'Key Promoted',
  source: 'anthropic-key-rotation',
  account: '111122223333',
  time: '2026-11-21T00:00:00Z',
  region: 'eu-central-1',
  resources: [],
  detail: {
    schema: 'anthropic-key-rotation/notice/1',
    id: 'AKR-7F3K-2Q9D',
    kind: 'rotated',
    environment: 'prod',
    service: 'api-gateway',
    secretArn: ARN,
    details: { current: { fingerprint: 'abcdef012345' } },
    ...detail,
  },
  ...changes,
});
const write = (group: string, event: object = anEvent()) =>
  embedded.aws.logs.write(group, JSON.stringify(event));

test('every log of the environment is read, also of stacks that were removed, and no other environment’s', async () => {
  const { logs } = embedded.aws;
  const began = embedded.clock.now();
  logs.createGroup(`${PROD}11111111`, 400);
  write(`${PROD}11111111`);
  embedded.clock.advance(DAY);
  for (const group of [`${PROD}22222222`, '/aws/events/anthropic-keys-prod-eu/33333333']) {
    logs.createGroup(group, 30);
    write(group, anEvent({ id: group }));
  }
  const read = await reader().read('prod');
  expect(read).toMatchObject({ readable: true, since: began });
  expect(read.readable && read.events.map(({ id }) => id)).toEqual([anEvent().id, `${PROD}22222222`]);
});

test('a log is complete as far back as it keeps events', async () => {
  embedded.aws.logs.createGroup(`${PROD}1`, 30);
  embedded.clock.advance(100 * DAY);
  expect(await reader().read('prod')).toEqual({
    readable: true,
    since: plus(embedded.clock.now(), -30 * DAY),
    events: [],
  });
});

test('a long log is read to its end, and an endless one says how far', async () => {
  embedded.aws.logs.createGroup(`${PROD}1`, 400);
  embedded.aws.logs.largestPage = 2;
  const began = embedded.clock.now();
  for (let n = 0; n < 401; n++) {
    if (n === 400) expect(await reader().read('prod')).not.toHaveProperty('until');
    embedded.clock.advance(1000);
    write(`${PROD}1`, anEvent({ id: `event-${n}` }));
  }
  const read = await reader().read('prod');
  expect(read.readable && read.events).toHaveLength(400);
  expect(read).toMatchObject({ until: plus(began, 400_000) });
});

test('an environment without a log says so', async () => {
  expect(await reader().read('prod')).toEqual({ readable: false, why: 'missing' });
});

test.each([
  ['denied', FAULT.denied, 'denied'],
  ['throttled', FAULT.throttled, 'throttled'],
  ['out of service', FAULT.unavailable, 'unavailable'],
  ['out of reach', FAULT.lost, 'unavailable'],
])('a log that is %s is not readable, and says why', async (_, fault, why) => {
  embedded.aws.logs.createGroup(`${PROD}1`, 400);
  const query = { service: 'logs', operation: 'FilterLogEvents', times: Number.POSITIVE_INFINITY } as const;
  embedded.aws.faults.on(query, fault);
  const denial = why === 'denied' && { denial: { action: 'logs:FilterLogEvents' } };
  expect(await reader().read('prod')).toEqual({ readable: false, why, error: expect.any(String), ...denial });
});

describe('an event from outside', () => {
  const ingestionTime = Date.parse('2026-11-21T00:00:05Z');
  const read = (message: unknown, logged: FilteredLogEvent = { ingestionTime }) =>
    reportedEvent(
      { message: typeof message === 'string' ? message : JSON.stringify(message), ...logged },
      'prod',
    );

  test('is picked field by field', () => {
    expect(read(anEvent())).toEqual({
      id: anEvent().id,
      at: new Date('2026-11-21T00:00:00Z'),
      secretArn: ARN,
      notice: 'AKR-7F3K-2Q9D',
      kind: 'rotated',
      details: { current: { fingerprint: 'abcdef012345' } },
    });
  });

  test.each<[string, unknown]>([
    ['of another source', anEvent({ source: 'theirs' })],
    ['of another environment', anEvent({}, { environment: 'dev' })],
    ['without an id', anEvent({ id: undefined })],
    ['without a notice', anEvent({}, { id: 7 })],
    ['without a key, such as the fleet report', anEvent({}, { kind: undefined, secretArn: undefined })],
    ['that is no JSON', 'Key promoted'],
    ['that is a list', [anEvent()]],
  ])('%s is left out', (_, event) => {
    expect(read(event)).toBeUndefined();
  });

  test.each([
    ['dated back', '2020-01-01T00:00:00Z'],
    ['dated ahead', '+275760-01-01T00:00:00Z'],
    ['without a date', 'yesterday'],
  ])('that is %s has the time at which it was written', (_, time) => {
    expect(read(anEvent({ time }))?.at).toEqual(new Date(ingestionTime));
  });

  test('holds no key in what is shown of it', () => {
    const key = keyText('put into a name');
    const event = read(anEvent({ id: key }, { id: key, kind: key, secretArn: key }));
    expect(JSON.stringify(event)).not.toContain(key.slice(20));
  });

  test('is never thrown at, whatever it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (detail) => {
        read(anEvent({ detail }));
        read(anEvent({}, { details: detail, kind: detail }));
      }),
      { numRuns: 200 },
    );
  });
});
