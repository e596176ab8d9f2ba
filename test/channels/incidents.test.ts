import { Match } from 'aws-cdk-lib/assertions';
import { Jira } from '../../examples/channels/jira';
import { PagerDuty } from '../../examples/channels/pagerduty';
import { ServiceNow } from '../../examples/channels/servicenow';
import { KINDS } from '../../lib/domain/findings/catalogue';
import type { NoticeData } from '../../lib/domain/notices/notice';
import { storedEvents } from '../schema/golden-events';
import type { SentEvent } from '../schema/validator';
import { holdsOfRules, sentFor } from './sent-for';
import { secretIn, synthesised } from './synthesised';

const stored = storedEvents();
const inProd = (detailType: string, details: object = {}): SentEvent => {
  const event = stored.get(detailType)!;
  const detail = event.detail as NoticeData;
  return {
    ...event,
    detail: {
      ...detail,
      environment: 'prod',
      secretArn: 'arn:secret',
      details: { ...(detail.details as object), ...details },
    },
  };
};

const retired = { retired: { fingerprint: 'aaaaaaaaaaaa' } };
/** Events that are about the same trouble: those that open it, and those after which it is over. */
const SAME: readonly (readonly [string, readonly SentEvent[], readonly SentEvent[]])[] = [
  [
    'the live key',
    ['Key Dead', 'Key Refused', 'Key Foreign', 'Key Missing', 'Key Blocked', 'Key Overdue'].map((type) =>
      inProd(type),
    ),
    [inProd('Key Promoted'), inProd('Key Put Again'), inProd('Key Resolved', { was: 'dead' })],
  ],
  [
    'an old key',
    [
      inProd('Key Zombie', { retiring: { fingerprint: 'aaaaaaaaaaaa' } }),
      inProd('Key Contained', { leaked: { fingerprint: 'aaaaaaaaaaaa' } }),
    ],
    [inProd('Key Proven Dead', retired)],
  ],
  ['a key that is not checked', [inProd('Key Unwatched')], [inProd('Key Resolved', { was: 'unwatched' })]],
];

describe('PagerDuty', () => {
  const template = synthesised(
    (stack) =>
      new PagerDuty(stack, 'PagerDuty', {
        environment: 'prod',
        integrationKey: secretIn(stack, 'pagerduty'),
      }),
  );

  test('gets events by rules that may call it and nothing else, with its key from Secrets Manager', () => {
    holdsOfRules(template);
    template.hasResourceProperties('AWS::Events::ApiDestination', {
      HttpMethod: 'POST',
      InvocationEndpoint: 'https://events.pagerduty.com/v2/enqueue',
    });
    const body = { Key: 'routing_key', IsValueSecret: true, Value: Match.anyValue() };
    template.hasResourceProperties('AWS::Events::Connection', {
      AuthParameters: { InvocationHttpParameters: { BodyParameters: [body] } },
    });
    expect(JSON.stringify(template.toJSON())).toContain('{{resolve:secretsmanager:');
  });

  test.each(KINDS.filter(({ severity }) => severity === 'critical').map(({ event }) => event))(
    '%s opens one incident, with what PagerDuty asks for',
    (type) => {
      const opened = sentFor(template, inProd(type)).filter(({ event_action }) => event_action === 'trigger');
      expect(opened).toEqual([
        expect.objectContaining({
          dedup_key: expect.stringMatching(/^(arn:secret\/|AKR-)/),
          payload: expect.objectContaining({
            severity: 'critical',
            summary: expect.any(String),
            source: 'arn:secret',
          }),
        }),
      ]);
    },
  );

  test.each(SAME)('all of %s is one incident, and ends', (_, opens, closes) => {
    const keysOf = (events: readonly SentEvent[], action: string) =>
      events.map((event) =>
        sentFor(template, event).flatMap(({ event_action, dedup_key }) =>
          event_action === action ? dedup_key : [],
        ),
      );
    const [[key] = []] = keysOf(opens, 'trigger');
    expect(new Set(keysOf(opens, 'trigger').flat())).toEqual(new Set([key]));
    for (const closed of keysOf(closes, 'resolve')) expect(closed).toContain(key);
  });

  test('what needs nobody now opens nothing', () => {
    const quiet = KINDS.filter(({ severity }) => severity !== 'critical').map(({ event }) => inProd(event));
    expect(
      quiet
        .flatMap((event) => sentFor(template, event))
        .filter(({ event_action }) => event_action === 'trigger'),
    ).toEqual([]);
    const elsewhere = {
      ...inProd('Key Dead'),
      detail: { ...(inProd('Key Dead').detail as object), environment: 'dev' },
    };
    expect(sentFor(template, elsewhere)).toEqual([]);
  });
});

describe('ServiceNow', () => {
  const template = synthesised(
    (stack) =>
      new ServiceNow(stack, 'ServiceNow', {
        environment: 'prod',
        instance: 'https://example.service-now.com',
        user: secretIn(stack, 'servicenow'),
      }),
  );

  test('gets events by rules that may call it and nothing else', () => {
    holdsOfRules(template);
    template.hasResourceProperties('AWS::Events::ApiDestination', {
      InvocationEndpoint: 'https://example.service-now.com/api/now/table/em_event',
    });
    template.hasResourceProperties('AWS::Events::Connection', { AuthorizationType: 'BASIC' });
  });

  test.each(SAME)('all of %s is one alert, and is cleared', (_, opens, closes) => {
    const keysOf = (events: readonly SentEvent[], wanted: string) =>
      events.map((event) =>
        sentFor(template, event).flatMap(({ severity, message_key }) =>
          severity === wanted ? message_key : [],
        ),
      );
    const [[key] = []] = keysOf(opens, '1');
    expect(new Set(keysOf(opens, '1').flat())).toEqual(new Set([key]));
    for (const closed of keysOf(closes, '0')) expect(closed).toContain(key);
  });
});

describe('Jira', () => {
  const template = synthesised(
    (stack) =>
      new Jira(stack, 'Jira', {
        environment: 'prod',
        site: 'https://example.atlassian.net',
        project: 'OPS',
        account: secretIn(stack, 'jira'),
      }),
  );

  test('gets events by a rule that may call it and nothing else', () => {
    holdsOfRules(template);
    template.hasResourceProperties('AWS::Events::ApiDestination', {
      InvocationEndpoint: 'https://example.atlassian.net/rest/api/3/issue',
    });
  });

  test('opens a task with the first reminder, and none with the later ones', () => {
    const sent = [14, 8, 7, 1].map((daysLeft) => sentFor(template, inProd('Key Due', { daysLeft })));
    expect(sent.map((bodies) => bodies.length)).toEqual([1, 1, 0, 0]);
    const { fields } = sent[0]![0] as { fields: { labels: string[]; project: object; summary: string } };
    expect(fields).toMatchObject({ project: { key: 'OPS' }, issuetype: { name: 'Task' } });
    expect(fields.labels).toEqual(['anthropic-key-rotation', (inProd('Key Due').detail as NoticeData).id]);
    expect(JSON.stringify(fields)).toMatch(/sk-ant-[\w-]+….* is due on 20\d\d-/);
  });
});
