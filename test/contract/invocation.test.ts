import { withDates } from '../../lib/contract/invocation';

const AT = '2026-11-23T01:41:00.000Z';

test('dates that cross an invocation arrive as dates, however deep', () => {
  expect(withDates({ inspections: [{ record: { createdAt: AT }, usage: { from: AT, to: AT } }] })).toEqual({
    inspections: [{ record: { createdAt: new Date(AT) }, usage: { from: new Date(AT), to: new Date(AT) } }],
  });
});

test('so do those of what the Activity Feed says, while a place that is no date stays a word', () => {
  const switched = { kind: 'known', at: AT, actor: { kind: 'anthropic' } };
  expect(withDates([{ switched }, { switched: { kind: 'not-recorded', since: AT } }])).toEqual([
    { switched: { ...switched, at: new Date(AT) } },
    { switched: { kind: 'not-recorded', since: new Date(AT) } },
  ]);
  expect(withDates({ stands: { at: 'field' } })).toEqual({ stands: { at: 'field' } });
});

test('the version that a label moves from stays an id', () => {
  const move = { do: 'make-current', versionId: 'b9f0…', from: '5e0cbe3d-0c5b-4a56-9a4d-3f1f7f0f2c11' };
  expect(withDates({ moves: [move] })).toEqual({ moves: [move] });
});

test('a date that was received broken is still a date, so that whoever reads it can say so', () => {
  const { until } = withDates({ until: 'soon' }) as { until: Date };
  expect(until.getTime()).toBeNaN();
});
