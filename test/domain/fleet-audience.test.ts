import { reaches } from '../../lib/domain/notices/audience';

const OWNER = 'team@example.com';
const ALERTS = ['platform@example.com'];
const subscription = (endpoint: string, confirmed = true, protocol = 'email') => ({
  protocol,
  endpoint,
  confirmed,
});

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
  ['a queue', [subscription('arn:aws:sqs:eu-central-1:111122223333:all', true, 'sqs')], true],
])('a notice to an owner reaches somebody through %s: %#', (_, subscriptions, expected) => {
  expect(reaches(subscriptions, ALERTS, OWNER)).toBe(expected);
});

test('a notice about no key reaches those who receive everything', () => {
  expect(reaches([subscription(OWNER)], ALERTS)).toBe(false);
  expect(reaches([subscription(ALERTS[0]!)], ALERTS)).toBe(true);
});

test('on somebody’s own topic, whoever confirmed receives everything', () => {
  expect(reaches([subscription('ops@example.com')], [], OWNER)).toBe(true);
});
