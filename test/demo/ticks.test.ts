import { ticksOf } from '../../local/demo/ticks';

const from = new Date('2026-11-21T05:50:00Z');
const to = new Date('2026-11-22T05:50:00Z');
const ticks = (expression: string) =>
  ticksOf(expression, from, to).map((at) => at.toISOString().slice(8, 16));

test('a rate fires on its round hours, the end excluded', () => {
  expect(ticks('rate(6 hours)')).toEqual(['21T06:00', '21T12:00', '21T18:00', '22T00:00']);
  expect(ticks('rate(1 hour)')).toHaveLength(24);
  expect(ticks('rate(5 minutes)')).toHaveLength(288);
  expect(ticks('rate(1 day)')).toEqual(['22T00:00']);
});

test('a daily cron fires at its minutes and hours', () => {
  expect(ticks('cron(30 5 * * ? *)')).toEqual(['22T05:30']);
  expect(ticks('cron(0 8-10 ? * * *)')).toEqual(['21T08:00', '21T09:00', '21T10:00']);
  expect(ticks('cron(0/20 12,14 * * ? *)')).toEqual([
    ...['21T12:00', '21T12:20', '21T12:40', '21T14:00', '21T14:20', '21T14:40'],
  ]);
});

test('another kind of schedule is refused by its text', () => {
  expect(() => ticks('at(2026-11-21T06:00:00)')).toThrow(/at\(2026/);
});
