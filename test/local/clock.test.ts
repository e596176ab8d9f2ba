import { VirtualClock } from '../../local/clock';

const start = new Date('2026-11-21T00:00:00Z');

test('who sleeps jumps ahead without waiting', async () => {
  const clock = new VirtualClock(start);
  await clock.sleep(100 * 24 * 3_600_000);
  expect(clock.now()).toEqual(new Date('2027-03-01T00:00:00Z'));
});

test('a date that was handed out does not move with the clock', () => {
  const clock = new VirtualClock(start);
  const before = clock.now();
  clock.advance(1);
  before.setFullYear(1999);
  expect(clock.now()).toEqual(new Date('2026-11-21T00:00:00.001Z'));
});

test('who sleeps lets others run', async () => {
  const clock = new VirtualClock(start);
  const order: string[] = [];
  const sleeper = clock.sleep(1).then(() => order.push('sleeper'));
  await Promise.resolve().then(() => order.push('other'));
  await sleeper;
  expect(order).toEqual(['other', 'sleeper']);
});

test('time does not go back', () => {
  const clock = new VirtualClock(start);
  expect(() => clock.set(new Date(start.getTime() - 1))).toThrow(RangeError);
  expect(() => clock.advance(-1)).toThrow(RangeError);
  expect(() => clock.advance(Number.NaN)).toThrow(RangeError);
  expect(clock.now()).toEqual(start);
});
