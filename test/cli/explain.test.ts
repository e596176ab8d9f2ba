import { explain } from '../../lib/cli/explain';

const refused = new Error('Could not load credentials from any providers');

test('missing credentials are explained by the profile that was named', () => {
  expect(explain(refused, { profile: 'nope' }).lines[1]).toMatch(
    /^The profile nope gives no working credentials/,
  );
  expect(explain(refused).lines[1]).toContain('name a profile with --profile');
});
