import { reachOf } from '../../lib/domain/notices/audience';

const OWNER = 'team@example.com';
const ALERTS = { all: ['platform@example.com'], critical: ['on-call@example.com'] };
const subscription = (endpoint: string, confirmed = true, protocol = 'email') => ({
  protocol,
  endpoint,
  confirmed,
});

const QUEUE = subscription('arn:aws:sqs:eu-central-1:111122223333:all', true, 'sqs');

test.each([
  ['nobody', [], false],
  ['the alerts, unconfirmed', [subscription(ALERTS.all[0]!, false)], false],
  ['the alerts', [subscription(ALERTS.all[0]!)], true],
  ['the owner', [subscription(OWNER)], true],
  ['another owner', [subscription('other@example.com')], false],
  [
    'another owner, with the alerts unconfirmed',
    [subscription('other@example.com'), subscription(ALERTS.all[0]!, false)],
    false,
  ],
  ['a queue, with the alerts unconfirmed', [QUEUE, subscription(ALERTS.all[0]!, false)], false],
])('a notice to an owner is heard through %s: %#', (_, subscriptions, people) => {
  expect(reachOf(subscriptions, ALERTS, { owner: OWNER })).toMatchObject({ people });
});

test.each(['sqs', 'lambda', 'https'])('machines behind %s get it, though no person does', (protocol) => {
  expect(reachOf([subscription('x', true, protocol)], ALERTS, { owner: OWNER })).toEqual({
    people: false,
    machines: true,
  });
});

test('a notice about no key reaches those who receive everything', () => {
  expect(reachOf([subscription(OWNER)], ALERTS).people).toBe(false);
  expect(reachOf([subscription(ALERTS.all[0]!)], ALERTS).people).toBe(true);
});

test.each([
  ['a mailbox', subscription('ops@example.com')],
  ['a queue', QUEUE],
])('on somebody’s own topic, whoever confirmed receives everything, through %s, too', (_, own) => {
  expect(reachOf([own], undefined, { owner: OWNER }).people).toBe(true);
});

describe('a mailbox for critical notices', () => {
  const ONCALL = subscription(ALERTS.critical[0]!);

  test.each([
    ['critical', true],
    ['warning', false],
    ['info', false],
    [undefined, false],
  ] as const)('hears one of severity %s: %s', (severity, people) => {
    expect(reachOf([ONCALL], ALERTS, { owner: OWNER, severity }).people).toBe(people);
    const nobodyHearsAll = { all: [], critical: ALERTS.critical };
    expect(reachOf([ONCALL], nobodyHearsAll, { owner: OWNER, severity }).people).toBe(people);
  });

  it('hears everything where it is in both lists, or owns the key', () => {
    const both = { all: ALERTS.critical, critical: ALERTS.critical };
    expect(reachOf([ONCALL], both, { owner: OWNER, severity: 'info' }).people).toBe(true);
    expect(reachOf([ONCALL], ALERTS, { owner: ALERTS.critical[0]!, severity: 'info' }).people).toBe(true);
  });
});
