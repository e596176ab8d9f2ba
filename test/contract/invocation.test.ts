import { withDates } from '../../lib/contract/invocation';

const AT = '2026-11-23T01:41:00.000Z';

test('dates that cross an invocation arrive as dates, however deep', () => {
  expect(withDates({ inspections: [{ record: { createdAt: AT }, usage: { from: AT, to: AT } }] })).toEqual({
    inspections: [{ record: { createdAt: new Date(AT) }, usage: { from: new Date(AT), to: new Date(AT) } }],
  });
});

test('so do those of what Anthropic says of the organization', () => {
  const feed = { kind: 'read', since: AT, activities: [{ at: AT }], workspaces: [{ archivedAt: AT }] };
  const at = new Date(AT);
  expect(withDates(feed)).toEqual({
    kind: 'read',
    since: at,
    activities: [{ at }],
    workspaces: [{ archivedAt: at }],
  });
});

test.each([
  ['the version that a label moves from', { from: '5e0cbe3d-0c5b-4a56-9a4d-3f1f7f0f2c11' }],
  ['the field in which a key stands', { at: 'field', name: 'api_key' }],
  ['a word', { since: 'always' }],
])('%s stays a text', (_, received) => {
  expect(withDates(received)).toEqual(received);
});

test('a date that was received broken is still a date, so that whoever reads it can say so', () => {
  const { until } = withDates({ until: 'soon' }) as { until: Date };
  expect(until.getTime()).toBeNaN();
});
