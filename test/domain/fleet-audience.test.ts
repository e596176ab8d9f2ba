import { reachOf } from '../../lib/domain/notices/audience';

const OWNER = 'team@example.com';
const ALERTS = ['platform@example.com'];
const subscription = (endpoint: string, confirmed = true, protocol = 'email') => ({
  protocol,
  endpoint,
  confirmed,
});

const QUEUE = subscription('arn:aws:sqs:eu-central-1:111122223333:all', true, 'sqs');

test.each([
  ['nobody', [], false],
  ['the alerts, unconfirmed', [subscription(ALERTS[0]!, false)], false],
  ['the alerts', [subscription(ALERTS[0]!)], true],
  ['the owner', [subscription(OWNER)], true],
  ['another owner', [subscription('other@example.com')], false],
  [
    'another owner, with the alerts unconfirmed',
    [subscription('other@example.com'), subscription(ALERTS[0]!, false)],
    false,
  ],
  ['a queue, with the alerts unconfirmed', [QUEUE, subscription(ALERTS[0]!, false)], false],
])('a notice to an owner is heard through %s: %#', (_, subscriptions, people) => {
  expect(reachOf(subscriptions, ALERTS, OWNER)).toMatchObject({ people });
});

test.each(['sqs', 'lambda', 'https'])('machines behind %s get it, though no person does', (protocol) => {
  expect(reachOf([subscription('x', true, protocol)], ALERTS, OWNER)).toEqual({
    people: false,
    machines: true,
  });
});

test('a notice about no key reaches those who receive everything', () => {
  expect(reachOf([subscription(OWNER)], ALERTS).people).toBe(false);
  expect(reachOf([subscription(ALERTS[0]!)], ALERTS).people).toBe(true);
});

test.each([
  ['a mailbox', subscription('ops@example.com')],
  ['a queue', QUEUE],
])('on somebody’s own topic, whoever confirmed receives everything, through %s, too', (_, own) => {
  expect(reachOf([own], [], OWNER).people).toBe(true);
});
